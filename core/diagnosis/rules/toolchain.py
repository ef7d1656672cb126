"""What the installed compiler, assembler, linker and CMake cannot do: too old, or broken."""

from __future__ import annotations

import re
from typing import Final

from ..facts import build_constraint, python_of
from ..module_names import distribution_of
from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .shared import (
    AUTHOR_WHEEL,
    WHEELS,
    built,
    is_trial,
    this_python,
)

_NEWER_COMPILER: Final = (
    "Install a newer compiler and let builds use it (CC and CXX in build-environment): RHEL: `dnf install gcc-toolset-13` "
    "(RHEL 7: devtoolset), Debian/Ubuntu: a newer `g++`, SUSE: `zypper install gcc13-c++`; "
    + WHEELS
)


def _too_old(hit: LineMatch, because: str) -> Explanation:
    return Explanation(
        "compile-error",
        f"The compiler on this server is too old for {built(hit, 'a package')}: {because}.",
        _NEWER_COMPILER,
        AUTHOR_WHEEL,
    )


def _unknown_option(hit: LineMatch) -> Explanation | None:
    """An option that the compiler does not know; of some, builds only try whether it does."""
    return None if is_trial(hit) else _too_old(hit, f"it does not know {hit['option']}")


def _unknown_header(hit: LineMatch) -> Explanation | None:
    """A header of the C++ library that came with a later standard."""
    return None if is_trial(hit) else _too_old(hit, f"it has no C++ header <{hit['header']}>")


def _wanted_compiler(hit: LineMatch) -> Explanation:
    return _too_old(hit, hit["what"].rstrip("."))


def _unknown_instruction(hit: LineMatch) -> Explanation:
    return Explanation(
        "compile-error",
        f"The assembler on this server is too old for {built(hit, 'a package')}: it does not know {hit['what']}.",
        "Install newer binutils (RHEL: `dnf install gcc-toolset-13-binutils`; RHEL 7: devtoolset); "
        + WHEELS,
        AUTHOR_WHEEL,
    )


def _compiler_broke(hit: LineMatch) -> Explanation | None:
    """gcc itself failed; where it was killed, rules/machine.py knows."""
    if "Killed" in hit.line.body:
        return None
    return Explanation(
        "compile-error",
        f"The compiler itself failed on {built(hit, 'a package')} (an internal compiler error: {hit['what'][:150].rstrip('.')}).",
        "Build again: if it fails at another place, suspect the memory or a full disk; if at the same, use another version of the compiler.",
        AUTHOR_WHEEL,
    )


def _cannot_compile_at_all(hit: LineMatch) -> Explanation:
    """The compiler is there, and even the smallest program is beyond it."""
    return Explanation(
        "compiler-missing",
        f"{built(hit)} is compiled from source, and the compiler on this server cannot make even the smallest program: parts of it are missing.",
        "Install all of it: Debian/Ubuntu: `apt install build-essential` (it brings libc6-dev); RHEL: `dnf install gcc gcc-c++ make glibc-devel`; "
        "SUSE: `zypper install gcc gcc-c++ make glibc-devel`. If all is there, CFLAGS and LDFLAGS in build-environment may be wrong.",
        AUTHOR_WHEEL,
    )


def _old_cmake(hit: LineMatch) -> Explanation:
    return Explanation(
        "system-tool-missing",
        f"{built(hit)} is built with CMake {hit['wanted']} or newer, and this server has {hit['have'] or 'an older one'}.",
        "Install a newer CMake where builds find it (the distribution's backports, or `pip install cmake` into a directory on PATH); "
        + WHEELS,
        AUTHOR_WHEEL,
    )


def _cmake_4(hit: LineMatch) -> Explanation:
    return Explanation(
        "setup-script-failed",
        f"{built(hit)} is written for CMake before {hit['old']}, with which CMake 4 no longer gets along.",
        "Have the author pin a newer release; as a stopgap, CMAKE_POLICY_VERSION_MINIMUM=3.5 in build-environment, or "
        f"{build_constraint(hit.case, 'cmake<4')}.",
        f"Pin a newer release of the package, best one that has a wheel for {this_python(hit)}.",
    )


