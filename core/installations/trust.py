"""Whether others than root could put another program in an interpreter's place."""

from __future__ import annotations

import os
import shlex

from ..trust import why_replaceable
from .layout import layout_of
from .location import Location
from .model import Problem


def replaceable(place: Location) -> Problem | None:
    """Return why root must not run this interpreter itself, or None.

    Without a user to run interpreters as, root would run what anybody wrote there. So it, each
    link on the way to it and each directory that these lie in must belong to root and be writable
    for nobody else; and so must the directories that it loads its library from.
    """
    if place.executable is None or place.target is None:
        return None
    files = [place.executable]
    layout = layout_of(place)
    if layout is not None:
        inside = (layout.stdlib, f"{layout.stdlib}/os.py", f"{layout.stdlib}/lib-dynload")
        also = (f"{layout.stdlib}/site-packages", f"{layout.prefix}/pyvenv.cfg")
        files += [path for path in (*inside, *also) if os.path.lexists(path)]
    for file in files:
        try:
            culprit = why_replaceable(file)
        except OSError:  # gone since it was looked for: the probe will say so
            continue
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
