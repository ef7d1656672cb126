"""What is done to a build from more than one screen, each after a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content
from textual.screen import Screen

from .....core.errors import StewardError
from ...app_api import app_of
from ...background import do
from ...dialogs.confirm import Confirm
from ...dialogs.prompt import Prompt
from ...widgets.paragraphs import Paragraph
from ...widgets.path_suggester import PathSuggester

if TYPE_CHECKING:
    from .....core.builds import Build
    from ....services.content import ContentService


@dataclass(frozen=True)
class BuildOperations:
    """Asks, does and says.

    screen: the one that asks. workshop: whose builds they are.
    """

    screen: Screen[None]
    workshop: ContentService

    def cancel(self, build: str, content: str) -> None:
        """End a build, after a question."""
        self._ask(
            "Cancel this build?",
            [
                f"{content}: build {build}",
                "All its processes are ended. What it has made so far is not used.",
            ],
            lambda: self._do(lambda: self.workshop.cancel(build), self._cancelled),
            yes="cancels it",
            no="lets it go on",
        )

    def retry(self, build: str, content: str, then: Callable[[Build], object]) -> None:
        """Build once more, after a question. then: gets the new build."""
        self._ask(
            "Build this once more?",
            [
                f"{content}: as build {build} was asked to",
                "The same bundle, and the same Python as long as it can be used.",
            ],
            lambda: self._retry(build, content, then),
            yes="builds",
            no="does not",
        )

    def _retry(self, build: str, content: str, then: Callable[[Build], object]) -> None:
        app_of(self.screen).say(f"Building {content} once more")
        self._do(lambda: self.workshop.retry(build), then)

    def export(self, build: str) -> None:
        """Write a record into a file whose name is asked for."""

        def write(name: str | None) -> None:
            if name:
                target = Path(name).expanduser()
                self._do(lambda: self.workshop.export(build, target), self._exported)

        self.screen.app.push_screen(
            Prompt(
                "Export this build's record to",
                "a file or a folder",
                value=f"{build}.tar.gz",
                why_not=lambda text: None if text.strip() else "a name is needed",
                suggester=PathSuggester(),
            ),
            write,
        )

    def _ask(
        self, title: str, body: list[str], deed: Callable[[], None], *, yes: str, no: str
    ) -> None:
        looks = app_of(self.screen).looks

        def answered(answer: bool | None) -> None:
            if answer:
                deed()

        lines = [Paragraph(Content(looks.line(text)), hang=2) for text in body]
        self.screen.app.push_screen(Confirm(title, lines, yes=yes, no=no), answered)

    def _do(self, work: Callable[[], object], then: Callable[..., object]) -> None:
        do(self.screen, work, then, self._failed)

    def _cancelled(self, did: bool) -> None:
        app_of(self.screen).say("The build is being cancelled." if did else "It had ended already.")

    def _exported(self, path: Path) -> None:
        app_of(self.screen).say(f"The record is in {path.absolute()}")

    def _failed(self, problem: StewardError) -> None:
        app_of(self.screen).say(str(problem), problem=True)
