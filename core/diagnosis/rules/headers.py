"""Headers that a source includes and the compiler does not find."""

from __future__ import annotations

from typing import Final

from ...distributions import providers
from ..facts import python_of
from ..rule import (
    Explanation,
    LineMatch,
    Rule,
    rule,
)
from .shared import AUTHOR_WHEEL, built, is_trial


def header_missing(hit: LineMatch) -> Explanation | None:
    """The explanation of the header that a match names as ``header``."""
    header = hit["header"]
    if is_trial(hit):
        return None
    name = header.rsplit("/", 1)[-1]
    if name in ("Python.h", "pyconfig.h", "patchlevel.h"):
        return python_headers_missing(hit)
    if name in _WITHIN_PYTHON:
        return _left_python(hit, name)
    if name in _OF_A_PROCESSOR:
        return Explanation(
            "compile-error",
            f"{built(hit)} is written for {_OF_A_PROCESSOR[name]} processors: it needs their compiler's header {name}, and this server's processor is another.",
            "Nothing on this server cures that: have the author pin a release that supports this processor.",
            AUTHOR_WHEEL,
        )
    if name.lower() in ("windows.h", "winsock2.h"):
        return Explanation(
            "system-header-missing",
            f"{built(hit)} needs the C header {header}, which only Windows has: the package is for Windows.",
            "Prohibit it (ProhibitedPackage), or have the author remove it from requirements.txt: it cannot be built on Linux.",
            "Remove the package from requirements.txt, or give it the marker `; sys_platform == 'win32'`.",
        )
    if python_module := _headers_of_python_package(header):
        return Explanation(
            "build-dependency-undeclared",
            f"{built(hit)} needs the headers of {python_module} ({header}) while it is built and does not declare that.",
            f"Have the author pin a version of the package that has a wheel or declares {python_module}.",
            AUTHOR_WHEEL,
        )
    packages = providers.for_header(header)
    provide = (
        f"Install the package that has it: {packages.commands}. Then build again."
        if packages
        else f"Find the package that has {name} (Debian/Ubuntu: `apt-file search {name}`, RHEL: `dnf provides '*/{name}'`, "
        f"SUSE: `zypper search --provides --file-list {name}`), install it and build again."
    )
    return Explanation(
        "system-header-missing",
        f"{built(hit)} is compiled from source and needs the C header {header}, which is not on this server.",
        provide,
        AUTHOR_WHEEL,
    )


def _on_windows(hit: LineMatch) -> Explanation | None:
    """Connect runs on Linux, but authors bring logs of their own machines."""
    if is_trial(hit):
        return None
    packages = providers.for_header(hit["header"])
    return Explanation(
        "system-header-missing",
        f"{built(hit)} was compiled from source on Windows, where the C header {hit['header']} was not found; this log is not of a Linux server.",
        "Nothing on the server is at fault: look at the log of the deploy itself, where wheels for Linux may well exist."
        + (f" If it lacks the header too: {packages.commands}." if packages else ""),
        "Use a version of Python and of the package that has a wheel for Windows.",
    )


# Headers that a compiler has for one kind of processor.
_OF_X86: Final = (
    "mmintrin.h",
    "xmmintrin.h",
    "emmintrin.h",
    "pmmintrin.h",
    "tmmintrin.h",
    "smmintrin.h",
)
_OF_X86_TOO: Final = ("nmmintrin.h", "wmmintrin.h", "immintrin.h", "x86intrin.h", "cpuid.h")
_OF_A_PROCESSOR: Final = {
    **dict.fromkeys((*_OF_X86, *_OF_X86_TOO), "x86"),
    "arm_neon.h": "ARM",
    "arm_acle.h": "ARM",
    "altivec.h": "POWER",
}

# Headers that older Pythons had (or had elsewhere): no distribution has them besides.
_WITHIN_PYTHON: Final = frozenset(
    [
        "longintrepr.h",
        "code.h",
        "node.h",
        "grammar.h",
        "parsetok.h",
        "asdl.h",
        "symtable.h",
        "compile.h",
        "eval.h",
        "pyarena.h",
        "graminit.h",
        "Python-ast.h",
        "bltinmodule.h",
        "ucnhash.h",
        "dynamic_annotations.h",
        "pyfpe.h",
        "bitset.h",
        "errcode.h",
        "metagrammar.h",
        "token.h",
        "cStringIO.h",
        "stringobject.h",
        "intobject.h",
        "bufferobject.h",
        "cobject.h",
        "pycore_frame.h",
        "pycore_code.h",
        "pycore_pystate.h",
        "pycore_interp.h",
        "pycore_object.h",
        "pycore_gc.h",
        "frameobject.h",
        "classobject.h",
    ]
)


