"""What can be done on the screen of diagnosis."""

from __future__ import annotations

from typing import Protocol

from ...actions import Action


class State(Protocol):
    """What these actions ask the screen."""

    def why_no_finding(self) -> str | None: ...

    def why_no_report(self) -> str | None: ...

    def why_not_log(self, name: str) -> str | None: ...


def _finding(state: State) -> str | None:
    return state.why_no_finding()


def _report(state: State) -> str | None:
    return state.why_no_report()


_SCOPE = "diagnosis"

ACTIONS = (
    Action(_SCOPE, "open", ("O",), "Open",
           "Diagnose a log or a bundle by its path", in_footer=True),
    Action(_SCOPE, "evidence", ("enter",), "Evidence",
           "Go to the lines that prove the finding, one after the other", possible=_finding,
           in_footer=True),
    Action(_SCOPE, "turn", ("tab",), "Other side",
           "Go from the findings to the log and back"),
    Action(_SCOPE, "copy_report", ("c",), "Copy report",
           "Copy the report, in Markdown, for the author", possible=_report, in_footer=True),
    Action(_SCOPE, "save_report", ("S",), "Save report",
           "Save the report, in Markdown, to a file", possible=_report),
    Action(_SCOPE, "copy_remedy", ("Y",), "Copy remedy",
           "Copy the remedy of the finding", possible=_finding),
)  # fmt: skip
