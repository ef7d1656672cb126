"""Work that may block, done in a thread of its own; what came of it arrives as a message.

Textual's own thread workers share six threads on two cores; a slow disk would stop them all.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from textual.message_pump import MessagePump

from ..core.errors import StewardError

Result = TypeVar("Result")


def send(
    owner: MessagePump,
    work: Callable[[], Result],
    then: Callable[[Result], object],
    failed: Callable[[StewardError], object],
) -> None:
    """Do it elsewhere; then (or failed) is called as a message of the owner's.

    Nothing is called when the owner has gone meanwhile.
    """

    def run() -> None:
        try:
            result = work()
        except StewardError as problem:
            owner.call_later(failed, problem)
        else:
            owner.call_later(then, result)

    Thread(target=run, name="errand", daemon=True).start()
