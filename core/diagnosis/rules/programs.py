"""Programs that a build calls and that are not there: compilers, Rust, configurators."""

from __future__ import annotations

import re
from typing import Final

from ...distributions import providers
from ..module_names import STARTERS
from ..rule import (
    Explanation,
    LineMatch,
    Rule,
    rule,
)
from .rust import rust_missing
from .shared import (
    AUTHOR_WHEEL,
    WHEELS,
    built,
    in_build,
    is_trial,
)
from .speakers import Speaker, is_started, speaker_of
from .system_needs import explain_program

_COMPILERS: Final = re.compile(
    r"^(?:.*/)?(?:(?:[a-z0-9_]+-)*linux-gnu[a-z0-9_]*-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|gfortran|musl-gcc|musl-clang|f77|f90|f95|icc|icpc|ifort|"
    r"flang|x86_64-\S{1,40}-(?:cc|c\+\+))(?:-\d{1,3}(?:\.\d)?)?$"
)


_FORTRAN: Final = re.compile(r"gfortran|f77|f9[05]|ifort|flang|[Ff]ortran")


# Interpreters and git have rules of their own (interpreters, repositories).
_OTHERS: Final = re.compile(r"(?:python[\d.]*|pypy[\d.]*|pip[\d.]*|virtualenv|git|hg|svn|bzr|brz)$")


_COMPILER_COMMAND: Final = (
    "Install a compiler: Debian/Ubuntu: `apt install build-essential`; RHEL: `dnf install gcc gcc-c++ make`; "
    "SUSE: `zypper install gcc gcc-c++ make`; "
)


_FORTRAN_COMMAND: Final = (
    "Install a Fortran compiler: Debian/Ubuntu: `apt install gfortran`; RHEL: `dnf install gcc-gfortran`; "
    "SUSE: `zypper install gcc-fortran`; "
)


def _program(hit: LineMatch) -> Explanation | None:
    name = hit["program"].strip("'\"‘’“”`:,;. ").rsplit("/", 1)[-1]
    if not name or is_trial(hit) or (is_started(hit) and not in_build(hit) and not _is_known(name)):
        return None
    if name in STARTERS and not in_build(hit):
        return None  # rules/serving.py
    return _missing_program(hit, name)


def _missing_program(hit: LineMatch, name: str) -> Explanation | None:
    if not in_build(hit) and (is_started(hit) or speaker_of(hit) is Speaker.CONTENT):
        return explain_program(hit, "java" if name == "javac" else name)
    if _COMPILERS.match(name):
        return compiler_missing(hit, name)
    if name in ("rustc", "cargo", "maturin", "rustup"):
        return rust_missing(hit)
    if _OTHERS.match(name):
        return None
    packages = providers.for_program(name)
    if "." in name and packages is None:
        return None
    return Explanation(
        "system-tool-missing",
        f"{built(hit)} is built from source and calls the program {name}, which is not on this server.",
        f"Install the package that has it: {packages.commands}. Then build again."
        if packages
        else f"Find the package that has {name} (Debian/Ubuntu: `apt-file search bin/{name}`, RHEL: `dnf provides '*/bin/{name}'`), install it, and check that it is on the build's PATH.",
        "Deploy with a release of that R package which this server can install."
        if _is_of_r(hit)
        else "Pin a version of the package that has a wheel for this Python"
        + (", or use psycopg2-binary instead of psycopg2." if name == "pg_config" else "."),
    )


def _is_of_r(hit: LineMatch) -> bool:
    """Whether an R package is what is compiled."""
    return any(_OF_R.search(line.body, 0, 300) for line in (*hit.before(8), *hit.after(6)))


_OF_R: Final = re.compile(r"failed for package [‘'\"]|^\*{1,3} (?:package|installing) ")


def _known_program(hit: LineMatch) -> Explanation | None:
    """A sentence that could be about anything: only programs we know count."""
    if any(line.body.startswith("Trying ") for line in hit.before(1)):
        return None  # one way of several to find a library
    name = hit["program"].strip("'\"‘’“”`:,;. ").rsplit("/", 1)[-1]
    return _missing_program(hit, name) if _is_known(name) else None


def _is_known(name: str) -> bool:
    return bool(providers.for_program(name) or _COMPILERS.match(name) or name in ("rustc", "cargo"))


