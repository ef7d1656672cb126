"""Whether others than root could put another program in an interpreter's place."""

from __future__ import annotations

import os
import shlex
import stat

from .layout import layout_of
from .model import Problem
from .places import Place


def replaceable(place: Place) -> Problem | None:
    """Why root must not run this interpreter itself, or None.

    Without a user to run interpreters as, root would run what anybody wrote there. So it, each
    link on the way to it and each folder that these lie in must belong to root and be writable
    for nobody else; and so must the folders that it loads its library from.
    """
    if place.executable is None or place.target is None:
        return None
    files = [place.executable, *place.links, place.target]
    layout = layout_of(place)
    if layout is not None:
        inside = (layout.stdlib, f"{layout.stdlib}/os.py", f"{layout.stdlib}/lib-dynload")
        also = (f"{layout.stdlib}/site-packages", f"{layout.prefix}/pyvenv.cfg")
        files += [path for path in (*inside, *also) if os.path.lexists(path)]
    for file in files:
        culprit = _open_to_others(file)
        if culprit is not None:
            folder = shlex.quote(place.target.rsplit("/bin/", 1)[0])
            return Problem(
                "replaceable",
                f"{place.executable} is not run by root, because others could replace it: "
                f"{culprit}.",
                f"chown -R root:root {folder} && chmod -R go-w {folder}  "
                "# or set RunAs (run-as) to the user who is to run builds",
                "unusable",
            )
    return None


def _open_to_others(path: str) -> str | None:
    """The first part of a path that somebody else than root can change, with the reason."""
    here = path
    below: str | None = None
    while True:
        try:
            status = os.lstat(here)
        except OSError:
            return None
        if status.st_uid != 0:
            return f"{here} belongs to {_name_of(status.st_uid)}"
        writable = status.st_mode & 0o022
        if writable and not stat.S_ISLNK(status.st_mode):
            # In a folder with the sticky bit, only the owner of an entry can replace it.
            guarded = below is not None and status.st_mode & stat.S_ISVTX
            if not guarded:
                return f"{here} is writable for others ({stat.filemode(status.st_mode)})"
        if here == "/":
            return None
        below, here = here, os.path.dirname(here)


def _name_of(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
