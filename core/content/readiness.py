"""Content before its use: what it needs is there, or it is built."""

from __future__ import annotations

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
from ..frozen import frozen
from .build_check import BuildCheck
from .needs import RebuildReason, Urgency, rebuild_reason

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
    """Return what content has as it is; nothing is built, no interpreter is run.

    installations: as analyzed. Raises StateError (``content-unknown``).
    """
    content = find_content(state_dir, name)
    need = rebuild_reason(content, installations)
    if content.server is not None:
        need = RebuildReason(Urgency.NEW, f"its environment is on server {content.server}")
    return Readiness(content, None if need is not None else _path(state_dir, content), need)


def ensure(server: Server, name: str, *, check: BuildCheck | None = None) -> Readiness:
    """Have content's environment ready: at once if all is well, else by a build that is started.

    check: the start check of that build; None: as the settings say.
    Raises as `rebuild`.
    """
    from .lifecycle import rebuild

    found = check_readiness(server.state_dir, name, server.analysis().installations)
    content, need = found.content, found.need
    if need is None:
        return found
    running = _running(server.state_dir, content)
    build = running or rebuild(server, name, check=check)
    if build.is_running or build.outcome != "succeeded" or build.environment is None:
        return Readiness(content, None, need, build)
    return Readiness(content, Path(build.environment.path), need, build)


def _running(state_dir: Path, content: Content) -> Build | None:
    """Return the build of this content that runs now."""
    if content.outcome != "running":
        return None
    build = show(state_dir, content.build)
    return build if build.is_running else None


def _path(state_dir: Path, content: Content) -> Path | None:
    """Return where content's packages are; without an environment of its own, its Python's."""
    if content.environment is not None:
        return Path(content.environment.path)
    for row in list_builds(state_dir, content=content.name):
        if row.outcome == "succeeded" and row.environment_path is not None:
            return Path(row.environment_path)
    return None
