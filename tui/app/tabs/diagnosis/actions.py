"""The actions of the Diagnosis tab."""

from __future__ import annotations

from ...actions import Action, actions
from ...log.actions import LOG_ACTIONS

DIAGNOSIS_ACTIONS = actions(
    "diagnosis",
    Action("open", ("O",), "Open", "Diagnose a log or bundle file", footer=True),
    Action("failures", ("J",), "Failures", "List the failed jobs of the Connect server",
           unless="why_no_failures"),
    Action("evidence", ("enter",), "Evidence", "Go to the next log line behind the finding",
           unless="why_no_finding", footer=True),
    Action("turn", ("tab",), "Switch pane", "Switch between findings and log"),
    Action("explain", ("X",), "Explain", "Explain the finding's code",
           unless="why_no_finding"),
    Action("copy", ("y",), "Copy", "Copy what is selected: the finding, or lines of the log",
           unless="why_no_copy"),
    Action("copy_report", ("m",), "Copy report", "Copy a Markdown report for the author",
           unless="why_no_report", footer=True, old=("c",)),
    Action("save_report", ("S",), "Save report", "Save the Markdown report to a file",
           unless="why_no_report"),
    Action("copy_remedy", ("Y",), "Copy remedy", "Copy the finding's remedy",
           unless="why_no_finding"),
    *(action for action in LOG_ACTIONS if action.name != "copy"),
)  # fmt: skip
