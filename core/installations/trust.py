"""Whether others than root could put another program in an interpreter's place."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import suppress
from glob import escape as glob_escape, glob

from ..trust import why_replaceable, why_tree_replaceable
from .layout import layout_of
from .location import Location, locate
from .model import Problem


def replaceable(place: Location) -> Problem | None:
    """Return why root must not run this interpreter itself, or None.

    Without a user to run interpreters as, root would run what anybody wrote there. So it, each
    link on the way to it, each directory that these lie in, and all that it loads (its libpython,
    its standard library, its packages) must belong to root and be writable for no other user. It
    takes some 100 ms.
    """
    if place.executable is None or place.target is None:
        return None
    reason = next(_reasons(place), None)
    if reason is None:
        return None
    directory = shlex.quote(place.target.rsplit("/bin/", 1)[0])
    return Problem(
        "replaceable",
        f"{place.executable} is not run by root, because others could replace it: {reason}.",
        f"chown -R root:root {directory} && chmod -R go-w {directory}  "
        "# or set RunAs (run-as) to the user who is to run builds",
        "unusable",
    )


def _reasons(place: Location) -> Iterator[str]:
    places = [place, locate(str(place.target))]  # of a virtual environment, the base's library too
    layouts = [layout for each in places if (layout := layout_of(each)) is not None]
    files = [str(place.executable)]
    for layout in layouts:
        files += [f"{layout.prefix}/pyvenv.cfg", layout.stdlib, f"{layout.stdlib}/site-packages"]
        files += glob(f"{glob_escape(layout.prefix)}/lib*/libpython*")
    for file in files:
        with suppress(OSError):  # gone since it was looked for: the probe will say so
            if reason := why_replaceable(file):
                yield reason
    for layout in layouts:
        with suppress(OSError):
            if reason := why_tree_replaceable(layout.stdlib):
                yield reason
