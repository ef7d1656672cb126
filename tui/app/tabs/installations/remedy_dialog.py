"""Runs a remedy, after a question, and shows what it says meanwhile."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from .....core.errors import StewardError
from ...app_api import app_of
from ...background import do, post
from ...dialogs.dialog import Dialog, hints
from ...widgets.paragraphs import Paragraph, Paragraphs

if TYPE_CHECKING:
    from .....core.installations import Fix, Installation, Problem
    from ....services.backend import Running


class RunRemedy(Dialog[bool]):
    """Answers whether it was run, so that the installation is looked at again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("y", "run", ""),
        ("enter", "look_again", ""),
        ("n,q", "cancel", ""),
    ]

    class Said(Message):
        """A line of its output."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, installation: Installation, problem: Problem, fix: Fix) -> None:
        super().__init__()
        self._installation = installation
        self._problem = problem
        self._fix = fix
        self._said: list[str] = []
        self._state = "asking"
        self._fix_run: Running | None = None
        self._is_stopped = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="box wide") as box:
            box.border_title = "Run this remedy?"
            box.border_subtitle = hints(y="runs it", escape="does not")
            yield Paragraphs()

    def on_mount(self) -> None:
        looks = app_of(self).looks
        lines = self.query_one(Paragraphs)
        lines.show(
            [
                Paragraph(Content(looks.line(self._problem.message))),
                Paragraph(),
                Paragraph(Content.styled(looks.lines(shlex.join(self._fix.argv)), "bold"), 2, 2),
                Paragraph(),
                Paragraph(Content(f"It runs as {app_of(self).session.user} and changes")),
                Paragraph(Content(looks.line(self._installation.path)), indent=2),
            ]
        )
        lines.focus()

    def action_run(self) -> None:
        if self._state == "asking":
            self._state = "running"
            self._box("Running", hints(escape="stops it"))
            self._show()
            # A deed: whoever leaves the program meanwhile does not tear an installation.
            do(self, self._run, self._ended, self._failed)

    def action_look_again(self) -> None:
        if self._state == "ended":
            self.dismiss(True)

    def action_cancel(self) -> None:
        if self._state == "running" and self._fix_run is not None:
            self._is_stopped = True
            self._fix_run.close()
        elif self._state != "running":
            self.dismiss(self._state == "ended")

    def _run(self) -> int | None:
        """In a thread of its own: only posts messages. Returns the exit status."""
        running = self._fix_run = app_of(self).source.run_fix(self._fix)
        for text in running:
            post(self, self.Said(text))
        return running.status

    def on_run_remedy_said(self, message: Said) -> None:
        self._said.append(message.text)
        self._show()

    def _failed(self, problem: StewardError) -> None:
        self._said.append(str(problem))
        self._ended(None)

    def _ended(self, status: int | None) -> None:
        self._state = "ended"
        ended = "It was stopped" if self._is_stopped else "It failed"
        title = "It worked" if status == 0 else ended
        self._box(title, hints(enter="looks at the installation again"))
        self._show()

    def _show(self) -> None:
        looks = app_of(self).looks
        lines = self.query_one(Paragraphs)
        said = self._said or ["It said nothing." if self._state == "ended" else "It has begun."]
        lines.show([Paragraph(Content(looks.line(text)), hang=2) for text in said])
        lines.scroll_end(animate=False)

    def _box(self, title: str, subtitle: Content) -> None:
        box = self.query_one(Vertical)
        box.border_title, box.border_subtitle = title, subtitle
