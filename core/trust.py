"""Whether somebody else could replace a file that root is about to rely on."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from .users import user_name

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_MOST_LINKS = 40


def why_replaceable(path: str | Path) -> str | None:
    """Return why root may not rely on a file: who else could change or replace it. None: nobody
    could.

    A file can be changed by its owner and by whoever may write it; it can be replaced by whoever
    may write a directory on the way to it, or on the way to a link that leads to it. In a directory
    with the sticky bit, such as /tmp, others cannot replace what is not theirs. Group 0 counts as
    others: it may have members. Raises OSError for what is not there.
    """
    at = Path(os.path.abspath(path))
    for _ in range(_MOST_LINKS):
        for folder in reversed(at.parents):
            found = os.stat(folder)
            if found.st_uid != 0:
                return f"{folder} belongs to {user_name(found.st_uid)}"
            if found.st_mode & _OTHERS_WRITE and not found.st_mode & stat.S_ISVTX:
                return f"{folder} can be written by others ({stat.filemode(found.st_mode)})"
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
