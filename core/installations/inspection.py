"""What can be said of an installation without running anything: shown at once, unverified."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import RequestError
from ..versions import PythonVersion
from .layout import layout_of
from .location import locate
from .model import Installation


def inspect_files(executables: Sequence[str]) -> tuple[Installation, ...]:
    """Return each configured installation by its files alone, ``verified`` false.

    Versions come from patchlevel.h, else from the program itself; pip's and virtualenv's from the
    names in site-packages. Where there is nothing to run, the problem is as certain as after an
    analysis.
    """
    return tuple(glance_at(path) for path in executables)


def glance_at(path: str) -> Installation:
    """Return one installation by its files alone."""
    place = locate(path)
    if place.problem is not None:
        return Installation(
            path, place.executable, place.target, problems=(place.problem,), verified=False
        )
    layout = layout_of(place)
    if layout is None:
        return Installation(path, place.executable, place.target)
    return Installation(
        path,
        place.executable,
        place.target,
        version=_version(layout.header_version() or layout.compiled_version(place.target or "")),
        pip=next(iter(layout.releases("pip")), None),
        virtualenv=next(iter(layout.releases("virtualenv")), None),
        venv=layout.has_venv,
    )


def _version(text: str | None) -> PythonVersion | None:
    if text is None:
        return None
    try:
        return PythonVersion.parse(text)
    except RequestError:
        return None
