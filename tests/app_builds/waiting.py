"""Waiting for what threads bring about."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from textual.app import App
from textual.widget import Widget

T = TypeVar("T", bound=Widget)


async def until(holds: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something holds; fails if it never does."""
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, "it never came"
        await asyncio.sleep(0.005)


def shown(app: App[None]) -> str:
    """Everything on the screen, as text."""
    screen = app.screen
    strips = screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


async def until_shown(app: App[None], text: str, seconds: float = 30) -> None:
    """Wait until a text stands on the screen."""
    give_up = time.monotonic() + seconds
    while text not in shown(app):
        assert time.monotonic() < give_up, f"never shown: {text}\n{shown(app)}"
        await asyncio.sleep(0.01)
