"""The actions of a log, on every screen that shows one."""

from __future__ import annotations

from ..actions import Action, actions

LOG_ACTIONS = actions(
    "",
    Action("search", ("slash",), "Search", "Search the log", unless="why_no_log", footer=True),
    Action("next_match", ("n",), "Next", "Go to the next match", unless="why_no_match"),
    Action("previous_match", ("N",), "Previous", "Go to the previous match",
           unless="why_no_match"),
    Action("only_matches", ("ampersand",), "Only matches", "Show only matching lines",
           unless="why_no_match"),
    Action("next_problem", ("e",), "Error",
           "Go to the next error (or warning, if there is none)", unless="why_no_problem",
           footer=True),
    Action("previous_problem", ("E",), "Previous error", "Go to the previous error",
           unless="why_no_problem"),
    Action("only_problems", ("o",), "Only errors", "Show only errors and warnings",
           unless="why_no_problem", footer=True),
    Action("next_phase", ("p",), "Next phase", "Go to the next phase", unless="why_no_phase"),
    Action("previous_phase", ("P",), "Previous phase", "Go to the previous phase",
           unless="why_no_phase"),
    Action("follow", ("F",), "Follow", "Follow the end of the log", unless="why_no_follow",
           footer=True),
    Action("wrap", ("w",), "Wrap", "Toggle line wrapping", unless="why_no_log", footer=True),
    Action("numbers", ("number_sign",), "Numbers", "Toggle line numbers", unless="why_no_log"),
    Action("as_they_are", ("a",), "As they are",
           "Dim what lines repeat, or show lines as they are", unless="why_no_log"),
    Action("times", ("T",), "Times", "Toggle the time of each line", unless="why_no_times"),
    Action("select", ("v",), "Select", "Select lines with the arrow keys", unless="why_no_log"),
    Action("copy", ("y",), "Copy", "Copy the selected lines (also over SSH)",
           unless="why_no_line"),
    Action("save", ("s",), "Save", "Save the log, or the selected lines, to a file",
           unless="why_no_log"),
    Action("reopen", ("R",), "Reload file", "Reload a file that was replaced",
           unless="why_no_reopen"),
    on="log_commands",
)  # fmt: skip
"""Without a scope: each screen that shows a log gives its own. See ``screens.log_screen``."""
