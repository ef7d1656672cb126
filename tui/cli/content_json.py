"""Deployed content as JSON: what the Content tab shows of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...core.content import ContentStatus
    from ...core.matching import Decision


def status_as_json(status: ContentStatus) -> dict[str, object]:
    """Return a content item as JSON: as it was deployed, and what has changed since."""
    content, need, decision = status.content, status.need, status.would_get
    return {
        "name": content.name,
        "content": content.name,
        "request": content.request,
        "python": asdict(content.python) if content.python else None,
        "environment": asdict(content.environment) if content.environment else None,
        "build": content.build,
        "outcome": content.outcome,
        "bundle": content.bundle,
        "created": content.created,
        "updated": content.updated,
        "need": None if need is None else {"urgency": need.urgency.word, "why": need.why},
        "changes": list(status.changes),
        "would_get": None if decision is None else _python(decision),
        "rollback_to": None
        if status.rollback.python is None or content.previous is None
        else {"python": status.rollback.python, "environment": asdict(content.previous)},
        "rolled_back": content.put_back,
        "starts": status.starts,
        "last_check": None if status.last_check is None else status.last_check.id,
    }


def _python(decision: Decision) -> dict[str, object]:
    """Return the Python of a decision; without a match, the version is None."""
    selected = decision.selected
    return {
        "version": str(selected.version) if selected else None,
        "executable": selected.executable if selected else None,
        "rule": decision.rule.value if decision.rule else None,
        "reason": decision.reason,
    }
