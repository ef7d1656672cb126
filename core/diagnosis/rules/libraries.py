"""What a source wants from the system: libraries, and whatever finds them."""

from __future__ import annotations

import re
from typing import Final

from ...distributions import providers, runtime_libraries
from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from ..tracebacks import traceback_at
from .headers import python_headers_missing
from .shared import (
    AUTHOR_WHEEL,
    built,
    in_build,
    is_trial,
)
from .speakers import goes_on


def library_missing(hit: LineMatch) -> Explanation | None:
    name = hit["library"].strip("'\"‘’“”`:,")
    if is_trial(hit):
        return None
    packages = providers.for_library(name)
    if re.match(r"python[23]\.\d", name):
        return Explanation(
            "system-library-missing",
            f"{built(hit)} links against lib{name}, which this installation of Python does not have.",
            "Build this Python with --enable-shared, or install the distribution's development package of it.",
            AUTHOR_WHEEL,
        )
    return Explanation(
        "system-library-missing",
        f"{built(hit)} is linked against the system library {name}, which is not on this server.",
        f"Install the package that has it: {packages.commands}. Then build again."
        if packages
        else f"Find the package that has lib{name}.so (Debian/Ubuntu: `apt-file search lib{name}.so`, RHEL: `dnf provides '*/lib{name}.so'`), install it and build again.",
        AUTHOR_WHEEL,
    )


def shared_object_missing(hit: LineMatch) -> Explanation | None:
    name = hit["library"]
    sought = "dynamic library '" in hit.line.body and goes_on(hit)  # TensorFlow, for a card
    if sought or name.startswith("libpython"):
        return None  # rules/interpreters.py
    running = runtime_libraries.runtime_packages(name)
    packages = running or providers.for_library(name)
    who = built(hit) if in_build(hit) else _imported(hit)
    headless = name.startswith(_OF_A_SCREEN) and _is_opencv(hit)
    return Explanation(
        "system-library-missing",
        f"{who} needs the system library {name}, which is not on this server.",
        (
            f"Install the package that has it: {running.commands}"
            if running
            else f"Install the package that has it (with its headers: {packages})"
            if packages
            else f"Find the package that has {name} (Debian/Ubuntu: `apt-file search {name}`, RHEL: `dnf provides '*/{name}'`) and install it"
        )
        + (
            "; or have the author take opencv-python-headless, which needs no screen."
            if headless
            else "."
        ),
        "Replace opencv-python by opencv-python-headless in requirements.txt: it needs no library of a screen."
        if headless
        else None,
        layer=Layer.CAUSE if _ENDED_BY_IT.match(hit.line.body) else None,
    )


_OF_A_SCREEN: Final = (
    "libGL",
    "libgthread",
    "libglib",
    "libSM",
    "libXext",
    "libXrender",
    "libX11",
    "libICE",
    "libxcb",
)


def _is_opencv(hit: LineMatch) -> bool:
    return any("cv2" in line.body for line in (*hit.before(12), *hit.after(2)))


def _imported(hit: LineMatch) -> str:
    """What needs a library outside a build: the module that the traceback's last line imports."""
    raised = traceback_at(hit.log, hit.index)
    for frame in reversed(raised.frames if raised else ()):
        if found := _INSIDE.search(frame.file):
            return f"The module {found['module'].removesuffix('.py')}"
        if found := _IMPORT.match(frame.code, 0, 200):
            return f"The module {found['module']}"
    above = hit.before(1)
    found = _IMPORT.match(above[0].body, 0, 200) if above else None
    return f"The module {found['module']}" if found else "A program or module"


_INSIDE: Final = re.compile(r"/(?:site|dist)-packages/(?P<module>[A-Za-z]\w{0,60})")


_IMPORT: Final = re.compile(r"(?:import|from) (?P<module>[a-zA-Z]\w{0,60})")


# A tool that says it so was ended by it; build scripts that look for a library say it in passing too.
_ENDED_BY_IT: Final = re.compile(r"(?:ImportError|OSError|error): lib")


def _another_version(hit: LineMatch) -> Explanation:
    """CMake has found the library, in a version that does not do."""
    said = " ".join(line.body.strip() for line in (hit.line, *hit.after(2)))
    wanted = re.search(r"requested version \"([^\"]{1,40})\"", said)
    have = next(
        (found[1] for line in hit.after(9) if (found := _FOUND_VERSION.search(line.body))), ""
    )
    name = hit["module"]
    return Explanation(
        "system-library-missing",
        f"{built(hit)} is built from source and needs the system library {name}{f' in version {wanted[1]}' if wanted else ''}; "
        f"this server has {f'version {have}' if have else 'another version'}.",
        f"Install that version of {name} with its headers, from the distribution's newer packages or a newer distribution.",
        AUTHOR_WHEEL,
        hit.after(2),
    )


