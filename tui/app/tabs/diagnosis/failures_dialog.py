"""The failed jobs of a Connect server, as they are read; one is chosen to be diagnosed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from .....core.remotes.connect import cause_words, day_of, newest_first
from ...app_api import app_of
from ...background import Stream, stream
from ...dialogs.dialog import Dialog, hints
from ...widgets.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from .....core.remotes.connect import ContentFailures, Failure

_COLUMNS = (
    Column("When (UTC)", 16, keep=False),
    Column("Kind", 11, keep=False),
    Column("Content", middle=True, least=16),
    Column("Owner", 12, keep=False),
    Column("Cause", least=20),
)


class FailuresDialog(Dialog[str]):
    """Enter chooses a failure: the answer is the GUID of its content.

    failures: yields them; it may block.
    """

    def __init__(self, failures: Callable[[], Iterable[ContentFailures]]) -> None:
        super().__init__()
        self._items = failures
        self._found: list[Failure] = []
        self._asked = 0
        self._reading: Stream[ContentFailures] | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall") as box:
            box.border_title = "Failed jobs"
            box.border_subtitle = hints(enter="Diagnose", escape="Cancel")
            yield Static("Reading the jobs of the server.", id="asked")
            yield Table(_COLUMNS, empty="")

    def on_mount(self) -> None:
        self.query_one(Table).focus()
        self._reading = stream(
            self, lambda _stream: self._items(), self._take, self._done, failed=self._failed
        )

    def on_unmount(self) -> None:
        if self._reading is not None:
            self._reading.stop()

    def _take(self, batch: list[ContentFailures]) -> None:
        self._asked += len(batch)
        self._found += [failure for each in batch for failure in each.failures]
        self._say("so far")
        display = app_of(self).terminal_display
        self.query_one(Table).show(
            [
                Row(
                    f"{failure.content.guid} {failure.job.key if failure.job else ''}",
                    (
                        Cell(day_of(failure.when), "muted"),
                        Cell(failure.kind.value),
                        Cell(display.line(failure.content.label), "strong"),
                        Cell(display.line(failure.content.owner or "-"), "muted"),
                        Cell(cause_words(failure.code), "good" if failure.solved else "bad"),
                    ),
                )
                for failure in newest_first(self._found)
            ]
        )

    def _say(self, how_far: str) -> None:
        self.query_one("#asked", Static).update(
            f"{len(self._found):,} failures of {self._asked:,} pieces of content {how_far}"
        )

    def _done(self) -> None:
        self._say("in all")

    def _failed(self, problem: Exception) -> None:
        self._say("until it failed")
        app_of(self).say(str(problem), problem=True)

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen) -> None:
        self.dismiss(event.key.split(" ")[0])
