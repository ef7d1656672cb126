"""What the commands share that read a Connect server: how it is opened, and what they say of it."""

from __future__ import annotations

import argparse
import time

from ...core.errors import UsageError
from ...core.matching import Candidate, Policy
from ...core.remotes.connect import ConnectSession, Inventory, read_inventory, read_pythons
from .. import messages

_SECONDS_BETWEEN = 2


def open_session(name: str, matching: str | None = None) -> ConnectSession:
    """Open a server. matching: a policy from the command line. Raises: StewardError."""
    return ConnectSession(
        name, policy=None if matching is None else Policy.parse(matching), on_wait=_say_pause
    )


def say_assumptions(session: ConnectSession) -> None:
    """Say which policy is used where the server's own is not known."""
    if session.policy_is_assumed:
        messages.note(
            f"the policy of {session.server.name} is not known; {session.policy.value} is "
            "assumed (--matching POLICY)"
        )


def read_source(session: ConnectSession) -> Inventory:
    """Read the first answer, and say what the server did not give."""
    progress = Progress()
    inventory = read_inventory(session.client, lambda text: progress.say(f"read: {text}"))
    for sentence in inventory.missing:
        messages.warn(f"{session.server.name}: {sentence}")
    return inventory


def read_candidates(session: ConnectSession) -> tuple[Candidate, ...]:
    """Return the Pythons that new content can use, by one request. Raises: RemoteError."""
    pythons = read_pythons(session.client)
    return Inventory(pythons, (), None, 0, ()).candidates(for_new_content=True)


def refuse_together(arguments: argparse.Namespace, *names: str) -> None:
    """Raise UsageError where an option is given that has no meaning with --connect."""
    for name in names:
        if getattr(arguments, name):
            shown = "REQUEST" if name == "requests" else f"--{name.replace('_', '-')}"
            raise UsageError(f"--connect and {shown} do not go together")


class Progress:
    """Says how far something is, not more often than every two seconds."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def say(self, text: str) -> None:
        if time.monotonic() - self._last >= _SECONDS_BETWEEN:
            self._last = time.monotonic()
            messages.note(text)


def _say_pause(seconds: float, why: str) -> None:
    messages.note(f"{why}; the next request is made in {seconds:g} s")
