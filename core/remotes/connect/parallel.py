"""Work on many things, a few at the same time; results come as they are ready."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from ...errors import RemoteError

A = TypeVar("A")
B = TypeVar("B")


def in_parallel(
    work: Callable[[A], B], items: Iterable[A], at_once: int
) -> Generator[tuple[A, B | RemoteError]]:
    """Yield each item with what came of it, in the order in which they are ready.

    A RemoteError is yielded as the result; any other exception ends everything. Not more than
    `at_once` items are taken ahead of what was yielded, so the caller may stop at any time.
    """
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="remote")
    running: dict[Future[B], A] = {}
    waiting = iter(items)
    try:
        while True:
            while len(running) < at_once:
                try:
                    item = next(waiting)
                except StopIteration:
                    break
                running[pool.submit(work, item)] = item
            if not running:
                return
            for ready in wait(running, return_when=FIRST_COMPLETED).done:
                item = running.pop(ready)
                try:
                    yield item, ready.result()
                except RemoteError as problem:
                    yield item, problem
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
