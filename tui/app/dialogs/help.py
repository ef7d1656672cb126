"""The keys of the screen in front."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from ..actions import SHARED_ACTIONS, Action
from ..app_api import app_of
from ..widgets.paragraphs import Paragraph, Paragraphs
from .dialog import Dialog, hints

_KEYS = 15

_IN_LISTS = (
    ("Up Down k j", "Move by a line"),
    ("PgUp PgDn ^B ^F", "Move by a page"),
    ("Home End g G", "Move to the first, to the last"),
    ("Tab", "Go to the next part of the screen"),
    ("1 2 3 …", "Go to that tab"),
)


class HelpScreen(Dialog[None]):
    """Every action of one screen, and those of every screen; one that is not possible says why."""

    BINDINGS: ClassVar[list[BindingType]] = [("question_mark,q,f1", "cancel", "")]

    def __init__(self, title: str, actions: tuple[Action, ...]) -> None:
        super().__init__()
        self._actions_here = actions
        self._title = title

    def compose(self) -> ComposeResult:
        with Vertical(classes="box wide") as box:
            box.border_title = f"Keys: {self._title}"
            box.border_subtitle = hints(escape="Close")
            yield Paragraphs()

    def on_mount(self) -> None:
        lines = self.query_one(Paragraphs)
        lines.show(self._lines())
        lines.focus()

    def _lines(self) -> list[Paragraph]:
        lines = [Paragraph(Content.styled(self._title, "bold"))] if self._actions_here else []
        lines += self._actions(self._actions_here)
        lines += [Paragraph(), Paragraph(Content.styled("On every screen", "bold"))]
        lines += self._actions(SHARED_ACTIONS)
        lines += [Paragraph(), Paragraph(Content.styled("In lists and texts", "bold"))]
        more = app_of(self).terminal_display.more
        lines += [self._line(keys.replace("…", more), text) for keys, text in _IN_LISTS]
        return lines

    def _actions(self, actions: Iterable[Action]) -> list[Paragraph]:
        lines: list[Paragraph] = []
        for action in actions:
            reason = app_of(self).why_not(action.id)
            lines.append(self._line(action.all_keys, action.help, reason))
        return lines

    def _line(self, keys: str, text: str, reason: str | None = None) -> Paragraph:
        content = Content.assemble(
            (f"{keys:<{_KEYS}}  ", "$disabled" if reason else "bold $text-primary"),
            (text, "$disabled" if reason else ""),
        )
        if reason:
            content = content.append(Content.styled(f" (not now: {reason})", "$muted"))
        return Paragraph(content, indent=1, hang=_KEYS + 2)
