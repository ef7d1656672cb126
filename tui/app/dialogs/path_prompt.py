"""Ask for the path of a file or directory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.screen import Screen

from ..widgets.path_suggester import PathSuggester
from .prompt import Prompt


def ask_path(
    screen: Screen[Any],
    title: str,
    example: str,
    then: Callable[[Path], object],
    *,
    value: str = "",
    endings: tuple[str, ...] = (),
    why_not: Callable[[str], str | None] | None = None,
) -> None:
    """Ask, and call then with the path, its ``~`` expanded.

    example: shown while nothing is typed. value: what stands there first.
    endings: of the files that completion offers; empty for all.
    why_not: why a text is not accepted, or None.
    """

    def answered(text: str | None) -> None:
        if text:
            then(Path(text.strip()).expanduser())

    def why_refused(text: str) -> str | None:
        if not text.strip():
            return "a path is needed"
        return None if why_not is None else why_not(text)

    screen.app.push_screen(
        Prompt(title, example, value=value, why_not=why_refused, suggester=PathSuggester(endings)),
        answered,
    )
