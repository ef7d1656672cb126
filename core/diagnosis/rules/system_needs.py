"""What running content needs of the system: shared libraries, programs, drivers of databases.

Packages that call them say so in words of their own, and what they raise looks like an error of the
content. The sentence tells by its form what is missing.
"""

from __future__ import annotations

import re
from typing import Final

from ...distributions import runtime_libraries, runtime_programs
from ..rule import Explanation, Layer, LineMatch, Rule, rule
from .content import (
    evidence_of,
    importer_of,
    own_frame,
    package_of_frame,
    place_of,
    raised_at,
    with_version,
)
from .shared import in_build
from .speakers import Speaker, goes_on, is_started, speaker_of

_LACKS: Final = r"(?:[Cc]ould not|[Cc]ouldn't|[Cc]annot|[Cc]an't|[Uu]nable to|[Ff]ailed to|[Dd]id not manage to) (?:find|locate|load|open|dlopen)"
_LIBRARY: Final = (
    rf"{_LACKS} (?:the |a |an |any |required |native |system |shared |dynamic |64-bit |C )*(?:[A-Z][\w ]{{1,30}} )?(?:librar(?:y|ies)|lib|shared objects?|DLL)(?: file)?:? (?!No such|file)['\"`]?(?P<library>[\w.+-]{{2,80}})|"
    rf"{_LACKS} (?:the )?['\"`]?(?P<library2>lib[\w+-]{{2,60}}(?:\.so[\w.]{{0,12}})?)['\"`]?(?=[.,:; ]|$)"
)
_DRIVER: Final = r"Can't open lib ['\"](?P<driver>[^'\"]{1,200})['\"]|[Dd]ata source name not found,? and no default driver specified"
_PROGRAM: Final = (
    r"(?P<program>[A-Za-z][\w.+-]{1,40}) (?:is|was) not (?:installed|found|available)(?: on this system)?,? (?:or|and|in|on)\b.{0,40}\bPATH|"
    r"failed to execute (?:PosixPath\()?\[?['\"](?P<program2>[\w./+-]{1,100})['\"]|"
    r"(?P<program3>[A-Za-z][\w.+-]{1,40})(?:'s)? (?:executables?|binary|binaries|program) (?:(?:is|are|was|were|could|can) not|not|needs? to be) (?:be )?(?:found|installed|available|on)|"
    r"(?:[Cc]ould not|[Cc]annot|[Cc]an't|[Uu]nable to|[Ff]ailed to) (?:find|locate) (?:the |a |an |any )?['\"`]?(?P<program4>[A-Za-z][\w.+-]{1,40})['\"`]? (?:executables?|binary|program|command|installation)|"
    r"[Nn]o (?P<program5>[a-z][\w.+-]{1,40}) (?:executable|binary|program|installation) (?:was )?found|"
    r"(?P<program6>[a-z][\w.+-]{1,40}) version [\d.]{1,12} or (?:higher|newer|later) is required and was not found|"
    r"(?:Is|is) (?P<program7>[a-z][\w.+-]{1,40}) installed\?|"
    r"Please (?:make sure|ensure|check)(?: that)? (?P<program8>[A-Za-z][\w.+-]{1,40}) is (?:properly )?installed|"
    r"(?:^|\s)(?P<program9>(?:java|Java))(?: gateway process exited before|_HOME is not set)"
)


def _is_run(hit: LineMatch) -> bool:
    """Whether running content, or a document that is rendered, says it."""
    if _layer(hit) is Layer.GENERAL and goes_on(hit):
        return False
    return not in_build(hit) and (
        is_started(hit) or speaker_of(hit) in (Speaker.CONTENT, Speaker.SERVER)
    )


def _layer(hit: LineMatch) -> Layer:
    """What an exception says is a cause; what is only printed may be done without."""
    raised = raised_at(hit)
    return Layer.CAUSE if raised is not None and raised.end == hit.index else Layer.GENERAL


_LOADERS: Final = ("cffi", "ctypes")


def _who(hit: LineMatch) -> str:
    importer = importer_of(hit)
    raised = raised_at(hit)
    if importer in _LOADERS and raised is not None:
        names = (package_of_frame(frame) for frame in reversed(raised.frames))
        importer = next((name for name in names if name and name not in _LOADERS), "")
    return with_version(hit, importer) if importer else f"The content{place_of(own_frame(hit))}"


