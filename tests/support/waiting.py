"""Wait until something happens, and fail with what never happened.

A test waits for an event, not for a time: it looks every few milliseconds and goes on at once. The
limits are for a machine that does much else; no test that succeeds comes near to them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from textual.css.query import NoMatches

T = TypeVar("T")

_PAUSE = 0.005  # seconds between two looks

What = str | Callable[[], str]
"""What is waited for, in words, or a function that says what is there instead."""


def wait_for(look: Callable[[], T | None], what: What = "", *, seconds: float = 200) -> T:
    """Return what `look` gives once it gives something.

    seconds: the limit. Raises: AssertionError when it is reached.
    """
    give_up = time.monotonic() + seconds
    while not (found := look()):
        _check_time(give_up, seconds, what or repr(look))
        time.sleep(_PAUSE)
    return found


async def until(look: Callable[[], T | None], what: What = "", *, seconds: float = 30) -> T:
    """The same while the event loop runs, such as that of an app under test.

    A widget that is not there yet counts as nothing.
    """
    give_up = time.monotonic() + seconds
    while True:
        with suppress(NoMatches):
            if found := look():
                return found
        _check_time(give_up, seconds, what or repr(look))
        await asyncio.sleep(_PAUSE)


def _check_time(give_up: float, seconds: float, what: What) -> None:
    if time.monotonic() > give_up:
        raise AssertionError(
            f"not within {seconds:g} s: {what if isinstance(what, str) else what()}"
        )
