"""The actions of the Content tab."""

from __future__ import annotations

from ...actions import LIST_ACTIONS, MARK_ACTIONS, Action, actions

CONTENT_ACTIONS = actions(
    "content",
    *LIST_ACTIONS,
    *MARK_ACTIONS,
    Action("deploy", ("d",), "Deploy", "Deploy a bundle (directory or .tar.gz)",
           unless="why_no_deploy", footer=True),
    Action("rebuild", ("b",), "Rebuild",
           "Rebuild its environment, or those of all marked, on the same Python while usable",
           unless="why_no_rebuild", footer=True),
    Action("rebuild_changed", ("B",), "Rebuild outdated",
           "Rebuild all content that is out of date", unless="why_no_rebuild_changed"),
    Action("roll_back", ("u",), "Roll back",
           "Roll back to the previous environment (asks first)", unless="why_no_rollback",
           footer=True),
    Action("build", ("l",), "Last build", "Open its last build", unless="why_no_content",
           footer=True),
    Action("check", ("c",), "Check", "Start it, and see whether it answers",
           unless="why_no_run", footer=True),
    Action("render", ("h",), "Render", "Write its document as HTML",
           unless="why_no_run"),
    Action("last_run", ("o",), "Last run", "Open the log of its last check or render",
           unless="why_no_last_run"),
    Action("simulate", ("m",), "Simulate", "Open its request in the simulator",
           unless="why_no_request"),
    Action("remove", ("delete",), "Remove",
           "Remove it, or all marked, with bundles and build records (asks first)",
           unless="why_no_remove"),
    Action("detail", ("enter",), "Detail", "Switch between list and detail",
           unless="why_no_content"),
)  # fmt: skip
