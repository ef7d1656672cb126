"""Colors: the themes of the house, and which one a terminal opens with."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.color import Color
from textual.scrollbar import ScrollBarRender
from textual.theme import BUILTIN_THEMES, Theme

from ..terminal.capabilities import Terminal

DARK = Theme(
    name="steward-dark",
    primary="#7aa2c8",
    secondary="#8ea4b8",
    accent="#c9a26d",
    foreground="#cfd5dc",
    background="#15181d",
    surface="#15181d",
    panel="#1e232a",
    success="#8fb58a",
    warning="#d6a95e",
    error="#d98080",
    dark=True,
    variables={"border": "#39414b"},
)
LIGHT = Theme(
    name="steward-light",
    primary="#2b5f8f",
    secondary="#4d6275",
    accent="#8a5a14",
    foreground="#22272d",
    background="#f7f6f3",
    surface="#f7f6f3",
    panel="#e8e6e0",
    success="#2f6b34",
    warning="#8a5a00",
    error="#a53030",
    dark=False,
    variables={"border": "#b9b6ad"},
)


def _terminals_own(name: str, border: str, **changes: str) -> Theme:
    """Textual's theme of that name with other colors of the terminal."""
    base = BUILTIN_THEMES[name]
    # Lines are magenta there, or blue.
    return replace(base, variables={**base.variables, "border": border}, **changes)


# Blue, in which Textual shows what matters, can hardly be read on black, nor dark red. Other bright
# colors than these are greys in some palettes.
ANSI_DARK = _terminals_own(
    "ansi-dark",
    "ansi_white",
    primary="ansi_cyan",
    accent="ansi_bright_magenta",
    error="ansi_bright_red",
)
ANSI_LIGHT = _terminals_own("ansi-light", "ansi_black", warning="ansi_magenta")
THEMES = (DARK, LIGHT, ANSI_DARK, ANSI_LIGHT)


def shades(theme: Theme) -> dict[str, str]:
    """Return three shades between a theme's text and its background, as variables of the styles.

    An ANSI theme has no shades to mix.
    """
    if theme.ansi:
        return dict.fromkeys(("muted", "disabled", "selected"), "ansi_default")
    colors = theme.to_color_system().generate()
    foreground, background = Color.parse(colors["foreground"]), Color.parse(colors["background"])
    return {
        "muted": foreground.blend(background, 0.32).hex,
        "disabled": foreground.blend(background, 0.55).hex,
        "selected": foreground.blend(background, 0.8).hex,
    }


def first_theme(terminal: Terminal) -> str:
    """With 16 colors the terminal's own look best; so they do where no color is wanted."""
    return "steward-dark" if terminal.color and terminal.many_colors else "ansi-dark"


class PlainScrollBar(ScrollBarRender):
    """A scroll bar of whole cells: nothing but spaces, as every terminal has them."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]
