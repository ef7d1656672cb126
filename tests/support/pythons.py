"""The real Pythons of this machine, and altered ones made from them.

An altered Python is a prefix of its own: its programs are copies, its standard library is a
directory of links to the real one's. So it costs some milliseconds, may be broken and installed
into, and the real one stays as it is. It must not be run without ``-B``, nor have a linked file
opened for writing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

# What each altered Python has of its own, or must not have: Debian's own sitecustomize would hide
# another, and its mark that packages are managed elsewhere is no part of Python.
_NOT_LINKED = (
    *("lib-dynload", "site-packages", "dist-packages"),
    *("sitecustomize.py", "EXTERNALLY-MANAGED"),
)


@dataclass(frozen=True)
class RealPython:
    """An interpreter of this machine, never to be altered."""

    prefix: Path
    version: tuple[int, int, int]

    @property
    def line(self) -> str:
        return f"python{self.version[0]}.{self.version[1]}"

    @property
    def text(self) -> str:
        return ".".join(map(str, self.version))

    @property
    def stdlib(self) -> Path:
        return self.prefix / "lib" / self.line

    @property
    def program(self) -> Path:
        return self.prefix / "bin" / self.line


@cache
def real_pythons() -> tuple[RealPython, ...]:
    """Every Python whose layout is that of a source build, and the tests' own interpreter."""
    roots = [Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"]
    roots += [Path("/opt/python"), Path("/opt/Python"), Path("/opt/local/python")]
    prefixes: list[Path] = []
    for root in roots:
        with suppress(OSError):  # absent, or not for this user
            prefixes += sorted(root.iterdir())
    found: dict[Path, RealPython] = {}
    for prefix in [*prefixes, Path(sys.base_prefix)]:
        python = _look_at(prefix.resolve())
        if python is not None:
            found.setdefault(python.prefix, python)
    return tuple(found.values())


def _look_at(prefix: Path) -> RealPython | None:
    program = next(
        (path for name in ("python3", "python") if (path := prefix / "bin" / name).is_file()), None
    )
    if program is None or (prefix / "pyvenv.cfg").exists():
        return None
    asked = subprocess.run(
        [program, "-E", "-s", "-B", "-c", "import sys; print('%d %d %d' % sys.version_info[:3])"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    numbers = asked.stdout.split()
    if asked.returncode != 0 or len(numbers) != 3:
        return None
    python = RealPython(prefix, tuple(map(int, numbers)))
    return python if (python.stdlib / "os.py").exists() and python.program.exists() else None


def real_python(*wanted: tuple[int, int]) -> RealPython:
    """A Python of one of these lines, the first that is here; without any, the tests' own line."""
    lines = wanted or (sys.version_info[:2],)
    for line in lines:
        for python in real_pythons():
            if python.version[:2] == line:
                return python
    named = " or ".join(f"{major}.{minor}" for major, minor in lines)
    pytest.skip(f"no Python of {named} on this machine")


def shared_python() -> RealPython:
    """A Python 3 that is a shared build and finds its libpython by its own RUNPATH."""
    for python in real_pythons():
        library = f"{python.prefix}/lib".encode()
        if python.version[0] == 3 and library + b"\0" in python.program.read_bytes():
            return python
    pytest.skip("no shared build with a RUNPATH on this machine")


@dataclass(frozen=True)
class AlteredPython:
    """A prefix made from a real Python, which may be broken and installed into."""

    prefix: Path
    real: RealPython

    @property
    def stdlib(self) -> Path:
        return self.prefix / "lib" / self.real.line

    @property
    def site_packages(self) -> Path:
        # Debian's own Pythons look for packages here instead.
        own = self.prefix / "local" / "lib" / self.real.line / "dist-packages"
        return own if self.real.prefix == Path("/usr") else self.stdlib / "site-packages"

    @property
    def dynload(self) -> Path:
        return self.stdlib / "lib-dynload"

    @property
    def program(self) -> Path:
        return self.prefix / "bin" / self.real.line

    @property
    def executable(self) -> Path:
        name = "python3" if self.real.version[0] == 3 else "python"
        return self.prefix / "bin" / name

    def give(self, name: str, version: str, requires_python: str | None = None) -> None:
        """Put in a package's files as far as analysis reads them; nothing of it can be run."""
        self.take(name)
        (self.site_packages / name).mkdir()
        for module in ("__init__.py", "__main__.py"):
            (self.site_packages / name / module).write_text(f'__version__ = "{version}"\n')
        info = self.site_packages / f"{name}-{version}.dist-info"
        info.mkdir()
        header = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        if requires_python is not None:
            header += f"Requires-Python: {requires_python}\n"
        (info / "METADATA").write_text(f"{header}\nVersion: not this one\n")

    def take(self, name: str) -> None:
        """Take a package out again."""
        for path in [self.site_packages / name, *self.site_packages.glob(f"{name}-*.dist-info")]:
            if path.exists():
                shutil.rmtree(path)

    def rewrite(self, file: Path, old: bytes, new: bytes) -> None:
        """Replace a linked file by a copy in which some bytes are others."""
        data = file.read_bytes()
        assert old in data, f"{file} has no {old!r}"
        mode = file.stat().st_mode
        file.unlink()
        file.write_bytes(data.replace(old, new))
        file.chmod(mode)

    def own(self, module: str) -> Path:
        """Return a package of its standard library, copied: a link leads to the real Python."""
        directory = self.stdlib / module
        if directory.is_symlink():
            directory.unlink()
            shutil.copytree(self.real.stdlib / module, directory)
        return directory

    def say_built_for(self, prefix: str) -> None:
        """Let its record of how it was built name another prefix."""
        for record in self.stdlib.glob("_sysconfigdata*.py"):
            said = re.search(rb"'prefix': ('[^']*')", record.read_bytes())
            assert said is not None
            self.rewrite(record, said[1], f"'{prefix}'".encode())

    def load_library_from(self, directory: str) -> None:
        """Let its program look for its shared libraries elsewhere: patch the RUNPATH in place."""
        old = f"{self.real.prefix}/lib\0".encode()
        assert len(directory) < len(old)
        self.rewrite(self.program, old, directory.encode().ljust(len(old), b"\0"))

    def run_at_start(self, source: str) -> None:
        """Let it run this whenever it starts."""
        (self.site_packages / "sitecustomize.py").write_text(source)


def alter(real: RealPython, prefix: Path) -> AlteredPython:
    """Make a Python that may be altered: without pip, as if it had been built where it lies."""
    python = AlteredPython(prefix, real)
    (prefix / "bin").mkdir(parents=True)
    shutil.copy2(real.program, python.program)
    for name in ("python", f"python{real.version[0]}"):
        (prefix / "bin" / name).symlink_to(real.line)
    python.stdlib.mkdir(parents=True)
    _link_all(real.stdlib, python.stdlib, without=_NOT_LINKED)
    python.dynload.mkdir()
    if (real.stdlib / "lib-dynload").is_dir():
        _link_all(real.stdlib / "lib-dynload", python.dynload, without=())
    python.site_packages.mkdir(parents=True)
    if (real.prefix / "include" / "python").parent.is_dir():
        (prefix / "include").symlink_to(real.prefix / "include")
    python.say_built_for(str(prefix))
    return python


def _link_all(source: Path, target: Path, without: tuple[str, ...]) -> None:
    for path in source.iterdir():
        if path.name not in without:
            (target / path.name).symlink_to(path)
