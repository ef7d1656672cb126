"""Pictures of every screen, made from the real app on the built-in scenario.

    python -m tests.screenshots [FOLDER]

Writes one SVG for each into ``screenshots/``, or that folder. Clock, host and analysis are the
demonstration's, so that they only change when the screens do.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pysteward.core.scenarios import find
from pysteward.tui.app import StewardApp
from pysteward.tui.demo import DemoSource
from pysteward.tui.opening import Play
from pysteward.tui.terminal import Terminal

SMALL, LARGE = (80, 24), (120, 40)


@dataclass(frozen=True)
class Picture:
    """first: the tab to open; given: what it is opened with; keys: what is pressed then."""

    name: str
    first: str
    keys: Sequence[str] = ()
    size: tuple[int, int] = LARGE
    given: object = None
    theme: str | None = None
    terminal: Terminal = field(default_factory=Terminal)


PICTURES = (
    Picture("installations", "installations", ("j", "j")),
    Picture("installations-small", "installations", ("j", "j"), SMALL),
    Picture("installations-light", "installations", ("j",), theme="steward-light"),
    Picture("installations-log", "installations", ("l",)),
    Picture("simulator", "simulator", ("full_stop", "full_stop"), given=find("major-minor")),
    Picture("simulator-small", "simulator", ("r", *"3.9.2", "escape"), SMALL),
    Picture("simulator-no-colour", "simulator", ("r", *"3.9.2", "escape"), SMALL,
            terminal=Terminal(unicode=False, colour=False)),
    Picture("simulator-steps", "simulator", ("s", "n"), given=find("nearest")),
    Picture("simulator-tour", "simulator", ("enter",) * 4, given=Play(tour=True)),
    Picture("scenarios", "simulator", ("o",)),
    Picture("settings", "settings", ("j",)),
    Picture("settings-small", "settings", ("j", "j"), SMALL),
    Picture("upgrade", "upgrade", ("j", "j", "j", "j", "space", "p")),
    Picture("upgrade-small", "upgrade", ("space",), SMALL),
    Picture("help", "installations", ("question_mark",)),
    Picture("palette", "installations", ("colon",)),
    Picture("themes", "installations", ("ctrl+t",)),
)  # fmt: skip


async def take(picture: Picture) -> str:
    """The SVG of one picture."""
    app = StewardApp(
        DemoSource(pause=0),
        picture.terminal,
        first=picture.first,
        given=picture.given,
        theme=picture.theme,
    )
    async with app.run_test(size=picture.size) as pilot:
        while app.session.analysing or not app.session.log:
            await pilot.pause(0.02)
        await pilot.pause(0.1)
        for key in picture.keys:
            await pilot.press(key)
            await pilot.pause()
        await pilot.pause(0.1)
        return app.export_screenshot(title="pysteward", simplify=True)


def main(arguments: Sequence[str]) -> None:
    folder = Path(arguments[0]) if arguments else Path(__file__).parent.parent / "screenshots"
    folder.mkdir(exist_ok=True)
    for picture in PICTURES:
        (folder / f"{picture.name}.svg").write_text(asyncio.run(take(picture)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
