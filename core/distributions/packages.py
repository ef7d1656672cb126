"""The distribution this machine runs, and how its packages are called."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from functools import cache
from typing import Literal

from ..versions import PythonVersion

Family = Literal["debian", "rhel", "suse"]

_FAMILIES: dict[str, Family] = {
    "debian": "debian",
    "ubuntu": "debian",
    "rhel": "rhel",
    "fedora": "rhel",
    "centos": "rhel",
    "amzn": "rhel",
    "suse": "suse",
    "opensuse": "suse",
    "sles": "suse",
}
_INSTALL: dict[Family, str] = {
    "debian": "apt-get install",
    "rhel": "dnf install",
    "suse": "zypper install",
}

# What has to be there when Python is built, by module: Debian/Ubuntu, RHEL, SUSE.
BUILD_DEPENDENCIES: dict[str, tuple[str, str, str]] = {
    "_ssl": ("libssl-dev", "openssl-devel", "libopenssl-devel"),
    "_ctypes": ("libffi-dev", "libffi-devel", "libffi-devel"),
    "_sqlite3": ("libsqlite3-dev", "sqlite-devel", "sqlite3-devel"),
    "_bz2": ("libbz2-dev", "bzip2-devel", "libbz2-devel"),
    "bz2": ("libbz2-dev", "bzip2-devel", "libbz2-devel"),
    "_lzma": ("liblzma-dev", "xz-devel", "xz-devel"),
    "zlib": ("zlib1g-dev", "zlib-devel", "zlib-devel"),
    "readline": ("libreadline-dev", "readline-devel", "readline-devel"),
    "_curses": ("libncurses-dev", "ncurses-devel", "ncurses-devel"),
}


@cache
def family() -> Family | None:
    """Whose packages this machine takes, by os-release(5); None where that cannot be told."""
    for file in ("/etc/os-release", "/usr/lib/os-release"):
        try:
            with open(file, encoding="utf-8", errors="replace") as stream:
                return family_of(stream.read(65536))
        except OSError:
            continue
    return None


def family_of(os_release: str) -> Family | None:
    """The family that an os-release file tells: by its ID, else by the first of its ID_LIKE."""
    said: dict[str, str] = {}
    for line in os_release.splitlines():
        name, equals, value = line.partition("=")
        if equals:
            said[name.strip()] = value.strip().strip("\"'")
    for name in (said.get("ID", ""), *said.get("ID_LIKE", "").split()):
        known = _FAMILIES.get(name.lower().split("-")[0])
        if known is not None:
            return known
    return None


def install_command(names: Iterable[str], system: Family | None) -> str | None:
    """Return the command that installs packages of the distribution; None where it is not known."""
    return f"{_INSTALL[system]} {shlex.join(names)}" if system else None


def rebuild_remedy(modules: Iterable[str], system: Family | None) -> str:
    """Return what to install before Python is built again: here, as a command, and elsewhere.

    system: the distribution of this machine; None where it is not known.
    """
    columns = zip(*(BUILD_DEPENDENCIES[name] for name in modules), strict=True)
    commands = {
        name: f"{_INSTALL[name]} {' '.join(dict.fromkeys(column))}"
        for name, column in zip(_INSTALL, columns, strict=True)
    }
    titles = {"debian": "Debian, Ubuntu", "rhel": "RHEL", "suse": "SUSE"}
    here = commands.pop(system) if system is not None else ""
    others = "; ".join(f"{titles[name]}: {command}" for name, command in commands.items())
    return f"{here}  # then build this Python again. {others}".strip()


def package_for(need: str, python: PythonVersion, executable: str) -> str | None:
    """Return the distribution's package that gives its own Python pip, virtualenv or venv.

    need: ``pip``, ``virtualenv`` or ``venv``. None where the distribution is not known.
    """
    system = family()
    if system is None:
        return None
    default = "python" if python.major == 2 else "python3"
    versioned = executable.rsplit("/", 1)[-1] not in ("python", "python2", "python3")
    line = f"python{python.major}.{python.minor}"
    if system == "debian":
        # Debian has one pip and one virtualenv for all of its Python 3, but a venv for each.
        return f"{line}-venv" if need == "venv" and versioned else f"{default}-{need}"
    if need == "venv":
        return default if not versioned else line
    if not versioned:
        return f"{default}-{need}"
    return f"{line}-{need}" if system == "rhel" else f"{line.replace('.', '')}-{need}"
