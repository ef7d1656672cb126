"""Content before its use: what it needs is there, or it is built; and the way back."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..builds import (
    Build,
    Content,
    find_content,
    list_builds,
    show,
)
from ..environments import complete, hold
from ..errors import StateError
from ..frozen import frozen
from ..state import open_database
from .needs import RebuildReason, rebuild_reason

if TYPE_CHECKING:
    from ..installations import Installation
    from ..server import Server


@frozen
class Readiness:
    """What content has.

    path: its environment's; None while that is built. need: why it had to be built; None where
    all was well. build: the one that makes it, finished or running.
    """

    content: Content
    path: Path | None
    need: RebuildReason | None = None
    build: Build | None = None


def check_readiness(state_dir: Path, name: str, installations: Sequence[Installation]) -> Readiness:
    """What content has as it is; nothing is built, no interpreter is run.

    installations: as analysed. Raises StateError (``content-unknown``).
    """
    content = find_content(state_dir, name)
    need = rebuild_reason(content, installations)
    return Readiness(content, None if need is not None else _path(state_dir, content), need)


def ensure(server: Server, name: str) -> Readiness:
    """Have content's environment ready: at once if all is well, else by a build that is begun.

    Raises as `rebuild`.
    """
    from .lifecycle import rebuild

    found = check_readiness(server.state_dir, name, server.analysis().installations)
    content, need = found.content, found.need
    if need is None:
        return found
    running = _running(server.state_dir, content)
    build = running or rebuild(server, name)
    if build.is_running or build.outcome != "succeeded" or build.environment is None:
        return Readiness(content, None, need, build)
    return Readiness(content, Path(build.environment.path), need, build)


def roll_back(state_dir: Path, name: str) -> Content:
    """Put content on the environment that it had before this one; done twice, it is undone.

    It stays there until it is deployed or built again. Raises StateError where that is not
    possible any more.
    """
    content = find_content(state_dir, name)
    if _running(state_dir, content) is not None:
        raise StateError(f"{name!r} is being built: cancel that first", code="build-running")
    previous = content.previous
    if previous is None or previous.id is None:
        raise StateError(f"{name!r} has no environment before this one", code="nothing-to-put-back")
    with hold(Path(previous.path), shared=True, wait=False) as is_held:
        marker = complete(Path(previous.path)) if is_held else None
        if marker is None:
            raise StateError(
                f"the environment before this one is not complete any more: {previous.path}",
                code="previous-gone",
            )
        if not os.path.exists(marker.interpreter):
            raise StateError(
                f"the environment before this one needs Python {marker.python}, which is gone: "
                f"{marker.interpreter}",
                code="previous-gone",
            )
        with open_database(state_dir) as store:
            made = [row for row in store.builds(content=name) if row.environment == previous.id]
            rule = next((row.rule for row in made if row.rule), "exact")
            with store.change():
                store.put_back(name, marker.python, marker.executable, rule)
    return find_content(state_dir, name)


def _running(state_dir: Path, content: Content) -> Build | None:
    """The build of this content that runs now."""
    if content.outcome != "running":
        return None
    build = show(state_dir, content.build)
    return build if build.is_running else None


def _path(state_dir: Path, content: Content) -> Path | None:
    """Where content's packages are; without an environment of its own, its Python's."""
    if content.environment is not None:
        return Path(content.environment.path)
    for row in list_builds(state_dir, content=content.name):
        if row.outcome == "succeeded" and row.environment_path is not None:
            return Path(row.environment_path)
    return None
