"""Run blocking work in a thread and deliver the result to the event loop.

Textual's own thread workers share six threads on two cores, so one slow disk would stop them all;
they also hold up the end of the program, and end it with a traceback when one fails.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from threading import Lock, Thread, current_thread
from typing import Any, Generic, TypeVar, cast

from textual.message_pump import MessagePump

from ...core.errors import StewardError

Result = TypeVar("Result")
Item = TypeVar("Item")
Failed = Callable[[StewardError], object]

BATCH_SECONDS = 1 / 15
"""Seconds between two batches of a stream, so that a flood of items does not flood the loop."""

LONG_SECONDS = 0.5
"""After this time a person is told that something is at work."""

_must_finish: set[Thread] = set()
_begun: dict[Thread, float] = {}
"""The threads of ``call`` and when they were started."""


def call(
    owner: MessagePump,
    work: Callable[[], Result],
    then: Callable[[Result], object],
    failed: Failed | None = None,
    *,
    must_finish: bool = False,
) -> None:
    """Do work in a thread; call then (or failed) with what came of it, in the loop.

    owner: nothing is called once this screen, widget or app is gone.
    failed: None shows the error as a message.
    must_finish: the program does not end before the work is done; for what changes something.
    """
    tell_failure = failed or partial(report, owner)

    def run() -> None:
        try:
            result = work()
        except Exception as problem:
            _tell_problem(owner, problem, tell_failure)
        else:
            tell(owner, then, result)

    app = cast(Any, owner).app
    thread = _start(run, must_finish=must_finish, ended=lambda: _tell_ended(app))
    with suppress(RuntimeError):  # no loop
        asyncio.get_running_loop().call_later(LONG_SECONDS, _tell_long, app, thread)


def is_working() -> bool:
    """Return whether something has been at work for longer than people wait without a sign."""
    long_ago = time.monotonic() - LONG_SECONDS
    return any(begun <= long_ago for begun in list(_begun.values()))


def _tell_long(app: Any, thread: Thread) -> None:
    if thread in _begun:
        app.show_work()


def _tell_ended(app: Any) -> None:
    """In a thread that has been at work for long: have the sign taken away."""
    begun = _begun.pop(current_thread(), None)
    if begun is not None and time.monotonic() - begun >= LONG_SECONDS:
        with suppress(RuntimeError):  # the loop is closed
            app.call_later(app.show_work)


class Stream(Generic[Item]):
    """Items that a thread produces, delivered in batches to the loop. Made by ``stream``."""

    def __init__(
        self,
        owner: MessagePump,
        each: Callable[[list[Item]], object],
        done: Callable[[], object],
        failed: Failed,
        on_stop: Callable[[], object] | None,
    ) -> None:
        self.is_stopped = False
        self._owner, self._each, self._done, self._failed = owner, each, done, failed
        self._on_stop = on_stop
        self._lock = Lock()
        self._waiting: list[Item] = []
        self._delivered = 0.0

    def stop(self) -> None:
        """End soon; what was produced until then is still delivered."""
        self.is_stopped = True
        if self._on_stop is not None:
            self._on_stop()

    def check(self) -> None:
        """End the producer once the stream is stopped; for one that waits between its items."""
        if self.is_stopped:
            raise StopStream

    def run(self, items: Callable[[Stream[Item]], Iterable[Item]]) -> None:
        """Produce all items, in the thread."""
        produced = items(self)
        try:
            for item in produced:
                self._add(item)
                if self.is_stopped:
                    break
        except StopStream:
            pass
        except Exception as problem:
            _tell_problem(self._owner, problem, self._end_failed)
            return
        finally:
            close = getattr(produced, "close", None)
            if close is not None:
                close()
        tell(self._owner, self._end, None)

    def _add(self, item: Item) -> None:
        with self._lock:
            self._waiting.append(item)
            is_first = len(self._waiting) == 1
        if is_first:
            tell(self._owner, self._arrange, None)

    # In the loop

    def _arrange(self, _: object) -> None:
        wait = self._delivered + BATCH_SECONDS - time.monotonic()
        if wait <= 0:
            self._deliver()
        else:
            self._owner.set_timer(wait, self._deliver)

    def _deliver(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting, []
        if batch:
            self._delivered = time.monotonic()
            self._each(batch)

    def _end(self, _: object) -> None:
        self._deliver()
        self._done()

    def _end_failed(self, problem: StewardError) -> None:
        self._deliver()
        self._failed(problem)


class StopStream(Exception):
    """Raised in the thread of a stream that was stopped."""


def stream(
    owner: MessagePump,
    items: Callable[[Stream[Item]], Iterable[Item]],
    each: Callable[[list[Item]], object],
    done: Callable[[], object],
    *,
    failed: Failed | None = None,
    on_stop: Callable[[], object] | None = None,
    must_finish: bool = False,
) -> Stream[Item]:
    """Produce items in a thread; call each with batches of them, then done, in the loop.

    items: called in the thread, with the stream, whose ``check`` ends a producer that waits.
    failed: called instead of done; None shows the error as a message.
    on_stop: called by ``stop``, to end what the producer waits for.
    """
    made = Stream(owner, each, done, failed or partial(report, owner), on_stop)
    _start(lambda: made.run(items), must_finish=must_finish)
    return made


async def result_of(work: Callable[[], Result]) -> Result:
    """Return what a piece of work returns, done in a thread that does not hold up the program's
    end."""
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
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(settle, news)

    _start(run)
    return await future


def finish_all(on_wait: Callable[[], object], patience: float = 0.3) -> None:
    """Wait for the work that must finish. on_wait: called once if that takes a while."""
    until = time.monotonic() + patience
    while unfinished := next(iter(_must_finish), None):
        if time.monotonic() >= until:
            on_wait()
            until = float("inf")
        unfinished.join(0.05)


def finish_program(on_wait: Callable[[], object]) -> None:
    """As finish_all; then end the interpreters that are only asked.

    A build whose record was started is handed to its worker, even if the terminal is gone.
    """
    from ...core import processes

    finish_all(on_wait)
    processes.end_runs()


def tell(owner: MessagePump, news: Callable[[Result], object], about: Result) -> None:
    """Have the loop call news(about) for the owner; from any thread."""
    with suppress(RuntimeError):  # the loop is closed
        owner.call_later(news, about)


def is_closing(owner: MessagePump) -> bool:
    """Return whether this widget, a screen around it, or the program is being closed.

    Its widgets go before it, and some may never have come: what it still does finds nothing.
    """
    if not cast(Any, owner).app.is_running:
        return True
    return any(getattr(pump, "_pruning", False) for pump in cast(Any, owner).ancestors_with_self)


def is_changing() -> bool:
    """Return whether work that must finish is under way."""
    return bool(_must_finish)


def report(owner: MessagePump, problem: StewardError) -> None:
    """Show an error as a message at the corner."""
    cast(Any, owner).app.say(str(problem), problem=True)


def _start(
    run: Callable[[], None],
    *,
    must_finish: bool = False,
    ended: Callable[[], object] | None = None,
) -> Thread:
    """ended: called in the thread at its end; also has ``is_working`` count the thread."""

    def finished() -> None:
        try:
            run()
        finally:
            _must_finish.discard(current_thread())
            if ended is not None:
                ended()

    thread = Thread(target=finished, name="background", daemon=True)
    if must_finish:
        _must_finish.add(thread)
    if ended is not None:
        _begun[thread] = time.monotonic()
    thread.start()
    return thread


def _tell_problem(owner: MessagePump, problem: Exception, failed: Failed) -> None:
    if isinstance(problem, StewardError):
        tell(owner, failed, problem)
    elif isinstance(problem, OSError):
        what = f"the system refuses: {problem.strerror or problem}"
        tell(owner, failed, StewardError(what, code="system", file=problem.filename))
    else:  # a defect of ours: raised in the loop, which ends the program in order
        tell(owner, _raise, problem)


def _raise(defect: Exception) -> None:
    raise defect
