"""Is a complete environment still what was made? Its interpreter, its packages, their files."""

from __future__ import annotations

import base64
import csv
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..file_io import open_regular, read_regular
from ..frozen import frozen
from ..versions import PythonVersion
from .completion import files_of, list_files
from .creation import interpreter_of
from .inventory import InstalledPackage, read_inventory
from .listing import Environment
from .marker import MARKERS, Marker, turned_link

_CHUNK = 1 << 20
_LONGEST_FIRST_LINE = 4096
_MOST_ADDED = 20
_LARGEST_RECORD = 64 << 20
_ALGORITHMS = frozenset({"sha256", "sha384", "sha512"})


@frozen
class Defect:
    """One thing that is not as it was made.

    code: ``environment-incomplete``, ``interpreter-gone``, ``interpreter-changed``,
        ``package-added``, ``package-removed``, ``package-changed``, ``file-missing``,
        ``file-altered``, ``file-added`` or ``file-unreadable``.
    message: one sentence. package: its name, where it is about one. file: the path, likewise.
    """

    code: str
    message: str
    package: str | None = None
    file: str | None = None


def verify(
    environment: Environment, versions: Mapping[str, PythonVersion] | None = None
) -> tuple[Defect, ...]:
    """Return everything that is wrong with an environment; nothing where it is as it was made.

    versions: of the installations as they are now, by the interpreter's real path; without it, a
    changed patch level is not seen. No interpreter is run.
    """
    if environment.state == "building":
        return ()
    marker = environment.marker
    if marker is None:
        return (
            Defect(
                "environment-incomplete",
                "it is recorded but not there"
                if environment.state == "missing"
                else "a build was interrupted and left it incomplete",
            ),
        )
    path = environment.path
    return (
        *_interpreter(path, marker, versions or {}),
        *_packages(path, marker),
        *_added(path),
    )


def _interpreter(
    path: Path, marker: Marker, versions: Mapping[str, PythonVersion]
) -> Iterator[Defect]:
    program = interpreter_of(path)
    if not os.path.exists(marker.interpreter):
        yield Defect(
            "interpreter-gone",
            f"its Python {marker.python} is gone: {marker.interpreter}",
            file=marker.interpreter,
        )
    elif not os.access(program, os.X_OK):
        yield Defect("interpreter-gone", f"{program} cannot be run", file=str(program))
    if turned := turned_link(marker):
        yield Defect("interpreter-changed", turned, file=marker.executable)
    now = versions.get(os.path.realpath(marker.interpreter))
    if now is not None and str(now) != marker.python:
        yield Defect(
            "interpreter-changed",
            f"{marker.interpreter} is Python {now} now, it was {marker.python}",
            file=marker.interpreter,
        )


def _packages(path: Path, marker: Marker) -> Iterator[Defect]:
    try:
        distributions = read_inventory(_site_packages(path))
    except OSError as error:
        yield Defect("file-unreadable", f"{error.filename}: {error.strerror}", file=error.filename)
        return
    yield from _compared(distributions, marker)
    for distribution in distributions:
        yield from _files(distribution, path)


def _site_packages(path: Path) -> tuple[Path, ...]:
    """As the interpreter would name them, without asking it; `lib64` may be a link to `lib`."""
    found = [
        Path(os.path.realpath(directory))
        for pattern in ("lib*/*/site-packages", "lib*/*/dist-packages", "local/lib/*/dist-packages")
        for directory in sorted(path.glob(pattern))
    ]
    inside = os.path.realpath(path) + os.sep
    return tuple(
        dict.fromkeys(directory for directory in found if str(directory).startswith(inside))
    )


def _compared(distributions: tuple[InstalledPackage, ...], marker: Marker) -> Iterator[Defect]:
    made = dict(marker.packages)
    there = {item.name: item.version for item in distributions}
    for name, version in there.items():
        if name not in made:
            yield Defect("package-added", f"{name} {version} was added later", name)
        elif made[name] != version:
            yield Defect("package-changed", f"{name} is {version} now, it was {made[name]}", name)
    for name, version in made.items():
        if name not in there:
            yield Defect("package-removed", f"{name} {version} is not there any more", name)


