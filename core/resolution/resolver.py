"""Ask the index whether requirements install on a Python, which need not be installed itself.

pip resolves them as it would there, downloads what it must look into, and installs nothing. Only
wheels are taken: what stands in a source archive is not known before it is built, and building is
running it. Where only a source archive fits, that is said, and the rest is judged without it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidSdistFilename, canonicalize_name, parse_sdist_filename
from packaging.version import Version

from ..bundles import LineKind, Requirements
from ..frozen import frozen
from ..versions import PythonVersion
from .pip import Pip

ResolutionOutcome = Literal["installs", "needs-source-build", "fails", "unknown"]

_FORMATS = ("--no-binary", "--only-binary")

_LONGEST_LOG = 64 << 20
"""Bytes of pip's full log that are read; it writes some kilobytes for each release of a package."""


@frozen
class PipLogs:
    """What pip wrote in a run that failed.

    output: its output. full: its own full log (``--log``), None where it wrote none.
    """

    output: bytes
    full: bytes | None


@frozen
class Resolution:
    """What the index and pip's resolver say of one list of requirements.

    packages: name and version of everything that would be installed, as far as it is known.
    source_only: ``name==version`` of what has no wheel that fits and would have to be built.
    not_judged: requirement lines that name an address or a path, which only a build can judge.
    logs: where pip failed, what it wrote; the caller finds out why (`core.diagnosis`).
    """

    outcome: ResolutionOutcome
    packages: tuple[tuple[str, str], ...] = ()
    source_only: tuple[str, ...] = ()
    not_judged: tuple[str, ...] = ()
    logs: PipLogs | None = None


def resolve(requirements: Requirements, python: PythonVersion, pip: Pip) -> Resolution:
    """Ask whether these requirements install on that CPython, on this machine's platform.

    Raises OSError where pip cannot be started, Interrupted where it was ended.
    """
    without: dict[str, str] = {}
    formats = _Formats(requirements)
    while True:
        with TemporaryDirectory(prefix="pysteward-preflight-") as directory:
            not_judged = _write(requirements, Path(directory), without)
            pip.give(Path(directory))
            answer, missing = _resolve(requirements, Path(directory), python, pip)
        if missing is not None and formats.only(missing[0]) == "wheel":
            missing = None  # the requirements themselves forbid it, so this is how it will fail
        # What is a line of its own can be left out, to hear what else there is.
        if missing is None or missing[0] in without or missing[0] not in requirements.packages:
            break
        without[missing[0]] = missing[1]
    built = [
        f"{name}=={version}" for name, version in answer.packages if formats.only(name) == "source"
    ]
    sources = (*without.values(), *([missing[1]] if missing is not None else []), *built)
    outcome = answer.outcome
    if missing is not None or (outcome == "installs" and (sources or not_judged)):
        outcome = "needs-source-build"
    logs = None if missing is not None else answer.logs
    return Resolution(outcome, answer.packages, tuple(sorted(sources)), not_judged, logs)


class _Formats:
    """What ``--no-binary`` and ``--only-binary`` say in requirements, as pip's FormatControl does:
    the last word counts, and one about a package more than one about all."""

    def __init__(self, requirements: Requirements) -> None:
        self._from_source: dict[str, bool] = {}
        for line in requirements.lines():
            for option, value in line.parsed.options:
                if option in _FORMATS:
                    for name in (value or "").split(","):
                        self._take(name.strip(), option == "--no-binary")

    def _take(self, name: str, from_source: bool) -> None:
        if name == ":none:":
            kept = {each: said for each, said in self._from_source.items() if said != from_source}
            self._from_source = kept
        elif name == ":all:":
            self._from_source = {":all:": from_source}
        elif name:
            self._from_source[canonicalize_name(name)] = from_source

    def only(self, name: str) -> str | None:
        """``source`` or ``wheel`` where a package may come as nothing else."""
        said = self._from_source.get(canonicalize_name(name), self._from_source.get(":all:"))
        return None if said is None else "source" if said else "wheel"


