"""Three sizes of a run: quick for daily work, ci for every change, full before a release.

`tests/run --quick` leaves out what takes seconds: tests marked slow, network, terminal, and all
that make an environment. `tests/run` leaves out what is marked full, and takes a sample of each
long proof (`how_many`). `tests/run --full` leaves out nothing.
"""

from __future__ import annotations

import os

import pytest

SIZE = os.environ.get("PYSTEWARD_TESTS", "ci")
_LEFT_OUT = {
    "quick": ("slow", "network", "terminal", "builds", "full"),
    "ci": ("full",),
    "full": (),
}[SIZE]

# A test that asks for one of these builds with a real pip and a real virtualenv.
_BUILDING = frozenset({"installation", "server", "workshop"})


def how_many(ci: int, full: int) -> int:
    """How many repetitions of a long proof this run makes."""
    return full if SIZE == "full" else ci


@pytest.hookimpl(tryfirst=True)  # before anything else deselects or counts
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        if _BUILDING & set(getattr(item, "fixturenames", ())):
            item.add_marker("builds")
        elif item.get_closest_marker("terminal"):
            # A busy machine may be late at a terminal. What is told of locks, kills and builds
            # must be true the first time.
            item.add_marker(pytest.mark.flaky(reruns=1))
        is_left_out = any(map(item.get_closest_marker, _LEFT_OUT))
        (left_out if is_left_out else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept
