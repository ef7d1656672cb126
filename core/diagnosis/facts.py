"""What a log says about the build besides its failure: which package, which Python, which pip."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import Final

from ..package_names import normalize
from .log_lines import Line, Log
from .rule import BuildLogs, LineMatch

_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}"
_ARCHIVE = re.compile(
    rf"(?P<name>{_NAME}?)-(?P<version>\d[A-Za-z0-9.+!_]{{0,40}}?)(?:\.tar\.gz|\.zip|\.tar\.bz2|\.tgz|-[\w.]{{1,60}}-[\w.]{{1,60}}-[\w.-]{{1,150}}\.whl)"
)

# After a failure, pip names what it gave up on.
_GIVEN_UP = tuple(
    re.compile(pattern)
    for pattern in (
        rf"[Ff]ailed building (?:editable for |wheel for )(?P<what>{_NAME})",
        r"[Ff]ailed to build '(?P<what>[^']{1,300})' when",
        rf"^Failed to build (?P<what>{_NAME})(?:\s|$)",
        rf"Could not build wheels for (?P<what>{_NAME})",
        r"[Cc]ommand \"?.{0,1000}? failed with error code -?\d{1,5} in "
        r"\S{0,200}/(?P<what>[^/\s]{1,100})/?$",
        rf"Encountered error while generating package metadata\.[^A-Za-z]{{0,20}}(?P<what>{_NAME})",
        # R's
        r"ERROR: (?:configuration|compilation|lazy loading) failed for package [‘'\"](?P<what>[\w.]{1,80})",
        r"WARNING: Discarding \S{1,300}/(?P<what>[^/\s#]{1,200})",
    )
)

# The line below these names it: the first is pip's, the second pipx's.
_NAMED_BELOW: Final = re.compile(
    r"^× Encountered error while (?:generating package metadata|trying to install package)\.$|"
    r"^pip (?:seemed to fail|failed) to build package:$"
)

# Before it, what it was busy with.
_BUSY_WITH = tuple(
    re.compile(pattern)
    for pattern in (
        rf"× Building (?:wheel|editable) for (?P<what>{_NAME}) \(",
        rf"Building (?:wheel|editable|wheels) for (?P<what>{_NAME})(?=[\s:])(?! collected)",
        rf"Running setup\.py (?:install|bdist_wheel|develop|clean) for (?P<what>{_NAME})",
        r"Running setup\.py \(path:\S{1,300}?/(?P<what>[^/\s]{1,100})/setup\.py\) egg_info",
        r"^(?:Collecting|Downloading/unpacking) (?P<what>\S{1,300})",
        rf"Running setup\.py egg_info for package (?P<what>{_NAME})",
        # Of pip, which names a path or an archive; Cython's builds say the same of each source.
        r"^Processing (?P<what>(?:[./~]|file:)\S{1,400})",
        r"^Processing (?P<what>\S{1,300}\.(?:whl|zip|tgz|tar\.\w{1,3}))(?:\s|$)",
        r"^Obtaining (?P<what>\S{1,400})",
    )
)

# uv names it first, and quotes what the build said below.
_ANNOUNCED = tuple(
    re.compile(pattern)
    for pattern in (
        r"[Ff]ailed to (?:download and )?build:? `(?P<what>[^`]{1,200})`",
        rf"[Ff]ailed to (?:download and )?build: (?P<what>{_NAME}==\S{{1,60}})$",
        r"Failed to fetch wheel: (?P<what>\S{1,200})(?: @ \S{1,300})?$",
    )
)
_BUSY_WORDS: Final = (
    "Building ",
    "Running setup.py",
    "Collecting ",
    "unpacking ",
    "Processing ",
    "Obtaining ",
)

# The directory that pip or uv builds it in. pip adds 32 hexadecimal digits since 20.3.
_DIRECTORY: Final = re.compile(
    r"[/\\](?:pip-(?:install|wheel)-\w{1,20}[/\\](?P<name>[\w.-]{1,100}?)(?:_[0-9a-f]{32})?|(?P<any>[\w.-]{1,100}?)_[0-9a-f]{32})[/\\]|"
    r"[/\\]pip(?:-|_)build(?:-|_)\w{1,20}[/\\](?P<old>[\w.-]{1,100})[/\\]|"
    r" --install-headers \S{1,200}/(?P<headers>[\w.-]{1,100}?)(?:\s|$)|"
    r"/(?P<unpacked>[A-Za-z][\w.]{0,60}-\d[\w.]{0,20})/setup\.py\"|"
    r"\bmanifest file '(?:[^']{0,200}/)?(?P<egg>[\w.-]{1,100}?)\.egg-info/SOURCES\.txt'|"
    r"\bwriting (?:[^\s']{0,200}/)?(?P<wrote>[\w.-]{1,100}?)\.egg-info/PKG-INFO|"
    r"/sdists-v\d{1,3}/(?:pypi|index/\w{1,40})/(?P<uv>[\w.-]{1,100})/(?P<version>\d[\w.+!]{0,40})/"
)
_DIRECTORY_GROUPS: Final = ("name", "any", "old", "egg", "wrote", "headers")
_DIRECTORY_WORDS: Final = (
    "pip-install-",
    "pip-wheel-",
    " --install-headers ",
    "pip-build-",
    "pip_build_",
    "/sdists-v",
    "/setup.py",
    "manifest file '",
    ".egg-info/PKG-INFO",
)
_DIRECTORY_NEAR: Final = 60

_PYTHON = tuple(
    re.compile(pattern)
    for pattern in (
        r"which has version (?P<version>[23]\.\d{1,2}\.\d{1,2})",
        r"with interpreter /\S{0,200}?/(?P<version>[23]\.\d{1,2}\.\d{1,2})/",
        r"Using Python (?P<version>[23]\.\d{1,2}\.\d{1,2})",
        r"different Python \((?P<version>[23]\.\d{1,2}\.\d{1,2}) not in",
        r"Python version: '?(?P<version>[23]\.\d{1,2}\.\d{1,2})",
        r"Python (?P<version>[23]\.\d{1,2}\.\d{1,2}) (?:interpreter|environment)",
        r"CPython ?(?P<version>[23]\.\d{1,2}\.\d{1,2})",
        r"/opt/[Pp]ython/(?P<version>[23]\.\d{1,2}\.\d{1,2})/",
        r"\(python (?P<version>[23]\.\d{1,2})\)",
        r"Python (?P<version>2\.7) (?:reached the end|will reach)",
        r"/cpython-(?P<version>[23]\.\d{1,2}\.\d{1,2})-",
        r"Run-time dependency python3? found: YES (?P<version>3\.\d{1,2})",
        r"/(?:lib|lib64|include|include/[\w-]{1,40}|Versions/[23]\.\d{1,2}/lib)/python(?P<version>[23]\.\d{1,2})[mdtu]{0,2}(?:/|\s|$)",
        r"/bin/python(?P<version>[23]\.\d{1,2})\b",
        r"apt(?:-get)? install python(?P<version>3\.\d{1,2})-venv",
        r"build/(?:lib|temp)\.[\w.-]{1,60}?-(?:cpython-(?P<tag>[23]\d{1,2})|(?P<version>[23]\.\d{1,2}))(?:/|\s|$)",
        r"--python-tag cp(?P<tag>[23]\d{1,2})\b",
    )
)
_OF_PYTHON: Final = ("ython", "which has version", "build/lib.", "build/temp.")
_PIP = re.compile(r"Using pip (?P<version>\d{1,3}(?:\.\d{1,3}){1,2})")
_OLD_PIP = re.compile(r"You are using pip version (?P<version>\d{1,3}(?:\.\d{1,3}){1,2})")

_GIVING_UP: Final = ("ailed", "ould not build", "Encountered", "fail to build", "Discarding ")

_LOOKED_AHEAD: Final = 150
_HEADLINE_BELOW: Final = 5  # what a build said aloud stands before uv's headline
_LOOKED_BACK: Final = 1500


def package_of(hit: LineMatch) -> str | None:
    """The package that was being built where a rule hit; with its version where the log has it."""
    given_up, busy = _landmarks(hit.log)
    at = bisect_left(given_up, (hit.index, ""))
    if at < len(given_up) and given_up[at][0] <= hit.index + _LOOKED_AHEAD:
        what = given_up[at][1]
        if not what.startswith("pip-"):  # the temporary directory that old pips build in
            return _with_version(what, hit)
    at = bisect_left(busy, (hit.index, ""))
    if at:
        return _with_version(busy[at - 1][1], hit)
    if busy and busy[0][0] <= hit.index + _HEADLINE_BELOW:
        return _with_version(busy[0][1], hit)
    return _of_directory(hit) or _of_archive(hit) or _of_own_directory(hit)


def _of_directory(hit: LineMatch) -> str | None:
    """The package in whose directory the nearest line has a file: the traceback's, the command's."""
    near = (hit.line, *reversed(hit.before(_DIRECTORY_NEAR)), *hit.after(_DIRECTORY_NEAR))
    for line in near:
        if not any(word in line.body for word in _DIRECTORY_WORDS):
            continue
        if found := _DIRECTORY.search(line.body, 0, 3000):
            if found["version"]:
                return f"{found['uv']} {found['version']}"
            if found["unpacked"]:
                return " ".join(found["unpacked"].rsplit("-", 1))
            name = next(found[group] for group in _DIRECTORY_GROUPS if found[group])
            return _with_version(name, hit)
    return None


def _of_own_directory(hit: LineMatch) -> str | None:
    """The directory of sources that the author has installed from, as pip's command names it."""
    for line in hit.after(_DIRECTORY_NEAR):
        if "__file__=" in line.body and (found := _OWN_DIRECTORY.search(line.body, 0, 3000)):
            return None if found["name"].startswith("pip-") else found["name"]
    return None


