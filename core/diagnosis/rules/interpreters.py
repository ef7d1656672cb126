"""The interpreter and its pip: whether they are there, start, and may be written to."""

from __future__ import annotations

import re
from typing import Final

from ..facts import python_of
from ..rule import (
    Explanation,
    LineMatch,
    Rule,
    rule,
)
from .shared import in_build

# Modules of the standard library that are built only if a header was there, and what provides it.
_BUILT: Final = {
    "_ssl": ("OpenSSL", "libssl-dev", "openssl-devel", "libopenssl-devel"),
    "_hashlib": ("OpenSSL", "libssl-dev", "openssl-devel", "libopenssl-devel"),
    "zlib": ("zlib", "zlib1g-dev", "zlib-devel", "zlib-devel"),
    "_ctypes": ("libffi", "libffi-dev", "libffi-devel", "libffi-devel"),
    "_bz2": ("bzip2", "libbz2-dev", "bzip2-devel", "libbz2-devel"),
    "bz2": ("bzip2", "libbz2-dev", "bzip2-devel", "libbz2-devel"),
    "_lzma": ("xz", "liblzma-dev", "xz-devel", "xz-devel"),
    "_sqlite3": ("SQLite", "libsqlite3-dev", "sqlite-devel", "sqlite3-devel"),
    "readline": ("readline", "libreadline-dev", "readline-devel", "readline-devel"),
    "_curses": ("ncurses", "libncurses-dev", "ncurses-devel", "ncurses-devel"),
    "_tkinter": ("Tk", "tk-dev", "tk-devel", "tk-devel"),
    "_uuid": ("libuuid", "uuid-dev", "libuuid-devel", "libuuid-devel"),
    "_gdbm": ("gdbm", "libgdbm-dev", "gdbm-devel", "gdbm-devel"),
    "_dbm": ("gdbm", "libgdbm-dev", "gdbm-devel", "gdbm-devel"),
    "_zstd": ("zstd", "libzstd-dev", "libzstd-devel", "libzstd-devel"),
    "pyexpat": ("expat", "libexpat1-dev", "expat-devel", "libexpat-devel"),
}


def this_interpreter(hit: LineMatch, otherwise: str = "This Python") -> str:
    version = python_of(hit.case)
    return f"Python {version}" if version else otherwise


def _missing_module(hit: LineMatch) -> Explanation | None:
    module = hit["module"]
    if module not in _BUILT:
        return None
    library, debian, rhel, suse = _BUILT[module]
    return Explanation(
        "stdlib-module-missing",
        f"{this_interpreter(hit)} was built without its standard module {module}, because {library} was not there when it was built.",
        f"Install {library}'s headers (Debian/Ubuntu: {debian}, RHEL: {rhel}, SUSE: {suse}) and build this Python again.",
    )


def _no_zlib(hit: LineMatch) -> Explanation:
    library, debian, rhel, suse = _BUILT["zlib"]
    return Explanation(
        "stdlib-module-missing",
        f"{this_interpreter(hit)} was built without its standard module zlib, so it cannot unpack any package.",
        f"Install {library}'s headers (Debian/Ubuntu: {debian}, RHEL: {rhel}, SUSE: {suse}) and build this Python again.",
    )


def _no_pip(hit: LineMatch) -> Explanation | None:
    if in_build(hit):
        return None  # a build script that tries to install something itself
    who = hit["who"].rstrip(":") or "The installation"
    return Explanation(
        "pip-missing",
        f"{who} has no pip.",
        f"Install pip into it: `{hit['who'].rstrip(':') or 'PYTHON'} -m ensurepip --upgrade`, or the distribution's python3-pip.",
    )


def _library_of_python(hit: LineMatch) -> Explanation:
    path = re.match(r"(/[^\s:]{1,300}): error while loading", hit.line.body)
    return Explanation(
        "interpreter-broken",
        f"The interpreter{f' {path[1]}' if path else ''} does not start: its own library {hit['library']} is not found.",
        f"Tell the loader where {hit['library']} lies: a line with the installation's lib directory in /etc/ld.so.conf.d/python.conf and `ldconfig`; "
        "or build that Python again with an rpath (LDFLAGS=-Wl,-rpath,PREFIX/lib). If the file is gone, install that Python again.",
    )


