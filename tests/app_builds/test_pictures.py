"""What the screens of builds, content and diagnosis look like, narrow and wide."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from pysteward.core.services import DiagnosisInput
from pysteward.tui.terminal.capabilities import Terminal
from tests.app_builds.conftest import MakeDesk
from tests.app_builds.records import LOG, write_build
from tests.support.interface import until_shown
from tests.support.waiting import until

SIZES = [(80, 24), (120, 40)]
PLAIN = Terminal(unicode=False, color=False, many_colors=False)

Compare = Callable[..., bool]


@pytest.fixture
def builds(state: Path, noon: None) -> list[str]:
    """Three builds: one failed, one succeeded, one that seems to run."""
    held = [
        write_build(state, 1, "failed", content="dashboard"),
        write_build(state, 2, "succeeded", content="forecast"),
        write_build(state, 3, "running", content="reports"),
    ]
    return [each.build.id for each in held]


def waiting(*texts: str) -> Callable[[Pilot[None]], object]:
    async def wait(pilot: Pilot[None]) -> None:
        for text in texts:
            await until_shown(pilot.app, text)
        await until(lambda: not pilot.app.session.analyzing)
        await pilot.pause()

    return wait


@pytest.mark.parametrize("size", SIZES)
def test_the_builds(
    snap_compare: Compare, builds: list[str], make_desk: MakeDesk, size: tuple[int, int]
) -> None:
    app = make_desk("builds")
    run_before = waiting("resolve: found flask 2.0", "Because")
    assert snap_compare(app, terminal_size=size, run_before=run_before)


@pytest.mark.parametrize("terminal", [Terminal(), PLAIN], ids=["color", "plain"])
@pytest.mark.parametrize("size", SIZES)
def test_a_failed_build(
    snap_compare: Compare,
    builds: list[str],
    make_desk: MakeDesk,
    size: tuple[int, int],
    terminal: Terminal,
) -> None:
    app = make_desk("builds", given=builds[0], terminal=terminal)
    run_before = waiting("> ERROR", "2 errors | 1 warning", "nothere[extra]")
    assert snap_compare(app, terminal_size=size, run_before=run_before)


@pytest.mark.parametrize("size", SIZES)
def test_the_content(
    snap_compare: Compare,
    builds: list[str],
    make_desk: MakeDesk,
    size: tuple[int, int],
    context: SimpleNamespace,
) -> None:
    app = make_desk("content")
    run_before = waiting("dashboard", "forecast", "reports", "Last build")
    assert snap_compare(app, terminal_size=size, run_before=run_before)


@pytest.mark.parametrize("size", SIZES)
def test_the_diagnosis(
    snap_compare: Compare, state: Path, make_desk: MakeDesk, size: tuple[int, int]
) -> None:
    log = Path("build.log")
    log.write_text("".join(f"line {number}\n" for number in range(1, 200)) + LOG)
    app = make_desk("diagnosis", given=DiagnosisInput(path=log))
    run_before = waiting("> ERROR: Could not", "2 errors | 1 warning")
    assert snap_compare(app, terminal_size=size, run_before=run_before)
