"""The actions of the Settings tab."""

from __future__ import annotations

from ...actions import Action, actions

SETTINGS_ACTIONS = actions(
    "settings",
    Action("edit", ("e", "enter"), "Edit", "Edit this setting (shows a diff first)",
           unless="why_no_edit", footer=True),
    Action("add", ("a", "plus"), "Add", "Add an item to this list or table",
           unless="why_no_add", footer=True),
    Action("remove", ("delete", "minus"), "Remove",
           "Remove the selected item, or reset the setting", unless="why_no_remove",
           footer=True),
    Action("next_item", ("n",), "Next item", "Select the next item", unless="why_no_item",
           footer=True),
    Action("filter", ("slash",), "Filter", "Filter by text", footer=True),
)  # fmt: skip