def _older_library(hit: LineMatch) -> Explanation:
    name, have = hit["module"], hit["have"].rstrip(".")
    return Explanation(
        "system-library-missing",
        f"{built(hit)} is built from source and needs the system library {name} in version {hit['wanted'].rstrip('.')}; "
        f"this server has {f'version {have}' if have else 'an older one or none'}.",
        f"Install that version of {name} with its headers, from the distribution's newer packages or a newer distribution.",
        AUTHOR_WHEEL,
    )


_FOUND_VERSION: Final = re.compile(r"[Cc]onfig\.cmake, version: (\S{1,40})")


def _required_module(hit: LineMatch) -> Explanation | None:
    """What pkg-config, meson, CMake or a build script calls a library by its own name."""
    name = hit["module"].strip("'\"‘’“”` ,;:.")
    if not name or "Pkg-config for machine" in hit.line.body:
        return None  # rules/programs.py
    if name.lower() in (
        "python",
        "python3",
        "pythonlibs",
        "python3_include_dirs",
        "pythoninterp",
    ) or name.startswith(("Python", "Development")):
        if "Python_NumPy" not in hit.line.body and "Python3_NumPy" not in hit.line.body:
            return python_headers_missing(hit)
        name = "numpy"
    if name.lower() in ("pybind11", "nanobind", "numpy"):
        return Explanation(
            "build-dependency-undeclared",
            f"{built(hit)} needs {name} while it is built and does not declare that.",
            "Have the author pin a version of the package that has a wheel.",
            AUTHOR_WHEEL,
        )
    return _explain_module(hit, name)


def _asked_in_words(hit: LineMatch) -> Explanation | None:
    """Known build scripts that ask for a system library in a sentence of their own."""
    name = hit["module"].strip("'\"‘’“”` ,;:.")
    packages = (
        providers.for_module(name) or providers.for_header(name) or providers.for_library(name)
    )
    return None if packages is None else _explain_library(hit, name, packages)


def _explain_module(hit: LineMatch, name: str) -> Explanation:
    return _explain_library(hit, name, providers.for_module(name))


def _asking(hit: LineMatch) -> str:
    """The package that names itself where it asks (Pillow)."""
    said = " ".join(line.body.strip() for line in (hit.line, *hit.after(1)))
    found = _COMPILING.search(said, 0, 1000)
    return found["name"] if found else "A package"


_COMPILING: Final = re.compile(r"when compiling (?P<name>[\w.-]{1,60}) from source")


def _explain_library(hit: LineMatch, name: str, packages: providers.Packages | None) -> Explanation:
    return Explanation(
        "system-library-missing",
        f"{built(hit, _asking(hit))} is built from source and needs the system library {name} with its headers, which is not on this server.",
        f"Install the package that has it: {packages.commands}. Then build again."
        if packages
        else f"Install the development package of {name} (Debian/Ubuntu: `apt search {name}`, RHEL: `dnf provides 'pkgconfig({name})'`) and build again.",
        AUTHOR_WHEEL,
    )


def _first_listed(hit: LineMatch) -> Explanation | None:
    for line in hit.after(4):
        if found := re.match(r"[-*]? ?([\w.+-]{2,60})(?:, [\w.+, -]{1,100})?$", line.body.strip()):
            return _explain_module(hit, found[1])
    return None


def _is_cmake_error(hit: LineMatch) -> bool:
    """Optional packages are reported in the same words, outside an error."""
    return any("CMake Error" in line.body for line in hit.before(4))


