"""Compilers, linkers and what they want from the system: headers, libraries, programs, Rust."""

from __future__ import annotations

import re
from typing import Final

from .. import system_packages
from ..facts import package_of, python_of
from ..rule import Hit, Layer, Rule, Story, rule

# Programs that a build script runs as its compiler.
_COMPILERS: Final = re.compile(
    r"^(?:.*/)?(?:(?:[a-z0-9_]+-)*linux-gnu[a-z0-9_]*-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|gfortran|f77|f90|f95|icc|icpc|ifort|nvcc|"
    r"flang|x86_64-\S{1,40}-(?:cc|c\+\+))(?:-\d{1,3}(?:\.\d)?)?$"
)
_FORTRAN: Final = re.compile(r"gfortran|f77|f9[05]|ifort|flang|[Ff]ortran")
_WHEELS: Final = "or avoid building: a version of the package that has a wheel for this Python needs no compiler."
_COMPILER_COMMAND: Final = (
    "Install a compiler: Debian/Ubuntu: `apt install build-essential`; RHEL: `dnf install gcc gcc-c++ make`; "
    "SUSE: `zypper install gcc gcc-c++ make`; "
)
_FORTRAN_COMMAND: Final = (
    "Install a Fortran compiler: Debian/Ubuntu: `apt install gfortran`; RHEL: `dnf install gcc-gfortran`; "
    "SUSE: `zypper install gcc-fortran`; "
)
_AUTHOR_WHEEL: Final = "Pin a version of the package that has a wheel for this Python, so that nothing needs to be compiled."

# Configure scripts compile small programs to see what there is; that some fail is their purpose.
_TRIALS: Final = re.compile(
    r"conftest|_configtest|CMakeTmp|CMakeScratch|cmTC_|testfile\.c|sanitycheck|CheckFunction|feature_test"
)


def _of(hit: Hit, otherwise: str = "A package") -> str:
    return package_of(hit) or otherwise


def _is_trial(hit: Hit) -> bool:
    return bool(_TRIALS.search(hit.line.body)) or any(
        _TRIALS.search(line.body, 0, 2000) for line in hit.before(2)
    )


