"""Work that may block, done in a thread of its own; what came of it arrives as a message.

Textual's own thread workers share six threads on two cores; a slow disk would stop them all.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread, current_thread
from typing import TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

from ...core.errors import StewardError

Result = TypeVar("Result")

_deeds: set[Thread] = set()


def call(
    owner: MessagePump,
    work: Callable[[], Result],
    then: Callable[[Result], object],
    failed: Callable[[StewardError], object],
) -> None:
    """Find something out elsewhere; then (or failed) is called as a message of the owner's.

    Nothing is called when the owner has gone meanwhile; the program may end before it is over.
    """
    Thread(target=_run, args=(owner, work, then, failed), name="errand", daemon=True).start()


def do(
    owner: MessagePump,
    work: Callable[[], Result],
    then: Callable[[Result], object],
    failed: Callable[[StewardError], object],
) -> None:
    """As `send`, for what changes something: the program does not end before that is over."""

    def deed() -> None:
        try:
            _run(owner, work, then, failed)
        finally:
            _deeds.discard(current_thread())

    thread = Thread(target=deed, name="deed", daemon=True)
    _deeds.add(thread)
    thread.start()


def finish_all(on_wait: Callable[[], object], patience: float = 0.3) -> None:
    """Wait for the deeds that are under way. on_wait: called once when that takes a while."""
    until = time.monotonic() + patience
    while under_way := next(iter(_deeds), None):
        if time.monotonic() >= until:
            on_wait()
            until = float("inf")
        under_way.join(0.05)


def post(owner: MessagePump, message: Message) -> None:
    """Post a message from any thread; nothing happens when the owner, or all, has gone."""
    with suppress(RuntimeError):  # the loop is closed: nobody is there to be told
        owner.post_message(message)


async def result_of(work: Callable[[], Result]) -> Result:
    """What a piece of work returns, done in a thread that nobody waits for at the end."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Result] = loop.create_future()

    def settle(news: Callable[[], None]) -> None:
        if not future.cancelled():
            news()

    def run() -> None:
        try:
            news = partial(future.set_result, work())
        except (StewardError, OSError) as problem:
            news = partial(future.set_exception, problem)
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, news)

    Thread(target=run, name="errand", daemon=True).start()
    return await future


def _run(
    owner: MessagePump,
    work: Callable[[], Result],
    then: Callable[[Result], object],
    failed: Callable[[StewardError], object],
) -> None:
    try:
        result = work()
    except StewardError as problem:
        _tell(owner, failed, problem)
    except OSError as error:
        what = f"the system refuses: {error.strerror or error}"
        _tell(owner, failed, StewardError(what, code="system", file=error.filename))
    except Exception as mistake:  # ours: told in the loop, where it ends the program in order
        _tell(owner, _raise, mistake)
    else:
        _tell(owner, then, result)


def _tell(owner: MessagePump, news: Callable[[Result], object], about: Result) -> None:
    with suppress(RuntimeError):  # the loop is closed: nobody is there to be told
        owner.call_later(news, about)


def _raise(mistake: Exception) -> None:
    raise mistake
