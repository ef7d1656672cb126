"""Check whether another user could replace a file that root relies on."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from .file_io import read_regular
from .users import user_name

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_MOST_LINKS = 40
_LARGEST_PTH = 1024 * 1024


def why_replaceable(path: str | Path) -> str | None:
    """Return why root may not rely on a file: who else could change or replace it. None: no other
    user could.

    A file can be changed by its owner and by every user who may write it; it can be replaced by
    every user who may write a directory on the way to it, or on the way to a link that leads to it.
    In a directory with the sticky bit, such as /tmp, others cannot replace what is not theirs.
    Group 0 counts as
    others: it may have members. Raises OSError for what is not there.
    """
    at = Path(os.path.abspath(path))
    for _ in range(_MOST_LINKS):
        for directory in reversed(at.parents):
            found = os.stat(directory)
            if found.st_uid != 0:
                return f"{directory} belongs to {user_name(found.st_uid)}"
            if found.st_mode & _OTHERS_WRITE and not found.st_mode & stat.S_ISVTX:
                return f"{directory} can be written by others ({stat.filemode(found.st_mode)})"
        if not at.is_symlink():
            break
        if os.lstat(at).st_uid != 0:
            return f"the link {at} belongs to {user_name(os.lstat(at).st_uid)}"
        at = Path(os.path.abspath(at.parent / os.readlink(at)))
    resolved = Path(os.path.realpath(path))
    if resolved != at:
        return why_replaceable(resolved)
    found = os.stat(resolved)
    if found.st_uid != 0:
        return f"{resolved} belongs to {user_name(found.st_uid)}"
    if found.st_mode & _OTHERS_WRITE:
        return f"{resolved} can be written by others ({stat.filemode(found.st_mode)})"
    return None


def why_tree_replaceable(directory: str | Path) -> str | None:
    """Return why root may not rely on what is in a directory: who else could change or add
    something.

    Everything below it is looked at, links out of it followed; also what its ``.pth`` files add to
    the path of an interpreter. A sticky bit does not help: what is added is loaded, too. Below a
    directory that only root may enter nothing has to be looked at.
    None: no other user could. Raises OSError for what is not there.
    """
    if only_root_enters(directory):
        return None
    seen: set[tuple[int, int]] = set()
    pending = [os.path.realpath(directory)]
    while pending:
        at = pending.pop()
        found = os.stat(at)
        if (found.st_dev, found.st_ino) in seen:
            continue
        seen.add((found.st_dev, found.st_ino))
        if reason := _changeable(at, found):
            return reason
        with os.scandir(at) as entries:
            for entry in entries:
                if entry.is_symlink():
                    target = os.path.realpath(entry.path)
                    if os.path.isdir(target):
                        if reason := why_replaceable(target):
                            return reason
                        pending.append(target)
                    elif os.path.exists(target) and (reason := why_replaceable(target)):
                        return reason
                elif entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                elif reason := _changeable(entry.path, entry.stat(follow_symlinks=False)):
                    return reason
                elif entry.name.endswith(".pth"):
                    for added in _directories_of(entry.path):
                        if reason := why_replaceable(added):
                            return reason
                        pending.append(added)
    return None


def only_root_enters(path: str | Path) -> bool:
    """Return whether a directory on the way to a path is closed to all other users."""
    for directory in Path(os.path.realpath(path)).parents:
        found = os.stat(directory)
        if found.st_uid == 0 and not found.st_mode & (stat.S_IXGRP | stat.S_IXOTH):
            return True
    return False


def _changeable(path: str, found: os.stat_result) -> str | None:
    if found.st_uid != 0:
        return f"{path} belongs to {user_name(found.st_uid)}"
    if found.st_mode & _OTHERS_WRITE:
        return f"{path} can be written by others ({stat.filemode(found.st_mode)})"
    return None


def _directories_of(pth: str) -> list[str]:
    """Return the directories that a ``.pth`` file adds to the path; see the module site."""
    try:
        lines = read_regular(pth, _LARGEST_PTH).decode("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    directories = [
        os.path.join(os.path.dirname(pth), line.strip())
        for line in lines
        if line.strip() and not line.startswith(("#", "import ", "import\t"))
    ]
    return [os.path.realpath(directory) for directory in directories if os.path.isdir(directory)]
