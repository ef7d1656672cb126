"""A widget as a part of a screen: a rule above it that bears a title."""

from __future__ import annotations

from typing import TypeVar

from textual.widget import Widget

AnyWidget = TypeVar("AnyWidget", bound=Widget)


def panel(widget: AnyWidget, title: str = "") -> AnyWidget:
    """Return the same widget, titled; the title shows which part has the keys.

    title: empty for a widget that titles itself.
    """
    if title:
        widget.border_title = title
    widget.add_class("panel")
    return widget
