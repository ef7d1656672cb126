"""Every environment of a state directory: what lies there, what is recorded, who uses it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ..frozen import frozen
from ..state import Database, EnvironmentRow, is_held
from .marker import Marker, complete

REMOVED = ".removed"


@frozen
class Environment:
    """One environment.

    python: the version that it was made for. executable: None where that is not known any more.
    state: ``complete``; ``building``; ``incomplete``, left behind by a build that was interrupted;
        ``missing``, recorded but not there.
    created, last_used: RFC 3339; None where not known. used_by: names of content.
    marker: None unless complete.
    previous_of: names of content that can be put back on it.
    """

    identity: str
    path: Path
    installer: str
    python: str
    executable: str | None
    state: str
    created: str | None
    last_used: str | None
    used_by: tuple[str, ...]
    marker: Marker | None
    previous_of: tuple[str, ...] = ()


def list_environments(state_dir: Path, store: Database) -> tuple[Environment, ...]:
    """Return all environments, last used first."""
    rows = {row.id: row for row in store.environments()}
    users: dict[str, list[str]] = {}
    returners: dict[str, list[str]] = {}
    for content in store.content():
        if content.environment is not None:
            users.setdefault(content.environment, []).append(content.name)
        if content.previous is not None:
            returners.setdefault(content.previous, []).append(content.name)
    found = {path.name: path for path in _on_disk(state_dir)}
    environments = [
        _environment(
            identity,
            found.get(identity),
            rows.get(identity),
            used_by=tuple(users.get(identity, ())),
            previous_of=tuple(returners.get(identity, ())),
        )
        for identity in {**rows, **found}
    ]
    return tuple(
        sorted(environments, key=lambda item: (item.last_used or "", item.identity), reverse=True)
    )


def _on_disk(state_dir: Path) -> Iterator[Path]:
    """`<state>/environments/<installer>/<X.Y.Z>/<identity>`; hidden names are not environments."""
    directories = [state_dir / "environments"]
    for _ in range(3):
        directories = [below for directory in directories for below in _directories_in(directory)]
    yield from directories


def _directories_in(directory: Path) -> Iterator[Path]:
    try:
        names = sorted(os.listdir(directory))
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in names:
        if not name.startswith(".") and (directory / name).is_dir():
            yield directory / name


def _environment(
    identity: str,
    path: Path | None,
    row: EnvironmentRow | None,
    *,
    used_by: tuple[str, ...],
    previous_of: tuple[str, ...],
) -> Environment:
    where = path or Path(row.path if row else identity)
    marker = complete(where) if path is not None else None
    created = marker.created if marker else row.created if row else None
    return Environment(
        identity=identity,
        path=where,
        installer=where.parents[1].name,
        python=where.parent.name,
        executable=marker.executable if marker else row.executable if row else None,
        state=_state(path, marker),
        created=created,
        last_used=row.last_used if row else created,
        used_by=used_by,
        marker=marker,
        previous_of=previous_of,
    )


def _state(path: Path | None, marker: Marker | None) -> str:
    if path is None:
        return "missing"
    if marker is not None:
        return "complete"
    return "building" if is_held(path) else "incomplete"
