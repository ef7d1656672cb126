"""Content whose installation is a symbolic link that leads to another Python now."""

from __future__ import annotations

from pathlib import Path

from ..builds import list_content
from ..content import choose
from ..environments import complete, turned_link
from ..frozen import frozen
from ..matching import parse_request
from ..server import Server


@frozen
class TurnedLink:
    """One content item. It runs on the Python it was built for, until it is built again.

    why: where the link leads now, a sentence. would_get: the version that a rebuild takes; None
    where nothing matches. executable: of that.
    """

    content: str
    why: str
    would_get: str | None
    executable: str | None


def turned_links(server: Server) -> tuple[TurnedLink, ...]:
    """Return the content of a server that a turned link concerns, by name. Raises StateError."""
    found: list[TurnedLink] = []
    if not server.state_dir.is_dir():
        return ()
    for content in list_content(server.state_dir):
        marker = complete(Path(content.environment.path)) if content.environment else None
        why = None if marker is None else turned_link(marker)
        if why is None:
            continue
        choice = choose(
            parse_request(content.request),
            content.python,
            server.analysis().installations,
            server.settings,
        )
        python = choice.python
        found.append(
            TurnedLink(
                content.name,
                why,
                python.version if python else None,
                python.executable if python else None,
            )
        )
    return tuple(found)
