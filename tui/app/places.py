"""What the palette goes to by name: installations, content, builds, environments."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from ...core.errors import StewardError
from ...core.frozen import frozen

if TYPE_CHECKING:
    from ...core.services import EnvironmentService
    from ..services.backend import Backend
    from .session import Session

_MOST_BUILDS = 500


@frozen
class Place:
    """A row of a tab. argument: what the tab's screen opens with. words: what is known of it."""

    tab: str
    argument: str
    name: str
    words: str = ""

    @property
    def key(self) -> str:
        return f"{self.tab}/{self.argument}"


def find_places(source: Backend, session: Session, tabs: Collection[str]) -> tuple[Place, ...]:
    """Return all that has a name on the server; blocks. What cannot be read is left out."""
    return (
        *(
            Place("installations", each.path, each.path, f"Python {each.version or 'unknown'}")
            for each in session.installations
        ),
        *_content(source),
        *_builds(source),
        *(_environments(source) if "environments" in tabs else ()),
    )


def _content(source: Backend) -> list[Place]:
    if source.content is None:
        return []
    try:
        return [Place("content", name, name, "content") for name in source.content.names()]
    except StewardError:
        return []


def _builds(source: Backend) -> list[Place]:
    if source.builds is None:
        return []
    try:
        rows = [entry.row for entry in source.builds.list()[:_MOST_BUILDS]]
    except StewardError:
        return []
    return [Place("builds", row.id, row.content, f"{row.outcome}, build {row.id}") for row in rows]


def _environments(source: Backend) -> list[Place]:
    service: EnvironmentService | None = getattr(source, "environments", None)
    if service is None:
        return []
    try:
        return [
            Place(
                "environments", each.identity, each.identity, f"environment of Python {each.python}"
            )
            for each in service.list()
        ]
    except StewardError:
        return []
