"""Why an interpreter gave no answer, as a problem with its remedy."""

from __future__ import annotations

import errno
import os
import re
import shlex
import signal
import stat
import struct

from ..processes import RunResult
from ..users import User
from .layout import Layout, layout_of
from .location import Location
from .model import Problem
from .permissions import what_blocks

_SCRIPT_HEAD = 4096
_PROGRAM_SIZE = 64_000_000
# e_machine of the ELF header, elf(5), by what uname(2) calls the same.
_MACHINES = {
    3: ("i686", "i586", "i486", "i386"),
    8: ("mips",),
    21: ("ppc64", "ppc64le"),
    22: ("s390x",),
    40: ("armv7l", "armv6l"),
    62: ("x86_64",),
    183: ("aarch64",),
    243: ("riscv64",),
    258: ("loongarch64",),
}
_RUNS_TOO = {"x86_64": ("i686",), "aarch64": ("armv7l",)}
_LIBRARY = re.compile(r"error while loading shared libraries: (?P<name>[^:]+): (?P<why>.+)")
_MUSL_LIBRARY = re.compile(r"Error loading shared library (?P<name>[^:]+): (?P<why>.+)")
# What CPython prints when it cannot find its own standard library.
_NO_STDLIB = (
    "Could not find platform independent libraries",
    "No module named 'encodings'",
    "No module named encodings",
    "No module named site",
    "No module named 'site'",
    "No module named os",
)
_PYTHON_SAYS = (
    "Traceback (most recent call last)",
    "Fatal Python error",
    "SyntaxError",
    *_NO_STDLIB,
)


def explain(place: Location, outcome: RunResult, user: User | None, timeout: float) -> Problem:
    """Return the problem behind a run without an answer."""
    executable = place.executable or place.path
    if outcome.error is not None:
        return _not_begun(place, executable, outcome.error, user)
    if outcome.timed_out:
        return hangs(place, timeout)
    complaints = outcome.complaints.decode("utf-8", "replace")
    library = _LIBRARY.search(complaints) or _MUSL_LIBRARY.search(complaints)
    if library is not None:
        return _library_missing(place, executable, library, user)
    if any(sign in complaints for sign in _NO_STDLIB):
        return _stdlib_missing(place, executable, complaints, user)
    if outcome.status is not None and outcome.status < 0:
        return _unusable(
            "crashes",
            f"{executable} was ended by {_signal_name(-outcome.status)}."
            f"{_last_line(complaints, ' It said: ')}",
            f"{_try(executable)}  # shows it; install that Python again",
        )
    if any(sign in complaints for sign in _PYTHON_SAYS) or _is_python_program(place):
        return _unusable(
            "crashes",
            f"{executable} ended with status {outcome.status} before it could answer."
            f"{_last_line(complaints, ' It said: ')}",
            f"{_try(executable)}  # shows it fail",
        )
    said = _last_line(complaints or outcome.output.decode("utf-8", "replace"), " It said: ")
    return _unusable(
        "not-python", f"{executable} is not a Python interpreter.{said}", "Name an interpreter."
    )


def hangs(place: Location, timeout: float, ago: float | None = None) -> Problem:
    """Return the problem of an interpreter that did not answer in time.

    ago: how many seconds ago, where it was not asked now; None: it was.
    """
    executable = place.executable or place.path
    message = f"{executable} did not answer within {timeout:g} seconds"
    remedy = f"{_try(executable)}  # what does it wait for?"
    if ago is None:
        return _unusable("hangs", f"{message}.", remedy)
    return _unusable(
        "hangs",
        f"{message} when it was asked {ago:.0f} seconds ago; it is not asked again for a minute.",
        f"{remedy} To ask at once: pysteward installations --no-cache",
    )


