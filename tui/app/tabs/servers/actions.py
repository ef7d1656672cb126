"""The actions of the Servers tab."""

from __future__ import annotations

from ...actions import LIST_ACTIONS, Action, actions

SERVERS_ACTIONS = actions(
    "servers",
    Action("open", ("enter",), "Open", "Open the server's own interface in this terminal",
           unless="why_no_interface", footer=True),
    Action("installations", ("i",), "Installations",
           "Show the server's installations here, read only", unless="why_no_server", footer=True),
    Action("ask", ("a",), "Ask again", "Ask all servers again", unless="why_no_question",
           footer=True),
    *LIST_ACTIONS,
    Action("detail", ("space",), "Detail", "Switch between list and detail",
           unless="why_no_server"),
)  # fmt: skip
