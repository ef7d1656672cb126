"""A log is painted no faster than the terminal at the end of the line can show it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from pysteward.tui.app.log import frame_pacing
from pysteward.tui.app.log.frame_pacing import (
    FRAME,
    PATIENCE,
    QUESTION,
    SILENT,
    Pacer,
)


class Owner:
    """A widget in an app whose terminal answers, or does not; time passes as the test wants."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, answers: bool) -> None:
        self.now = 100.0
        self.written: list[str] = []
        self.painted: list[float] = []
        self.due: tuple[float, Callable[[], None]] | None = None
        driver = SimpleNamespace(write=self.written.append, flush=lambda: None)
        self.app = SimpleNamespace(_sync_available=answers, is_headless=False, _driver=driver)
        monkeypatch.setattr(frame_pacing, "monotonic", lambda: self.now)

    def paint(self) -> None:
        self.painted.append(self.now)

    def call_after_refresh(self, callback: Callable[[], None]) -> None:
        callback()

    def set_timer(self, seconds: float, callback: Callable[[], None]) -> SimpleNamespace:
        self.due = (self.now + seconds, callback)
        return SimpleNamespace(stop=self._stop)

    def _stop(self) -> None:
        self.due = None

    def passes(self, seconds: float) -> None:
        self.now += seconds
        while self.due is not None and self.due[0] <= self.now:
            callback, self.due = self.due[1], None
            callback()


def pacer(owner: Owner, *, remote: bool = False) -> Pacer:
    return Pacer(owner, owner.paint, remote=remote)


def test_the_next_frame_waits_for_the_answer_and_leaves_the_line_idle_as_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = Owner(monkeypatch, answers=True)
    pace = pacer(owner)
    pace.want()
    assert owner.written == [QUESTION]
    pace.want()
    owner.passes(0.4)
    assert len(owner.painted) == 1
    pace.answered()
    owner.passes(0.3)
    assert len(owner.painted) == 1
    owner.passes(0.2)
    assert len(owner.painted) == 2


def test_a_quick_terminal_gets_fifteen_frames_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = Owner(monkeypatch, answers=True)
    pace = pacer(owner)
    for _ in range(300):
        pace.want()
        pace.answered()
        owner.passes(0.01)
    assert 3 / FRAME * 0.75 < len(owner.painted) <= 3 / FRAME + 1


def test_an_answer_that_never_comes_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = Owner(monkeypatch, answers=True)
    pace = pacer(owner)
    pace.want()
    pace.want()
    owner.passes(PATIENCE + 0.01)
    assert len(owner.painted) == 2


@pytest.mark.parametrize(("remote", "pause"), [(False, FRAME), (True, SILENT)])
def test_a_terminal_that_does_not_answer_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, remote: bool, pause: float
) -> None:
    owner = Owner(monkeypatch, answers=False)
    pace = pacer(owner, remote=remote)
    pace.want()
    pace.want()
    owner.passes(pause * 0.9)
    assert len(owner.painted) == 1
    owner.passes(pause * 0.2)
    assert len(owner.painted) == 2
    assert not owner.written


def test_idle_there_is_no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = Owner(monkeypatch, answers=False)
    pacer(owner).want()
    owner.passes(1)
    assert owner.due is None
