"""Ask for the path of a file or directory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.screen import Screen

from ..widgets.path_field import PathField, remember_path
from .prompt import Prompt


def ask_path(
    screen: Screen[Any],
    title: str,
    example: str,
    then: Callable[[Any], object],
    *,
    work: Callable[[Path], object] | None = None,
    value: str = "",
    endings: tuple[str, ...] = (),
    why_not: Callable[[str], str | None] | None = None,
) -> None:
    """Ask, and call then with the path, its ``~`` expanded.

    example: shown while nothing is typed. value: what stands there first.
    work: done in the background; its result goes to then. If it fails, the dialog stays open.
    endings: of the files that completion offers; empty for all.
    why_not: why a text is not accepted, or None.
    """

    def path_of(text: str) -> Path:
        return Path(text.strip()).expanduser()

    def answered(text: str | None) -> None:
        if text:
            remember_path(text.strip())
            then(path_of(text) if work is None else prompt.result)

    def why_refused(text: str) -> str | None:
        if not text.strip():
            return "a path is needed"
        return None if why_not is None else why_not(text)

    prompt = Prompt(
        title,
        example,
        why_not=why_refused,
        field=PathField(value, placeholder=example, endings=endings),
        work=None if work is None else lambda text: work(path_of(text)),
    )
    screen.app.push_screen(prompt, answered)