def _not_for_sharing(hit: LineMatch) -> Explanation | None:
    """A static library whose code was not made to be part of a shared one."""
    if is_trial(hit):
        return None
    library = hit["library"].rsplit("/", 1)[-1]
    if library.startswith("libpython"):
        version = python_of(hit.case)
        return Explanation(
            "system-library-missing",
            f"{built(hit)} links against libpython, and this Python{f' ({version})' if version else ''} has only {library}, "
            "which cannot be part of a shared library.",
            "Build this Python again with --enable-shared.",
            AUTHOR_WHEEL,
        )
    return Explanation(
        "compile-error",
        f"{built(hit)} links against {library}, which was compiled without -fPIC and so cannot be part of a shared library.",
        "Install the shared library of that name with its development package, or compile the static one again with -fPIC.",
        AUTHOR_WHEEL,
    )


def _library_too_old(hit: LineMatch) -> Explanation | None:
    """A compiled module wants a newer C or C++ library than there is."""
    if re.search(r"python[\d.]{0,6}$", hit["who"]):
        return None  # rules/interpreters.py
    library = hit["library"].rsplit("/", 1)[-1]
    owner = re.search(r"/(?:(?:site|dist)-packages|var/task)/(?P<name>\w{1,80})/", hit["who"])
    of = f" of {distribution_of(owner['name'])}" if owner else ""
    return Explanation(
        "system-library-missing",
        f"{hit['who'].rsplit('/', 1)[-1] or 'A compiled module'}{of} needs {hit['wanted']}, and {library} on this server is older.",
        "It was compiled on a newer system: have it compiled here (`pip install --no-binary`), clear pip's cache if its wheel came from "
        "there, or use a newer distribution.",
        "Pin a release whose wheel is for older systems (its name has a lower manylinux number).",
    )


def _flags_of_red_hat(hit: LineMatch) -> Explanation:
    """Python is compiled with flags of the distribution, which bring files of their own."""
    package = "gcc-plugin-annobin" if "annobin" in hit["file"] else "redhat-rpm-config"
    return Explanation(
        "compiler-missing",
        f"{built(hit)} is compiled with the flags of this server's Python, which name a file of the package {package}, and that is not on this server.",
        f"Install it: `dnf install {package}` (`yum install {package}`). Then build again.",
        AUTHOR_WHEEL,
    )


def _another_cuda(hit: LineMatch) -> Explanation:
    wanted = re.search(r"PyTorch \(([\d.]{1,8})\)", " ".join(line.body for line in hit.after(2)))
    return Explanation(
        "setup-script-failed",
        f"{built(hit)} is compiled with CUDA, and this server's CUDA {hit['have']} is not the one that the installed torch was made with"
        f"{f' ({wanted[1]})' if wanted else ''}.",
        "Install the CUDA toolkit of that version and name it by CUDA_HOME in build-environment; "
        + WHEELS,
        f"Pin a release of torch that was made with CUDA {hit['have']}, or a version of the package that has a wheel.",
        hit.after(2),
    )


_SIGNALS: Final = {
    "4": "illegal instruction",
    "6": "it aborted itself",
    "7": "bus error",
    "8": "arithmetic error",
    "11": "segmentation fault",
}


def _ended_by_signal(hit: LineMatch) -> Explanation:
    """Processes that a signal ended have a negative status."""
    return _crash(hit, f"signal {hit['signal']}, {_SIGNALS[hit['signal']]}")


def _crashed(hit: LineMatch) -> Explanation:
    return _crash(hit, hit["what"])


def _crash(hit: LineMatch, what: str) -> Explanation:
    return Explanation(
        "setup-script-failed",
        f"A program that builds {built(hit, 'a package')} crashed: {what}.",
        "Build again; if it crashes again, the compiled module or compiler named before that line does not fit this machine or Python: "
        "`dmesg` names the program.",
        AUTHOR_WHEEL,
    )


# Of C++17 and later; those before come with every g++.
_LATER_CPP: Final = (
    "any|barrier|bit|charconv|compare|concepts|coroutine|execution|expected|filesystem|format|latch|memory_resource|"
    "numbers|optional|print|ranges|semaphore|source_location|span|stop_token|string_view|syncstream|variant|version"
)

RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("/redhat-hardened-", "/annobin"),
        r"(?:error: (?:cannot read spec file [‘'])?(?P<file>/\S{1,200}/redhat-hardened-(?:cc1|ld)[^\s:]{0,10}): No such file|inaccessible plugin file (?P<file2>\S{0,200}/annobin\.so))",
        _flags_of_red_hat,
    ),
    rule(
        "mismatches the version that was used to compile",
        r"detected CUDA version \((?P<have>[\d.]{1,8})\) mismatches the version that was used to compile",
        _another_cuda,
    ),
    rule(
        (
            "unrecognized command line option",
            "unrecognized command-line option",
            "error: invalid value '",
        ),
        r"error: (?:unrecognized command[- ]line option|invalid value) [\"'‘“](?P<option>-std=[\w+]{1,12}|[\w+]{1,12}(?=' in '-std=))",
        _unknown_option,
    ),
    rule(
        "fatal error: ",
        rf"fatal error: '?(?P<header>{_LATER_CPP})'?(?:: No such file or directory| file not found)",
        _unknown_header,
    ),
    rule(
        " requires ",
        r"ERROR: Problem encountered: (?P<what>\w{1,40} requires (?:GCC|Clang|gcc|clang) >= ?[\d.]{1,8})",
        _wanted_compiler,
    ),
    rule(
        "no such instruction",
        r"Error: no such instruction: [`'](?P<what>\w{1,40})",
        _unknown_instruction,
    ),
    rule(
        "internal compiler error: ",
        r"internal compiler error: (?P<what>.{1,200})",
        _compiler_broke,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "C compiler cannot create executables",
            "cannot compute suffix of object files",
            "Broken toolchain: cannot link",
            "is not able to compile a simple test program",
            "cannot compile programs",
            "Unable to detect linker for compiler",
        ),
        r"C compiler cannot create executables|cannot compute suffix of object files|Broken toolchain: cannot link|"
        r"is not able to compile a simple test program|Unable to detect linker for compiler|Compiler (?!cython)\S{1,60} cannot compile programs",
        _cannot_compile_at_all,
    ),
    rule(
        "invalid active developer path",
        r"xcrun: error: invalid active developer path",
        lambda hit: Explanation(
            "compiler-missing",
            f"{built(hit)} is compiled, and macOS's Command Line Tools, which have the compiler, are not installed (xcrun finds none).",
            "Install them: `xcode-select --install` (again after each large update of macOS).",
            AUTHOR_WHEEL,
        ),
    ),
    rule(
        "or higher is required",
        r"CMake (?P<wanted>\d[\d.]{1,10}) or higher is required\.(?:\s{1,4}You are running version (?P<have>\d[\d.]{1,10}))?",
        _old_cmake,
    ),
    rule(
        "Compatibility with CMake <",
        r"Compatibility with CMake < (?P<old>[\d.]{1,8}) has been removed",
        _cmake_4,
    ),
    rule(
        "recompile with -fPIC",
        r"(?P<library>[^\s:(]{1,300}\.(?:a|so)[\d.]{0,10})\([\w.+-]{1,100}\): relocation .{1,400}recompile with -fPIC",
        _not_for_sharing,
    ),
    rule(
        ("GLIBC_", "GLIBCXX_", "CXXABI_"),
        r"(?P<library>/\S{1,200}): version [`'](?P<wanted>(?:GLIBC|GLIBCXX|CXXABI)_[\d.]{1,10})' not found(?: \(required by (?P<who>[^)]{1,300})\))?",
        _library_too_old,
    ),
    rule(
        ("exit status -", "exit code: -"),
        r"exit (?:status|code:) -(?P<signal>4|6|7|8|11)(?!\d)",
        _ended_by_signal,
        Layer.SYMPTOM,
    ),
    rule(
        ("Segmentation fault", "Illegal instruction", "Signals.SIG"),
        r"^(?P<what>Segmentation fault|Illegal instruction)(?: \(core dumped\))?$|(?:line \d{1,6}|sh): +\d{1,8} (?P<what2>Segmentation fault|Illegal instruction)|"
        r"died with <Signals\.(?P<what3>SIGSEGV|SIGILL)",
        _crashed,
        Layer.SYMPTOM,
    ),
)
