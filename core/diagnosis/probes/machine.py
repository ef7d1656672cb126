"""Looks at what a build needs of this machine: room, permission, compilers, headers."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...installations import Installation
from .model import Check

_LEAST_ROOM = 500 * 1024 * 1024
_LEAST_INODES = 10_000
_TOOLS = ("cc", "gcc", "g++", "gfortran", "make", "cmake", "pkg-config", "git", "rustc", "cargo")


def look_at_disk(directories: Sequence[Path]) -> Iterator[Check]:
    """Free bytes and inodes where a build writes."""
    seen: set[int] = set()
    for directory in directories:
        place = _existing(directory)
        device = os.stat(place).st_dev
        if device in seen:
            continue
        seen.add(device)
        free = os.statvfs(place)
        room = free.f_bavail * free.f_frsize
        few_inodes = free.f_files > 0 and free.f_favail < _LEAST_INODES
        said = f"{place}: {room / 1e9:.1f} GB and {free.f_favail:,} inodes are free"
        if room < _LEAST_ROOM or few_inodes:
            yield Check("disk", f"{said}.", "disk-full", f"Make room on the disk of {place}.")
        else:
            yield Check("disk", said)


def try_writing(directories: Sequence[Path]) -> Iterator[Check]:
    """Whether files can be made there, by making one that has no name."""
    for directory in directories:
        place = _existing(directory)
        try:
            with tempfile.TemporaryFile(dir=place):
                yield Check("write", f"{place} can be written")
        except OSError as error:
            read_only = os.statvfs(place).f_flag & os.ST_RDONLY
            yield Check(
                "write",
                f"{place} cannot be written: {error.strerror}.",
                "read-only-filesystem" if read_only else "permission-denied",
                f"Mount it for writing: mount -o remount,rw {place}"
                if read_only
                else f"Give {place} to the user that builds, or choose another --state-dir.",
            )


def look_for_tools(path: str) -> Iterator[Check]:
    """Compilers and programs on the PATH that a build gets. That one is absent harms only what
    needs it, so it is said and is no finding."""
    found = [tool for tool in _TOOLS if shutil.which(tool, path=path)]
    absent = [tool for tool in _TOOLS if tool not in found]
    yield Check(
        "tools",
        f"there are {', '.join(found) or 'none'}"
        + (f"; there is no {', '.join(absent)}" if absent else ""),
    )


def look_at_installations(installations: Sequence[Installation]) -> Iterator[Check]:
    """Headers, and modules of the standard library, of each interpreter."""
    for installation in installations:
        name = installation.executable or installation.path
        for problem in installation.problems:
            if problem.code == "stdlib-module-missing":
                yield Check("modules", problem.message, problem.code, problem.remedy)
        version, interpreter = installation.version, installation.interpreter
        if version is None or interpreter is None:
            continue
        directory = Path(interpreter.base_prefix) / "include"
        headers = sorted(directory.glob(f"python{version.major}.{version.minor}*/Python.h"))
        if headers:
            yield Check("headers", f"{name} has its headers: {headers[0]}")
        else:
            yield Check("headers", f"{name} has no Python.h: C extensions cannot be built for it")


def _existing(directory: Path) -> Path:
    """The directory, or the nearest one above it that is there."""
    return next(place for place in (directory, *directory.parents) if place.exists())