def _program_of_call(hit: LineMatch) -> Explanation | None:
    """Python 2 does not say which program it did not find; the call above it does."""
    for line in reversed(hit.before(12)):
        if found := re.search(r"\(\[['\"]([\w.+-]{1,60})['\"]", line.body):
            return _missing_program(hit, found[1]) if _is_known(found[1]) else None
    return None


def compiler_missing(hit: LineMatch, name: str) -> Explanation:
    """The explanation of a compiler that is not there."""
    fortran = bool(_FORTRAN.search(name))
    return Explanation(
        "compiler-missing",
        f"{built(hit)} is compiled from source, and the {'Fortran ' if fortran else ''}compiler {name} is not on this server.",
        (_FORTRAN_COMMAND if fortran else _COMPILER_COMMAND) + WHEELS,
        AUTHOR_WHEEL,
    )


def _named_compiler(hit: LineMatch) -> Explanation:
    named = hit["program"] or ("gfortran" if _FORTRAN.search(hit.line.body) else "gcc")
    named = {"C++": "g++", "CXX": "g++"}.get(hit["language"] or named, named)
    return compiler_missing(hit, named.strip("'\"‘’`:,. "))


def _cannot_run(hit: LineMatch) -> Explanation:
    """gcc is there, but a part of it is not."""
    part = hit["part"]
    if part.startswith(("f95", "f77")):
        return compiler_missing(hit, "gfortran")
    return compiler_missing(hit, "g++" if part == "cc1plus" else part)


def _too_old_or_none(hit: LineMatch) -> Explanation:
    """What pybind11's example says when its trial of the compiler fails."""
    return Explanation(
        "compiler-missing",
        f"{built(hit)} is compiled from source as {hit['standard']}, and the compiler g++ is not on this server, or is too old for that.",
        _COMPILER_COMMAND + WHEELS,
        AUTHOR_WHEEL,
    )


def _on_windows(hit: LineMatch) -> Explanation:
    """Connect runs on Linux, but authors bring logs of their own machines."""
    return Explanation(
        "compiler-missing",
        f"{built(hit)} was compiled from source on Windows, where Microsoft's compiler (Visual C++) is not installed; this log is not of a Linux server.",
        "Nothing on the server is at fault: look at the log of the deploy itself, where wheels for Linux may well exist.",
        "Install Microsoft's Build Tools for Visual Studio, or use a version of Python and of the package that has a wheel for Windows.",
    )


def _cmake(hit: LineMatch) -> Explanation | None:
    return _missing_program(hit, "cmake")


def _gdal(hit: LineMatch) -> Explanation | None:
    return _missing_program(hit, "gdal-config")


