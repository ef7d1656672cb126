"""What a start check has found out."""

from __future__ import annotations

from typing import Literal

from ..findings import Finding
from ..frozen import frozen

Starts = Literal["yes", "no", "needs-variables", "needs-network", "not-checked"]
"""Whether content starts. ``needs-variables``, ``needs-network``: it asks for a variable that its
server would give, or for the network, which a check does not have; neither is a failure."""


@frozen
class CheckResult:
    """The answer of a start check.

    why: one sentence. waited_for: what the answer rests on. not_opened: what was not tried.
    findings: why content does not start, the root cause first.
    is_late: whether it was ended at its time limit.
    """

    starts: Starts
    why: str
    waited_for: tuple[str, ...] = ()
    not_opened: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    is_late: bool = False

    @property
    def is_failure(self) -> bool:
        """Whether content does not start for a reason that lies in itself."""
        return self.starts == "no"