def does_not_start(hit: LineMatch) -> Explanation:
    return Explanation(
        "interpreter-broken",
        f"The interpreter does not start: {hit.line.body[:200].rstrip('.')}.",
        "Run it by hand as the build's user; a PYTHONHOME in the environment, a moved or half-removed installation and a wrong "
        "architecture are the usual reasons. Install that Python again if nothing else helps.",
    )


_INTERPRETER: Final = re.compile(
    r"(?:^|/)(?:python|pypy)[\d.]{0,8}(?:-[\w.]{1,20})?$|/bin/(?:pip|virtualenv)[\d.]{0,8}$|\.pyenv|[Pp]ython/\d"
)


def _gone(hit: LineMatch) -> Explanation | None:
    path = hit["path"].strip("'\"‘’`")
    if not _INTERPRETER.search(path) or not path.startswith("/"):
        return None
    if path.endswith((".py", ".h", ".c")) or "/tmp/pip-" in path:
        return None
    return Explanation(
        "interpreter-missing",
        f"The interpreter {path} is not there, or what it points to is gone.",
        f"Look at it (`ls -l {path}`): put that Python back, or correct the Executable setting; an environment built with a Python that was "
        "removed must be built anew (`pysteward content rebuild`).",
    )


def _bad_interpreter(hit: LineMatch) -> Explanation:
    path = hit["path"]
    return Explanation(
        "interpreter-missing",
        f"A script names the interpreter {path}, which is not there.",
        "The environment was moved, or the Python it was built with removed: build it anew; an interpreter path longer than 127 characters is cut by the kernel.",
    )


def _externally_managed(hit: LineMatch) -> Explanation:
    return Explanation(
        "externally-managed",
        "The installation belongs to the operating system's packager, and pip may not install into it (PEP 668).",
        "Install into an environment, not into the installation itself; for what it must have itself (virtualenv), use the distribution's packages "
        "(`apt install python3-virtualenv`), or add a Python of its own under /opt/python.",
    )


