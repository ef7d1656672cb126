"""Do content still have what it needs? Its environment, and the Python that this was made for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path

from ..builds import Content
from ..environments import complete, turned_link
from ..frozen import frozen
from ..installations import Installation
from ..matching import NO_PYTHON


class Urgency(IntEnum):
    """How soon content is to be built again; the most urgent first."""

    BROKEN = 0
    """It cannot run now: its Python or its environment is gone, or the Python is unusable."""
    CHANGED = 1
    """Its Python is another version than its environment was made for."""
    RETIRED = 2
    """It runs, on a Python that is no longer configured."""
    NEW = 3
    """It never had an environment."""

    @property
    def word(self) -> str:
        return self.name.lower()


@frozen
class RebuildReason:
    """Why content is to be built again. why: one clause, raw paths included."""

    urgency: Urgency
    why: str


def rebuild_reason(content: Content, installations: Sequence[Installation]) -> RebuildReason | None:
    """Return why this content is to be built again; None where all is well. No interpreter is run.

    installations: as analyzed. What is well is the environment that it has, though a later bundle
    may have failed to build. Content that was put back stays where it was put. Content of a
    cluster is well here: its environment is on the server that has built it.
    """
    if content.server is not None:
        return None  # what that server lacks, it says itself
    if content.environment is None:
        return _without_environment(content, installations)
    marker = complete(Path(content.environment.path))
    if marker is None:
        return RebuildReason(
            Urgency.BROKEN, f"its environment is not there: {content.environment.path}"
        )
    if not os.path.exists(marker.interpreter):
        return RebuildReason(
            Urgency.BROKEN, f"its Python {marker.python} is gone: {marker.interpreter}"
        )
    if turned := turned_link(marker):
        return RebuildReason(Urgency.CHANGED, turned)
    found = _configured(marker.executable, marker.interpreter, installations)
    if found is None:
        if content.put_back is not None:
            return None
        return RebuildReason(Urgency.RETIRED, f"Python {marker.python} is no longer configured")
    return _changed(found, marker.python)


def _without_environment(
    content: Content, installations: Sequence[Installation]
) -> RebuildReason | None:
    """It was never built, or it needs none: then it uses the packages of its Python, if any."""
    if content.request == NO_PYTHON:
        return None
    if content.python is None or content.outcome != "succeeded":
        return RebuildReason(Urgency.NEW, "it has no environment yet")
    executable = content.python.executable
    if not os.path.exists(executable):
        return RebuildReason(
            Urgency.BROKEN, f"its Python {content.python.version} is gone: {executable}"
        )
    found = _configured(executable, os.path.realpath(executable), installations)
    if found is None:
        return RebuildReason(
            Urgency.RETIRED, f"Python {content.python.version} is no longer configured"
        )
    return _changed(found, content.python.version)


def _configured(
    executable: str, interpreter: str, installations: Sequence[Installation]
) -> Installation | None:
    """Return the installation under the same name, else another name of the same interpreter."""
    named = {each.executable or each.path: each for each in reversed(installations)}
    if executable in named:
        return named[executable]
    return next(
        (each for name, each in named.items() if os.path.realpath(name) == interpreter), None
    )


def _changed(found: Installation, version: str) -> RebuildReason | None:
    if not found.usable:
        reasons = " ".join(problem.message for problem in found.reasons_against)
        return RebuildReason(Urgency.BROKEN, f"its Python {version} is unusable: {reasons}")
    if str(found.version) != version:
        return RebuildReason(
            Urgency.CHANGED, f"its Python is {found.version} now, it was {version}"
        )
    return None
