"""What must be there before a Python is compiled, and how a distribution calls it. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import replace

from ..distributions import BUILD_DEPENDENCIES, Distribution
from ..frozen import frozen
from ..versions import PythonVersion


@frozen
class BuildDependency:
    """Something that a Python is compiled with.

    name: for people. headers: any of these proves it; programs: likewise.
    modules: what the standard library lacks without it; where empty, nothing can be compiled.
    packages: of Debian/Ubuntu, RHEL and SUSE.
    is_optional: whether servers do well without.
    """

    name: str
    packages: tuple[str, str, str]
    headers: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    is_optional: bool = False

    def packages_of(self, distribution: Distribution) -> tuple[str, ...]:
        """Return the packages of a distribution, as that release calls them."""
        name = self.packages[("debian", "rhel", "suse").index(distribution.family)]
        renamed = _RENAMED.get((distribution.series, name))
        return (name,) if renamed is None else renamed(distribution)


def build_dependencies(version: PythonVersion) -> tuple[BuildDependency, ...]:
    """Return all that a version is compiled with, what nothing goes without first."""
    is_3 = version.major > 2
    bz2 = "_bz2" if is_3 else "bz2"
    found = [
        BuildDependency(
            "a C compiler", ("build-essential", "gcc", "gcc"), programs=("cc", "gcc", "clang")
        ),
        BuildDependency("make", ("build-essential", "make", "make"), programs=("make",)),
        _need("zlib", "zlib", "zlib.h"),
        _need("OpenSSL", "_ssl", "openssl/ssl.h"),
        _need("libffi", "_ctypes", "ffi.h"),
        _need("SQLite", "_sqlite3", "sqlite3.h"),
        _need("bzip2", bz2, "bzlib.h"),
        _need("readline", "readline", "readline/readline.h"),
        _need("ncurses", "_curses", "ncurses.h", "curses.h", "ncursesw/ncurses.h"),
    ]
    if is_3:
        found.append(_need("xz", "_lzma", "lzma.h"))
    found.append(
        _optional(
            "gdbm", "_gdbm" if is_3 else "gdbm", "gdbm.h", "libgdbm-dev", "gdbm-devel", "gdbm-devel"
        )
    )
    if version.line >= (3, 7):
        packages = ("uuid-dev", "libuuid-devel", "libuuid-devel")
        found.append(_optional("libuuid", "_uuid", "uuid/uuid.h", *packages))
    tk = _optional(
        "Tk", "_tkinter" if is_3 else "Tkinter", "tk.h", "tk-dev", "tk-devel", "tk-devel"
    )
    # Debian keeps them apart from those of other releases.
    found.append(replace(tk, headers=("tk.h", "tcl8.6/tk.h", "tcl9.0/tk.h", "tcl8.5/tk.h")))
    if version.line >= (3, 14):  # PEP 784
        packages = ("libzstd-dev", "libzstd-devel", "libzstd-devel")
        found.append(_optional("Zstandard", "_zstd", "zstd.h", *packages))
    return tuple(found)


def install_packages(names: Iterable[str], distribution: Distribution) -> str:
    """Return the command, for root, that installs packages of a distribution."""
    return f"{installer(distribution)} {shlex.join(dict.fromkeys(names))}"


def installer(distribution: Distribution) -> str:
    """Return what installs packages there, without asking."""
    if distribution.family == "debian":
        return "apt-get install -y --no-install-recommends"
    if distribution.family == "suse":
        return "zypper --non-interactive install"
    return "yum install -y" if has_yum(distribution) else "dnf install -y"


def has_yum(distribution: Distribution) -> bool:
    """Return whether it is from before dnf."""
    return (
        distribution.is_before("rhel", 8)
        or distribution.is_before("fedora", 22)
        or distribution.is_before("amzn", 2022)
    )


def _need(name: str, module: str, *headers: str) -> BuildDependency:
    return BuildDependency(name, BUILD_DEPENDENCIES[module], headers=headers, modules=(module,))


def _optional(name: str, module: str, header: str, *packages: str) -> BuildDependency:
    debian, rhel, suse = packages
    return BuildDependency(
        name, (debian, rhel, suse), (header,), modules=(module,), is_optional=True
    )


def _debian_ncurses(distribution: Distribution) -> tuple[str, ...]:
    # One package since Debian 10 and Ubuntu 18.10; before, one for each width of characters.
    if distribution.is_before("debian", 10) or distribution.is_before("ubuntu", 18, 10):
        return ("libncurses5-dev", "libncursesw5-dev")
    return ("libncurses-dev",)


def _debian_gdbm(distribution: Distribution) -> tuple[str, ...]:
    # gdbm's ndbm interface became a package of its own with 1.14.
    if distribution.is_before("debian", 10) or distribution.is_before("ubuntu", 18, 4):
        return ("libgdbm-dev",)
    return ("libgdbm-dev", "libgdbm-compat-dev")


def _debian_tk(_: Distribution) -> tuple[str, ...]:
    # Its headers lie where only pkg-config finds them, since 3.11 asks no other way.
    return ("tk-dev", "pkg-config")


_RENAMED = {
    ("debian", "tk-dev"): _debian_tk,
    ("ubuntu", "tk-dev"): _debian_tk,
    ("debian", "libncurses-dev"): _debian_ncurses,
    ("ubuntu", "libncurses-dev"): _debian_ncurses,
    ("debian", "libgdbm-dev"): _debian_gdbm,
    ("ubuntu", "libgdbm-dev"): _debian_gdbm,
}
