"""What a tab is in lines: numbered rows, the detail of one, and its actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from ...core.errors import StewardError
from ...core.frozen import frozen
from .console import Console, agrees

if TYPE_CHECKING:
    from ...core.settings import Edit
    from ..app.session import Session
    from ..services.backend import Backend


@frozen
class LinearRow:
    """One row. key: what it stands for. words: all that a table's row shows, as a sentence."""

    key: str
    words: str


class PageContext:
    """What all pages share: the server, what is known of it, and the person.

    edits: changes to the settings that were written, the last one last.
    open_page: goes to another tab, with what it opens with.
    """

    def __init__(
        self, backend: Backend, console: Console, open_page: Callable[[str, str], None]
    ) -> None:
        self.backend = backend
        self.console = console
        self.open_page = open_page
        self.session: Session = backend.opening()
        self.edits: list[Edit] = []

    def say(self, text: str) -> None:
        self.console.say(text)

    def agrees(self, question: str) -> bool:
        return agrees(self.console, question)

    def analyze(self, *, fresh: bool = False) -> None:
        """Check the installations, one line for each as it is known."""
        from dataclasses import replace

        self.say("Checking the installations.")
        analysis = self.backend.analyze(lambda each: None, fresh=fresh)
        self.session = replace(
            self.session,
            installations=analysis.installations,
            log=analysis.log,
            usage=self.backend.usage(),
        )
        usable = self.session.usable
        self.say(f"{usable} of {len(self.session.installations)} installations are usable.")

    def reload(self) -> None:
        self.session = self.backend.reread()
        self.analyze()

    def offer(self, edit: Edit) -> None:
        """Show what an edit changes, and write it if the person agrees."""
        from ...core.secrets import mask_secrets

        if not edit.changes:
            self.say("Nothing would change.")
            return
        for line in mask_secrets(edit.diff()).splitlines():
            words = {"+": "added: ", "-": "removed: "}.get(line[:1])
            if words is not None and line[:3] not in ("+++", "---"):
                self.say(f"{words}{line[1:]}")
        if self.agrees("Write this change?"):
            backup = edit.write()
            self.edits.append(edit)
            self.say(f"Written. The old file is kept as {backup}.")
            self.reload()


class Page:
    """One tab. An action is a method ``do_NAME``, which gets what was typed behind the command.

    name: the scope of its actions. title: what it is called.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    empty: ClassVar[str] = "Nothing here."

    def __init__(self, context: PageContext) -> None:
        self.context = context
        self.shown: Sequence[LinearRow] = ()
        self.selected: str | None = None
        self.words: tuple[str, ...] = ()

    def rows(self) -> Sequence[LinearRow]:
        """Return all rows. Raises: StewardError."""
        raise NotImplementedError

    def detail(self, key: str) -> Sequence[str]:
        """Return what is known of a row, as sentences. Raises: StewardError."""
        raise NotImplementedError

    def open_with(self, argument: str) -> None:
        """Select what the page was opened with."""
        self.selected = argument
        for line in self.detail(argument):
            self.context.say(line)

    def show(self) -> None:
        """Say all rows that match the filter, numbered."""
        rows = self.rows()
        self.shown = [row for row in rows if all(word in row.words.lower() for word in self.words)]
        count = f"{len(self.shown)} of {len(rows)}" if self.words else f"{len(rows)}"
        self.context.say(f"{self.title}, {count}.")
        for number, row in enumerate(self.shown, 1):
            self.context.say(f"{number}. {row.words}")
        if not self.shown:
            self.context.say("Nothing matches the filter." if self.words else self.empty)

    def select(self, number: int) -> None:
        """Say the detail of a row."""
        if not 1 <= number <= len(self.shown):
            self.context.say(f"There is no row {number}.")
            return
        self.selected = self.shown[number - 1].key
        for line in self.detail(self.selected):
            self.context.say(line)

    def wanted(self, what: str) -> str:
        """Return the key of the selected row. Raises: StewardError where there is none."""
        if self.selected is None:
            raise StewardError(f"no {what} is selected: type its number first")
        return self.selected

    def do_filter(self, rest: str) -> None:
        self.words = tuple(rest.lower().split())
        self.show()

    def do_detail(self, rest: str) -> None:
        if rest.isdigit():
            self.select(int(rest))
        else:
            for line in self.detail(self.wanted("row")):
                self.context.say(line)


def must_change(context: PageContext) -> None:
    """Raise StewardError where nothing can be changed on this server."""
    if context.backend.why_not_real is not None:
        raise StewardError(context.backend.why_not_real)
