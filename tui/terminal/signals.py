"""Leaves the terminal in order whatever ends the program; Textual itself does not."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any

from textual.app import App

from ..app.background import finish_all

_SECONDS_TO_LEAVE = 5.0
_LEAVING_SIGNALS = ("SIGTERM", "SIGHUP")


def leave_on_signals(app: App[Any]) -> None:
    """End the app with 128 plus the signal's number, as a shell has it.

    Not by a handler of the loop: where the terminal takes nothing, the loop waits for it.
    """
    loop = asyncio.get_running_loop()

    def leave(number: int, _: object) -> None:
        status = 128 + number
        Thread(target=_leave_at_last, args=(status,), name="leaving", daemon=True).start()
        with suppress(RuntimeError):  # the loop is closed: what is left is finished already
            loop.call_soon_threadsafe(lambda: app.exit(return_code=status))

    for name in _LEAVING_SIGNALS:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, leave)


def settle(on_wait: Callable[[], object]) -> None:
    """Finish what changes something, end what was only asked. on_wait: see `errands.finish`.

    A build whose record was begun is handed to its worker, whoever hangs up meanwhile.
    """
    from ...core import processes

    finish_all(on_wait)
    processes.end_runs()


def _leave_at_last(status: int) -> None:
    time.sleep(_SECONDS_TO_LEAVE)
    settle(lambda: None)
    os._exit(status)