def _write(
    requirements: Requirements, directory: Path, without: Mapping[str, str]
) -> tuple[str, ...]:
    """Write the files that pip reads; returns the lines that are left out as not to be judged."""
    not_judged: list[str] = []
    for file in requirements.files:
        kept: list[str] = []
        for line in file.lines:
            if line.kind in (LineKind.ADDRESS, LineKind.PATH, LineKind.EDITABLE):
                if not file.is_constraints:
                    not_judged.append(line.text)
            elif any(option in _FORMATS for option, _ in line.parsed.options):
                continue  # pip would let them overrule that nothing is built here
            elif line.name not in without or file.is_constraints:
                kept.append(line.raw)
        path = directory / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.decoded.encode("".join(kept)))
    return tuple(not_judged)


def _resolve(
    requirements: Requirements, directory: Path, python: PythonVersion, pip: Pip
) -> tuple[Resolution, tuple[str, str] | None]:
    """Return one run of pip; with what it gave up at, if only a source archive of that fits."""
    report, debug = directory / ".report.json", directory / ".pip.log"
    arguments = [
        *("install", "--dry-run", "--ignore-installed", "--only-binary=:all:", "--no-input"),
        *("--python-version", _release(python), "--target", str(directory / ".target")),
        *("--disable-pip-version-check", "--report", str(report), "--log", str(debug)),
        *(["-r", requirements.files[0].name] if requirements.files else []),
    ]
    run = pip.run(arguments, _markers(python), directory)
    if run is None:
        return Resolution("unknown"), None
    status, log = run
    if status == 0:
        return Resolution("installs", _installed(report)), None
    logs = PipLogs(log, _read_log(debug))
    return Resolution("fails", logs=logs), _source_only(log, debug, python)


def _read_log(path: Path) -> bytes | None:
    try:
        with path.open("rb") as log:
            return log.read(_LONGEST_LOG)
    except FileNotFoundError:
        return None


def _release(python: PythonVersion) -> str:
    # pip takes numbers only: a pre-release is asked for as its release.
    return f"{python.major}.{python.minor}.{python.patch}"


def _markers(python: PythonVersion) -> dict[str, str]:
    """Return what PEP 508's variables are on that Python, as far as they differ from here."""
    return {
        "implementation_name": "cpython",
        "implementation_version": str(python),
        "platform_python_implementation": "CPython",
        "python_full_version": str(python),
        "python_version": f"{python.major}.{python.minor}",
    }


def _installed(report: Path) -> tuple[tuple[str, str], ...]:
    """Names and versions in pip's installation report (its documentation, version 1)."""
    items = json.loads(report.read_bytes())["install"]
    found = {(item["metadata"]["name"], item["metadata"]["version"]) for item in items}
    return tuple(sorted(found, key=lambda package: canonicalize_name(package[0])))


_GAVE_UP = re.compile(rb"No matching distribution found for ([^\n]{1,500})")
_SOURCE = re.compile(
    rb"No sources permitted for [^:\n]{1,200}: \S{0,2000}/([^/\s#]{1,300})(?:#\S*)?"
    rb"[^\n]{0,2000}?(?:\(requires-python:([^)\n]{1,200})\))?$"
)


def _source_only(log: bytes, debug: Path, python: PythonVersion) -> tuple[str, str] | None:
    """Return the requirement that pip gave up at, if a source archive satisfies it: name, and what
    of it.

    pip's full log names each archive that it passed over for being a source.
    """
    gave_up = _GAVE_UP.search(log)
    if gave_up is None or not debug.exists():
        return None
    try:
        wanted = Requirement(gave_up[1].decode().partition(" (from")[0])
    except (InvalidRequirement, UnicodeDecodeError):
        return None
    name = canonicalize_name(wanted.name)
    fitting: list[Version] = []
    with debug.open("rb") as lines:
        for line in lines:
            found = _SOURCE.search(line.rstrip()) if b"No sources permitted" in line else None
            if found is None:
                continue
            try:
                archive, version = parse_sdist_filename(found[1].decode("ascii", "replace"))
                supports = SpecifierSet((found[2] or b"").decode("ascii", "replace"))
            except (InvalidSdistFilename, InvalidSpecifier):
                continue
            if archive == name and version in wanted.specifier and str(python) in supports:
                fitting.append(version)
    return (name, f"{name}=={max(fitting)}") if fitting else None
