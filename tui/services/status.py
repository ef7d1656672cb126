"""Where content stands today: whether it still has its Python, and which one it would get now."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...core.builds import Content, Python
from ...core.content import RebuildReason, Urgency, rebuild_reason
from ...core.installations import candidates
from ...core.matching import Matcher, Policy, parse_request

if TYPE_CHECKING:
    from ...core.installations import Installation
    from ...core.matching import Decision


class TodaysMatching:
    """The installations, as analysed, and the policy; each request is decided once.

    What is asked for often is few things, on few Pythons: very much content costs little.
    """

    def __init__(self, installations: Sequence[Installation], policy: str) -> None:
        self.installations = installations
        self.policy = policy
        self._matcher = Matcher(candidates(installations), Policy.parse(policy))
        self._decided: dict[str, Decision] = {}

    def need_of(self, content: Content) -> RebuildReason | None:
        """Why it is to be built again; content that never could be built is not meant."""
        need = rebuild_reason(content, self.installations)
        return None if need is not None and need.urgency is Urgency.NEW else need

    def would_get(self, content: Content) -> Decision | None:
        """What a new deploy would get; None where that is what it has."""
        decision = self._decided.get(content.request)
        if decision is None:
            decision = self._matcher.decide(parse_request(content.request))
            self._decided[content.request] = decision
        selected, python = decision.selected, content.python
        if selected is None or python is None:
            return None if selected is python else decision
        is_same = _is_same(python, str(selected.version), selected.executable)
        return None if is_same else decision

    def otherwise(self, content: Content) -> str | None:
        """What a new deploy would get, in a sentence; None where that is what it has."""
        decision = self.would_get(content)
        if decision is None:
            return None
        if decision.selected is None:
            return f"Deployed today it would match nothing: {decision.reason}"
        which = "a Python" if content.python is None else "another Python"
        return f"Deployed today it would get {which}: {decision.reason}"


def _is_same(python: Python, version: str, executable: str | None) -> bool:
    """Whether it is that installation, by whatever path."""
    return python.version == version and (
        executable == python.executable
        or os.path.realpath(executable or "") == os.path.realpath(python.executable)
    )
