"""The actions of the Environments tab."""

from __future__ import annotations

from ...actions import LIST_ACTIONS, MARK_ACTIONS, Action, actions

ENVIRONMENTS_ACTIONS = actions(
    "environments",
    *LIST_ACTIONS,
    *MARK_ACTIONS,
    Action("verify", ("v",), "Verify",
           "Check it, or all marked, for missing or changed files", unless="why_no_verify",
           footer=True),
    Action("verify_all", ("V",), "Verify all", "Check all environments",
           unless="why_no_environments"),
    Action("rebuild", ("b",), "Rebuild",
           "Rebuild the content that uses it, or the marked ones (asks first)",
           unless="why_no_rebuild", footer=True),
    Action("prune", ("p",), "Prune",
           "Show what is not needed and how much it frees, and remove it (asks first)",
           unless="why_no_prune", footer=True),
    Action("compare", ("c",), "Compare", "Compare its packages with those of the marked one",
           unless="why_no_compare", footer=True),
    Action("content", ("l",), "Content", "Go to the content that uses it",
           unless="why_no_content"),
    Action("detail", ("enter", "tab"), "Detail", "Switch between list and detail",
           unless="why_no_environment"),
)  # fmt: skip