def _bootstrap_too_new(hit: LineMatch) -> Explanation:
    return Explanation(
        "requires-python",
        f"This get-pip.py is for Python {hit['needs']} and newer; the interpreter is Python {hit['python']}.",
        f"Take the get-pip.py for Python {hit['python']} (the line names its address), or the interpreter's own `python -m ensurepip`.",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "No module named ",
        r"(?:ImportError|ModuleNotFoundError): No module named '?(?P<module>_ssl|_hashlib|zlib|_ctypes|_bz2|bz2|_lzma|_sqlite3|readline|_curses|_tkinter|_uuid|_gdbm|_dbm|_zstd|pyexpat)'?(?:\s|$|[.;,])",
        _missing_module,
    ),
    rule(
        (
            "zlib not available",
            "can't decompress data; zlib",
            "zlib module",
            "requires the 'zlib' module",
            "Compression requires the (missing) zlib module",
        ),
        r"zlib not available|can't decompress data; zlib|requires the \(?(?:missing\)? |')?zlib",
        _no_zlib,
    ),
    rule(
        "No module named pip",
        r"(?P<who>/\S{1,300}:)? ?No module named '?pip(?:\.__main__)?'?;?(?:\s|$)",
        _no_pip,
    ),
    rule(
        "libpython",
        r"(?P<library>libpython[\w.]{1,30}\.so[\w.]{0,10}): cannot open shared object file",
        _library_of_python,
    ),
    rule(
        (
            "No module named 'encodings'",
            "No module named encodings",
            "No module named site",
            "unable to get the locale encoding",
            "unable to load the file system codec",
            "initfsencoding",
            "init_fs_encoding",
            "Could not find platform independent libraries",
            "SRE module mismatch",
            "undefined symbol: Py",
            "undefined symbol: _Py",
            "cannot execute binary file",
            "Exec format error",
            "exec format error",
            "required file not found",
            "GLIBC_",
        ),
        r"No module named '?encodings|^ImportError: No module named site$|unable to get the locale encoding|file system codec|initfsencoding|init_fs_encoding|SRE module mismatch|python[\d.]{0,6}: symbol lookup error|"
        r"python[\d.]{0,6}: .{0,80}cannot execute(?: binary file|: required file not found)|Exec format error: .{0,200}python|python[\d.]{0,6}: .{0,200}version `GLIBC_[\d.]{1,8}' not found|cannot execute binary file: .{0,20}Exec format error|exec \"?/\S{0,200}: exec format error",
        does_not_start,
    ),
    rule(
        "cannot execute: required file not found",
        r"(?P<path>[^\s:]{1,300}/(?!python|pypy)[\w.+-]{1,60}): cannot execute: required file not found",
        lambda hit: Explanation(
            "interpreter-missing",
            f"The script {hit['path']} names an interpreter that is not there.",
            "The environment was moved, or the Python it was built with removed: build it anew (`pysteward content rebuild`).",
        ),
    ),
    rule(
        "bad interpreter",
        r"(?P<path>/[^\s:]{1,400}): bad interpreter(?!: /|: Permission)|bad interpreter: (?P<path2>/[^\s:]{1,400}): no such file",
        _bad_interpreter,
    ),
    rule(
        (
            "o such file or directory",
            "not found",
            "does not exist",
            "annot run",
            "cannot execute",
            "not exist",
        ),
        r"(?:^|: |exec: |env: |Executable |interpreter |spawn |fork/exec |failed to run |\")[\"'‘`]?(?P<path>/[^\s:'\"’`]{1,400})[\"'’`]?: (?:No such file or directory|not found|no such file or directory|cannot execute: required file not found)",
        _gone,
    ),
    rule(
        "' not found",  # R's system2()
        r"'\"?(?P<path>/[^\s'\"]{1,400})\"?' not found",
        _gone,
    ),
    rule(
        "No such file or directory: '",
        r"No such file or directory: '(?P<path>/[^']{1,400}/bin/[^'/]{1,60})'",
        _gone,
    ),
    rule(
        ("env: ", "env:"),
        r"env: [‘'“\"]?(?P<path>python[\d.]{0,6})[’'”\"]?: No such file or directory",
        lambda hit: Explanation(
            "interpreter-missing",
            f"A script looks for {hit['path']} on the PATH, and there is none.",
            "Name the interpreter by its full path, or put it on the build's PATH.",
        ),
    ),
    rule(
        (
            "no python interpreter",
            "No interpreter found",
            "specified python interpreter",
            "The executable ",
            "The path ",
            "failed to find interpreter",
            "No Python at",
            "No Python ",
            "does not exist",
        ),
        r"RuntimeError: failed to find interpreter for (?P<path>.{1,300})|No interpreter found (?:for|at) (?P<path2>.{1,200})|No Python (?P<path5>\S{1,300}) (?:in|found through) `[^`]{1,40}`|No Python at '?\"?(?P<path3>[^'\"]{1,300})|The (?:executable|path) (?P<path4>/?\S{1,300}) (?:\(from --python=\S{1,300}\) )?does not exist|the python .{1,200} (?:was not found|is not a valid)",
        lambda hit: Explanation(
            "interpreter-missing",
            f"The interpreter that was asked for is not there: {hit.line.body.removeprefix('error: ')[:200].rstrip('.')}.",
            "Put that Python back, or correct the Executable setting.",
        ),
    ),
    rule(
        ("No virtual environment found", "in virtual environments"),
        r"^(?:error: )?(?:No virtual environment found(?: for .{1,80})?;|No (?:Python|interpreter)s? (?:interpreters )?found in virtual environments)",
        lambda hit: Explanation(
            "interpreter-missing",
            "uv finds no environment to install into: there is none at the place, or its interpreter is gone.",
            "Build the environment anew (`pysteward content rebuild`), or name it: `uv pip install --python PATH`.",
        ),
    ),
    rule(
        "xternally-managed",
        r"externally-managed-environment|externally managed",
        _externally_managed,
    ),
    rule("xternally managed", r"is externally managed", _externally_managed),
    rule(
        "This script does not work on Python",
        r"does not work on Python (?P<python>[\d.]{1,6})\. The minimum supported Python version is (?P<needs>[\d.]{1,6}[\d])",
        _bootstrap_too_new,
    ),
)
