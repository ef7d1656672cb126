"""Content by the end of life of its Python, for a Connect server and for this one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..frozen import frozen
from ..versions import PythonVersion, end_of_life


@frozen
class AgingContent:
    """Content and how long its Python still gets security fixes.

    name: what to call it. id: its GUID; the name for content of this server.
    deployed: the last deploy, seconds since 1970. end: the last day of support; None where unknown.
    """

    name: str
    id: str
    owner: str | None
    python: PythonVersion
    deployed: float | None
    end: date | None

    def days_left(self, today: date) -> int | None:
        """Negative where support is over."""
        return None if self.end is None else (self.end - today).days


def by_end_of_life(
    content: Iterable[tuple[str, str, str | None, PythonVersion, float | None]],
) -> tuple[AgingContent, ...]:
    """Return the content by the end of its Python's support, the earliest first, unknown ends last.

    content: name, id, owner, Python, last deploy (seconds since 1970).
    """
    aging = [
        AgingContent(name, identity, owner, python, deployed, end_of_life(python))
        for name, identity, owner, python, deployed in content
    ]
    return tuple(sorted(aging, key=lambda item: (item.end or date.max, item.python, item.name)))
