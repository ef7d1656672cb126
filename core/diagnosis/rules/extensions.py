"""Compiled modules that were made for another Python, system or package."""

from __future__ import annotations

from typing import Final

from ...package_names import normalize
from ..facts import python_of
from ..module_names import distribution_of
from ..rule import Explanation, Layer, LineMatch, Rule, rule
from .content import (
    SEND,
    SITE,
    evidence_of,
    importer_of,
    package_of_frame,
    raised_at,
    runs,
    with_version,
)
from .shared import as_it_is, this_python
from .speakers import Speaker, speaker_of


def _numpy_mismatch(hit: LineMatch) -> Explanation | None:
    """A package compiled for one numpy meets another."""
    raised, importer = raised_at(hit), importer_of(hit)
    frames = raised.frames if raised else ()
    who = next(
        (
            name
            for frame in reversed(frames)
            if (name := package_of_frame(frame)) not in ("", "numpy")
        ),
        importer,
    )
    package = with_version(hit, who) if who and normalize(who) != "numpy" else "A package"
    return Explanation(
        "packages-do-not-fit",
        f"{package} was compiled for another numpy than the installed {with_version(hit, 'numpy')}{' (numpy 1 and 2 have different binary interfaces)' if '2' in hit.line.body else ''}.",
        "Send that to the content's author: the two releases must fit each other.",
        f"Pin numpy<2, or a release of {who or 'that package'} that was made for numpy 2, in requirements.txt.",
        evidence_of(hit),
        Layer.CAUSE,
    )


def _foreign_extension(hit: LineMatch) -> Explanation | None:
    """A compiled module of another Python, processor or system."""
    if speaker_of(hit) is Speaker.BUILD and "site-packages" not in hit.line.body:
        return None
    path = hit["path"]
    name = path.rsplit("/", 1)[-1] or "A compiled module"
    package = SITE.search(path)
    owner = distribution_of(package["module"]) if package else ""
    return Explanation(
        "extension-mismatch",
        f"{name}{f' of {with_version(hit, owner)}' if owner else ''} was compiled for another Python, system or release of what it uses: {hit['what'][:160].rstrip('.')}.",
        "Build the environment anew on this server (`pysteward content rebuild`); clear pip's cache if wheels of another machine are in it.",
        f"Leave compiled files out of the bundle; pin {owner or 'the package'} to a release that has a wheel for {this_python(hit)}"
        + (", and the packages that it was compiled against." if "symbol" in hit["what"] else "."),
        evidence_of(hit),
    )


def _other_python_modules(hit: LineMatch) -> Explanation | None:
    return Explanation(
        "extension-mismatch",
        f"A compiled module was made for Python {hit['made']}, and {f'Python {python}' if (python := python_of(hit.case)) else 'another Python'} loads it.",
        "Build the environment anew on this server (`pysteward content rebuild`); see that PYTHONPATH names no directory of another Python.",
        "Leave installed packages (venv, site-packages) out of the bundle.",
    )


def _protobuf(hit: LineMatch) -> Explanation | None:
    if not runs(hit):
        return None
    importer = importer_of(hit)
    return Explanation(
        "packages-do-not-fit",
        f"{with_version(hit, 'protobuf')} is newer than the code that {importer if importer and normalize(importer) != 'protobuf' else 'an installed package'} brings for it allows: descriptors made by protoc before 3.19 do not work with protobuf 4.",
        SEND,
        "Pin protobuf<4 (3.20.x) in requirements.txt, or update the package that brings the generated code.",
        evidence_of(hit),
    )


def _numpy_unusable(hit: LineMatch) -> Explanation:
    """numpy's own page of advice: its compiled part is missing or of another Python or processor."""
    return Explanation(
        "extension-mismatch",
        f"The compiled part of {with_version(hit, 'numpy')} cannot be loaded{as_it_is(hit)}: it was installed for another Python, processor or system, or the content lies in a directory called numpy.",
        "Build the environment anew on this server (`pysteward content rebuild`), or where the target's Python and system are.",
        "Leave installed packages out of the bundle; install for the target's Python and platform.",
        layer=Layer.CAUSE,
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("extensions failed", "extension module failed", "not try to import numpy"),
        r"Importing the numpy [cC]-extensions failed|Importing the multiarray numpy extension module failed|you should not try to import numpy from",
        _numpy_unusable,
    ),
    rule(
        (
            "size changed, may indicate binary incompatibility",
            "compiled using NumPy 1.x",
            "_ARRAY_API not found",
            "numpy.core.multiarray failed to import",
            "module compiled against A",
        ),
        r"^(?:\w{1,40}: )?(?:numpy\.\w{1,20} size changed, may indicate binary incompat|.{0,40}compiled using NumPy 1\.x|.{0,20}_ARRAY_API not found|numpy\.core\.multiarray failed to import|module compiled against A[PB]I version)",
        _numpy_mismatch,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "undefined symbol",
            "invalid ELF header",
            "wrong ELF class",
            "mach-o",
            "Exec format",
            "slice is not valid",
        ),
        r"(?:ImportError|OSError): (?P<path>/[^\s:]{1,400}\.so[\w.]{0,20}): (?P<what>undefined symbol: [^\s,]{1,200}(?:, \S{1,100})?|invalid ELF header|wrong ELF class: \S{1,40}|.{0,40}mach-o.{0,80}|cannot open shared object file: Exec format error)",
        _foreign_extension,
    ),
    rule(
        (
            "we have compiled some modules for Python",
            "compiled for Python",
            "does not match runtime version",
            "Python version mismatch",
        ),
        r"compile time Python version (?P<made>[\d.]{1,8}) of module .{1,200} does not match runtime version|"
        r"[Mm]odule was compiled for Python (?P<made2>[\d.]{1,8}), but the interpreter",
        _other_python_modules,
    ),
    rule(
        "Descriptors cannot be created directly",
        r"TypeError: Descriptors cannot be created directly",
        _protobuf,
    ),
)
