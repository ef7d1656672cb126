"""The actions of the Settings tab."""

from __future__ import annotations

from ...actions import LIST_ACTIONS, Action, actions

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
    Action("move_up", ("K",), "Move up",
           "Move the selected item up: the order of executables matters", unless="why_no_up"),
    Action("move_down", ("J",), "Move down", "Move the selected item down",
           unless="why_no_down"),
    Action("undo", ("u",), "Undo", "Take the last change of this session back (asks first)",
           unless="why_no_undo", footer=True),
    Action("backups", ("b",), "Backups", "Compare backups of the settings, and restore one",
           unless="why_no_backups"),
    *LIST_ACTIONS,
)  # fmt: skip
