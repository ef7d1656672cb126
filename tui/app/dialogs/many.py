"""One action for several rows: asked about once, done one after the other, reported together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from ....core.errors import StewardError
from ..background import call
from ..widgets.paragraphs import Paragraph
from .confirm import Confirm

if TYPE_CHECKING:
    from ..screens.base import StewardScreen

_MOST_NAMED = 12


def ask_for_many(
    screen: StewardScreen,
    title: str,
    names: Sequence[tuple[str, str]],
    note: str,
    work: Callable[[str], object],
    then: Callable[[], object],
    *,
    done: str,
    yes: str = "OK",
    no: str = "Cancel",
) -> None:
    """Ask, then call work for each. One that fails does not stop the others.

    names: the key that work gets, and what the question calls it. note: what it means.
    then: called once after the last. done: a participle for the report, such as "removed".
    """
    display = screen.steward.terminal_display

    def run() -> list[str]:
        failures: list[str] = []
        for key, name in names:
            try:
                work(key)
            except StewardError as problem:
                failures.append(f"{name}: {problem}")
        return failures

    def report(failures: list[str]) -> None:
        then()
        if not failures:
            screen.say(f"{len(names)} {done}." if len(names) > 1 else f"{names[0][1]}: {done}.")
            return
        counted = f"{len(names) - len(failures)} of {len(names)} {done}. " if names[1:] else ""
        more = f" (and {len(failures) - 1} more)" if failures[1:] else ""
        screen.steward.say(f"{counted}{failures[0]}{more}", problem=True)

    def answered(is_yes: bool | None) -> None:
        if is_yes:
            call(screen, run, report, must_finish=True)

    body = [Paragraph(Content(display.line(name)), hang=2) for _, name in names[:_MOST_NAMED]]
    if names[_MOST_NAMED:]:
        body.append(Paragraph(Content(f"and {len(names) - _MOST_NAMED} more")))
    body += [Paragraph(), Paragraph(Content(display.line(note)))]
    screen.app.push_screen(Confirm(title, body, yes=yes, no=no), answered)