def _source_not_made(hit: LineMatch) -> Explanation | None:
    """setuptools takes `.pyx` for `.c` where Cython is not installed, and that file is never made."""
    if is_trial(hit):
        return None
    return Explanation(
        "build-dependency-undeclared",
        f"{built(hit)} is to be compiled from {hit['source']}, which its archive does not have: Cython makes such files, "
        "and the package does not declare that it needs it.",
        "Have the author pin a release that declares Cython in pyproject.toml or has a wheel.",
        AUTHOR_WHEEL,
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        (": Command not found", ": No such file or directory"),
        r"^g?make(?:\[\d{1,3}\])?: (?P<program>[\w.+/-]{1,100}): (?:Command not found|No such file or directory$)",
        _program,
    ),
    rule("is `", r"^is `(?P<program>[\w.+-]{1,60})` not installed\?", _program),  # Rust's crates
    rule(
        "Pkg-config for machine ",
        r"Pkg-config for machine .{1,40} not found",
        lambda hit: _missing_program(hit, "pkg-config"),
    ),
    rule(
        "unable to find a build program corresponding to",
        r"unable to find a build program corresponding to \"(?P<program>Unix Makefiles|Ninja)\"",
        lambda hit: _missing_program(hit, "ninja" if hit["program"] == "Ninja" else "make"),
    ),
    rule(
        "CUDA_HOME",
        r"CUDA_HOME environment variable is not set",
        lambda hit: _missing_program(hit, "nvcc"),
    ),
    rule(
        ("Java/JDK", "No JDK found", "JAVA_HOME", "Java Development Kit"),
        r"No Java/JDK could be found|No JDK found|does not point to a Java Development Kit|JAVA_HOME\"? (?:must be set|is not set|not set)",
        lambda hit: _missing_program(hit, "javac"),
    ),
    rule(
        "Something went wrong bootstrapping makefile fragments",
        r"config\.status: error: Something went wrong bootstrapping makefile fragments",
        lambda hit: _missing_program(hit, "make"),
    ),
    rule(
        "Please install CMake",
        r"Please install CMake",
        lambda hit: _missing_program(hit, "cmake"),
    ),
    rule(
        ("command '", 'command "'),
        r"(?:unable to execute|error: command) ['\"](?P<program>[^'\"\s]{1,200})['\"]?(?:: | failed: ).{0,60}?(?:No such file or directory|Permission denied|not found)",
        _program,
    ),
    rule(
        "unable to execute",
        r"unable to execute '?(?P<program>[^':\s]{1,200})'?: No such file",
        _program,
    ),
    rule(
        ("No such file or directory", "not found"),
        r"(?:[Cc]ould not|[Cc]annot|[Cc]an't|[Uu]nable to|[Ff]ailed to) (?:run|call|start) ['\"`]?(?P<program>[\w.+-]{1,60})['\"`]?(?: [^:]{0,100})?: .{0,60}(?:No such file|not found)",
        _program,
    ),
    rule(
        " find ",
        r"(?:[Cc]ould not|[Cc]ouldn't|[Cc]annot|[Cc]an't|[Uu]nable to|[Ff]ailed to) find (?:the )?[\"'`]?(?P<program>[\w+]{1,30}-config|cmake|swig|qmake|javac|protoc|mpicc|nvcc)(?![\w-])",
        _known_program,
    ),
    rule(
        ("unknown file type",),
        r"unknown file type '\.pyx'",
        lambda hit: Explanation(
            "build-dependency-undeclared",
            f"{built(hit)} is built with Cython and does not declare that it needs it.",
            "Have the author pin a release that declares Cython in pyproject.toml or has a wheel.",
            AUTHOR_WHEEL,
        ),
    ),
    rule(
        ("rror: ", ": No such file"),
        r"(?:cc1(?:plus)?|gcc|g\+\+|clang(?:\+\+)?)(?:-\d{1,2})?: (?:(?:fatal )?error: )?(?:no such file or directory: ')?(?P<source>[^\s':]{1,300}\.(?:c|cc|cpp|cxx))(?:'|: No such file)",
        _source_not_made,
    ),
    rule(
        "executable not found",
        r"(?:^|Error: |\s)(?P<program>[\w.+-]{1,60}) executable not found",
        _program,
    ),
    rule(
        ("command not found", ": not found"),
        r"(?:^|[\s:'\"])(?:/\S{1,40}/)?(?:ba|da|z|k)?sh ?: (?:\w{1,8} )?(?:\d{1,6} ?: )?(?P<program>[\w.+/-]{1,100}): (?:command )?not found",
        _program,
    ),
    rule(
        "command not found", r"(?:^|[\s:])(?P<program>[\w.+-]{1,60}): command not found", _program
    ),
    rule(
        "No such file or directory: '",
        r"\[Errno 2\] No such file or directory: u?['\"](?P<program>[\w.+-]{1,60})['\"]",
        _known_program,
    ),
    rule(
        "No such file or directory",
        r"OSError: \[Errno 2\] No such file or directory(?P<program>)$",
        _program_of_call,
    ),
    rule(
        "No such file or directory (os error 2)",
        r"[`'\"](?P<program>[\w.+-]{1,60})(?: [^`'\"]{0,200})?[`'\"].{0,100}No such file or directory \(os error 2\)",
        _known_program,
    ),
    rule(
        (
            "must be installed",
            "is required",
            "not found",
            "not installed",
            "could not find",
            "Could not find",
            "cannot find",
            "Cannot find",
            "can't find",
            "Failed to find",
            "not be found",
            "is not available",
            "Unable to find",
            "unable to find",
            "Can't find",
            "Couldn't find",
        ),
        r"^(?!.{0,200}(?:[Ww]arning|checking for|NOTE))(?:.{0,100}(?:rror|ERROR|Exit|Exception)[:,]? ?)?(?:.{0,40}(?:[Cc]ould not find|[Cc]ouldn't find|[Cc]annot find|[Cc]an't find|[Uu]nable to find|Failed to find) )?(?:the |a |an )?"
        r"[\"'`]?(?P<program>[a-zA-Z][\w+-]{1,30}(?:-config|config|make|pkg-config)|pkg-config|cmake|swig|ninja|meson|protoc|make|mpicc|nvcc|flex|bison|autoconf|libtoolize|javac|java|qmake|nc-config|gdal-config|llvm-config)[\"'`]?"
        r"(?: (?:executable|binary|command|program|tool))?(?:$|[.,;: ]).{0,40}?(?:(?:must be|is not|not|be) (?:installed|found|available)|is required|$)",
        _known_program,
    ),
    rule(
        (" to invoke ", " failed executing", "but nvcc was not found", "guess R's HOME"),
        r"Tried to guess R's HOME but no (?:R )?command.{0,6}(?P<program4>R\b).{0,3} in the PATH|Error: .{0,80}but (?P<program3>nvcc) was not found|(?:[Uu]nable|[Ff]ailed) to invoke ['\"`]?(?P<program>[\w+-]{1,40})|(?P<program2>[\w+-]{1,40}) failed executing",
        _known_program,
    ),
    rule(
        "The pkg-config command could not be found",
        r"The (?P<program>pkg-config) command could not be found",
        _program,
    ),
    rule(
        "NotFoundError: ",
        r"scikit_build_core\.errors\.(?P<program>CMake|Ninja)NotFoundError: ",
        lambda hit: _missing_program(hit, hit["program"].lower()),
    ),
    rule(
        (
            "Problem with the CMake installation",
            "CMake must be installed",
        ),
        r"(?P<program>CMake|cmake)",
        lambda hit: _cmake(hit),
    ),
    rule(
        ("rotobuf compiler", "Could not find `protoc`"),
        r"[Pp]rotobuf compiler (?:was )?not found|Could not find `protoc`",
        lambda hit: _missing_program(hit, "protoc"),
    ),
    rule("PyProjectOptionException('", r"PyProjectOptionException\('(?P<program>qmake)'", _program),
    rule(
        "Program",
        r"ERROR: (?:Program|Programs?) ['\"](?P<program>[^'\"]{1,60})['\"] (?:not found|or not executable)",
        _program,
    ),
    rule(
        "gdal-config",
        r"(?P<program>gdal-config).{0,100}(?:No such file|not found|Could not find|must be)|A GDAL API version must be specified",
        lambda hit: _gdal(hit),
    ),
    rule(
        (
            "Unknown compiler(s)",
            "No CMAKE_",
            "no acceptable C compiler",
            "CMAKE_C_COMPILER not set",
            "CMAKE_CXX_COMPILER not set",
            "ailed to find tool",
        ),
        r"Unknown compiler\(s\): \[\[?['\"](?P<program>[\w+.-]{1,40})|No CMAKE_(?P<language>C|CXX|Fortran)_COMPILER could be found|no acceptable C compiler|CMAKE_(?P<language2>C|CXX)_COMPILER not set|Failed to find tool\. Is `(?P<program2>[\w.+-]{1,60})` installed|failed to find tool \"(?P<program3>[\w.+-]{1,60})\"",
        lambda hit: _named_compiler(hit),
    ),
    rule(
        "Unsupported compiler -- at least C++",
        r"Unsupported compiler -- at least (?P<standard>C\+\+\d\d)",
        _too_old_or_none,
    ),
    rule(
        "error: linker `", r"error: linker `(?P<program>[\w.+-]{1,60})` not found", _named_compiler
    ),
    rule(
        ("cc1plus", "cc1", "f951"),
        r"(?:error: .{0,40}|error trying to exec )[‘'`»«“](?: |\u00a0)?(?P<part>cc1plus|cc1|f951|f95|f77)(?: |\u00a0)?['’«»”].{0,60}: No such file",
        _cannot_run,
    ),
    rule(
        "Fortran compiler",
        r"(?:[Nn]o |not find |need a |without )(?:valid |suitable |a )*(?P<program>Fortran) compiler",
        lambda hit: compiler_missing(hit, "gfortran"),
    ),
    rule(
        ("Microsoft Visual C++", "vcvarsall.bat"),
        r"Microsoft Visual C\+\+ \d{1,2}\.\d{1,2} (?:or greater )?is required|Unable to find vcvarsall\.bat",
        _on_windows,
    ),
)
