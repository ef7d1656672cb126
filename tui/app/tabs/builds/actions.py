"""The actions of the Builds tab and of the screen of one build."""

from __future__ import annotations

from ...actions import LIST_ACTIONS, MARK_ACTIONS, Action, actions
from ...log.actions import LOG_ACTIONS

_CANCEL = Action("cancel", ("c",), "Cancel",
                 "Cancel the build and stop its processes (asks first)",
                 unless="why_no_cancel", footer=True)  # fmt: skip
_RETRY = Action("retry", ("r",), "Retry", "Run the same build again (asks first)",
                unless="why_no_retry", footer=True)  # fmt: skip
_DIAGNOSE = Action("diagnose", ("d",), "Diagnose", "Show findings next to the log",
                   unless="why_no_diagnosis", footer=True)  # fmt: skip
_EXPORT = Action("export", ("x",), "Export", "Export the build's record to a file",
                 unless="why_no_export")  # fmt: skip

BUILDS_ACTIONS = actions(
    "builds",
    *LIST_ACTIONS,
    *MARK_ACTIONS,
    Action("show", ("enter",), "Log", "Open the build and its log", unless="why_no_build",
           footer=True),
    _CANCEL,
    _RETRY,
    _DIAGNOSE,
    _EXPORT,
    Action("open", ("o", "O"), "Open", "Open an exported build record", footer=True),
    Action("remove", ("delete",), "Remove",
           "Remove the record of this build, or of all marked (asks first)",
           unless="why_no_remove"),
    Action("detail", ("tab",), "Detail", "Switch between list and detail", unless="why_no_build"),
)  # fmt: skip

BUILD_ACTIONS = actions(
    "build",
    _CANCEL,
    _RETRY,
    _DIAGNOSE,
    Action("replay", ("t",), "Replay", "Replay the build, or stop the replay",
           unless="why_no_replay"),
    Action("faster", ("plus",), "Faster", "Replay at twice the speed", unless="why_no_speed"),
    Action("slower", ("minus",), "Slower", "Replay at half the speed", unless="why_no_speed"),
    _EXPORT,
    *LOG_ACTIONS,
)  # fmt: skip
