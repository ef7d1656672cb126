"""Finding a version: unknown projects and versions, other Pythons, files for other platforms.

pip ends all of these in ``Could not find a version that satisfies the requirement``; what stands
before it, or in pip's full log, tells them apart.
"""

from __future__ import annotations

import re
from typing import Final

from ...package_names import normalize
from ..facts import archive_of, pip_of, python_of
from ..log_lines import Line
from ..module_names import WHEELS_ONLY
from ..rule import (
    BuildLogs,
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .candidate_links import (
    Wanted,
    passed_over,
    requirement_in,
)
from .connection_errors import (
    URL,
    explain_trouble,
    names_a_host,
    troubles_with,
    where_of,
)
from .missing_versions import (
    newest,
    no_wheel_read,
    nothing_fits,
    refused_metadata,
    unknown_project,
    yanked,
)

_ORIGIN = re.compile(r"\(from (?P<origin>.{1,300})\)\s*$")


# No version begins with another letter than v, or has one that is not ASCII.
_NO_VERSION: Final = re.compile(r"[=<>~]=?=? ?(?:(?!v\d)[A-Za-z]|[^,;]{0,40}[^\x00-\x7f])")


def _not_found(hit: LineMatch) -> Explanation | None:
    """The line with the list of versions that the index has for this Python."""
    body = hit.line.body
    head, _, rest = body.partition("(from versions:")
    quoted = re.split(r"satisf(?:ies|y) the requirement", head, maxsplit=1)[-1]
    origin = _ORIGIN.search(quoted.strip())
    wanted = requirement_in(quoted)
    versions = [part.strip() for part in rest.partition(")")[0].split(",")]
    versions = [part for part in versions if part and part != "none"]
    brought_by = _brought_by(origin["origin"]) if origin else ""
    if not rest and _was_discarded(hit, wanted):
        return None
    if _NO_VERSION.search(wanted.text):
        return Explanation(
            "requirements-syntax",
            f"{wanted.text} asks for something that is no version.",
            "Send the line to the content's author; nothing on this server is wrong.",
            f"Pin a version of {wanted.name} that exists, in digits and plain letters (PEP 440).",
        )
    explanation = (
        _other_python(hit, wanted, brought_by)
        or _index_trouble(hit, wanted, versions)
        or _no_fitting_file(hit, wanted, brought_by)
    )
    if explanation:
        return explanation
    if not versions and (withdrawn := yanked(hit, wanted, brought_by)):
        return withdrawn
    if versions:
        return _unknown_version(hit, wanted, versions, brought_by)
    if not rest and wanted.specifier and "any downloads" not in head:
        return nothing_fits(hit, wanted, brought_by)
    return unknown_project(hit, wanted, brought_by)


def _was_discarded(hit: LineMatch, wanted: Wanted) -> bool:
    """pip 20.3 to 21 look for another file when one does not build, and end with this line."""
    project = normalize(wanted.name)
    return any(
        normalize(archive[0]) == project
        for line in hit.log.back_from(hit.index)
        if "Discarding " in line.body and (archive := archive_of(line.body.split("#")[0]))
    )


def _brought_by(origin: str) -> str:
    """What asked for a requirement, in words; nothing for a line of a requirements file."""
    parent = origin.split("->")[0].strip()
    return "" if parent.startswith(("-r", "-c")) else f", which {parent} needs"


def _other_python(hit: LineMatch, wanted: Wanted, brought_by: str) -> Explanation | None:
    ignored = [why for why in passed_over(hit.case, wanted) if why.code == "requires-python"]
    if not ignored:
        return None
    python = python_of(hit.case)
    least = min(ignored, key=lambda why: _least_python(why.detail))
    needs = least.detail
    what = (
        f"{wanted.name} {least.version}"
        if wanted.pinned
        else f"every version of {wanted.name} that satisfies {wanted.text}"
    )
    what = what if wanted.specifier else f"every version of {wanted.name} on the index"
    return Explanation(
        "requires-python",
        f"{what[0].upper() + what[1:] if what.startswith('every') else what}{brought_by} needs Python {needs}; this build uses {f'Python {python}' if python else 'another'}.",
        f"Add an installation that satisfies Python {needs} (`pysteward upgrade plan --add` shows what would move), or have the author pin an older version.",
        f"Deploy with a Python that satisfies {needs}, or pin a version of {wanted.name} that supports Python {python or 'in use'}.",
        (least.line,),
    )


def _least_python(needs: str) -> tuple[int, ...]:
    """The lowest version that a specifier of Pythons names as its lower bound."""
    found = re.search(r">=?\s*(\d{1,3}(?:\.\d{1,3}){0,2})", needs)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def _index_trouble(hit: LineMatch, wanted: Wanted, versions: list[str]) -> Explanation | None:
    """Why the index page could not be read, where pip saw no version at all."""
    if versions:
        return None
    troubles = troubles_with(hit.case, wanted.name)
    for trouble, line in troubles:
        if trouble.code == "package-not-found":
            break
        if trouble.code == "index-not-an-index":
            return _no_index(line, (line, hit.line))
        named = [other for _, other in troubles if names_a_host(other.body)]
        text = line if names_a_host(line.body) or not named else named[0]
        where = where_of(text.body) if names_a_host(text.body) else _asked(hit, line)
        return explain_trouble(
            trouble, line.body, f" (pip looked there for {wanted.name})", (line,), where
        )
    page = _page_without_links(hit.case, wanted)
    return _no_index(page, (page, hit.line)) if page and not troubles else None


def _asked(hit: LineMatch, line: Line) -> str:
    """The index that pip asked, of those that it told of: the one under whose address the line's path lies."""
    told_of = [
        address[0].rstrip("/")
        for other in hit.log.lines
        if any(mark in other.body for mark in _INDEX_MARKS)
        for address in URL.finditer(other.body, 0, 2000)
    ]
    path = line.body.rsplit("': ", 1)[-1].rstrip("/")
    directory = path.rsplit("/", 1)[0]
    fitting = [address for address in told_of if directory and address.endswith((path, directory))]
    return where_of(" ".join((fitting or told_of)[:1]))


def _no_index(line: Line, evidence: tuple[Line, ...]) -> Explanation:
    where = where_of(line.body)
    return Explanation(
        "index-not-an-index",
        f"What answers at {where} is no package index: its page holds no files; it may be a login or block page.",
        f"Open that address from this server, as the build's user (`curl -L`), and see which page comes; "
        f"correct `index-url` in /etc/pip.conf (it usually ends in /simple) or let the server pass {where}'s login.",
        None,
        evidence,
    )


_INDEX_MARKS: Final = ("Looking in indexes", "Getting page ")


_PAGE_MARKS: Final = ("Fetched page", "Getting page", "Analyzing links from page")


def _page_without_links(case: BuildLogs, wanted: Wanted) -> Line | None:
    """The line that an index page was fetched, if pip's full log names no file from it."""
    page: Line | None = None
    project = normalize(wanted.name)
    for line in case.lines():
        body = line.body
        if any(mark in body for mark in _PAGE_MARKS) and f"/{project}" in body.lower().replace(
            "_", "-"
        ):
            page = line
        elif page is not None and (
            "Found link" in body
            or "Link requires" in body
            or "(requires-python:" in body
            or ("Skipping link" in body and "not a file" not in body)
        ):
            return None
    return page


def _no_fitting_file(hit: LineMatch, wanted: Wanted, brought_by: str) -> Explanation | None:
    skipped = [why for why in passed_over(hit.case, wanted) if why.code == "no-compatible-file"]
    if not skipped:
        return None
    last = skipped[-1]
    python = python_of(hit.case)
    versions = sorted({why.version for why in skipped})
    shown = wanted.text if wanted.specifier else f"{wanted.name} {versions[-1]}"
    glibc = re.search(r"manylinux_(\d+)_(\d+)", last.detail)
    hint = (
        f" Its wheel needs glibc {glibc[1]}.{glibc[2]} or newer; `ldd --version` shows this server's."
        if glibc and all("manylinux" in why.detail for why in skipped)
        else ""
    )
    return Explanation(
        "no-compatible-file",
        f"The index has {shown}{brought_by}, but only in files for other systems or Pythons "
        f"({last.detail}){f', not for Python {python} here' if python else ''}.{hint}",
        "Provide a file for this server: a Python that the release supports, a newer operating system "
        "or C library, or a wheel built here (`pip wheel`) on an internal index.",
        f"Pin a version of {wanted.name} that has a file for this server or a source archive.",
        tuple(why.line for why in skipped[-2:]),
    )


def _unknown_version(
    hit: LineMatch, wanted: Wanted, versions: list[str], brought_by: str
) -> Explanation:
    admitted = any(wanted.admits(version) for version in versions)
    if admitted and (refused := refused_metadata(hit, wanted)):
        return refused
    if admitted and wanted.pinned:
        return Explanation(
            "dependency-conflict",
            f"{wanted.text}{brought_by} exists, but a constraint or another requirement rules it out.",
            "Compare the constraints (`-c`, PIP_CONSTRAINT) with the requirements.",
            f"Loosen the version of {wanted.name}.",
        )
    pip = pip_of(hit.case)
    old = pip is not None and tuple(int(part) for part in pip.split(".")[:2]) < (20, 3)
    newer = old and wanted.pinned and _is_newer(wanted, versions)
    if normalize(wanted.name) in WHEELS_ONLY and (newer or versions[-1].startswith("0.1.2")):
        return no_wheel_read(hit, wanted, brought_by)
    shown = ", ".join(versions[-5:])
    others = f" and {len(versions) - 5} older" if len(versions) > 5 else ""
    return Explanation(
        "version-not-found",
        f"The index has no version of {wanted.name} for this Python that satisfies {wanted.text}{brought_by}; "
        f"it offers {shown}{others}."
        + (
            " The part behind + is a build of its own, which other indexes than the usual one offer."
            if "+" in wanted.specifier
            else ""
        ),
        f"If {wanted.text} exists elsewhere, check which index is asked (`pip config list`) and whether "
        "its copy is up to date; versions for other Pythons are not offered.",
        f"Pin a version that exists for this Python, such as {wanted.name}=={newest(versions)}.",
    )


def _is_newer(wanted: Wanted, versions: list[str]) -> bool:
    """Whether what is pinned is newer than all that pip sees: older ones would be among those."""
    release = re.search(r"\d{1,6}(?:\.\d{1,6}){0,5}", wanted.specifier)
    last = re.search(r"\d{1,6}(?:\.\d{1,6}){0,5}", newest(versions))
    if release is None or last is None:
        return False
    return [int(p) for p in release[0].split(".")] > [int(p) for p in last[0].split(".")]


def _no_matching(hit: LineMatch) -> Explanation | None:
    """pip's last line; by itself only where the line with the versions is not there."""
    wanted = requirement_in(hit["what"])
    if _was_discarded(hit, wanted) or any(
        "Could not find a version that satisfies" in line.body for line in hit.log.lines
    ):
        return None
    return (
        _other_python(hit, wanted, "")
        or _index_trouble(hit, wanted, [])
        or _no_fitting_file(hit, wanted, "")
        or unknown_project(hit, wanted, "")
    )


def _metadata_requires(hit: LineMatch) -> Explanation | None:
    if any(line.body.endswith(_OF_VIRTUALENV) for line in hit.before(8)):
        return None  # that one was not asked for: rules/environments.py
    python = hit["python"] or python_of(hit.case) or "in use"
    return Explanation(
        "requires-python",
        f"{hit['what']} needs Python {hit['needs']}; this build uses Python {python}.",
        f"Add an installation that satisfies Python {hit['needs']}, or have the author pin an older version.",
        f"Deploy with a Python that satisfies {hit['needs']}, or pin a version that supports Python {python}.",
    )


# As virtualenv below 20 quotes the pip that it runs.
_OF_VIRTUALENV: Final = (" setuptools pip:", " setuptools pip wheel:")


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("satisfies the requirement", "satisfy the requirement"),
        r"Could not find (?:a version|any downloads) that satisf(?:ies|y) the requirement",
        _not_found,
        Layer.SYMPTOM,
    ),
    rule(
        "No matching distribution found",
        r"No matching distribution found for (?P<what>.{1,300})",
        _no_matching,
        Layer.EXIT,
    ),
    rule(
        ("requires a different Python", "requires Python '"),
        r"(?:Package |ERROR: |^)(?P<what>'?[\w.\[\]-]{1,100}'?(?:[ =-]{1,4}[\w.]{1,40})?) requires (?:a different )?Python:? '?"
        r"(?:(?P<python>[\d.]{3,12}) not in '?)?(?P<needs>[^']{1,100})'(?: but the running Python is (?P<python2>[\d.]{3,12}))?",
        _metadata_requires,
    ),
)
