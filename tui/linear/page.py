"""What a tab is in lines: numbered rows, the detail of one, and its actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, ClassVar

from ...core.errors import StewardError
from ...core.frozen import frozen
from .console import Console, agrees

if TYPE_CHECKING:
    from ...core.settings import Edit
    from ..app.session import Session
    from ..services.backend import Backend
    from ..start import Source


@frozen
class LinearRow:
    """One row.

    key: what it stands for. words: all that a table's row shows, as a sentence.
    columns: what it can be sorted and filtered by, by name.
    """

    key: str
    words: str
    columns: Mapping[str, str | float] = field(default_factory=dict[str, "str | float"])

    def matches(self, word: str) -> bool:
        """Return whether a word of a filter fits: ``python:3.8`` looks at one column only."""
        name, colon, wanted = word.partition(":")
        if colon and name in self.columns:
            return wanted in str(self.columns[name]).lower()
        return word in self.words.lower()


class PageContext:
    """What all pages share: the server, what is known of it, and the person.

    edits: changes to the settings that were written, the last one last.
    go: goes to another page.
    open_page: goes to another page, with what it opens with.
    open_source: shows another server.
    """

    def __init__(
        self,
        backend: Backend,
        console: Console,
        go: Callable[[str], None],
        open_page: Callable[[str, str], None],
        open_source: Callable[[Source], None],
    ) -> None:
        self.backend = backend
        self.console = console
        self.go = go
        self.open_page = open_page
        self.open_source = open_source
        self.session: Session = backend.opening()
        self.edits: list[Edit] = []

    def say(self, text: str) -> None:
        self.console.say(text)

    def agrees(self, question: str) -> bool:
        return agrees(self.console, question)

    def ask(self, question: str) -> str:
        """Ask for one line; empty at the end of the input."""
        return (self.console.ask(question) or "").strip()

    def choose(self, question: str, count: int) -> int | None:
        """Ask for one of so many numbers, from 1; None where the answer is none of them."""
        answer = self.ask(question)
        return int(answer) if answer.isdigit() and 1 <= int(answer) <= count else None

    def analyze(self, *, fresh: bool = False) -> None:
        """Check the installations, one line for each as it is known."""
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
        self.marked: list[str] = []
        self.words: tuple[str, ...] = ()
        self.sorted_by = ""
        self.is_turned = False

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
        self.shown = self._sorted([row for row in rows if all(map(row.matches, self.words))])
        count = f"{len(self.shown)} of {len(rows)}" if self.words else f"{len(rows)}"
        order = f", by {self.sorted_by}" if self.sorted_by else ""
        self.context.say(f"{self.title}, {count}{order}.")
        for number, row in enumerate(self.shown, 1):
            marked = ", marked" if row.key in self.marked else ""
            self.context.say(f"{number}. {row.words}{marked}")
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

    def _sorted(self, rows: Sequence[LinearRow]) -> Sequence[LinearRow]:
        if not self.sorted_by:
            return rows[::-1] if self.is_turned else rows

        def value(row: LinearRow) -> tuple[float, str]:
            found = row.columns.get(self.sorted_by, "")
            return (0, found.lower()) if isinstance(found, str) else (found, "")

        return sorted(rows, key=value, reverse=self.is_turned)

    def do_sort(self, rest: str) -> None:
        """``sort COLUMN``; without one by the next column, after the last in the first order."""
        rows = self.rows()
        names = list(rows[0].columns) if rows else []
        if rest and rest not in names:
            raise StewardError(f"there is no column {rest!r}; there are {', '.join(names)}")
        following = ["", *names, ""]
        self.sorted_by = rest or following[following.index(self.sorted_by) + 1]
        self.show()

    def do_turn_order(self, _rest: str) -> None:
        self.is_turned = not self.is_turned
        self.show()

    def numbered(self, words: str) -> list[str]:
        """Return the keys of rows by their numbers. Raises: StewardError."""
        keys: list[str] = []
        for word in words.replace(",", " ").split():
            if not word.isdigit() or not 1 <= int(word) <= len(self.shown):
                raise StewardError(f"there is no row {word}")
            keys.append(self.shown[int(word) - 1].key)
        return keys

    def chosen(self, what: str, words: str) -> list[str]:
        """Return the keys an action is for: numbers that were typed, else marked rows, else the
        selected one. Raises: StewardError where there is none."""
        if words:
            return self.numbered(words)
        known = {row.key for row in self.rows()}
        return [key for key in self.marked if key in known] or [self.wanted(what)]

    def do_mark(self, words: str) -> None:
        """Mark rows, or take their marks away."""
        for key in self.numbered(words) if words else [self.wanted("row")]:
            if key in self.marked:
                self.marked.remove(key)
            else:
                self.marked.append(key)
        self.context.say(f"{len(self.marked)} marked.")

    def do_mark_all(self, _rest: str) -> None:
        """Mark all rows that are shown; none where all of them are marked."""
        keys = [row.key for row in self.shown]
        self.marked = [] if set(keys) <= set(self.marked) else keys
        self.context.say(f"{len(self.marked)} marked.")

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
    if context.backend.why_read_only is not None:
        raise StewardError(context.backend.why_read_only)
