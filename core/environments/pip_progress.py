"""Turn what pip prints into phases and packages; what it does not print is counted on disk."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from ..package_names import normalize
from .runner import Runner

_COLLECTING = re.compile(r"Collecting (?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)")
_DOWNLOADING = re.compile(r"\s*(?P<verb>Downloading|Using cached) (?P<file>\S+)(?P<size> \(.*\))?")
_PROCESSING = re.compile(r"Processing (?P<file>\S+)(?: \(from .*\))?")
_RAW_PROGRESS = re.compile(r"\s*Progress (?P<done>[0-9]{1,18}) of (?P<total>[0-9]{1,18})\s*")
_BUILDING = re.compile(
    r"\s*(?:Building wheel for|Running setup\.py bdist_wheel for|Running setup\.py install for) "
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?: \([^)]*\))?: (?P<state>started|finished.*)"
)
_PREPARING = re.compile(
    r"\s*(?P<what>Installing build dependencies|Getting requirements to build wheel|"
    r"Preparing metadata|Preparing wheel metadata|Installing backend dependencies).*: started"
)
_INSTALLING = re.compile(r"Installing collected packages: (?P<names>.+)")
_SIZE = re.compile(r"(?P<count>[0-9]{1,9}(?:\.[0-9]{1,3})?) ?(?P<unit>bytes|[kKMG]i?B)")
_UNITS = {
    "bytes": 1,
    "kb": 1000,
    "mb": 1000**2,
    "gb": 1000**3,
    "kib": 1024,
    "mib": 1024**2,
    "gib": 1024**3,
}
_FILE_NAME = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._]*(?:-[A-Za-z][A-Za-z0-9._]*)*)-(?P<version>[0-9][^-]*?)"
    r"(?:-.*\.whl|\.tar\.gz|\.tar\.bz2|\.zip|\.tgz)(?:\.metadata)?"
)


class PipProgress:
    """Follows one run of pip.

    directories: gives the environment's site-packages once they are known.
    """

    def __init__(self, steps: Runner, directories: Callable[[], Sequence[Path]]) -> None:
        self._steps = steps
        self._directories = directories
        self._downloading = ""
        self._to_install: list[str] = []
        self._seen: set[tuple[str, str]] | None = None
        self._installed = 0

    def line(self, line: str) -> bool:
        """Take one line of pip's output; False for one that is meant for programs only."""
        self._look_what_was_there()
        if found := _RAW_PROGRESS.fullmatch(line):
            self._downloaded(int(found["done"]), int(found["total"]))
            return False
        if found := _COLLECTING.match(line):
            self._steps.phase("resolve", found["name"])
            self._steps.package(found["name"], None, "found")
        elif found := _PROCESSING.fullmatch(line):
            self._takes(found["file"])
        elif found := _DOWNLOADING.fullmatch(line):
            self._fetches(found["verb"], found["file"], (found["size"] or "").strip(" ()"))
        elif found := _BUILDING.match(line):
            started = found["state"] == "started"
            if started:
                self._steps.phase("build", found["name"])
            if started or "done" in found["state"]:
                self._steps.package(found["name"], None, "building" if started else "built")
        elif found := _PREPARING.match(line):
            self._steps.phase("build", found["what"].lower())
        elif found := _INSTALLING.fullmatch(line):
            self._begins_to_install([name.strip() for name in found["names"].split(",")])
        return True

    def tick(self) -> None:
        """Count the packages whose RECORD, the last file of each, has appeared."""
        self._look_what_was_there()
        if self._seen is None or not self._to_install:
            return
        new = _recorded(self._directories(), self._seen)
        for name, version in sorted(new, key=self._order):
            self._seen.add((name, version))
            self._installed += 1
            self._steps.package(name, version, "installed")
            count = min(self._installed, len(self._to_install))
            total = len(self._to_install)
            self._steps.phase("install", f"{count} of {total}: {name}", done=count, total=total)

    def _look_what_was_there(self) -> None:
        """Once, and early: when pip says what it installs, some of it may be there already."""
        if self._seen is None and (directories := self._directories()):
            self._seen = _recorded(directories, set())

    def _order(self, package: tuple[str, str]) -> tuple[int, str]:
        """As pip installs them: what appeared since the last look is told in that order."""
        name = normalize(package[0])
        place = self._to_install.index(name) if name in self._to_install else len(self._to_install)
        return place, name

    def _takes(self, file: str) -> None:
        """A file on this machine, which pip neither collects nor downloads."""
        base = file.rstrip("/").rpartition("/")[2]
        found = _FILE_NAME.fullmatch(base)
        self._steps.phase("resolve", found["name"] if found else base)
        if found:
            self._steps.package(found["name"], found["version"], "found")

    def _fetches(self, verb: str, file: str, size: str) -> None:
        base = file.partition("#")[0].rpartition("/")[2]
        found = _FILE_NAME.fullmatch(base)
        self._downloading = base
        if verb == "Downloading":
            self._steps.phase("download", f"{base} ({size})" if size else base)
        if found and not base.endswith(".metadata"):
            action = "downloading" if verb == "Downloading" else "cached"
            self._steps.package(found["name"], found["version"], action, size_in(size))

    def _downloaded(self, done: int, total: int) -> None:
        if total > 0:
            share = min(100, done * 100 // total)
            detail = f"{self._downloading} {share} % of {_megabytes(total)}"
            self._steps.phase("download", detail, done=min(done, total), total=total)
        else:
            self._steps.phase("download", f"{self._downloading} {_megabytes(done)}")

    def _begins_to_install(self, names: list[str]) -> None:
        self._to_install = [normalize(name) for name in names]
        self._steps.phase("install", f"0 of {len(names)}", done=0, total=len(names))


def size_in(text: str) -> int | None:
    """Return the bytes of a size as pip and uv print it, such as ``18.3 MB`` or ``2.1MiB``."""
    found = _SIZE.search(text)
    return None if found is None else int(float(found["count"]) * _UNITS[found["unit"].lower()])


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1000:.0f} kB"


def _recorded(directories: Sequence[Path], known: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Name and version of everything else that is completely installed, as directory names say."""
    found: set[tuple[str, str]] = set()
    for directory in directories:
        try:
            entries = os.listdir(directory)
        except OSError:
            continue
        for entry in entries:
            stem, _, kind = entry.rpartition(".")
            last = {"dist-info": "RECORD", "egg-info": "installed-files.txt"}.get(kind)
            name, version, *_ = [*stem.split("-"), ""]
            if last and (name, version) not in known and (directory / entry / last).exists():
                found.add((name, version))
    return found
