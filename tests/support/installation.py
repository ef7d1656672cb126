"""A usable installation of one's own: a copy of an interpreter that is here, with virtualenv.

It may be broken, altered and installed into. No network is needed: pip is the wheel that
virtualenv carries, virtualenv itself comes from the environment that runs the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.shared import make_once

VERSION = ".".join(map(str, sys.version_info[:3]))
"""Of the interpreter that runs the tests, which is the one that is copied."""

# What takes room and is needed by no build.
_LEFT_OUT = (
    *("test", "tests", "idlelib", "lib2to3", "turtledemo", "pydoc_data", "config-*"),
    *("site-packages", "dist-packages"),
)


@dataclass(frozen=True)
class Installation:
    """A Python in a temporary directory.

    directory: its prefix, which an ``Executable`` setting may name.
    version: ``MAJOR.MINOR.PATCH``.
    """

    directory: Path
    version: str

    @property
    def executable(self) -> Path:
        return self.directory / "bin" / "python3"

    @property
    def site_packages(self) -> Path:
        return self.directory / "lib" / f"python{self.version.rpartition('.')[0]}" / "site-packages"


def make_installation(directory: Path) -> Installation:
    """Copy the interpreter that runs the tests into the directory and give it pip and virtualenv.

    Skips the test where that interpreter is not a tree that can be copied (a distribution's).
    """
    base = Path(sys.base_prefix)
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    library = base / "lib" / name
    if base == Path("/usr") or not (base / "bin" / name).exists() or not library.is_dir():
        pytest.skip(f"the interpreter in {base} cannot be copied")
    copy_interpreter(base, name, directory)
    made = Installation(directory, VERSION)
    made.site_packages.mkdir(exist_ok=True)
    _install_pip(made)
    for needed in _with_dependencies("virtualenv"):
        _copy_distribution(needed, made.site_packages)
    subprocess.run(
        [made.executable, "-m", "compileall", "-q", made.site_packages],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return made


def copy_interpreter(base: Path, name: str, directory: Path) -> None:
    """Copy the tree of one interpreter, ``name`` being ``python3.11``, without its packages."""
    (directory / "bin").mkdir(parents=True)
    shutil.copy2(base / "bin" / name, directory / "bin" / name)
    for link in ("python3", "python"):
        (directory / "bin" / link).symlink_to(name)
    shutil.copytree(
        base / "lib" / name,
        directory / "lib" / name,
        symlinks=True,
        ignore=shutil.ignore_patterns(*_LEFT_OUT),
    )
    for shared in (base / "lib").glob("libpython*"):
        shutil.copy2(shared, directory / "lib" / shared.name, follow_symlinks=False)
    headers = Path(sysconfig.get_path("include"))
    if headers.is_relative_to(base) and headers.is_dir():
        shutil.copytree(headers, directory / headers.relative_to(base), symlinks=True)
    _configure_for(directory, base)


def copy_installation(made: Installation, directory: Path) -> Installation:
    """Copy one, its compiled modules included, which is quicker than to make another."""
    shutil.copytree(made.directory, directory, symlinks=True)
    _configure_for(directory, made.directory)
    return Installation(directory, made.version)


def _configure_for(directory: Path, base: Path) -> None:
    """As if it had been built for this place: what it was configured with names its prefix."""
    for data in directory.glob("lib/python*/_sysconfigdata*.py"):
        data.write_text(data.read_text("utf-8").replace(str(base), str(directory)), "utf-8")


def _install_pip(installation: Installation) -> None:
    from virtualenv.seed.wheels.embed import get_embed_wheel

    wheel = get_embed_wheel("pip", installation.version.rpartition(".")[0])
    with zipfile.ZipFile(wheel.path) as archive:
        archive.extractall(installation.site_packages)


def _with_dependencies(name: str, seen: frozenset[str] = frozenset()) -> list[str]:
    found = [name]
    for text in distribution(name).requires or ():
        requirement = Requirement(text)
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if wanted and requirement.name not in seen:
            found += _with_dependencies(requirement.name, seen | {name, *found})
    return list(dict.fromkeys(found))


def _copy_distribution(name: str, site_packages: Path) -> None:
    try:
        files = distribution(name).files or ()
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed here")
    for file in files:
        if ".." in file.parts or "__pycache__" in file.parts:
            continue
        target = site_packages / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(os.fspath(file.locate()), target)


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A usable installation, made once; whoever alters it makes a copy of its own."""
    directory = make_once(
        tmp_path_factory, "installation", lambda directory: make_installation(directory / "python")
    )
    return Installation(directory / "python", VERSION)


@pytest.fixture(scope="session")
def second(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Another usable installation of the same version; nobody alters it."""
    directory = make_once(
        tmp_path_factory,
        "second",
        lambda directory: copy_installation(installation, directory / "python"),
    )
    return Installation(directory / "python", VERSION)
