"""What the screens of builds do with a build: cancel, retry, export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from ...background import call
from ...dialogs.confirm import Confirm
from ...dialogs.path_prompt import ask_path
from ...screens.base import StewardScreen
from ...widgets.paragraphs import Paragraph

if TYPE_CHECKING:
    from .....core.builds import Build
    from .....core.services import BuildService


class BuildOperations:
    """Asks the user, does it in the background, and reports.

    screen: the one in front. service: has the builds.
    """

    def __init__(self, screen: StewardScreen, service: BuildService) -> None:
        self._screen = screen
        self._service = service

    def cancel(self, build: str, content: str) -> None:
        """Cancel a build, after a question."""

        def cancelled(was_running: bool) -> None:
            self._screen.say("Cancelling the build." if was_running else "It had already ended.")

        self._ask(
            "Cancel this build?",
            [
                f"{content}: build {build}",
                "All its processes are stopped. What it has made so far is not used.",
            ],
            lambda: call(
                self._screen,
                lambda: self._service.cancel(build),
                cancelled,
                must_finish=True,
            ),
            yes="Cancel",
            no="Keep running",
        )

    def retry(self, build: str, content: str, then: Callable[[Build], object]) -> None:
        """Run a build again, after a question. then: gets the new build."""

        def retry() -> None:
            self._screen.say(f"Building {content} again")
            call(self._screen, lambda: self._service.retry(build), then, must_finish=True)

        self._ask(
            "Run this build again?",
            [
                f"{content}: as build {build}",
                "The same bundle, and the same Python while that is usable.",
            ],
            retry,
            yes="OK",
            no="Cancel",
        )

    def export(self, build: str) -> None:
        """Export a record to a file whose name is asked for."""

        def exported(path: Path) -> None:
            self._screen.say(f"The record is in {path.absolute()}")

        ask_path(
            self._screen,
            "Export the build's record to",
            "a file or a directory",
            exported,
            work=lambda target: self._service.export(build, target),
            value=f"{build}.tar.gz",
        )

    def _ask(
        self, title: str, body: list[str], then: Callable[[], None], *, yes: str, no: str
    ) -> None:
        display = self._screen.steward.terminal_display

        def answered(answer: bool | None) -> None:
            if answer:
                then()

        lines = [Paragraph(Content(display.line(text)), hang=2) for text in body]
        self._screen.app.push_screen(Confirm(title, lines, yes=yes, no=no), answered)
