"""Deployed content compared with today's installations, policy and settings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..builds import Content, Python
from ..frozen import frozen
from ..installations import candidates
from ..matching import NO_PYTHON, Matcher, Policy, parse_request
from .needs import RebuildReason, Urgency, rebuild_reason
from .rollback import RollbackTarget

if TYPE_CHECKING:
    from ..installations import Installation
    from ..matching import Decision
    from ..state import RunRow


@frozen
class ContentStatus:
    """A content item, and what has changed since it was built.

    changes: what a rebuild would do differently under today's settings, one clause each.
    need: why it has to be rebuilt; None where it has not.
    would_get: the decision of a new deploy, where that gives another Python than it has.
    rollback: whether it can go back to its previous environment.
    last_check: its newest start check that has ended; None without one.
    """

    content: Content
    changes: tuple[str, ...] = ()
    need: RebuildReason | None = None
    would_get: Decision | None = None
    rollback: RollbackTarget = RollbackTarget()
    last_check: RunRow | None = None

    @property
    def starts(self) -> str:
        """Whether it starts in its environment: a value of `Starts`, as `starts_of` says."""
        return starts_of(self.content, self.last_check)

    @property
    def is_outdated(self) -> bool:
        """Whether a rebuild would make another environment than it has."""
        return bool(self.changes) or self.need is not None

    @property
    def new_deploy(self) -> str | None:
        """What a new deploy would get, in a sentence; None where that is what it has."""
        decision = self.would_get
        if decision is None:
            return None
        if decision.selected is None:
            return f"Deployed today it would match nothing: {decision.reason}"
        which = "a Python" if self.content.python is None else "another Python"
        return f"Deployed today it would get {which}: {decision.reason}"


def starts_of(content: Content, check: RunRow | None) -> str:
    """Return whether content starts in the environment that it has; ``not-checked`` where its
    newest check was of something else.

    check: its newest start check that has ended.
    """
    own = content.environment.id if content.environment is not None else None
    if check is None or check.starts is None or check.environment != own:
        return "not-checked"
    # A build that checks changes content when it ends; any other change outdates a check.
    is_current = check.id == content.build or check.started >= content.updated
    return check.starts if is_current else "not-checked"


class TodaysMatching:
    """Today's installations, as analyzed, and today's policy.

    Each request is decided once, because much content asks for few different versions.
    """

    def __init__(self, installations: Sequence[Installation], policy: str) -> None:
        self.installations = installations
        self.policy = policy
        self._matcher = Matcher(candidates(installations), Policy.parse(policy))
        self._decided: dict[str, Decision] = {}

    def need_of(self, content: Content) -> RebuildReason | None:
        """Return why content has to be rebuilt; None also for content that was never built."""
        need = rebuild_reason(content, self.installations)
        return None if need is not None and need.urgency is Urgency.NEW else need

    def would_get(self, content: Content) -> Decision | None:
        """Return what a new deploy would get; None where that is what content has."""
        if content.request == NO_PYTHON:
            return None
        decision = self._decided.get(content.request)
        if decision is None:
            decision = self._matcher.decide(parse_request(content.request))
            self._decided[content.request] = decision
        selected, python = decision.selected, content.python
        if selected is None or python is None:
            return None if selected is python else decision
        is_same = _is_same(python, str(selected.version), selected.executable)
        return None if is_same else decision


def _is_same(python: Python, version: str, executable: str | None) -> bool:
    """Return whether both are one installation, under any of its paths."""
    return python.version == version and (
        executable == python.executable
        or os.path.realpath(executable or "") == os.path.realpath(python.executable)
    )