def _not_begun(place: Location, executable: str, error: OSError, user: User | None) -> Problem:
    target = place.target or executable
    head = _head(target)
    machine = _machine_of(head)
    own = os.uname().machine
    if (
        machine is not None
        and own not in machine
        and not set(machine) & set(_RUNS_TOO.get(own, ()))
    ):
        return _unusable(
            "wrong-architecture",
            f"{executable} was built for {machine[0]}, and this machine is {own}.",
            f"Install a Python for {own} there.",
        )
    if error.errno == errno.ENOEXEC:
        if machine is None:
            return _unusable(
                "not-python",
                f"{executable} is neither a program nor a script that says who runs it (#!).",
                "Name an interpreter.",
            )
        return _unusable(
            "wrong-architecture",
            f"{executable} cannot be run on this machine ({own}): {error.strerror}.",
            f"Install a Python for {own} there.",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return _no_permission(executable, target, user)
    if error.errno in (errno.ENOENT, errno.ENOTDIR) and os.path.exists(target):
        return _loader_missing(executable, head)
    return _unusable(
        "crashes",
        f"{executable} could not be started: {error.strerror or error}.",
        f"{_try(executable)}  # shows it fail",
    )


def _no_permission(executable: str, target: str, user: User | None) -> Problem:
    who = _sentence(_who(user))
    blocked = what_blocks(user, target)
    if blocked is None:
        return _unusable(
            "not-executable",
            f"{who} may not run {executable}: the file system or a security module forbids it.",
            f"findmnt --target {shlex.quote(target)}  # is it mounted noexec?",
        )
    where = blocked.split(" (")[0]
    return _unusable(
        "not-executable",
        f"{who} may not run {executable}: {blocked} keeps them out.",
        f"chmod a+{'rx' if where == target else 'x'} {shlex.quote(where)}  "
        f"# or install it where they may go, such as /opt/python",
    )


def _loader_missing(executable: str, head: bytes) -> Problem:
    if head.startswith(b"#!"):
        wanted = head[2:].split(b"\n")[0].strip().decode("utf-8", "replace")
        return _unusable(
            "crashes",
            f"{executable} is a script for {wanted}, which does not exist.",
            "Install that, or name the interpreter itself.",
        )
    return _unusable(
        "crashes",
        f"{executable} could not be started: its loader {_loader_of(head)} does not exist here; "
        f"it was built for another C library or for 32 bits.",
        "Install a Python that was built for this distribution.",
    )


def _library_missing(
    place: Location, executable: str, said: re.Match[str], user: User | None
) -> Problem:
    name, line = said["name"].strip(), said[0].strip()
    layout = layout_of(place)
    moved = _moved(layout, line)
    if moved is not None:
        return moved
    own = None if layout is None else layout.file("lib", name)
    hidden = _hidden_library(layout, name, user)
    if hidden is not None:
        library, blocked = hidden
        where = blocked.split(" (")[0]
        return _unusable(
            "crashes",
            f"{executable} cannot start: {line}. {_sentence(_who(user))} may not read {library}: "
            f"{blocked} keeps them out.",
            f"chmod a+rX {shlex.quote(where)}  # or install it where they may read it",
        )
    if not name.startswith("libpython"):
        return _unusable(
            "crashes",
            f"{executable} cannot start: {line}.",
            f"Install the package that provides {name}.",
        )
    prefix = "its prefix" if layout is None else layout.prefix
    remedy = (
        f"echo {shlex.quote(os.path.dirname(own))} > /etc/ld.so.conf.d/{name.split('.so')[0]}.conf "
        f"&& ldconfig  # or build it again with LDFLAGS=-Wl,-rpath,{prefix}/lib"
        if own is not None
        else f"Put {name} back into {prefix}/lib, or build this Python again."
    )
    return _unusable("crashes", f"{executable} cannot start: {line}.", remedy)


def _hidden_library(layout: Layout | None, name: str, user: User | None) -> tuple[str, str] | None:
    """Return a library that is there, in its prefix or where it was built for, but not for this
    user."""
    if layout is None:
        return None
    for prefix in dict.fromkeys((layout.prefix, layout.built_prefix())):
        library = os.path.join(prefix or "", "lib", name)
        if prefix is not None and os.path.exists(library):
            blocked = what_blocks(user, os.path.realpath(library), os.R_OK)
            if blocked is not None:
                return library, blocked
    return None


def _stdlib_missing(
    place: Location, executable: str, complaints: str, user: User | None
) -> Problem:
    layout = layout_of(place)
    line = _last_line(complaints, "")
    moved = _moved(layout, line)
    if moved is not None:
        return moved
    stdlib = None if layout is None else layout.stdlib
    if stdlib is not None:
        blocked = what_blocks(user, os.path.join(os.path.realpath(stdlib), "os.py"), os.R_OK)
        if blocked is not None:
            where = blocked.split(" (")[0]
            return _unusable(
                "crashes",
                f"{executable} cannot start: {_who(user)} may not read its standard "
                f"library, {blocked} keeps them out.",
                f"chmod -R a+rX {shlex.quote(where)}",
            )
    return _unusable(
        "crashes",
        f"{executable} cannot start without its standard library: {line}",
        "Install this Python again, all of it.",
    )


def _moved(layout: Layout | None, line: str) -> Problem | None:
    """Return whether it fails because it was moved: it was built for a place that is no longer
    there."""
    if layout is None:
        return None
    built = layout.built_prefix()
    if built is None or os.path.realpath(built) == os.path.realpath(layout.prefix):
        return None
    if os.path.exists(os.path.join(built, "lib", layout.line, "os.py")):
        return None
    return _unusable(
        "moved",
        f"The Python in {layout.prefix} was built from source for {built}, which is no longer "
        f"there, and cannot start: {line}",
        f"Move it back to {built}, or build it again with --prefix={layout.prefix}",
    )


def _is_python_program(place: Location) -> bool:
    """Return whether the file is a program that starts CPython: it names the function that does."""
    target = place.target or ""
    if not _head(target).startswith(b"\x7fELF"):
        return False
    with open(target, "rb") as stream:
        program = stream.read(_PROGRAM_SIZE)
    return b"Py_BytesMain" in program or b"Py_Main" in program


def _machine_of(head: bytes) -> tuple[str, ...] | None:
    if len(head) < 20 or not head.startswith(b"\x7fELF"):
        return None
    order = ">" if head[5] == 2 else "<"
    number = struct.unpack_from(f"{order}H", head, 18)[0]
    return _MACHINES.get(number, (f"machine {number}",))


def _loader_of(head: bytes) -> str:
    found = re.search(rb"/[\w./-]*ld[\w.-]*\.so[\w.-]*", head)
    return found[0].decode("ascii", "replace") if found else "(ld.so)"


def _head(path: str) -> bytes:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return b""
        with open(path, "rb") as stream:
            return stream.read(_SCRIPT_HEAD)
    except OSError:
        return b""


def _last_line(text: str, before: str) -> str:
    """Return the last line that says something: an interpreter's own error stands there."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return before + lines[-1][:300] if lines else ""


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _try(executable: str) -> str:
    return f"{shlex.quote(executable)} -E -s -c 'print(1)'"


def _who(user: User | None) -> str:
    return "this user" if user is None else f"the user {user.name}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _unusable(code: str, message: str, remedy: str) -> Problem:
    return Problem(code, message, remedy, "unusable")
