"""Run a remedy, after a question, and show its output."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from .....core.errors import StewardError
from ...app_api import app_of
from ...background import Stream, stream
from ...dialogs.dialog import Dialog, hints
from ...widgets.paragraphs import Paragraph, Paragraphs

if TYPE_CHECKING:
    from .....core.installations import Installation, Problem
    from .....core.services import Running


class RunRemedy(Dialog[bool]):
    """Answers whether it was run, so that the installation is checked again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("y", "run", ""),
        ("enter", "check_again", ""),
        ("n,q", "cancel", ""),
    ]

    def __init__(
        self, installation: Installation, problem: Problem, command: tuple[str, ...]
    ) -> None:
        super().__init__()
        self._installation = installation
        self._problem = problem
        self._command = command
        self._said: list[str] = []
        self._state = "asking"
        self._process: Running | None = None
        self._output: Stream[str] | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="box wide") as box:
            box.border_title = "Run this remedy?"
            box.border_subtitle = hints(y="Run", escape="Cancel")
            yield Paragraphs()

    def on_mount(self) -> None:
        display = app_of(self).terminal_display
        lines = self.query_one(Paragraphs)
        lines.show(
            [
                Paragraph(Content(display.line(self._problem.message))),
                Paragraph(),
                Paragraph(Content.styled(display.lines(shlex.join(self._command)), "bold"), 2, 2),
                Paragraph(),
                Paragraph(Content(f"It runs as {app_of(self).session.user} and changes")),
                Paragraph(Content(display.line(self._installation.path)), indent=2),
            ]
        )
        lines.focus()

    def action_run(self) -> None:
        if self._state == "asking":
            self._state = "running"
            self._box("Running", hints(escape="Stop"))
            self._show()
            # Quitting meanwhile must not leave a half-changed installation.
            self._output = stream(
                self,
                self._run,
                self._take,
                self._ended,
                failed=self._failed,
                on_stop=self._stop,
                must_finish=True,
            )

    def action_check_again(self) -> None:
        if self._state == "ended":
            self.dismiss(True)

    def action_cancel(self) -> None:
        if self._state == "running" and self._output is not None:
            self._output.stop()
        elif self._state != "running":
            self.dismiss(self._state == "ended")

    def _run(self, _: Stream[str]) -> Iterator[str]:
        """Its output, line by line; in a thread."""
        self._process = app_of(self).source.run_remedy(self._command)
        yield from self._process

    def _stop(self) -> None:
        if self._process is not None:
            self._process.close()

    def _take(self, lines: list[str]) -> None:
        self._said += lines
        self._show()

    def _failed(self, problem: StewardError) -> None:
        self._said.append(str(problem))
        self._ended()

    def _ended(self) -> None:
        self._state = "ended"
        is_stopped = self._output is not None and self._output.is_stopped
        has_worked = self._process is not None and self._process.status == 0
        title = "It worked" if has_worked else "It was stopped" if is_stopped else "It failed"
        self._box(title, hints(enter="Check the installation again"))
        self._show()

    def _show(self) -> None:
        display = app_of(self).terminal_display
        lines = self.query_one(Paragraphs)
        said = self._said or [
            "It printed nothing." if self._state == "ended" else "It has started."
        ]
        lines.show([Paragraph(Content(display.line(text)), hang=2) for text in said])
        lines.scroll_end(animate=False)

    def _box(self, title: str, subtitle: Content) -> None:
        box = self.query_one(Vertical)
        box.border_title, box.border_subtitle = title, subtitle
