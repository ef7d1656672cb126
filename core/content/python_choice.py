"""Which Python a build gets: the one that content has kept, as long as that can be used, else the
one that matching chooses."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..builds import Considered, Python

if TYPE_CHECKING:
    from ..installations import Installation
    from ..matching import Decision, Request
    from ..settings import Settings


class PythonChoice(NamedTuple):
    """What was chosen, and why.

    python: None where nothing matches. decision: what matching says today, kept Python or not.
    notice: that the kept Python is gone, and what takes its place.
    """

    python: Python | None
    decision: Decision
    notice: str | None = None

    @property
    def considered(self) -> tuple[Considered, ...]:
        """The decision's lines, as a record keeps them."""
        return tuple(
            Considered(
                str(line.candidate.version) if line.candidate.version else None,
                line.candidate.executable,
                line.verdict.value,
                line.why,
            )
            for line in self.decision.considered
        )


def choose(
    request: Request,
    kept: Python | None,
    installations: Sequence[Installation],
    settings: Settings,
) -> PythonChoice:
    """Section 5 of the design: content keeps the installation that was chosen when it was deployed;
    if that is gone or unusable, it is matched again, and both facts are told.

    kept: what was chosen then; None for a new deploy, which matches again.
    """
    from ..installations import candidates
    from ..matching import Matcher, Policy

    matcher = Matcher(candidates(installations), Policy.parse(settings.version_matching))
    decision = matcher.decide(request)
    notice = None
    if kept is not None:
        problem = _why_not(kept, installations)
        if problem is None:
            return PythonChoice(kept, decision)
        notice = (
            f"Python {kept.version} ({kept.executable}), chosen when this was deployed, {problem}; "
            f"matched again: {decision.reason}"
        )
    selected, rule = decision.selected, decision.rule
    if selected is None or selected.executable is None or rule is None:
        return PythonChoice(None, decision, notice)
    return PythonChoice(
        Python(str(selected.version), selected.executable, rule.value), decision, notice
    )


def _why_not(kept: Python, installations: Sequence[Installation]) -> str | None:
    """Return why content cannot keep its Python; None where it can."""
    same = (each for each in installations if (each.executable or each.path) == kept.executable)
    found = next(same, None)
    if found is None:
        is_there = os.path.exists(kept.executable)
        return "is no longer configured" if is_there else "is gone"
    if not found.usable:
        return f"is unusable: {' '.join(problem.message for problem in found.reasons_against)}"
    if str(found.version) != kept.version:
        return f"is {found.version} now"
    return None
