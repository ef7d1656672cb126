"""The actions of the Installations tab."""

from __future__ import annotations

from ...actions import LIST_ACTIONS, Action, actions

INSTALLATIONS_ACTIONS = actions(
    "installations",
    *LIST_ACTIONS,
    Action("copy_remedy", ("y",), "Copy", "Copy the remedy (also over SSH)",
           unless="why_no_remedy", footer=True, old=("c",)),
    Action("run_remedy", ("x",), "Run", "Run the remedy (asks first)",
           unless="why_no_remedy_run", footer=True),
    Action("next_problem", ("n",), "Next problem",
           "Select the next problem of this installation", unless="why_no_remedy"),
    Action("analyze", ("a",), "Analyze", "Check every installation again, ignoring the cache",
           unless="why_no_analysis", footer=True),
    Action("discover", ("d",), "Discover", "Find unconfigured Pythons and add them",
           unless="why_read_only", footer=True),
    Action("install", ("i",), "Build Python", "Build a Python from a source archive",
           unless="why_read_only"),
    Action("adopt", ("plus",), "Add built", "Add a Python built here to the settings",
           unless="why_no_adoption"),
    Action("log", ("l",), "Log", "Show the start-up analysis log", footer=True),
    Action("timeline", ("t",), "Timeline",
           "Show until when each is supported and how much content it has, or the table again"),
    Action("detail", ("enter",), "Detail", "Switch between list and detail",
           unless="why_no_selection"),
)  # fmt: skip