def _mysql(hit: LineMatch) -> Explanation:
    return _explain_module(hit, "mysqlclient")


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("cannot find -l", "library not found for -l", "unable to find library -l"),
        r"(?:cannot find|library not found for|unable to find library) -l(?P<library>[^\s:]{1,100})",
        library_missing,
    ),
    rule(
        " -l",
        r"(?:^|/)ld(?:\.\w{1,8})? ?: (?!warning)[^-]{0,80}-l(?P<library>[\w.+-]{1,100})",
        library_missing,
    ),
    rule(
        "cannot open shared object file",
        r"(?P<library>lib[\w.+-]{1,100}\.so[\w.]{0,20}): cannot open shared object file",
        shared_object_missing,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "was not found in the pkg-config search path",
            "ackage '",
            "required by 'virtual:world'",
        ),
        r"(?:No package '(?P<module>[^']{1,100})' found|Package '?(?P<module2>[\w.+-]{1,100}?)'?,? (?:was not found in the pkg-config|required by .{1,100} not found))",
        _required_module,
        Layer.SYMPTOM,  # many scripts look for headers elsewhere then
    ),
    rule(
        (
            'Dependency "',
            "Dependency '",
            "Dependency lookup",
            " library '",
        ),
        r"ERROR: (?:Dependency (?:lookup for )?|(?:C|C\+\+|Fortran) (?:shared or static )?library )[\"']?(?P<module>[\w.+-]{1,100})[\"']?(?: with method .{1,80} failed)?.{0,40}(?:not found|failed)",
        _required_module,
    ),
    rule(
        "with pkg-config",
        r"Could not find (?:either )?(?P<module>lib[\w.+-]{1,60})(?: or lib[\w.+-]{1,60})? with pkg-config",
        _required_module,
        Layer.SYMPTOM,  # the script goes on, and the compiler then ends the build
    ),
    rule(
        "pkg-config --",
        r"Command ['\"]pkg-config --(?:exists|cflags|libs) (?P<module>[\w.+-]{1,60})['\"] returned non-zero exit status 1\.",
        _required_module,
        Layer.SYMPTOM,
    ),
    rule(
        "Python dependency not found",
        r"ERROR: (?P<module>Python) dependency not found",
        _required_module,
    ),
    rule(
        (
            "did not find ",
            "Could not find library ",
            "Could not load lib",
            " must be installed",
            " installation could not be found",
        ),
        r"did not find (?P<module>\w{1,40}) (?:headers|librar)|"
        r"Could not (?:find library|load) (?P<module3>lib[\w.+-]{1,40}?|[\w.+-]{1,40}?)(?:_c)?(?: library| or load any)|"
        r"^(?P<module4>\w{1,40}) [\d.]{1,10} must be installed|^Your (?P<module2>\w{1,40}) installation could not be found",
        _asked_in_words,
    ),
    rule(
        "for building a client-side application",
        r"(?P<module>libpq)-dev for building a client-side application",
        _asked_in_words,
    ),
    rule(
        " MPI programs",
        r"Cannot (?:compile|link) (?P<module>MPI) programs",
        _asked_in_words,
    ),
    rule(
        "Minimum supported ",
        r"Minimum supported (?P<module>\w{1,40}) version is (?P<wanted>\d[\d.]{0,12})(?:,? installed version is (?P<have>[\d.]{1,12}))?",
        lambda hit: _older_library(hit),
    ),
    rule(
        " requires at least version ",
        r"^(?P<module>\w{1,40}) version (?P<have>\d[\d.]{0,12}) is installed, but \S{1,60} requires at least version (?P<wanted>\d[\d.]{0,12})",
        lambda hit: _older_library(hit) if hit["have"].strip("0.") else _asked_in_words(hit),
    ),
    rule(
        " config. Are ",
        r"Could not find (?P<module>[\w.+-]{1,60}) config\. Are ",
        _required_module,
    ),
    rule(
        (
            "Could not find directory of OpenSSL installation",
            "unable to find openssl include path",
            "Unable to find libclang",
        ),
        r"Could not find directory of (?P<module>OpenSSL) installation|unable to find (?P<module2>openssl) include path|"
        r"Unable to find (?P<module3>libclang)",
        _required_module,
    ),
    rule(
        "Could NOT find ",
        r"Could NOT find (?P<module>[\w.+-]{1,100})(?:,| ?\((?:missing|Required|Found unsuitable))",
        lambda hit: _required_module(hit) if _is_cmake_error(hit) else None,
    ),
    rule(
        "using the following names:",
        r"Could not find \S{1,100} using the following names: (?P<module>[\w.+-]{1,60})",
        _required_module,
    ),
    rule(
        "package configuration file provided by",
        r"package configuration file provided by \"(?P<module>[^\"]{1,100})\"",
        _required_module,
    ),
    rule(
        "configuration file for package",
        r"Could not find a configuration file for package \"(?P<module>[\w.+-]{1,100})\"",
        _another_version,
    ),
    rule(
        ("The following required packages were not found", "required packages can not be built"),
        r"required packages (?:were not found|can not be built)",
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
        ("evelopment headers", "evelopment files", "evelopment libraries", "evelopment packages"),
        r"(?:need|install|find|missing|without|requires?) (?:to |the |have |install )*(?P<module>[\w.+-]{1,40})(?: and [\w.+-]{1,40})? [Dd]evelopment (?:headers|files|librar|packages)|"
        r"[Dd]evelopment (?:headers|files|libraries|packages) (?:for|of) (?P<module2>[\w.+-]{1,40}) (?:were |was |are |is )?not",
        _asked_in_words,
    ),
    rule(
        "lapack/blas",
        r"[Nn]o (?P<module>lapack)/blas resources found",
        _asked_in_words,
    ),
    rule(
        ("is not installed or not in path",),
        r"error: (?P<module>[\w.+-]{1,40}) is not installed or not in path",
        _asked_in_words,
    ),
    rule(
        ("nstallation", "not found", "missing", "not installed"),
        r"(?:[Cc]an't|[Cc]ould not|[Cc]annot) find (?:a |an )?local (?P<module>[\w.+-]{2,40})(?: DB)? installation|"
        r"^\w{0,40}(?:Error|Exception|Exit): (?P<module2>[\w.+-]{2,40}) (?:was |is )?(?:not found|missing|not installed)[.!]?$",
        _asked_in_words,
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
    rule(
        "Can not find valid pkg-config name",
        r"Can not find valid pkg-config (?P<module>name)",
        lambda hit: _mysql(hit),
    ),
)
