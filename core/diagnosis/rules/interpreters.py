"""The interpreter, its pip, its virtualenv, and the environment that they make."""

from __future__ import annotations

import re
from typing import Final

from ..facts import python_of
from ..rule import Hit, Layer, Rule, Story, rule
from .building import in_build

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


def _python(hit: Hit, otherwise: str = "This Python") -> str:
    version = python_of(hit.case)
    return f"Python {version}" if version else otherwise


def _missing_module(hit: Hit) -> Story | None:
    module = hit["module"]
    if module not in _BUILT:
        return None
    library, debian, rhel, suse = _BUILT[module]
    return Story(
        "stdlib-module-missing",
        f"{_python(hit)} was built without its standard module {module}, because {library} was not there when it was built.",
        f"Install {library}'s headers (Debian/Ubuntu: {debian}, RHEL: {rhel}, SUSE: {suse}) and build this Python again.",
    )


def _no_zlib(hit: Hit) -> Story:
    library, debian, rhel, suse = _BUILT["zlib"]
    return Story(
        "stdlib-module-missing",
        f"{_python(hit)} was built without its standard module zlib, so it cannot unpack any package.",
        f"Install {library}'s headers (Debian/Ubuntu: {debian}, RHEL: {rhel}, SUSE: {suse}) and build this Python again.",
    )


def _no_pip(hit: Hit) -> Story | None:
    if in_build(hit):
        return None  # a build script that tries to install something itself
    who = hit["who"].rstrip(":") or "The installation"
    return Story(
        "pip-missing",
        f"{who} has no pip.",
        f"Install pip into it: `{hit['who'].rstrip(':') or 'PYTHON'} -m ensurepip --upgrade`, or the distribution's python3-pip.",
    )


def _no_virtualenv(hit: Hit) -> Story:
    who = (hit["who"] or "").rstrip(":") or "The installation"
    return Story(
        "virtualenv-missing",
        f"{who} has no virtualenv, with which environments are created.",
        f'Install it there: `{"PYTHON" if who.startswith("The ") else who} -m pip install virtualenv`, in a release that supports that Python; or do without: `environment-creator = "venv"`.',
    )


def _no_ensurepip(hit: Hit) -> Story | None:
    python = python_of(hit.case)
    short = ".".join(python.split(".")[:2]) if python else "3"
    return Story(
        "ensurepip-missing",
        f"{_python(hit)} cannot put pip into an environment: its module ensurepip is missing or fails.",
        f"Debian/Ubuntu: `apt install python{short}-venv`; SUSE and RHEL: install the full python3 package; built from source: build it again "
        "with --with-ensurepip. Or use virtualenv, which brings its own pip.",
    )


def _library_of_python(hit: Hit) -> Story:
    return Story(
        "interpreter-broken",
        f"The interpreter does not start: its own library {hit['library']} is not found.",
        f"Tell the loader where {hit['library']} lies: a line with the installation's lib folder in /etc/ld.so.conf.d/python.conf and `ldconfig`; "
        "or build that Python again with an rpath (LDFLAGS=-Wl,-rpath,PREFIX/lib). If the file is gone, install that Python again.",
    )


def _does_not_start(hit: Hit) -> Story:
    return Story(
        "interpreter-broken",
        f"The interpreter does not start: {hit.line.body[:200].rstrip('.')}.",
        "Run it by hand as the build's user; a PYTHONHOME in the environment, a moved or half-removed installation and a wrong "
        "architecture are the usual reasons. Install that Python again if nothing else helps.",
    )


_INTERPRETER: Final = re.compile(
    r"(?:^|/)(?:python|pypy)[\d.]{0,8}(?:-[\w.]{1,20})?$|/bin/(?:pip|virtualenv)[\d.]{0,8}$|\.pyenv|[Pp]ython/\d"
)


def _gone(hit: Hit) -> Story | None:
    path = hit["path"].strip("'\"‘’`")
    if not _INTERPRETER.search(path) or not path.startswith("/"):
        return None
    if path.endswith((".py", ".h", ".c")) or "/tmp/pip-" in path:
        return None
    return Story(
        "interpreter-missing",
        f"The interpreter {path} is not there, or what it points to is gone.",
        f"Look at it (`ls -l {path}`): put that Python back, or correct the Executable setting; an environment built with a Python that was "
        "removed must be built anew (`pysteward content rebuild`).",
    )


