"""The actions of the Upgrade tab and of the screen of a plan."""

from __future__ import annotations

from ...actions import Action, actions

UPGRADE_ACTIONS = actions(
    "upgrade",
    Action("switch", ("space",), "Keep/remove",
           "Mark the selected installation for removal, or keep it", unless="why_no_option",
           footer=True),
    Action("add", ("plus", "a"), "Add", "Add versions or installation paths", footer=True),
    Action("preflight", ("f",), "Preflight", "Check that moved content still installs",
           unless="why_no_preflight", footer=True, on="operations"),
    Action("apply", ("u",), "Apply",
           "Apply the change and rebuild affected content (shows a diff first)",
           unless="why_no_apply", footer=True, on="operations"),
    Action("policy", ("p",), "Policy", "Try the next matching policy", footer=True),
    Action("plan", ("w",), "Status", "Show the progress of the last upgrade",
           unless="why_no_plan", footer=True, on="operations"),
    Action("stop", ("c",), "Cancel", "Stop the preflight; results so far are kept",
           unless="why_no_stop", on="operations", old=("x",)),
    Action("filter", ("slash",), "Filter", "Filter by text"),
    Action("remove", ("minus", "delete"), "Remove", "Remove the selected new installation",
           unless="why_not_removable"),
    Action("today", ("R",), "Reset", "Discard the change", unless="why_no_change"),
    Action("simulate", ("m",), "Simulate",
           "Open the selected content's request in the simulator", unless="why_no_content"),
)  # fmt: skip

PLAN_ACTIONS = actions(
    "upgrade_plan",
    Action("build", ("l", "enter"), "Build", "Open the selected content's build",
           unless="why_no_build", footer=True),
    Action("retry", ("t",), "Retry", "Rebuild what failed", unless="why_no_retry", footer=True),
    Action("resume", ("r",), "Resume", "Continue the upgrade", unless="why_no_resume",
           footer=True),
    Action("stop", ("c",), "Cancel", "Stop starting builds; running ones finish",
           unless="why_no_stop", footer=True, old=("x",)),
    Action("roll_back", ("b",), "Roll back",
           "Roll back to the previous environment (asks first)", unless="why_no_rollback",
           footer=True),
    Action("times", ("v",), "Times", "Show when each build ran, or the table again",
           unless="why_no_times", footer=True),
    Action("abandon", ("D",), "Abandon", "Drop the remaining steps of a stopped upgrade",
           unless="why_no_abandon"),
)  # fmt: skip
