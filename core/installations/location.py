"""Where a configured installation lies: its interpreter, the links on the way, what hides it.

Reads names and attributes only; nothing is run.
"""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterable
from typing import NamedTuple

from .model import Problem

_MOST_LINKS = 40  # what Linux follows before it says ELOOP, path_resolution(7)
_IN_A_DIRECTORY = ("bin/python3", "bin/python", "bin/python2")


class Location(NamedTuple):
    """What a configured path stands for.

    executable: the interpreter as it is run (a link stays one); None where there is none.
    target: the file behind all links.
    links: every link that was followed, in order, the directories' included.
    """

    path: str
    executable: str | None
    target: str | None
    links: tuple[str, ...]
    problem: Problem | None


def find_places(paths: Iterable[str]) -> list[Location]:
    """Return the places of all these paths; what they have in common is looked at once."""
    solid: set[str] = set()
    return [locate(path, solid) for path in paths]


def locate(path: str, solid: set[str] | None = None) -> Location:
    """Return the interpreter that a configured path stands for, or the problem why there is none.

    A directory stands for its bin/python3, else bin/python, else bin/python2.
    solid: directories just seen to be no links, added to as more are met.
    """
    solid = set() if solid is None else solid
    if "\0" in path or not os.path.isabs(path):
        return _nowhere(
            path,
            "path-missing",
            f"{path!r} is not an absolute path" if path else "the path is empty",
            "Write the full path of an interpreter or of its directory.",
        )
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        return _unreachable(path, error)
    if not stat.S_ISDIR(mode):
        return _judge(path, path, mode, solid)
    for name in _IN_A_DIRECTORY:
        executable = os.path.join(path, name)
        try:
            mode = os.stat(executable).st_mode
        except OSError:
            continue
        if not stat.S_ISDIR(mode):
            return _judge(path, executable, mode, solid)
    return _no_interpreter(path)


def follow(path: str, solid: set[str]) -> tuple[str, tuple[str, ...]]:
    """Return the real path of an existing file, and every link on the way to it, directories'
    included."""
    links: list[str] = []
    pending = [part for part in reversed(path.split("/")) if part]
    real = "/"
    while pending:
        part = pending.pop()
        if part == ".":
            continue
        if part == "..":
            real = os.path.dirname(real)
            continue
        here = os.path.join(real, part)
        if here in solid:
            real = here
            continue
        try:
            target = os.readlink(here)
        except OSError:
            real = here
            solid.add(here)
            continue
        links.append(here)
        if len(links) > _MOST_LINKS:
            break
        if os.path.isabs(target):
            real = "/"
        pending.extend(piece for piece in reversed(target.split("/")) if piece)
    return real, tuple(links)


def _judge(path: str, executable: str, mode: int, solid: set[str]) -> Location:
    target, links = follow(executable, solid)
    problem = None
    if not stat.S_ISREG(mode):
        problem = _unusable(
            "not-executable", f"{executable} is no regular file.", "Name an interpreter."
        )
    elif not mode & 0o111:
        problem = _unusable(
            "not-executable",
            f"{executable} is not executable ({stat.filemode(mode)}).",
            f"chmod a+x {shlex.quote(target)}",
        )
    return Location(path, executable, target, links, problem)


def _unreachable(path: str, error: OSError) -> Location:
    target, links = follow(path, set())
    if isinstance(error, PermissionError):
        return _nowhere(
            path,
            "no-permission",
            f"{path} cannot be looked at: {error.strerror}.",
            "Give the user who runs pysteward access to each directory on the way.",
        )
    if len(links) > _MOST_LINKS:
        message = f"{path} is a link that leads round in a circle."
    elif os.path.islink(path):
        message = f"{path} is a link to {os.readlink(path)}, which does not exist."
    elif links:
        message = f"{path} does not exist: a link on the way leads to {target}."
    else:
        message = f"{path} does not exist."
    remedy = "Install that Python, or correct the setting Executable or take it out."
    return _nowhere(path, "path-missing", message, remedy)


def _no_interpreter(path: str) -> Location:
    wanted = ", ".join(_IN_A_DIRECTORY[:-1]) + " or " + _IN_A_DIRECTORY[-1]
    message = f"The directory {path} has no {wanted}."
    for name in _IN_A_DIRECTORY:
        link = os.path.join(path, name)
        if os.path.islink(link):
            message = f"{link} is a link to {os.readlink(link)}, which does not exist."
            break
    others = interpreters_in(os.path.join(path, "bin")) or interpreters_in(path)
    remedy = (
        f"Set Executable = {others[-1]}"
        if others
        else "Name the directory that Python is installed in, the one with bin/python3 below it."
    )
    return _nowhere(path, "no-interpreter", message, remedy)


def interpreters_in(directory: str) -> list[str]:
    """The files of a directory that are named as interpreters are, the newest version last."""
    try:
        names = os.listdir(directory)
    except OSError:
        return []
    found = [(version, name) for name in names if (version := version_in_name(name)) is not None]
    paths = [os.path.join(directory, name) for _, name in sorted(found)]
    return [path for path in paths if os.path.isfile(path) and os.access(path, os.X_OK)]


def version_in_name(name: str) -> tuple[int, ...] | None:
    """``python3.11`` gives (3, 11), ``python`` gives (); None for what is no such name."""
    if not name.startswith("python"):
        return None
    numbers = name[len("python") :].split(".") if name != "python" else []
    if not all(number.isascii() and number.isdigit() and len(number) < 4 for number in numbers):
        return None
    return tuple(map(int, numbers))


def _nowhere(path: str, code: str, message: str, remedy: str) -> Location:
    return Location(path, None, None, (), _unusable(code, message, remedy))


def _unusable(code: str, message: str, remedy: str) -> Problem:
    return Problem(code, message, remedy, "unusable")