def _bad_interpreter(hit: Hit) -> Story:
    path = hit["path"]
    return Story(
        "interpreter-missing",
        f"A script names the interpreter {path}, which is not there.",
        "The environment was moved, or the Python it was built with removed: build it anew; an interpreter path longer than 127 characters is cut by the kernel.",
    )


def _externally_managed(hit: Hit) -> Story:
    return Story(
        "externally-managed",
        "The installation belongs to the operating system's packager, and pip may not install into it (PEP 668).",
        "Install into an environment, not into the installation itself; for what it must have itself (virtualenv), use the distribution's packages "
        "(`apt install python3-virtualenv`), or add a Python of its own under /opt/python.",
    )


_VIRTUALENV_RELEASES: Final = "2.7 and 3.5: virtualenv below 20.22; 3.6: below 20.22; 3.7: below 20.27; 3.12 and newer: 20.24 or newer"


def _bootstrap_too_new(hit: Hit) -> Story:
    return Story(
        "requires-python",
        f"This get-pip.py is for Python {hit['needs']} and newer; the interpreter is Python {hit['python']}.",
        f"Take the get-pip.py for Python {hit['python']} (the line names its address), or the interpreter's own `python -m ensurepip`.",
    )


def _virtualenv_unfit(hit: Hit) -> Story:
    return Story(
        "virtualenv-incompatible",
        f"The virtualenv in use cannot make a working environment for {_python(hit, 'that Python')}: {hit.line.body[:200].rstrip('.')}.",
        f"Install a virtualenv release into that installation that supports its Python ({_VIRTUALENV_RELEASES}).",
    )


def _virtualenv_import(hit: Hit) -> Story | None:
    """A module that this Python lost, missed by an old virtualenv or by the old pip it put in."""
    around = (*hit.before(14), *hit.after(8))
    if in_build(hit) or not any(
        "virtualenv" in line.body or "/_vendor/" in line.body for line in around
    ):
        return None
    if any(
        "_in_process" in line.body
        or "build_meta" in line.body
        or "lines of output" in line.body
        or "setup.py" in line.body
        for line in around
    ):
        return None
    return _virtualenv_unfit(hit)


def _only_with_pip(hit: Hit) -> Story | None:
    """pip itself fails on this Python: an environment with a pip too old or too new for it."""
    text = "\n".join(line.body for line in (*hit.before(14), hit.line))
    if not re.search(r"/pip/|_virtualenv\.p|/virtualenv/", text):
        return None
    by_virtualenv = "_virtualenv.p" in text  # what it puts into every environment
    if not by_virtualenv and (in_build(hit) or "setup.py" in text or "_in_process" in text):
        return None
    return _virtualenv_unfit(hit)


