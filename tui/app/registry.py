"""The registry: every action once, with its keys, its words, and when it is not possible.

Key bindings, footer, palette and help are all made from it. One file per scope; a new screen
adds its file here and its entry to ``tui.screens``.
"""

from __future__ import annotations

from . import everywhere
from .actions import EVERYWHERE, Action, key_name
from .log.actions import log_actions
from .tabs.builds import actions as builds
from .tabs.content import actions as content
from .tabs.diagnosis import actions as diagnosis
from .tabs.installations import actions as installations
from .tabs.settings import actions as settings
from .tabs.simulator import actions as simulator
from .tabs.upgrade import actions as upgrade

__all__ = ["ACTIONS", "EVERYWHERE", "Action", "actions_of", "bindings_of", "find", "key_name"]

ACTIONS: tuple[Action, ...] = (
    *everywhere.ACTIONS,
    *installations.ACTIONS,
    *simulator.ACTIONS,
    *content.ACTIONS,
    *builds.ACTIONS,
    *builds.ONE_ACTIONS,
    *log_actions("build"),
    *diagnosis.ACTIONS,
    *log_actions("diagnosis"),
    *settings.ACTIONS,
    *upgrade.ACTIONS,
)
"""Every action, in the order in which help and footer show them."""

_BY_ID = {action.id: action for action in ACTIONS}


def find(action_id: str) -> Action:
    """The action of that id, such as ``installations.copy_remedy``."""
    return _BY_ID[action_id]


def actions_of(scope: str) -> tuple[Action, ...]:
    """The actions of one screen, or of EVERYWHERE."""
    return tuple(action for action in ACTIONS if action.scope == scope)


def bindings_of(*scopes: str) -> list[tuple[str, str, str]]:
    """The key bindings of these scopes, as Textual wants them."""
    return [
        (",".join(action.keys), f"act('{action.id}')", action.label)
        for scope in scopes
        for action in actions_of(scope)
        if action.keys
    ]