def _header(hit: Hit) -> Story | None:
    header = hit["header"]
    if _is_trial(hit):
        return None
    name = header.rsplit("/", 1)[-1]
    if name in ("Python.h", "pyconfig.h", "patchlevel.h"):
        return _python_headers(hit)
    if python_module := _headers_of_python_package(header):
        return Story(
            "build-dependency-undeclared",
            f"{_of(hit)} needs the headers of {python_module} ({header}) while it is built and does not declare that.",
            f"Have the author pin a version of the package that has a wheel or declares {python_module}.",
            _AUTHOR_WHEEL,
        )
    packages = system_packages.for_header(header)
    provide = (
        f"Install the package that has it: {packages.commands}. Then build again."
        if packages
        else f"Find the package that has {name} (Debian/Ubuntu: `apt-file search {name}`, RHEL: `dnf provides '*/{name}'`, "
        f"SUSE: `zypper search --provides --file-list {name}`), install it and build again."
    )
    return Story(
        "system-header-missing",
        f"{_of(hit)} is compiled from source and needs the C header {header}, which is not on this server.",
        provide,
        _AUTHOR_WHEEL,
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
    return next((name for folder, name in known.items() if header.startswith(folder)), None)


def _python_headers(hit: Hit) -> Story:
    python = python_of(hit.case)
    short = ".".join(python.split(".")[:2]) if python else "3"
    return Story(
        "python-headers-missing",
        f"{_of(hit)} is compiled from source, and this Python{f' ({python})' if python else ''} has no Python.h.",
        f"If the Python is the distribution's, install its headers: Debian/Ubuntu: `apt install python{short}-dev`; RHEL: `dnf install python{short}-devel`; "
        f"SUSE: `zypper install python{short.replace('.', '')}-devel`. If it was built from source, install it again with its include folder.",
        _AUTHOR_WHEEL,
    )


def _wanted_python_headers(hit: Hit) -> Story | None:
    return None if _is_trial(hit) else _python_headers(hit)


def _library(hit: Hit) -> Story | None:
    name = hit["library"].strip("'\"‘’“”`:,")
    if _is_trial(hit):
        return None
    packages = system_packages.for_library(name)
    if re.match(r"python[23]\.\d", name):
        return Story(
            "system-library-missing",
            f"{_of(hit)} links against lib{name}, which this installation of Python does not have.",
            "Build this Python with --enable-shared, or install the distribution's development package of it.",
            _AUTHOR_WHEEL,
        )
    return Story(
        "system-library-missing",
        f"{_of(hit)} is linked against the system library {name}, which is not on this server.",
        f"Install the package that has it: {packages.commands}. Then build again."
        if packages
        else f"Find the package that has lib{name}.so (Debian/Ubuntu: `apt-file search lib{name}.so`, RHEL: `dnf provides '*/lib{name}.so'`), install it and build again.",
        _AUTHOR_WHEEL,
    )


def _shared_object(hit: Hit) -> Story | None:
    name = hit["library"]
    if name.startswith("libpython"):
        return None  # rules/interpreters.py
    packages = system_packages.for_library(name)
    return Story(
        "system-library-missing",
        f"A program or module needs the system library {name}, which is not on this server.",
        f"Install the package that has it (with its headers: {packages})."
        if packages
        else f"Find the package that has {name} (Debian/Ubuntu: `apt-file search {name}`, RHEL: `dnf provides '*/{name}'`) and install it.",
    )


def _required_module(hit: Hit) -> Story | None:
    """What pkg-config, meson, CMake or a build script calls a library by its own name."""
    name = hit["module"].strip("'\"‘’“”` ,;:.")
    if not name:
        return None
    if name.lower() in (
        "python",
        "python3",
        "pythonlibs",
        "python3_include_dirs",
        "pythoninterp",
    ) or name.startswith(("Python", "Development")):
        return _python_headers(hit)
    if name.lower() in ("pybind11", "nanobind", "numpy"):
        return Story(
            "build-dependency-undeclared",
            f"{_of(hit)} needs {name} while it is built and does not declare that.",
            "Have the author pin a version of the package that has a wheel.",
            _AUTHOR_WHEEL,
        )
    packages = system_packages.for_module(name)
    return Story(
        "system-library-missing",
        f"{_of(hit)} is built from source and needs the system library {name} with its headers, which is not on this server.",
        f"Install the package that has it: {packages.commands}. Then build again."
        if packages
        else f"Install the development package of {name} (Debian/Ubuntu: `apt search {name}`, RHEL: `dnf provides 'pkgconfig({name})'`) and build again.",
        _AUTHOR_WHEEL,
    )


def _asked_in_words(hit: Hit) -> Story | None:
    """Known build scripts that ask for a system library in a sentence of their own."""
    name = hit["module"].strip("'\"‘’“”` ,;:.")
    packages = (
        system_packages.for_module(name)
        or system_packages.for_header(name)
        or system_packages.for_library(name)
    )
    if packages is None:
        return None
    return Story(
        "system-library-missing",
        f"{_of(hit)} is built from source and needs the system library {name} with its headers, which is not on this server.",
        f"Install the package that has it: {packages.commands}. Then build again.",
        _AUTHOR_WHEEL,
    )


def _program(hit: Hit) -> Story | None:
    name = hit["program"].strip("'\"‘’“”`:,;. ").rsplit("/", 1)[-1]
    if not name or _is_trial(hit):
        return None
    if _COMPILERS.match(name):
        return _compiler(hit, name)
    if name in ("rustc", "cargo", "maturin", "rustup"):
        return _rust(hit)
    if re.match(r"python[\d.]*$|pypy|pip[\d.]*$|virtualenv$", name):
        return None  # rules/interpreters.py
    if name == "git":
        return None  # rules/repositories.py
    if "." in name and not system_packages.for_program(name):
        return None
    packages = system_packages.for_program(name)
    return Story(
        "system-tool-missing",
        f"{_of(hit)} is built from source and calls the program {name}, which is not on this server.",
        f"Install the package that has it: {packages.commands}. Then build again."
        if packages
        else f"Find the package that has {name} (Debian/Ubuntu: `apt-file search bin/{name}`, RHEL: `dnf provides '*/bin/{name}'`), install it, and check that it is on the build's PATH.",
        "Pin a version of the package that has a wheel for this Python"
        + (", or use psycopg2-binary instead of psycopg2." if name == "pg_config" else "."),
    )


def _known_program(hit: Hit) -> Story | None:
    """A sentence that could be about anything: only programs we know count."""
    name = hit["program"].strip("'\"‘’“”`:,;. ").rsplit("/", 1)[-1]
    if system_packages.for_program(name) or _COMPILERS.match(name) or name in ("rustc", "cargo"):
        return _program(hit)
    return None


def _compiler(hit: Hit, name: str) -> Story:
    fortran = bool(_FORTRAN.search(name))
    return Story(
        "compiler-missing",
        f"{_of(hit)} is compiled from source, and the {'Fortran ' if fortran else ''}compiler {name} is not on this server.",
        (_FORTRAN_COMMAND if fortran else _COMPILER_COMMAND) + _WHEELS,
        _AUTHOR_WHEEL,
    )


def _named_compiler(hit: Hit) -> Story:
    named = hit["program"] or ("gfortran" if _FORTRAN.search(hit.line.body) else "gcc")
    return _compiler(hit, named.strip("'\"‘’`:,. "))


def _cannot_run(hit: Hit) -> Story:
    """gcc is there, but a part of it is not."""
    part = hit["part"]
    if part.startswith("f95") or part.startswith("f77"):
        return _compiler(hit, "gfortran")
    return _compiler(hit, "g++" if part == "cc1plus" else part)


def _rust(hit: Hit) -> Story:
    wanted = next(
        (
            found[1]
            for line in (*hit.before(12), hit.line, *hit.after(30))
            if (
                found := re.search(
                    r"requires Rust (?:version )?([>=]{0,2}\s?\d[\d.]{0,10})", line.body
                )
            )
        ),
        "",
    )
    return Story(
        "rust-missing",
        f"{_of(hit)} is compiled from source and needs a Rust compiler{f' ({wanted.rstrip(chr(46))})' if wanted else ''}, which is not on this server.",
        "Install Rust where the build's user finds it (Debian/Ubuntu: `apt install rustc cargo`; RHEL: `dnf install rust cargo`; "
        "SUSE: `zypper install rust cargo`; newer: rustup); " + _WHEELS,
        _AUTHOR_WHEEL,
    )


def _rust_too_old(hit: Hit) -> Story:
    wanted, have = hit["wanted"], hit["have"]
    return Story(
        "rust-missing",
        f"{_of(hit)} needs a newer Rust compiler{f' (at least {wanted})' if wanted else ''} than the one on this server{f' ({have})' if have else ''}.",
        "Install a newer Rust with rustup where the build's user finds it; " + _WHEELS,
        _AUTHOR_WHEEL,
    )


def _compile_error(hit: Hit) -> Story | None:
    if _is_trial(hit) or "warning:" in hit.line.body[:200]:
        return None
    python = python_of(hit.case)
    what = hit["what"]
    return Story(
        "compile-error",
        f"The source of {_of(hit, 'a package')} does not compile{f' with Python {python}' if python else ''}: "
        f"{hit['file'].rsplit('/', 1)[-1]}, line {hit['number']}: {what[:200].rstrip('.')}.",
        "Nothing on this server cures the source: have the author pin a release that supports this Python, or build with an older Python.",
        f"Pin a newer release of the package, one that supports Python {python or 'in use'} and best has a wheel for it.",
    )


def _undefined(hit: Hit) -> Story | None:
    if _is_trial(hit):
        return None
    return Story(
        "compile-error",
        f"{_of(hit, 'A package')} compiles but does not link: {hit['symbol'].strip(chr(39) + '`‘’')} is defined nowhere.",
        "The library at hand is of another version than the source expects: have the author pin another release.",
        _AUTHOR_WHEEL,
    )


def _failed_command(hit: Hit) -> Story:
    """The compiler failed, and what it said stands nowhere."""
    return Story(
        "compile-error",
        f"The compiler failed on {_of(hit, 'a package')}, and so the build ended.",
        "Read the lines before this one; run the build again with pip's full log if they do not say why.",
        _AUTHOR_WHEEL,
    )


def _cargo_error(hit: Hit) -> Story:
    return Story(
        "compile-error",
        f"The Rust source of {_of(hit, 'a package')} does not compile: {hit['what'][:200].rstrip('.')}.",
        "Have the author pin another release; a much newer or older Rust than the release expects is a usual reason.",
        _AUTHOR_WHEEL,
    )


# `.h: ` in any language: gcc and clang put the reason after the header's name.
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
        _header,
    ),
    rule(
        (".h: ", ".h : ", ".hpp: ", ".hxx: ", ".hh: ", ": No such file or directory"),
        rf"{_SOURCE} (?!warning|note)[^:]{{1,60}}: (?P<header>[\w./+-]{{1,300}}\.(?:h|hpp|hxx|hh)) ?: \S",
        _header,
    ),
    rule(
        "fatal error: ",
        rf"{_SOURCE} fatal error: (?P<header>[\w./+-]{{1,300}}): No such file or directory",
        _header,
    ),
    rule(".h", rf"{_SOURCE} error: (?P<header>[\w./+-]{{1,300}}\.h): No such file", _header),
    rule(
        ("cannot find -l", "library not found for -l", "unable to find library -l"),
        r"(?:cannot find|library not found for|unable to find library) -l(?P<library>[^\s:]{1,100})",
        _library,
    ),
    rule(
        " -l",
        r"(?:^|/)ld(?:\.\w{1,8})? ?: (?!warning)[^-]{0,80}-l(?P<library>[\w.+-]{1,100})",
        _library,
    ),
    rule(
        ("cannot open shared object file", "image not found"),
        r"(?P<library>lib[\w.+-]{1,100}\.so[\w.]{0,20}): cannot open shared object file",
        _shared_object,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "was not found in the pkg-config search path",
            "No package '",
            "ackage '",
            'ackage "',
            "required by 'virtual:world'",
        ),
        r"(?:No package '(?P<module>[^']{1,100})' found|Package '?(?P<module2>[\w.+-]{1,100}?)'?,? (?:was not found in the pkg-config|required by .{1,100} not found))",
        _required_module,
    ),
    rule(
        (
            'Dependency "',
            "Dependency '",
            "Dependency lookup",
            "C library '",
            "C++ shared or static library '",
            "shared or static library '",
        ),
        r"ERROR: (?:Dependency (?:lookup for )?|(?:C|C\+\+|Fortran) (?:shared or static )?library )[\"']?(?P<module>[\w.+-]{1,100})[\"']?(?: with method .{1,80} failed)?.{0,40}(?:not found|failed)",
        _required_module,
    ),
    rule(
        "Could NOT find ",
        r"Could NOT find (?P<module>[\w.+-]{1,100}) ?\((?:missing|Required|Found unsuitable)",
        lambda hit: _required_module(hit) if _is_cmake_error(hit) else None,
    ),
    rule(
        "package configuration file provided by",
        r"package configuration file provided by \"(?P<module>[^\"]{1,100})\"",
        _required_module,
    ),
    rule(
        "Could not find a package",
        r"Could not find a package configuration file for \"?(?P<module>[\w.+-]{1,100})",
        _required_module,
    ),
    rule(
        "The following required packages were not found",
        r"required packages were not found",
        lambda hit: _first_listed(hit),
    ),
    rule(
        ("headers", "library", "libraries", "development files", "devel"),
        r"^(?!.{0,120}Warning)(?:.{0,60}(?:Error|error|ERROR|Exit|configure)[:,]? ?)?.{0,80}?(?:[Cc]ould not (?:find|locate)|[Cc]annot find|[Uu]nable to (?:find|locate)|[Nn]o|[Mm]issing|[Pp]lease make sure the) "
        r"(?:the |required |correct |a |suitable |valid )*(?:function \S{1,60} in library |development files for |headers for |header files? (?:for )?|librar(?:y|ies) (?:for )?)?"
        r"['\"`‘]?(?P<module>[A-Za-z][\w.+-]{1,60})['\"`’]?(?: (?:and \S{1,40} )?(?:development|header|headers|library|libraries|lib|packages|devel)\b|\.?\s+(?:Is|Do you have) \S{1,40} installed|$)",
        _asked_in_words,
        Layer.SYMPTOM,
    ),
    rule(
        "The headers or library files could not be found",
        r"headers or library files could not be found for (?P<module>[\w.+-]{1,60})",
        _asked_in_words,
    ),
    rule(
        "RequiredDependencyException",
        r"RequiredDependencyException: (?P<module>[\w.+-]{1,60})",
        _asked_in_words,
    ),
    # Programs.
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
        "executable not found",
        r"(?:^|Error: |\s)(?P<program>[\w.+-]{1,60}) executable not found",
        _program,
    ),
    rule(
        ("command not found", ": not found"),
        r"(?:^|[\s:])(?:/\S{1,40}/)?(?:ba|da|z|k)?sh: (?:line )?(?:\d{1,6}: )?(?P<program>[\w.+/-]{1,100}): (?:command )?not found",
        _program,
    ),
    rule(
        "command not found", r"(?:^|[\s:])(?P<program>[\w.+-]{1,60}): command not found", _program
    ),
    rule(
        "No such file or directory: '",
        r"(?:FileNotFoundError|OSError|IOError|error): \[Errno 2\] No such file or directory: u?['\"](?P<program>[\w.+-]{1,60})['\"]",
        _known_program,
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
        (
            "Problem with the CMake installation",
            "CMake must be installed",
            "cmake not found",
            "Cannot find CMake",
            "CMake is not installed",
            "CMakeNotFound",
        ),
        r"(?P<program>CMake|cmake)",
        lambda hit: _cmake(hit),
    ),
    rule(
        "Did not find pkg-config",
        r"Did not find (?P<program>pkg-config)",
        lambda hit: None,
        Layer.SYMPTOM,
    ),
    rule(
        "Program",
        r"ERROR: (?:Program|Programs?) ['\"](?P<program>[^'\"]{1,60})['\"] (?:not found|or not executable)",
        _program,
    ),
    rule(
        "Can not find valid pkg-config name",
        r"Can not find valid pkg-config (?P<module>name)",
        lambda hit: _mysql(hit),
    ),
    rule(
        "gdal-config",
        r"(?P<program>gdal-config).{0,100}(?:No such file|not found|Could not find|must be)|A GDAL API version must be specified",
        lambda hit: _gdal(hit),
    ),
    # Compilers.
    rule(
        (
            "Unknown compiler(s)",
            "No CMAKE_",
            "C compiler cannot create executables",
            "no acceptable C compiler",
            "Failed to find C compiler",
            "CMAKE_C_COMPILER not set",
            "CMAKE_CXX_COMPILER not set",
            "No working compiler",
            "failed to find tool",
        ),
        r"Unknown compiler\(s\): \[\[?['\"](?P<program>\w{1,20})|No CMAKE_(?P<language>C|CXX|Fortran)_COMPILER could be found|C compiler cannot create executables|no acceptable C compiler|CMAKE_C(?:XX)?_COMPILER not set|No working compiler|failed to find tool \"(?P<tool>\w{1,20})\"",
        lambda hit: _named_compiler(hit),
    ),
    rule("linker `cc` not found", r"linker `(?P<program>cc)` not found", _named_compiler),
    rule(
        ("cc1plus", "cc1", "f951"),
        r"(?:cannot execute|error trying to exec) [‘'`](?P<part>cc1plus|cc1|f951|f95|f77)['’]: ?(?:execvp: )?No such file",
        _cannot_run,
    ),
    rule(
        ("no Fortran compiler", "No Fortran compiler", "Fortran compiler"),
        r"(?:[Nn]o |not find |need a |without )(?:valid |suitable |a )*(?P<program>Fortran) compiler|Fortran compiler (?:not found|could not)",
        lambda hit: _compiler(hit, "gfortran"),
    ),
    rule(
        "Microsoft Visual C++",
        r"Microsoft Visual C\+\+ 1\d\.\d{1,2} (?:or greater )?is required",
        lambda hit: _compiler(hit, "cl.exe"),
        Layer.SYMPTOM,
    ),
    # Rust.
    rule(
        (
            "can't find Rust compiler",
            "Rust compiler",
            "Cargo, the Rust package manager",
            "rustc",
            "cargo",
        ),
        r"can't find Rust compiler|Cargo, the Rust package manager, is not installed|(?:rustc|cargo)[`'\", ].{0,60}(?:not found|not installed|No such file|command not found|is not installed)|"
        r"[Rr]ust compiler (?:is )?(?:not found|not installed|missing|required)|(?:install|need).{0,20} a Rust compiler|Couldn't find (?:rustc|cargo)|rustup could not choose a version",
        _rust,
    ),
    rule(
        ("requires rustc", "rustc", "Rust ", "rust version", "edition", "lock file version"),
        r"requires rustc (?P<wanted>[\d.]{1,12})(?: or newer)?(?:,.{0,60}is rustc (?P<have>[\d.]{1,12}))?|Rust (?P<have2>[\d.]{1,12}) does not match extension requirement|package requires a newer version of Rust|"
        r"feature `edition20\d\d` is required|cannot be built because it requires rustc|lock file version `?\d`? .{0,60}(?:understand|requires)|requires Rust (?P<wanted2>1\.\d{1,3}(?:\.\d)?)\+? or (?:newer|later)",
        _rust_too_old,
    ),
    rule("error[E", r"^error\[E\d{4}\]: (?P<what>.{1,300})", _cargo_error, Layer.SYMPTOM),
    rule(
        "could not compile `",
        r"error: (?P<what>could not compile `[^`]{1,100}`.{0,100})",
        _cargo_error,
        Layer.EXIT,
    ),
    # The source itself.
    rule(
        "error: ",
        r"(?P<file>[^\s:]{1,300}):(?P<number>\d{1,7}):(?:\d{1,6}:)? (?:fatal )?error: (?P<what>.{1,400})",
        _compile_error,
        Layer.SYMPTOM,
    ),
    rule(
        (
            ": erreur",
            ": Fehler",
            ": error",
            ": errore",
            ": erro",
            ": ошибка",
            ": 错误",
            ": エラー",
            ": fout",
            ": fel",
            ": chyba",
            ": błąd",
        ),
        r"(?P<file>[^\s:]{1,300}\.(?:c|cc|cpp|cxx|h|hpp|pyx|f|f90)):(?P<number>\d{1,7}):(?:\d{1,6}:)? (?:erreur|Fehler|error|errore|erro|ошибка|错误|エラー|fout|fel|chyba|błąd) ?: (?P<what>.{1,400})",
        _compile_error,
        Layer.SYMPTOM,
    ),
    rule(
        "undefined reference to",
        r"undefined reference to (?P<symbol>\S{1,200})",
        _undefined,
        Layer.SYMPTOM,
    ),
    rule(
        ("CompileError:", "Cython.Compiler.Errors"),
        r"(?:Cython\.Compiler\.Errors\.)?CompileError: (?P<file>\S{1,300}?)(?P<number>)(?P<what>)$",
        lambda hit: _cython(hit),
        Layer.SYMPTOM,
    ),
    rule(
        ("error: command ", "error: Command "),
        r"error: [Cc]ommand ['\"\[]{1,2}(?P<program>[^'\"]{1,200})['\"].{0,3000}? (?:failed with exit (?:status|code) \d|returned non-zero exit status \d)|error: Command '\['",
        _failed_command,
        Layer.EXIT,
    ),
)