def _left_python(hit: LineMatch, name: str) -> Explanation:
    python = python_of(hit.case)
    return Explanation(
        "compile-error",
        f"The source of {built(hit, 'a package')} does not compile{f' with Python {python}' if python else ''}: it uses Python's own header {name}, "
        "which other Pythons have, and this one not, or elsewhere.",
        "Nothing on this server cures the source: have the author pin a release that supports this Python, or build with an older Python.",
        f"Pin a newer release of the package, one that supports Python {python or 'in use'} and best has a wheel for it.",
    )


def _headers_of_python_package(header: str) -> str | None:
    known = {
        "numpy/": "numpy",
        "pybind11/": "pybind11",
        "nanobind/": "nanobind",
        "mpi4py/": "mpi4py",
        "pyarrow/": "pyarrow",
        "torch/": "torch",
        "greenlet/": "greenlet",
    }
    return next((name for directory, name in known.items() if header.startswith(directory)), None)


# Where the packages of a Python's headers are not named by its version.
_RHEL_HEADERS: Final = {
    "2.7": "python2-devel",
    "3.6": "python3-devel",
    "3.8": "python38-devel",
    "3.9": "python3-devel` (RHEL 8: `python39-devel)",
}
_SUSE_HEADERS: Final = {"2.7": "python-devel", "3.6": "python3-devel"}


def python_headers_missing(hit: LineMatch) -> Explanation:
    """The explanation of a Python without its headers."""
    python = python_of(hit.case)
    short = ".".join(python.split(".")[:2]) if python else "3"
    return Explanation(
        "python-headers-missing",
        f"{built(hit)} is compiled from source, and this Python{f' ({python})' if python else ''} has no Python.h.",
        f"If the Python is the distribution's, install its headers: Debian/Ubuntu: `apt install python{short}-dev`; "
        f"RHEL: `dnf install {_RHEL_HEADERS.get(short, f'python{short}-devel')}`; "
        f"SUSE: `zypper install {_SUSE_HEADERS.get(short, f'python{short.replace(chr(46), str())}-devel')}`. "
        "If it was built from source, install it again with its include directory.",
        AUTHOR_WHEEL,
    )


def _wanted_python_headers(hit: LineMatch) -> Explanation | None:
    return None if is_trial(hit) else python_headers_missing(hit)


_SOURCE: Final = r"[^\s:]{1,300}:\d{1,7}(?::\d{1,6})?:"

RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("Python.h", "pyconfig.h"),
        r"(?P<header>Python\.h|pyconfig\.h)['’»\"]?(?: file not found|: No such file|: \S|.{0,40}(?:not found|missing|nicht gefunden|introuvable))",
        _wanted_python_headers,
    ),
    rule(
        (" file not found", " not found"),
        rf"{_SOURCE} (?:fatal )?error: ['\"](?P<header>[^'\"]{{1,300}})['\"] file not found",
        header_missing,
    ),
    rule(
        (".h: ", ".h : ", ".hpp: ", ".hxx: ", ".hh: ", ": No such file or directory"),
        rf"{_SOURCE} (?!warning|note)[^:]{{1,60}}: (?P<header>[\w./+-]{{1,300}}\.(?:h|hpp|hxx|hh)) ?: \S",
        header_missing,
    ),
    rule(
        "fatal error: ",
        rf"{_SOURCE} fatal error: (?P<header>[\w./+-]{{1,300}}): No such file or directory",
        header_missing,
    ),
    rule(
        "fatal error: ",
        r"^fatal error: (?P<header>[\w./+-]{1,300}\.(?:h|hpp)): No such file or directory",  # cut off by who copied it
        header_missing,
    ),
    rule(
        "fatal error C1083: ",
        r"fatal error C1083: .{0,80}?['\"“](?P<header>[\w./+-]{1,300})['\"”]",
        _on_windows,
    ),
    rule(
        " header '",
        r"ERROR: (?:C|C\+\+|CPP) header '(?P<header>[^']{1,200})' not found",
        header_missing,
    ),
)
