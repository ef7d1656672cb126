"""The log viewer: a log and everything that can be done with it.

Each ``do_…`` method is an action of the registry (``tui.actions.log``); ``why_not`` says when one
is not possible.
"""

from __future__ import annotations

from pathlib import Path
from threading import Thread

from textual import on
from textual.message import Message

from ....core.errors import StewardError
from ...terminal.display import Display
from ..app_api import app_of
from .file import FileState
from .navigation import next_mark, next_row
from .open_log import OpenLog
from .panel import MATCHES, PROBLEMS, LogShowing
from .prompt import Prompt
from .saving import save_log, save_rows
from .search_text import Needle
from .viewport import Position

_SEARCH, _SAVE = "search", "save"
_MATCH, _ERROR = "match", "error"


class LogPanel(LogShowing):
    """A log that can be searched, filtered, copied and saved."""

    class Saved(Message):
        """A file was written, or not. text: what to say about it."""

        def __init__(self, text: str, problem: bool) -> None:
            super().__init__()
            self.text = text
            self.problem = problem

    def __init__(self, looks: Display, *, remote: bool = False) -> None:
        super().__init__(looks, remote=remote)
        self._pending: tuple[str, bool, int] | None = None
        self._before_search: tuple[str, Position] = ("", Position(0))

    # What is possible

    def why_not(self, name: str) -> str | None:
        """Why an action cannot be done now, as the end of a sentence; None: it can."""
        log = self._log
        if log is None:
            return "no log is open"
        if not self._ready and name != "follow":
            return "the log is being read"
        if name in ("next_match", "previous_match", "only_matches") and log.search is None:
            return "nothing is searched for; / does"
        if name in ("next_problem", "previous_problem", "only_problems") and not log.marks.rows:
            return "this log has no errors and no warnings" if log.marks.caught_up else None
        if name in ("next_phase", "previous_phase") and not self._phases:
            return "nothing is known of this log's phases"
        if name == "copy" and self.view.current is None:
            return "no line is selected; click one, or press v"
        if name == "reopen" and self._fate is FileState.PRESENT:
            return "the file is the same as it was"
        if name == "follow" and (self.view.following or (self.view.at_end and not log.live)):
            return "this is the end"
        return None

    # Going somewhere

    def do_follow(self) -> None:
        self.view.action_follow()

    def do_next_match(self) -> None:
        self._step(_MATCH, True)

    def do_previous_match(self) -> None:
        self._step(_MATCH, False)

    def do_next_problem(self) -> None:
        self._step(_ERROR, True)

    def do_previous_problem(self) -> None:
        self._step(_ERROR, False)

    def do_next_phase(self) -> None:
        self._step_phase(True)

    def do_previous_phase(self) -> None:
        self._step_phase(False)

    def _step_phase(self, forward: bool) -> None:
        log = self._log
        if log is None:
            return
        rows = [log.index.row_at(phase.offset) for phase in self._phases]
        row = next_row(rows, self._from(forward), forward=forward)
        if row is None:
            self.remark("this is the last phase" if forward else "this is the first phase")
            return
        self.go_to(row)
        self.remark(f"phase {self._phases[len(rows) - 1 - rows[::-1].index(row)].name}")

    def _step(self, kind: str, forward: bool) -> None:
        row = self._from(forward)
        self._pending = (kind, forward, row)
        self.arrived()
        if self._pending is not None:
            self.remark("still being searched")

    def _from(self, forward: bool) -> int:
        """The row to go on from: the current one if it is in view, else the edge of the window."""
        view = self.view
        if view.current_in_view is not None:
            return view.current_in_view
        return view.top_row - 1 if forward else view.bottom_row + 1

    def arrived(self) -> None:
        super().arrived()
        log = self._log
        if log is None or self._pending is None:
            return
        kind, forward, origin = self._pending
        found = self._find(log, kind, forward, origin)
        scan = log.marks if kind is _ERROR else log.search
        if found is None and scan is not None and not scan.caught_up:
            return
        self._pending = None
        again = ""
        if found is None:
            edge = -1 if forward else log.index.extent.rows
            found = self._find(log, kind, forward, edge)
            if found is None:
                self.remark("")
                return
            again = "from the beginning again" if forward else "from the end again"
        character = 0
        if kind is _MATCH and log.needle is not None:
            spans = self.view.spans(found)
            character = spans[0][0] if spans else 0
        self.go_to(found, character)
        if again:
            self.remark(again)

    def _find(self, log: OpenLog, kind: str, forward: bool, origin: int) -> int | None:
        if kind is _ERROR:
            return next_mark(log.marks.rows, log.marks.levels, origin, forward=forward)
        return next_row(log.search.rows, origin, forward=forward) if log.search else None

    # Searching

    @property
    def needle(self) -> str | None:
        """What is searched for."""
        needle = self._log.needle if self._log is not None else None
        return needle.text if needle is not None else None

    def do_search(self) -> None:
        self._before_search = (self.needle or "", self.view.top)
        self.query_one(Prompt).ask(_SEARCH, "/", self.needle or "")

    def search_for(self, text: str) -> None:
        """Search for a text and go to the first place from where the search began."""
        log = self._log
        if log is None:
            return
        needle = Needle(text) if text else None
        log.search_for(needle)
        self.view.needle = needle
        self._pending = None
        if self._only == MATCHES:
            self.limit(MATCHES)
        if needle is not None:
            rows, place = self.view.rows, self._before_search[1].place
            origin = rows.row(place) - 1 if len(rows) else -1
            self._pending = (_MATCH, True, origin)
        self.view.look_again()

    @on(Prompt.Typed)
    def _typed(self, message: Prompt.Typed) -> None:
        message.stop()
        if message.purpose == _SEARCH:
            self.search_for(message.text)

    @on(Prompt.Answered)
    def _answered(self, message: Prompt.Answered) -> None:
        message.stop()
        if message.purpose == _SEARCH and message.text != (self.needle or ""):
            self.search_for(message.text)
        if message.purpose == _SAVE and message.text:
            self._save(Path(message.text).expanduser())

    @on(Prompt.CalledOff)
    def _called_off(self, message: Prompt.CalledOff) -> None:
        message.stop()
        if message.purpose == _SEARCH:
            text, top = self._before_search
            self.search_for(text)
            self._pending = None
            self.view.current = None
            self.view.show_from_place(top.place)

    def do_only_matches(self) -> None:
        self.limit(None if self._only == MATCHES else MATCHES)

    def do_only_problems(self) -> None:
        self.limit(None if self._only == PROBLEMS else PROBLEMS)

    # Looking otherwise

    def do_wrap(self) -> None:
        self.view.set_wrap(not self.view.wrap)

    def do_numbers(self) -> None:
        self.view.set_numbers(not self.view.numbers)

    def do_reopen(self) -> None:
        self.reopen()

    def go_back(self) -> bool:
        """What Esc does: leave the prompt, the selection, the filter, the search, one by one."""
        prompt = self.query_one(Prompt)
        if prompt.is_open:
            prompt.call_off()
            return True
        if self.view.selecting:
            return self.view.clear_selection()
        if self._only is not None:
            self.limit(None)
            return True
        if self._log is not None and self._log.needle is not None:
            self.search_for("")
            return True
        return False

    # Taking lines along

    def do_select(self) -> None:
        if self.view.selecting:
            self.view.clear_selection()
        else:
            self.view.select_from_here()

    def do_copy(self) -> None:
        text = self.view.selected_text()
        count = len(self.view.selected_rows())
        app_of(self).copy(text, "one line" if count == 1 else f"{count:,} lines")
        if self.view.selecting:
            self.view.clear_selection()

    def do_save(self) -> None:
        what = "Save the selected lines to:" if self.view.selecting else "Save the log to:"
        name = self._log.path.name if self._log is not None else ""
        self.query_one(Prompt).ask(_SAVE, what, name)

    def _save(self, path: Path) -> None:
        log = self._log
        if log is None:
            return
        rows = self.view.selected_rows() if self.view.selecting else None

        def save() -> None:
            try:
                if rows is None:
                    written = save_log(log.file, path)
                else:
                    written = save_rows(log.index, rows, path)
            except StewardError as problem:
                self.post_message(self.Saved(str(problem), True))
            else:
                self.post_message(
                    self.Saved(f"{written:,} bytes saved to {path.absolute()}", False)
                )

        Thread(target=save, name="log-save", daemon=True).start()

    @on(Saved)
    def _saved(self, message: Saved) -> None:
        message.stop()
        app_of(self).say(message.text, problem=message.problem)
