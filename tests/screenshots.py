"""Pictures of every screen, made from the real app on the built-in scenario.

    python -m tests.screenshots [FOLDER]

Writes one SVG for each into ``screenshots/``, or that directory. Clock, host and analysis are the
demonstration's, its builds are real records (``tests.support.showcase``), so that pictures only
change when the screens do.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest.mock import patch

from pysteward.core.builds import Event, LogLines, Phase, Record, follow
from pysteward.core.builds.events import encode, header
from pysteward.core.scenarios import find
from pysteward.core.services import DiagnosisInput
from pysteward.core.times import timestamp
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.app.demo_services import recorded_builds
from pysteward.tui.app.tabs.builds.build_screen import BuildScreen
from pysteward.tui.start import SimulatorStart
from pysteward.tui.terminal.capabilities import Terminal
from tests.app_builds.records import NOON
from tests.support.interface import screen_text
from tests.support.showcase import FAILED, Showcase
from tests.support.waiting import until

SMALL, LARGE = (80, 24), (120, 40)
# By a name, since a path would be that of the machine that makes the pictures.
LOG_OF_A_DEPLOY = DiagnosisInput(path=FAILED, name=FAILED.name)


@dataclass(frozen=True)
class Picture:
    """first: the tab to open; given: what it is opened with; keys: what is pressed then.

    build: the content whose build it is opened with. awaits: a text that stands there then.
    has_builds: whether the server has builds and content.
    """

    name: str
    first: str
    keys: Sequence[str] = ()
    size: tuple[int, int] = LARGE
    given: object = None
    build: str | None = None
    awaits: str = ""
    has_builds: bool = False
    theme: str | None = None
    terminal: Terminal = field(default_factory=Terminal)


PICTURES = (
    Picture("build", "builds", awaits="24/41"),
    Picture("build-small", "builds", (), SMALL, awaits="24/41"),
    Picture("environments", "environments", ("j",), awaits=" MB"),
    Picture("environments-small", "environments", (), SMALL, awaits=" MB"),
    Picture("installations", "installations", ("j", "j")),
    Picture("installations-small", "installations", ("j", "j"), SMALL),
    Picture("installations-light", "installations", ("j",), theme="steward-light"),
    Picture("installations-log", "installations", ("l",)),
    Picture("simulator", "simulator", ("full_stop", "full_stop"), given=find("major-minor")),
    Picture("simulator-small", "simulator", ("r", *"3.9.2", "escape"), SMALL),
    Picture("simulator-no-color", "simulator", ("r", *"3.9.2", "escape"), SMALL,
            terminal=Terminal(unicode=False, color=False)),
    Picture("simulator-steps", "simulator", ("s", "n"), given=find("nearest")),
    Picture("simulator-tour", "simulator", ("enter",) * 4, given=SimulatorStart(tour=True)),
    Picture("quiz", "simulator", ("z", "enter"), awaits="Question 1"),
    Picture("scenarios", "simulator", ("o",)),
    Picture("content", "content", ("j", "j", "j"), has_builds=True, awaits="prohibited"),
    Picture("content-small", "content", ("j",), SMALL, has_builds=True, awaits="broken"),
    Picture("deploy", "content", ("d",), SMALL, has_builds=True, awaits="Deploy a bundle"),
    Picture("builds", "builds", ("j",), has_builds=True, awaits="gcc"),
    Picture("builds-small", "builds", (), SMALL, has_builds=True, awaits="installing numpy"),
    Picture("build-running", "builds", has_builds=True, build="pricing-engine",
            awaits="Installing collected"),
    Picture("build-failed", "builds", has_builds=True, build="risk-dashboard", awaits="gcc"),
    Picture("build-failed-small", "builds", (), SMALL, has_builds=True, build="risk-dashboard",
            awaits="gcc"),
    Picture("diagnosis", "diagnosis", given=LOG_OF_A_DEPLOY, has_builds=True,
            awaits="gcc"),
    Picture("diagnosis-small", "diagnosis", (), SMALL, given=LOG_OF_A_DEPLOY,
            has_builds=True, awaits="gcc"),
    Picture("settings", "settings", ("j",)),
    Picture("settings-small", "settings", ("j", "j"), SMALL),
    Picture("upgrade", "upgrade", ("j", "j", "j", "j", "space", "p")),
    Picture("upgrade-small", "upgrade", ("space",), SMALL),
    Picture("upgrade-plan", "upgrade", ("w",), has_builds=True, awaits="chat-summaries"),
    Picture("install-python", "installations", ("i",), SMALL, has_builds=True,
            awaits="from source"),
    Picture("help", "installations", ("question_mark",)),
    Picture("palette", "installations", ("colon",)),
    Picture("themes", "installations", ("ctrl+t",)),
)  # fmt: skip


async def take(picture: Picture, source: DemoBackend) -> str:
    """The SVG of one picture."""
    given = picture.given
    if picture.build is not None and isinstance(source, Showcase):
        given = source.build(picture.build)
    app = StewardApp(
        source, picture.terminal, first=picture.first, argument=given, theme=picture.theme
    )
    async with app.run_test(size=picture.size) as pilot:
        await until(lambda: app.session.log and not app.session.analyzing, "the analysis")
        if picture.name.startswith("build") and not picture.has_builds:
            await app.push_screen(BuildScreen(_halfway(Path(picture.name)), None))
        await pilot.pause(0.5 if picture.has_builds else 0.1)
        for key in picture.keys:
            await pilot.press(key)
            await pilot.pause()
        await until(lambda: picture.awaits in screen_text(pilot.app), picture.name)
        await pilot.pause(0.3)
        return app.export_screenshot(title="pysteward", simplify=True)


def _halfway(directory: Path) -> Record:
    """A recorded build of the demonstration while it installs its packages."""
    recorded = next(each for each in recorded_builds() if each.outcome == "succeeded")
    source = Record(recorded.directory)
    events: list[Event] = []
    for event in follow(source, log=False):
        if isinstance(event, LogLines):
            continue
        events.append(event)
        if isinstance(event, Phase) and event.done == 24 and event.name == "install":
            break
    later = NOON + 20 - events[-1].time
    directory.mkdir(exist_ok=True)
    lines = [encode(replace(event, time=event.time + later)) for event in events]
    (directory / "events.jsonl").write_bytes(header(recorded.id) + b"".join(lines))
    (directory / "log.txt").write_bytes(source.log.read_bytes()[: events[-1].offset])
    record = Record(directory)
    started = timestamp(events[0].time + later)
    record.write(replace(recorded, outcome="running", started=started, finished=None, packages=()))
    # A build whose lock is held is running; this one is held until this program ends.
    fcntl.flock(os.open(record.lock, os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)
    return record


@contextmanager
def stage() -> Generator[Showcase]:
    """The server with builds, in a directory always called the same, at an hour of its own."""
    before = Path.cwd()
    with (
        tempfile.TemporaryDirectory() as directory,
        patch.dict(os.environ, {"TZ": "UTC"}),
        patch("time.time", lambda: NOON + 20),
        patch("os.urandom", bytes),  # the quiz asks the same questions each time
    ):
        os.chdir(directory)
        time.tzset()
        source = Showcase(Path())
        try:
            yield source
        finally:
            source.close()
            os.chdir(before)
    time.tzset()


def main(arguments: Sequence[str]) -> None:
    directory = Path(arguments[0]) if arguments else Path(__file__).parent.parent / "screenshots"
    directory = directory.absolute()
    directory.mkdir(exist_ok=True)
    with stage() as showcase:
        for picture in PICTURES:
            source = showcase if picture.has_builds else DemoBackend(pause=0)
            text = asyncio.run(take(picture, source))
            (directory / f"{picture.name}.svg").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
