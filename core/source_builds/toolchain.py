"""What this machine has of what a Python is compiled with, before that takes its time."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..distributions import Distribution
from ..frozen import frozen
from ..processes import BUILD_PATH
from ..versions import PythonVersion
from .dependencies import BuildDependency, build_dependencies, install_packages
from .recipe import openssl_for

_USUAL = ("/usr/local/include", "/usr/include")
_PATIENCE = 10.0
_NUMBER = re.compile(rb'OPENSSL_VERSION_(?:STR|TEXT)\s+"(?:OpenSSL )?([0-9]+(?:\.[0-9]+)*)')


@frozen
class MissingDependencies:
    """What is missing on this machine.

    openssl: the line that is there, where the version was not made for it; else None.
    """

    needs: tuple[BuildDependency, ...]
    openssl: tuple[int, ...] | None = None

    @property
    def is_grave(self) -> bool:
        """Whether the Python would lack something that content needs."""
        return self.openssl is not None or any(not need.is_optional for need in self.needs)

    def sentences(self, version: PythonVersion, distribution: Distribution | None) -> list[str]:
        """Return what to tell about it, with the exact command."""
        told: list[str] = []
        needed = [need for need in self.needs if not need.is_optional]
        if needed:
            remedy = f"install first: {_command(needed, distribution)}"
            told.append(f"missing to compile Python {version}: {_names(needed)}; {remedy}")
        seldom = [need for need in self.needs if need.is_optional]
        if seldom:
            remedy = f"to have it all, install first: {_command(seldom, distribution)}"
            told.append(f"Python {version} will lack {_names(seldom)}, seldom needed; {remedy}")
        if self.openssl is not None:
            there = ".".join(map(str, self.openssl))
            told.append(
                f"Python {version} was made for {openssl_for(version)}, this machine has {there}: "
                "its ssl module may be missing; compile an older one and name it with --openssl "
                f"(pysteward build-python script {version} shows how)"
            )
        return told


def find_missing(
    version: PythonVersion, *, openssl: str | None, variables: Mapping[str, str]
) -> MissingDependencies:
    """Return what this machine lacks for a version.

    openssl: the prefix of another OpenSSL than the system's. variables: ``build-environment``.
    """
    path = variables.get("PATH", BUILD_PATH)
    compilers = (shutil.which(name, path=path) for name in ("cc", "gcc", "clang"))
    compiler = next(filter(None, compilers), None)
    directories = _include_directories(compiler)
    if openssl is not None:
        directories = (f"{openssl}/include", *directories)
    missing = tuple(
        need
        for need in build_dependencies(version)
        if not any(shutil.which(name, path=path) for name in need.programs)
        and _find(need.headers, directories) is None
    )
    header = _find(("openssl/opensslv.h",), directories)
    line = None if header is None else _openssl_line(header)
    return MissingDependencies(
        missing, line if line is not None and line not in openssl_for(version) else None
    )


def _include_directories(compiler: str | None) -> tuple[str, ...]:
    """Return where the compiler looks for headers, as it says itself.

    Else where they usually are.
    """
    if compiler is None:
        machine = os.uname().machine
        return (*_USUAL, f"/usr/include/{machine}-linux-gnu")
    try:
        said = subprocess.run(
            [compiler, "-E", "-Wp,-v", "-xc", "/dev/null"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env={"PATH": BUILD_PATH, "LANG": "C"},
            timeout=_PATIENCE,
        ).stderr
    except (OSError, subprocess.TimeoutExpired):
        return _USUAL
    return (*(line.strip() for line in said.splitlines() if line.startswith(" /")), *_USUAL[:1])


def _find(headers: Sequence[str], directories: Sequence[str]) -> Path | None:
    files = (Path(directory, header) for header in headers for directory in directories)
    return next((file for file in files if file.is_file()), None)


def _openssl_line(header: Path) -> tuple[int, ...] | None:
    try:
        with open(header, "rb") as file:
            found = _NUMBER.search(file.read(65536))
    except OSError:
        return None
    return None if found is None else tuple(int(part) for part in found[1].split(b"."))


def _names(needed: Sequence[BuildDependency]) -> str:
    """Return what is missing, and the modules that there will not be without it."""
    return ", ".join(
        f"{need.name} (module {', '.join(need.modules)})" if need.modules else need.name
        for need in needed
    )


def _command(needed: Sequence[BuildDependency], distribution: Distribution | None) -> str:
    if distribution is None:
        return "the development files of these"
    names = [name for need in needed for name in need.packages_of(distribution)]
    return install_packages(names, distribution)
