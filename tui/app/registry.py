"""Every action, joined from the declarations of the tabs, for palette, help and tests."""

from __future__ import annotations

from .actions import SHARED_ACTIONS, Action
from .tabs.builds.actions import BUILD_ACTIONS, BUILDS_ACTIONS
from .tabs.content.actions import CONTENT_ACTIONS
from .tabs.diagnosis.actions import DIAGNOSIS_ACTIONS
from .tabs.environments.actions import ENVIRONMENTS_ACTIONS
from .tabs.installations.actions import INSTALLATIONS_ACTIONS
from .tabs.servers.actions import SERVERS_ACTIONS
from .tabs.settings.actions import SETTINGS_ACTIONS
from .tabs.simulator.actions import QUIZ_ACTIONS, SIMULATOR_ACTIONS
from .tabs.upgrade.actions import PLAN_ACTIONS, UPGRADE_ACTIONS

ACTIONS: tuple[Action, ...] = (
    *SHARED_ACTIONS,
    *INSTALLATIONS_ACTIONS,
    *SIMULATOR_ACTIONS,
    *QUIZ_ACTIONS,
    *CONTENT_ACTIONS,
    *ENVIRONMENTS_ACTIONS,
    *BUILDS_ACTIONS,
    *BUILD_ACTIONS,
    *DIAGNOSIS_ACTIONS,
    *SETTINGS_ACTIONS,
    *UPGRADE_ACTIONS,
    *PLAN_ACTIONS,
    *SERVERS_ACTIONS,
)
"""Every action, in the order in which the palette offers them."""

_BY_ID = {action.id: action for action in ACTIONS}


def find(action_id: str) -> Action:
    """Return the action of that id, such as ``installations.copy_remedy``."""
    return _BY_ID[action_id]


def actions_of(scope: str) -> tuple[Action, ...]:
    """Return the actions of one screen, or of EVERYWHERE."""
    return tuple(action for action in ACTIONS if action.scope == scope)