def _added(path: Path) -> Iterator[Defect]:
    """Yield what lies in the environment and did not when it was made.

    Compiled modules may be new.
    """
    made = files_of(path)
    if made is None:
        return
    try:
        there = list_files(path)
    except OSError as error:
        yield Defect("file-unreadable", f"{error.filename}: {error.strerror or error}")
        return
    known = made | {""}
    # Of a new directory, what is in it says no more.
    new = [
        name
        for name in there
        if name not in made and not _may_be_new(name, made) and _directory_of(name) in known
    ]
    for name in new[:_MOST_ADDED]:
        yield Defect("file-added", f"{name} was added later", file=str(path / name))
    if len(new) > _MOST_ADDED:
        yield Defect("file-added", f"{len(new) - _MOST_ADDED} more files were added later")


def _directory_of(name: str) -> str:
    """Return the directory that a file or directory lies in; empty for the environment itself."""
    directory, slash, _ = name.rstrip("/").rpartition("/")
    return directory + slash


def _may_be_new(name: str, made: frozenset[str]) -> bool:
    """Whether it is a marker, or what Python compiles a module to when it is first imported."""
    if name in MARKERS:
        return True
    directory, in_cache, file = name.rpartition("__pycache__/")
    if not in_cache:
        return False
    return not file or (file.endswith(".pyc") and f"{directory}{file.split('.')[0]}.py" in made)


def _files(distribution: InstalledPackage, path: Path) -> Iterator[Defect]:
    """Compare the files of one package with its RECORD; PEP 376: path, hash, size in CSV."""
    record = distribution.info / "RECORD"
    if not distribution.has_record or not record.is_file():
        return
    root = distribution.info.parent
    inside = os.path.realpath(path) + os.sep
    try:
        text = read_regular(record, _LARGEST_RECORD).decode("utf-8", "surrogateescape")
        rows = list(csv.reader(text.splitlines(keepends=True)))
    except (OSError, csv.Error) as error:
        yield Defect("file-unreadable", f"{record}: {error}", distribution.name, str(record))
        return
    listed: dict[str, list[str]] = {}
    for row in rows:
        name, expected = (*row, "", "")[:2]
        # Python compiles modules again, and wheels that list a .pyc with a hash are compiled anew.
        if name and "\0" not in name and not name.endswith(".pyc"):
            listed.setdefault(name, []).append(expected)
    for name, hashes in listed.items():
        file = os.path.normpath(root / name)
        # Of several rows for one path the one that matches counts, also one without a hash.
        if file.startswith(inside) and all(hashes):
            yield from _file(distribution, file, name, hashes, f"{inside}bin{os.sep}")


def _file(
    distribution: InstalledPackage, file: str, name: str, hashes: Sequence[str], programs: str
) -> Iterator[Defect]:
    """Compare one file. hashes: ``ALGORITHM=HASH``. programs: the directory of scripts."""
    if not {each.partition("=")[0] for each in hashes} <= _ALGORITHMS:
        return
    of = f"{name} of {distribution.name} {distribution.version}"
    try:
        matches = any(
            _hash(file, each.partition("=")[0]) == each.partition("=")[2].rstrip("=")
            for each in hashes
        )
    except FileNotFoundError:
        yield Defect("file-missing", f"{of} is missing", distribution.name, file)
    except OSError as error:
        yield Defect(
            "file-unreadable", f"{of} cannot be read: {error.strerror}", distribution.name, file
        )
    else:
        if not matches and not (file.startswith(programs) and _names_interpreter(file)):
            yield Defect("file-altered", f"{of} was altered", distribution.name, file)


def _names_interpreter(file: str) -> bool:
    """Return whether a script's first line names a Python: older pips rewrite it and keep the old
    hash."""
    with open(open_regular(file), "rb") as stream:
        first = stream.readline(_LONGEST_FIRST_LINE)
    return first.startswith(b"#!") and b"python" in first


def _hash(file: str, algorithm: str) -> str:
    digest = hashlib.new(algorithm)
    with open(open_regular(file), "rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return base64.urlsafe_b64encode(digest.digest()).decode("ascii").rstrip("=")
