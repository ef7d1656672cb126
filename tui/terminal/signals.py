"""Restore the terminal on SIGTERM and SIGHUP, which Textual does not handle."""

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

_SECONDS_TO_LEAVE = 5.0
_LEAVING_SIGNALS = ("SIGTERM", "SIGHUP")


def leave_on_signals(app: App[Any], finish: Callable[[], object]) -> None:
    """End the app with status 128 plus the signal's number, as a shell does.

    Not by a handler of the loop, which waits while the terminal accepts no output.
    finish: waits for work that must not be interrupted; called before the process is ended.
    """
    loop = asyncio.get_running_loop()

    def leave(number: int, _: object) -> None:
        status = 128 + number
        Thread(target=_leave_at_last, args=(status, finish), name="leaving", daemon=True).start()
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(lambda: app.exit(return_code=status))

    for name in _LEAVING_SIGNALS:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, leave)


def _leave_at_last(status: int, finish: Callable[[], object]) -> None:
    time.sleep(_SECONDS_TO_LEAVE)
    finish()
    os._exit(status)