def _failed_query(hit: Hit) -> Story | None:
    """virtualenv runs a script of its own in that Python to learn what it is."""
    error = hit["error"]
    if "libpython" in error or "encodings" in error:
        return None  # rules on those words know better
    if "py_info.py" not in error:
        return _does_not_start(hit)
    version = re.search(r"/python-?([23]\.\d{1,2}\.\d{1,2})/", hit["path"], re.IGNORECASE)
    what = f"Python {version[1]}" if version else hit["path"]
    return Story(
        "virtualenv-incompatible",
        f"The virtualenv in use cannot make a working environment for {what}: its own script does not run there.",
        f"Install a virtualenv release into that installation that supports its Python ({_VIRTUALENV_RELEASES}).",
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
        ("No module named", "Tools for managing Python virtual environments"),
        r"Tools for managing Python virtual environments are not installed|(?P<who>/\S{1,300}:)? ?No module named '?(?:virtualenv|venv)(?:\.__main__)?'?;?(?:\s|$)",
        _no_virtualenv,
    ),
    rule(
        ("ensurepip",),
        r"ensurepip.{0,200}returned non-zero exit status|No module named '?ensurepip|ensurepip is not\s?(?:available|$)|[Ee]nsurepip.{0,60}(?:disabled|not available)|virtual environment was not created successfully because ensurepip",
        _no_ensurepip,
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
            "required file not found",
            "GLIBC_",
        ),
        r"No module named '?encodings|^ImportError: No module named site$|unable to get the locale encoding|file system codec|initfsencoding|init_fs_encoding|SRE module mismatch|python[\d.]{0,6}: symbol lookup error|"
        r"python[\d.]{0,6}: .{0,80}cannot execute(?: binary file|: required file not found)|Exec format error: .{0,200}python|python[\d.]{0,6}: .{0,200}version `GLIBC_[\d.]{1,8}' not found|cannot execute binary file: .{0,20}Exec format error",
        _does_not_start,
    ),
    rule(
        "cannot execute: required file not found",
        r"(?P<path>[^\s:]{1,300}/(?!python|pypy)[\w.+-]{1,60}): cannot execute: required file not found",
        lambda hit: Story(
            "interpreter-missing",
            f"The script {hit['path']} names an interpreter that is not there.",
            "The environment was moved, or the Python it was built with removed: build it anew (`pysteward content rebuild`).",
        ),
    ),
    rule(
        "bad interpreter",
        r"(?P<path>/[^\s:]{1,400}): bad interpreter(?!: /)|bad interpreter: (?P<path2>/[^\s:]{1,400}): no such file",
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
        lambda hit: Story(
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
        lambda hit: Story(
            "interpreter-missing",
            f"The interpreter that was asked for is not there: {hit.line.body[:200].rstrip('.')}.",
            "Put that Python back, or correct the Executable setting.",
        ),
    ),
    rule(
        ("No virtual environment found", "in virtual environments"),
        r"^(?:error: )?(?:No virtual environment found(?: for .{1,80})?;|No (?:Python|interpreter)s? (?:interpreters )?found in virtual environments)",
        lambda hit: Story(
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
        (
            "_UnsupportedInterpreterError",
            "older than the minimum",
            "python-discovery can query",
            "No virtualenv implementation for",
            "unsupported python",
            "failed to find compatible creator",
            "No embedded wheel",
            "not supported by virtualenv",
            "failed to build image",
        ),
        r"_?UnsupportedInterpreterError|older than the minimum .{0,60}|No virtualenv implementation for|This version of virtualenv .{0,60}|no (?:suitable )?creator|failed to build image (?P<what>.{1,100}) because",
        _virtualenv_unfit,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "ImpImporter",
            "No module named 'distutils'",
            "No module named 'imp'",
            "No module named distutils",
            "No module named 'distutils.",
            "has no attribute 'find_module'",
            "cannot import name 'Mapping'",
            "cannot import name 'MutableMapping'",
            "has no attribute 'MutableMapping'",
            "cannot import name 'HTMLParser'",
            "No module named 'pkg_resources.extern'",
            "No module named '_markupbase'",
            "No module named 'pip._vendor",
            "cannot import name main",
            "cannot import name 'main'",
            "has no attribute '_",
        ),
        r"no attribute 'ImpImporter'|No module named '?(?:distutils|imp)\b|'find_module'|cannot import name '(?:Mutable)?Mapping'|attribute 'MutableMapping'|cannot import name 'HTMLParser'|No module named 'pip\._vendor\.|cannot import name '?main\b",
        _virtualenv_import,
    ),
    rule(
        "failed to query ",
        r"failed to query (?P<path>/\S{1,300}) with code -?\d{1,4}(?P<error>.{0,3000})",
        _failed_query,
    ),
    rule(
        "No module named 'dataclasses'",
        r"^ModuleNotFoundError: No module named 'dataclasses'",
        _only_with_pip,
    ),
    rule(
        ("SyntaxError", "future feature annotations"),
        r"^SyntaxError: .{1,200}",
        _only_with_pip,
    ),
    rule(
        "This script does not work on Python",
        r"does not work on Python (?P<python>[\d.]{1,6})\. The minimum supported Python version is (?P<needs>[\d.]{1,6}[\d])",
        _bootstrap_too_new,
    ),
)
