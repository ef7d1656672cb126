"""What tests of the interface ask again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot
from textual.widget import Widget

from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.widgets.paragraphs import Paragraphs
from pysteward.tui.app.widgets.table import Table


async def until(pilot: Pilot[Any], condition: Callable[[], bool], what: str = "") -> None:
    """Let the app work until a condition holds."""
    last = time.monotonic() + 20
    while time.monotonic() < last:
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError(f"never came: {what or condition}")


async def analysed(pilot: Pilot[Any]) -> None:
    """Wait for the start-up analysis."""
    app = steward(pilot)
    await until(pilot, lambda: bool(app.session.log) and not app.session.analysing, "analysis")
    await pilot.pause()


def steward(pilot: Pilot[Any]) -> StewardApp:
    app = pilot.app
    assert isinstance(app, StewardApp)
    return app


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


def screen_text(pilot: Pilot[Any]) -> str:
    """All that stands on the screen, line by line."""
    app = pilot.app
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips[: app.size.height])
