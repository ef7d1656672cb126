"""The interface on a state directory of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from pysteward.core.installations import Analysis
from pysteward.core.settings import load
from pysteward.tui.app.app import StewardApp
from pysteward.tui.terminal.capabilities import Terminal
from tests.app_builds.records import Desk

MakeDesk = Callable[..., StewardApp]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state directory; its path is the same in every test, so that pictures are."""
    monkeypatch.chdir(tmp_path)
    state = Path("state")
    state.mkdir()
    return state


@pytest.fixture
def context(state: Path) -> SimpleNamespace:
    """What a server has, as far as its services ask; its settings can be exchanged."""
    file = Path("pysteward.toml")
    file.write_text('[python]\nenabled = true\nversion-matching = "nearest"\n')
    file.chmod(0o600)
    return SimpleNamespace(
        state_dir=state,
        builds=state / "builds",
        settings=load(file.absolute()),
        run_as=None,
        analysis=lambda: Analysis((), ()),
    )


@pytest.fixture
def make_desk(context: SimpleNamespace) -> MakeDesk:
    def make(first: str, *, terminal: Terminal | None = None, given: object = None) -> StewardApp:
        return StewardApp(
            Desk(context),
            terminal or Terminal(),
            first=first,
            argument=given,
        )

    return make


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock stands still, twenty seconds after the builds of the records began."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.setattr(time, "time", lambda: 1_760_000_020.0)
    yield
    monkeypatch.undo()
    time.tzset()