def _library_missing(hit: LineMatch) -> Explanation | None:
    name = hit["library"].rstrip(".")
    if not _is_run(hit) or name.startswith("libpython"):
        return None
    shown = name if name.startswith("lib") else f"lib{name}"
    packages = runtime_libraries.runtime_packages(shown) or runtime_libraries.runtime_packages(
        re.sub(r"-\d[\w.]*$", "", shown)
    )
    return Explanation(
        "system-library-missing",
        f"{_who(hit)} needs the system library {name}, which is not on this server.",
        f"Install the package that has it: {packages.commands}."
        if packages
        else f"Find the package that has {shown} (Debian/Ubuntu: `apt-file search {shown}`, RHEL: `dnf provides '*/{shown}*'`) and install it.",
        "Name that library to the administrator: no package of the index brings it.",
        evidence_of(hit),
        _layer(hit),
    )


def _driver_missing(hit: LineMatch) -> Explanation | None:
    if not _is_run(hit):
        return None
    driver = hit["driver"]
    return Explanation(
        "system-library-missing",
        f"{_who(hit)} opens a database with the ODBC driver {driver}, which is not installed on this server."
        if driver
        else f"{_who(hit)} opens a database by a data source that /etc/odbc.ini does not have, or with no driver named.",
        "See which drivers there are (`odbcinst -q -d`) and install this one (its maker's package; Posit's professional drivers are one source), or correct /etc/odbcinst.ini.",
        "Use the name of a driver that the server has, and ask the administrator for it.",
        evidence_of(hit),
        _layer(hit),
    )


def _program_missing(hit: LineMatch) -> Explanation | None:
    name = hit["program"].rsplit("/", 1)[-1]
    return explain_program(hit, name.lower() if name == "Java" else name) if _is_run(hit) else None


def explain_program(hit: LineMatch, name: str) -> Explanation | None:
    """The explanation of a program that content calls, if it is one that is known."""
    packages = runtime_programs.program_packages(name) or runtime_programs.program_packages(
        name.lower()
    )
    if packages is None:
        return None
    return Explanation(
        "system-tool-missing",
        f"{_who(hit)} calls the program {name}, which is not on this server, or not on the content's PATH.",
        f"Install the package that has it: {packages.commands}.",
        "Name that program to the administrator: a package of the index that is called so only calls it.",
        evidence_of(hit),
        _layer(hit),
    )


def _of_subprocess(hit: LineMatch) -> Explanation | None:
    """Python names the program as a file that is not there; the frame above tells that it was run."""
    raised = raised_at(hit)
    if raised is None or raised.end != hit.index or not raised.frames or not _is_run(hit):
        return None
    if not raised.frames[-1].file.endswith(("subprocess.py", "asyncio/base_events.py")):
        return None
    name = hit["program"].rsplit("/", 1)[-1]
    return explain_program(hit, name) or Explanation(
        "system-tool-missing",
        f"{_who(hit)} calls the program {name}, which is not on this server, or not on the content's PATH.",
        f"Find the package that has it (Debian/Ubuntu: `apt-file search bin/{name}`, RHEL: `dnf provides '*/bin/{name}'`) and install it.",
        "Name that program to the administrator, or deploy it with the content and call it by its path.",
        evidence_of(hit),
        _layer(hit),
    )


def _browser(hit: LineMatch) -> Explanation | None:
    if not _is_run(hit):
        return None
    return Explanation(
        "system-tool-missing",
        f"{_who(hit)} starts a browser that is not there: {hit['path']}. The package brings none; it is fetched by a command of its own.",
        "Run `playwright install --with-deps` with the content's environment and user, or set PLAYWRIGHT_BROWSERS_PATH to a directory that has the browser.",
        "Agree with the administrator on a browser for the server (`playwright install` is no part of the requirements).",
        evidence_of(hit),
        _layer(hit),
    )


RULES: Final[tuple[Rule, ...]] = (
    rule("xecutable doesn't exist at ", r"[Ee]xecutable doesn't exist at (?P<path>/\S{1,300}(?:playwright|chrom|firefox|webkit)\S{0,200})", _browser),
    rule(("Can't open lib", "ata source name not found"), _DRIVER, _driver_missing),
    rule((" lib", "librar", "hared object", "DLL"), _LIBRARY, _library_missing),
    rule("No such file or directory: '", r"^(?:FileNotFoundError|OSError): \[Errno 2\] No such file or directory: u?'(?P<program>[\w./+-]{1,200})'$", _of_subprocess),
    rule(("PATH", "xecut", "binar", "rogram", "ommand", "nstall", "required", "ateway", "_HOME"), _PROGRAM, _program_missing),
)  # fmt: skip
