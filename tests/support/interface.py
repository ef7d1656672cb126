"""What tests of the interface ask again and again."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.widgets.paragraphs import Paragraphs
from pysteward.tui.app.widgets.table import Table
from tests.support.waiting import until


async def analyzed(pilot: Pilot[Any]) -> None:
    """Wait for the start-up analysis."""
    app = steward(pilot)
    await until(lambda: bool(app.session.log) and not app.session.analyzing, "analysis")
    await pilot.pause()


def steward(pilot: Pilot[Any]) -> StewardApp:
    app = pilot.app
    assert isinstance(app, StewardApp)
    return app


def is_shown(screen: Screen[Any], kind: type[Screen[Any]]) -> bool:
    """Whether a screen is of a kind and has its widgets: they come a moment after it."""
    return isinstance(screen, kind) and screen.is_mounted


def rows(pilot: Pilot[Any], selector: str = "Table") -> list[str]:
    """The rows of a table of the screen in front, their cells joined by spaces."""
    table = pilot.app.screen.query_one(selector, Table)
    return [" ".join(cell.text for cell in row.cells) for row in table.rows]


def text(pilot: Pilot[Any], selector: str = "Paragraphs") -> str:
    """The text of a Paragraphs of the screen in front."""
    return pilot.app.screen.query_one(selector, Paragraphs).text


def rendered(widget: Widget) -> str:
    """What a widget that renders itself shows."""
    return str(widget.render())


def messages(pilot: Pilot[Any]) -> list[str]:
    """The short messages at the corner, oldest first."""
    return [notification.message for notification in pilot.app._notifications]


def screen_text(app: App[Any]) -> str:
    """All that stands on the screen, line by line, without the spaces at the lines' ends."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips[: app.size.height])


async def until_shown(app: App[Any], text: str, *, seconds: float = 30) -> None:
    """Wait until a text stands on the screen."""
    await until(
        lambda: text in screen_text(app),
        lambda: f"{text!r} on the screen:\n{screen_text(app)}",
        seconds=seconds,
    )
