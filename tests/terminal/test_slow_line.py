"""What a slow line is spared: how many bytes each screen costs, counted at the terminal's end."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from pysteward.core.upgrades import PlanFile
from tests.app_builds.records import write_build
from tests.app_upgrade.desk import PLAN
from tests.support.pythons import real_pythons
from tests.support.terminal import Terminal, terminal

pytestmark = pytest.mark.terminal

CURSOR, PAGE, SCREEN = 2_000, 15_000, 50_000
SILENCE = 0.3  # seconds after which an answer is taken to be whole

SIZES = [(80, 24), (120, 40)]
DOWN, UP, ESCAPE = "\x1b[B", "\x1b[A", "\x1b"
PAGE_DOWN, PAGE_UP, END, HOME = "\x1b[6~", "\x1b[5~", "\x1b[F", "\x1b[H"


class Place(NamedTuple):
    """A screen: the keys that lead to it, what it shows then, and what it shows at last."""

    name: str
    way: tuple[str, ...]
    shows: str


PLACES = (
    Place("installations", ("1",), "/nowhere/01"),
    Place("simulator", ("2",), "Policies"),
    Place("content", ("3",), "dashboard-01"),
    Place("builds", ("4",), "dashboard-39"),
    Place("log", ("4", HOME, "\r"), "> ERROR"),
    Place("diagnosis", ("4", HOME, "d"), "ERROR"),
    Place("log of a diagnosis", ("4", HOME, "d", "\t"), "ERROR"),
    Place("settings", ("6",), "Enabled"),
    Place("settings with a list", ("6", HOME), "Enabled"),
    Place("items of a list", ("6", HOME, DOWN, "\t"), "/nowhere/01"),
    Place("upgrade", ("7",), "Preflight"),
    Place("content of an upgrade", ("7", "\t"), "Preflight"),
)


@pytest.fixture(scope="module")
def arguments(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """More content and builds than a page has, and logs of 3,000 lines."""
    directory = tmp_path_factory.mktemp("slow-line")
    state = directory / "state"
    state.mkdir(mode=0o700)
    for number in range(1, 40):
        write_build(
            state,
            number,
            "succeeded" if number % 3 == 1 else "failed",
            content=f"dashboard-{number:02d}",
            finished="2025-10-09T08:54:40Z",
            log=_log(3_000 if number > 37 else 20),
        )
    (state / "upgrades").mkdir()
    PlanFile(state / "upgrades" / f"{PLAN.id}.json").write(PLAN)
    settings = directory / "pysteward.gcfg"
    pythons = "".join(f'Executable = "/nowhere/{n:02d}/bin/python3"\n' for n in range(1, 41))
    settings.write_text(f"[Python]\nEnabled = true\n{pythons}")
    settings.chmod(0o600)
    return ["--config", str(settings), "--state-dir", str(state)]


def _log(lines: int) -> str:
    return "".join(
        f"  copying build/lib/module/file_{n:07d}.py -> build/bdist.linux-x86_64/wheel/module {n}\n"
        if n % 7
        else f"ERROR: Failed building wheel for package {n:07d}, which is as long as the others\n"
        for n in range(1, lines + 1)
    )


@pytest.fixture(scope="module")
def both(arguments: list[str]) -> Iterator[tuple[Terminal, ...]]:
    """The program in a terminal of each size, started once: the way to a place begins anywhere."""
    with ExitStack() as stack:
        both = tuple(stack.enter_context(terminal(arguments, size=size)) for size in SIZES)
        for shown in both:
            shown.wait_for("Quit")
            shown.wait_for(lambda shown=shown: "analyzing" not in shown.text)
        settle(both)
        yield both
        for shown in both:
            shown.press("q")
            assert shown.end() == 0


IN_EVERY_RUN = {"installations", "log"}  # the others only in a full one


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(
            place, id=place.name, marks=() if place.name in IN_EVERY_RUN else pytest.mark.full
        )
        for place in PLACES
    ],
)
def test_a_slow_line_is_spared(place: Place, both: tuple[Terminal, ...]) -> None:
    for keys in place.way:
        assert costs(both, keys) <= SCREEN
    for shown in both:
        shown.wait_for(place.shows)
    moves = {keys: costs(both, keys) for keys in (DOWN, UP)}
    assert max(moves.values()) <= CURSOR, moves
    pages = {keys: costs(both, keys) for keys in (PAGE_DOWN, PAGE_UP, END, HOME)}
    assert max(pages.values()) <= PAGE, pages
    assert costs(both, "?") <= SCREEN
    assert costs(both, ESCAPE) <= SCREEN
    assert_idle(both)
    if place.name == "log":
        assert costs(both, ESCAPE) <= SCREEN


def test_a_long_list_costs_little_on_a_large_screen(arguments: list[str]) -> None:
    """Forty items, of which there is room for all."""
    with terminal(arguments, size=(200, 60)) as shown:
        shown.wait_for("0/40 usable")
        only = (shown,)
        for keys in ("6", HOME, DOWN):
            assert costs(only, keys) <= SCREEN
        moves = {number: costs(only, "n") for number in range(9)}
        moves |= {keys: costs(only, keys) for keys in (DOWN, UP)}
        assert max(moves.values()) <= CURSOR, moves
        for _ in range(2):  # to all items, and back to the list
            assert costs(only, "\t") <= PAGE
        assert max(costs(only, keys) for keys in (DOWN, UP)) <= CURSOR
        shown.press("q")
        assert shown.end() == 0


def test_real_pythons_with_all_that_is_known_of_them_cost_little(tmp_path: Path) -> None:
    settings = tmp_path / "pysteward.gcfg"
    paths = "".join(f'Executable = "{python.program}"\n' for python in real_pythons())
    settings.write_text(f"[Python]\nEnabled = true\n{paths}Executable = /nowhere\n")
    settings.chmod(0o600)
    arguments = ["--config", str(settings), "--state-dir", str(tmp_path / "state")]
    with terminal(arguments, size=(120, 40)) as shown:
        shown.wait_for("/nowhere")
        shown.wait_for(lambda: "analyzing" not in shown.text, 60)
        settle((shown,))
        moves = [costs((shown,), keys) for keys in [DOWN] * len(real_pythons()) + [UP]]
        assert max(moves) <= CURSOR, moves


def test_the_first_page_is_sent_once(arguments: list[str]) -> None:
    with terminal(arguments) as shown:
        shown.wait_for("Quit")
        shown.read(SILENCE)
        assert shown.written.count(b"Quit") == 1
        shown.press("q")
        assert shown.end() == 0


def costs(both: tuple[Terminal, ...], keys: str) -> int:
    """How many bytes the program writes at the most in answer to these keys."""
    for shown in both:
        shown.forget()
        shown.press(keys)
    settle(both)
    return max(len(shown.written) for shown in both)


def settle(both: tuple[Terminal, ...]) -> None:
    """Read until all are silent at once, and not because they wait for a processor."""
    of = {shown.child.fileno(): shown for shown in both}
    while True:
        talking = select.select(list(of), [], [], SILENCE)[0]
        if not talking and not any(is_busy(shown.child.pid) for shown in both):
            return
        for number in talking:
            assert of[number].read(0), "the program is gone"


def is_busy(pid: int) -> bool:
    tasks = Path(f"/proc/{pid}/task").glob("*/stat")
    return any(task.read_text().rpartition(")")[2].split()[0] != "S" for task in tasks)


def assert_idle(both: tuple[Terminal, ...]) -> None:
    for shown in both:
        shown.forget()
    before = [cpu_seconds(shown.child.pid) for shown in both]
    time.sleep(2)
    for shown, spent in zip(both, before, strict=True):
        shown.read(0)
        assert shown.written == b"", "it is idle"
        assert cpu_seconds(shown.child.pid) - spent <= 0.03


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