_OWN_DIRECTORY: Final = re.compile(
    r"__file__=['\"]{1,5}/(?:[^'\"/\s]{1,100}/){1,20}(?P<name>[\w.-]{1,100})/setup\.py['\"]"
)


def _of_archive(hit: LineMatch) -> str | None:
    """The source archive that was fetched last: pip builds it next."""
    for line in islice(hit.log.back_from(hit.index), _LOOKED_BACK):
        if "ownloading " in line.body or line.body.startswith("Using cached "):
            text = line.body.split(" (")[0].split("#")[0]
            if not text.endswith(".whl") and (archive := archive_of(text)):
                return f"{archive[0]} {archive[1]}"
    return None


@lru_cache(maxsize=2)
def _landmarks(log: Log) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Where a log says which package is given up, and with which the installer is busy."""
    given_up: list[tuple[int, str]] = []
    busy: list[tuple[int, str]] = []
    for index, line in enumerate(log.lines):
        if any(word in line.body for word in _GIVING_UP):
            if _NAMED_BELOW.match(line.body):
                below = next((one.body for one in log.after(index, 2) if one.body.strip()), "")
                if re.fullmatch(_NAME, below):
                    (given_up if line.body.startswith("×") else busy).append((index, below))
            elif (what := _first_of(_GIVEN_UP, line)) is not None:
                given_up.append((index, what))
            elif (what := _first_of(_ANNOUNCED, line)) is not None:
                busy.append((index, what))
        elif (
            any(word in line.body for word in _BUSY_WORDS)
            and (what := _first_of(_BUSY_WITH, line)) is not None
        ):
            busy.append((index, what))
    return given_up, busy


@lru_cache(maxsize=2)
def python_of(case: BuildLogs) -> str | None:
    """The version of Python in use, ``3.11.7`` or ``3.11``, as far as anything says."""
    if case.context.python:
        return case.context.python
    lines = [line for line in case.lines() if any(word in line.body for word in _OF_PYTHON)]
    for pattern in _PYTHON:
        for line in lines:
            if found := pattern.search(line.body, 0, 2000):
                named = found.groupdict()
                tag = named.get("tag")  # 311 for 3.11
                return f"{tag[0]}.{tag[1:]}" if tag else named["version"]
    return None


@lru_cache(maxsize=2)
def pip_of(case: BuildLogs) -> str | None:
    """The version of pip in use, as far as anything says."""
    if case.context.pip:
        return case.context.pip
    for line in case.lines():
        if found := (_PIP.search(line.body, 0, 500) or _OLD_PIP.search(line.body, 0, 500)):
            return found["version"]
    return None


def archive_of(text: str) -> tuple[str, str] | None:
    """Project and version of the source archive or wheel named in the text."""
    found = _ARCHIVE.search(text.rsplit("/", 1)[-1][:400])
    return (found["name"], found["version"]) if found else None


def _first_of(patterns: Iterable[re.Pattern[str]], line: Line) -> str | None:
    for pattern in patterns:
        if found := pattern.search(line.body, 0, 3000):
            return found["what"]
    return None


def _with_version(what: str, hit: LineMatch) -> str:
    """``psutil`` becomes ``psutil 5.9.8`` where the log tells the version."""
    what = what.rstrip(".,;:")
    if archive := archive_of(what):
        return f"{archive[0]} {archive[1]}"
    what = re.sub(r"^(?:file://|git\+|/|\.{1,2}/).{0,300}/", "", what.rstrip("/"))
    name = re.split(r"[=<>!~;\[@ ]", what, maxsplit=1)[0].removesuffix(".git")
    if "==" in what:
        return what.replace("==", " ", 1)
    wanted = normalize(name)
    for line in islice(hit.log.back_from(hit.index), _LOOKED_BACK):
        if "ownloading " in line.body or line.body.startswith(("Processing ", "Using cached ")):
            archive = archive_of(line.body.split(" (")[0])
            if archive and normalize(archive[0]) == wanted:
                return f"{archive[0]} {archive[1]}"
        elif line.body.startswith("Collecting "):
            requirement = line.body.split()[1]
            if (
                normalize(re.split(r"[=<>!~;\[@]", requirement)[0]) == wanted
                and "==" in requirement
            ):
                return f"{name} {requirement.split('==')[1].split(';')[0].split(',')[0]}"
    return name


_INSTALLED: Final = re.compile(
    r"^(?:Successfully installed (?P<several>.{1,20000})|\+ (?P<added>[\w.\[\]-]{1,100}==\S{1,60})|"
    r"Collecting (?P<wanted>[\w.\[\]-]{1,100}==[^\s;,*]{1,60})(?=\s|$)|"
    r"Requirement already satisfied: (?P<there>[\w.-]{1,100})\S{0,100} in .{1,300}\((?P<release>\d[^)]{0,40})\)|"
    r"(?P<listed>[A-Za-z][\w.-]{0,100}==\d[\w.+!]{0,40})$)"
)


@lru_cache(maxsize=2)
def _installed(case: BuildLogs) -> dict[str, str]:
    """The versions that the logs tell of, by normalized name."""
    found: dict[str, str] = {}
    for line in case.lines():
        if (said := _INSTALLED.match(line.body)) is None:
            continue
        if said["several"]:
            pairs = (part.rpartition("-") for part in said["several"].split())
            found.update((normalize(name), version) for name, _, version in pairs if name)
        elif said["there"]:
            found[normalize(said["there"])] = said["release"]
        elif text := said["added"] or said["wanted"] or said["listed"]:
            name, _, version = text.partition("==")
            found[normalize(name.partition("[")[0])] = version
    return found


def installed_version(case: BuildLogs, package: str) -> str | None:
    """The version of an installed package, as far as a line says."""
    return _installed(case).get(normalize(package))


_OF_UV: Final = re.compile(
    r"^(?:Resolved|Prepared|Audited|Installed|Uninstalled) \d{1,6} packages?\b|^Using CPython |"
    r"^Using Python \S{1,12} (?:environment|interpreter)|\buv (?:sync|pip|lock|run|add|venv|export|tool)\b|"
    r"^(?:× )?No solution found|├─▶|\bUV_[A-Z]|`uv|^error: (?:Failed to|Distribution|Request failed|No solution)"
)
_OF_PIP: Final = re.compile(
    r"^(?:Collecting |Looking in indexes|ERROR: |Using pip )|\bpip install\b"
)


@lru_cache(maxsize=2)
def is_uv(case: BuildLogs) -> bool:
    """Whether uv, not pip, installs here, as far as lines say."""
    lines = [line.body for line in case.lines()]
    by_uv = sum(bool(_OF_UV.search(body, 0, 300)) for body in lines)
    return by_uv > sum(bool(_OF_PIP.search(body, 0, 300)) for body in lines)


def build_constraint(case: BuildLogs, requirement: str) -> str:
    """How builds are made to use a release of what they are built with, for the installer in use.

    requirement: such as ``setuptools<81``. Until pip 26.2 PIP_CONSTRAINT reached isolated builds;
    PIP_BUILD_CONSTRAINT does since pip 25.3, UV_BUILD_CONSTRAINT is uv's.
    """
    if is_uv(case):
        variable = "UV_BUILD_CONSTRAINT"
    else:
        release = tuple(int(part) for part in (pip_of(case) or "0").split(".")[:2])
        if release >= (25, 3):
            variable = "PIP_BUILD_CONSTRAINT"
        elif release > (0,):
            variable = "PIP_CONSTRAINT"
        else:
            variable = "PIP_BUILD_CONSTRAINT (before pip 25.3: PIP_CONSTRAINT)"
    return f"a file with the line `{requirement}` named by {variable} in build-environment"


def given_up_packages(log: Log) -> list[tuple[int, str]]:
    """The packages that an installer gave up, by the index of the line that says so."""
    given_up, _ = _landmarks(log)
    return [(at, re.split(r"[=<>!~;\[@ ]", what, maxsplit=1)[0]) for at, what in given_up]
