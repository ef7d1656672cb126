"""Sources that do not compile or link with this Python or compiler."""

from __future__ import annotations

import re
from typing import Final

from ..facts import build_constraint, python_of
from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .shared import AUTHOR_WHEEL, built, is_trial


def _compile_error(hit: LineMatch) -> Explanation | None:
    if is_trial(hit) or "warning:" in hit.line.body[:200]:
        return None
    python = python_of(hit.case)
    what = hit["what"]
    if what.startswith("#error"):
        return _refused(hit, what)
    stricter = _STRICTER.search(hit.line.body)
    return Explanation(
        "compile-error",
        f"The source of {built(hit, 'a package')} does not compile{f' with Python {python}' if python else ''}: "
        f"{hit['file'].rsplit('/', 1)[-1]}, line {hit['number']}: {what[:200].rstrip('.')}.",
        f"gcc 14 and newer refuse what older compilers warned of: have the author pin a newer release; as a stopgap, CFLAGS=-Wno-error={stricter[1]} in build-environment."
        if stricter
        else "Nothing on this server cures the source: have the author pin a release that supports this Python, or build with an older Python.",
        f"Pin a newer release of the package, one that supports Python {python or 'in use'} and best has a wheel for it.",
    )


def _refused(hit: LineMatch, what: str) -> Explanation:
    """``#error``: a check in the source, with a sentence of its author's."""
    said = what.removeprefix("#error").strip(" -\"'")
    return Explanation(
        "compile-error",
        f"The source of {built(hit, 'a package')} refuses to be compiled here ({hit['file'].rsplit('/', 1)[-1]}): {said[:200].rstrip('.')}.",
        "Provide what that sentence asks for (often a newer library or compiler), if this server can; otherwise have the author pin another release.",
        AUTHOR_WHEEL,
    )


# Errors since gcc 14 that were warnings before, and can be made warnings again.
_STRICTER: Final = re.compile(
    r"\[-W(?:error=)?(incompatible-pointer-types|int-conversion|implicit-int)\]"
)


def _undefined(hit: LineMatch) -> Explanation | None:
    if is_trial(hit):
        return None
    return Explanation(
        "compile-error",
        f"{built(hit, 'A package')} compiles but does not link: {hit['symbol']} is defined nowhere.",
        "The installed library is of another version than the source expects: have the author pin another release.",
        AUTHOR_WHEEL,
    )


def _failed_command(hit: LineMatch) -> Explanation:
    """A build says that its compiler failed; why is what that said before, if it said anything."""
    said = next((line for line in reversed(hit.before(8)) if _SAYS.match(line.body)), None)
    told = " ".join(said.body.split())[:200].rstrip(".") if said else ""
    return Explanation(
        "compile-error",
        f"The compiler ended the build of {built(hit, 'a package')}{f': {told}' if told else ', and nothing quotable that it said is in this log'}.",
        "Read the lines before this one; run the build again with pip's full log if they do not say why.",
        AUTHOR_WHEEL,
        () if said is None else (said,),
    )


_SAYS: Final = re.compile(
    r"[^\s:]{1,200}: (?:fatal )?error: .{3}|[^\s:]{1,80}: .{0,120}(?:not found|cannot|can't|invalid|unrecognized|no such)"
)


def _compiler_says(hit: LineMatch) -> Explanation | None:
    """The compiler ends without a place in the source: an option, a file of its own."""
    if is_trial(hit):
        return None
    return Explanation(
        "compile-error",
        f"The compiler ended the build of {built(hit, 'a package')}: {hit['what'][:200].rstrip('.')}.",
        "If it names an option, the source is for another compiler or processor (or CFLAGS in build-environment does not fit); "
        "if a file, install what has it.",
        AUTHOR_WHEEL,
    )


_CYTHON_SAYS: Final = re.compile(
    r"(?P<file>[^\s:]{1,300}\.(?:pyx|pxd|pxi|py)):(?P<number>\d{1,7}):\d{1,6}: (?!.{0,20}[Ww]arning)(?P<what>.{1,300})"
)


def _cython(hit: LineMatch) -> Explanation:
    said = next(
        (line for line in hit.log.back_from(hit.index) if _CYTHON_SAYS.search(line.body)), None
    )
    found = _CYTHON_SAYS.search(said.body) if said else None
    what = (
        f"{found['file'].rsplit('/', 1)[-1]}, line {found['number']}: {found['what'][:150].rstrip('.')}"
        if found
        else "/".join(hit["file"].split("/")[-2:])
    )
    return Explanation(
        "compile-error",
        f"Cython does not accept the source of {built(hit, 'a package')} ({what}).",
        "Have the author pin a newer release of the package, or one that has a wheel for this Python; where the "
        f"source was written for Cython 0.29, {build_constraint(hit.case, 'cython<3')} helps.",
        AUTHOR_WHEEL,
        () if said is None else (said,),
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "error: ",
        r"(?P<file>[^\s:]{1,300}):(?P<number>\d{1,7}):(?:\d{1,6}:)? (?:fatal )?error: (?P<what>.{1,400})",
        _compile_error,
        Layer.SYMPTOM,
    ),
    rule(
        ("error: ", "nvcc fatal"),
        r"^(?:(?:[\w-]{1,40}-)?(?:gcc|g\+\+|cc1|cc1plus|clang|clang\+\+|cc|c\+\+)(?:-\d{1,2})?: (?:fatal )?error: (?!no input files)|nvcc fatal\s{1,3}: )(?P<what>.{1,400})",
        _compiler_says,
        Layer.SYMPTOM,
    ),
    rule(
        "undefined reference to",
        r"undefined reference to [«'`“\"‘ ]{0,3}(?P<symbol>[^\s'»”\"’]{1,200})|对[‘“](?P<symbol2>[^\s’”]{1,200})[’”] ?undefined reference to",  # Chinese names it first
        _undefined,
        Layer.SYMPTOM,
    ),
    rule(
        ("CompileError:", "Cython.Compiler.Errors"),
        r"(?:Cython\.Compiler\.Errors\.)?CompileError: (?P<file>\S{1,300}?)(?P<number>)(?P<what>)$",
        lambda hit: _cython(hit),
        Layer.SYMPTOM,
    ),
    rule(
        ("error: command ", "error: Command "),
        r"error: [Cc]ommand ['\"\[]{1,2}(?P<program>[^'\"]{1,3000})['\"].{0,3000}? ?(?:failed with exit (?:status|code) \d|returned non-zero exit status \d)|error: Command '\['",
        _failed_command,
        Layer.EXIT,
    ),
)