def _module_story(hit: Hit, name: str) -> Story:
    packages = system_packages.for_module(name)
    return Story(
        "system-library-missing",
        f"{_of(hit)} is built from source and needs the system library {name} with its headers, which is not on this server.",
        f"Install the package that has it: {packages.commands}. Then build again."
        if packages
        else f"Install the development package of {name} (RHEL: `dnf provides 'pkgconfig({name})'`) and build again.",
        _AUTHOR_WHEEL,
    )


def _first_listed(hit: Hit) -> Story | None:
    for line in hit.after(4):
        if found := re.match(r"-? ?([\w.+-]{2,60})$", line.body.strip()):
            return _module_story(hit, found[1])
    return None


def _is_cmake_error(hit: Hit) -> bool:
    """Optional packages are reported in the same words, outside an error."""
    return any("CMake Error" in line.body for line in hit.before(4))


def _cmake(hit: Hit) -> Story:
    packages = system_packages.for_program("cmake")
    commands = packages.commands if packages else ""
    return Story(
        "system-tool-missing",
        f"{_of(hit)} is built from source and calls the program cmake, which is not on this server.",
        f"Install the package that has it: {commands}. Then build again.",
        _AUTHOR_WHEEL,
    )


def _mysql(hit: Hit) -> Story:
    return _module_story(hit, "mysqlclient")


def _gdal(hit: Hit) -> Story:
    packages = system_packages.for_program("gdal-config")
    return Story(
        "system-tool-missing",
        f"{_of(hit)} is built from source and calls the program gdal-config, which is not on this server.",
        f"Install the package that has it: {packages.commands if packages else ''}. Then build again.",
        _AUTHOR_WHEEL,
    )


def _cython(hit: Hit) -> Story:
    return Story(
        "compile-error",
        f"Cython does not accept the source of {_of(hit, 'a package')} ({hit['file'].rsplit('/', 1)[-1]}).",
        "Have the author pin a newer release of the package, or one that has a wheel for this Python.",
        _AUTHOR_WHEEL,
    )
