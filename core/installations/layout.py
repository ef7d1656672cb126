"""How a Python lies on disk, read without running it: its prefix, library, headers, packages."""

from __future__ import annotations

import os
import re

from ..frozen import frozen
from .location import Location, version_in_name

_HEADER_SIZE = 20_000
_BUILD_RECORD_SIZE = 300_000
_PROGRAM_SIZE = 64_000_000


@frozen
class Layout:
    """An installation's directories.

    prefix: the directory above the interpreter's ``bin``.
    line: such as ``python3.11``, the name of its directory in ``lib``.
    stdlib: the directory of its standard library; in a virtual environment only its site-packages.
    """

    prefix: str
    line: str
    stdlib: str

    def file(self, directory: str, name: str) -> str | None:
        """Return a file below one of its directories, if it is there."""
        path = os.path.join(self.prefix, directory, name)
        return path if os.path.exists(path) else None

    def built_prefix(self) -> str | None:
        """What it was configured with when it was built, as its standard library records it."""
        for name in _names(self.stdlib):
            if name.startswith("_sysconfigdata") and name.endswith(".py"):
                text = _read(os.path.join(self.stdlib, name), _BUILD_RECORD_SIZE)
                found = re.search(r"'prefix': '([^']*)'", text)
                if found is not None:
                    return found[1]
        return None

    def header_version(self) -> str | None:
        """Return the version that its patchlevel.h names."""
        include = os.path.join(self.prefix, "include")
        for name in (self.line, f"{self.line}m", f"{self.line}mu", f"{self.line}t"):
            text = _read(os.path.join(include, name, "patchlevel.h"), _HEADER_SIZE)
            found = re.search(r'#define\s+PY_VERSION\s+"([^"]*)"', text)
            if found is not None:
                return found[1]
        return None

    def compiled_version(self, program: str) -> str | None:
        """Return the version that is compiled into its program, or its libpython; for want of
        headers.

        CPython keeps PY_VERSION as a string, ended by NUL as every one in C; what stands before it
        may be a longer string that ends the same, which the linker has merged with it.
        """
        library = os.path.join(self.prefix, "lib")
        shared = [f"{library}/{name}" for name in _names(library) if name.startswith("libpython")]
        numbers = re.escape(self.line.removeprefix("python")).encode()
        pattern = re.compile(
            rb"(?<![0-9.])(" + numbers + rb"\.[0-9]{1,3}(?:(?:a|b|rc)[0-9]+)?)\+?\0"
        )
        for path in (program, *(path for path in shared if ".so." in path)):
            found = pattern.search(_bytes(path, _PROGRAM_SIZE))
            if found is not None:
                return found[1].decode("ascii")
        return None

    def releases(self, package: str) -> list[str]:
        """Return the versions of a package by the names of its metadata where packages are
        installed."""
        pattern = re.compile(rf"{package}-([^-]+)(?:-py[0-9.]+)?\.(?:dist|egg)-info", re.IGNORECASE)
        return [
            found[1]
            for directory in self._package_directories()
            for name in _names(directory)
            if (found := pattern.fullmatch(name))
        ]

    def _package_directories(self) -> tuple[str, ...]:
        # site-packages everywhere; Debian has three other places, in this order (its site.py).
        return (
            f"{self.stdlib}/site-packages",
            f"{self.prefix}/local/lib/{self.line}/dist-packages",
            f"{self.prefix}/lib/python3/dist-packages",
            f"{self.stdlib}/dist-packages",
        )

    @property
    def has_venv(self) -> bool:
        return all(
            os.path.exists(os.path.join(self.stdlib, name, "__init__.py"))
            for name in ("venv", "ensurepip")
        )


def layout_of(place: Location) -> Layout | None:
    """Return the directories around an interpreter; None where they do not look like those of a
    Python.

    Where a link leads out of one prefix into another, the place that it is run from comes first,
    as the interpreter itself looks for its library (``pyvenv.cfg``), and the target's after it.
    """
    if place.executable is None or place.target is None:
        return None
    if "python" not in os.path.basename(place.target):
        return None
    for executable in dict.fromkeys((place.executable, place.target)):
        prefix = os.path.dirname(os.path.dirname(executable))
        named = version_in_name(os.path.basename(place.target)) or ()
        lines = _lines(prefix, named)
        if lines:
            line = lines[-1]
            return Layout(prefix, line, os.path.join(prefix, _libdir(prefix, line), line))
    return None


def _lines(prefix: str, named: tuple[int, ...]) -> list[str]:
    """Return the pythonX.Y directories of a prefix, the newest last; only those the file's name
    allows."""
    found: list[tuple[tuple[int, ...], str]] = []
    for directory in ("lib", "lib64"):
        for name in _names(os.path.join(prefix, directory)):
            version = version_in_name(name)
            if version is not None and len(version) == 2 and version[: len(named)] == named[:2]:
                found.append((version, name))
    return [name for _, name in sorted(found)]


def _libdir(prefix: str, line: str) -> str:
    # Fedora and SUSE keep the library in lib64 and leave a lib/pythonX.Y for pure packages.
    inside = os.path.join(prefix, "lib64", line, "os.py")
    return "lib64" if os.path.exists(inside) else "lib"


def _names(directory: str) -> list[str]:
    try:
        return os.listdir(directory)
    except OSError:
        return []


def _read(path: str, size: int) -> str:
    return _bytes(path, size).decode("utf-8", "replace")


def _bytes(path: str, size: int) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read(size)
    except OSError:
        return b""
