"""The commands of a log: search, filter, copy, save, and going somewhere.

Each ``do_...`` method is an action (``log.actions``), each ``why_no_...`` says why one is not
possible.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..app_api import app_of
from ..background import call
from .file import FileState
from .navigation import next_mark, next_row
from .open_log import OpenLog
from .saving import save_log, save_rows
from .search_text import Needle
from .viewport import Position

if TYPE_CHECKING:
    from .panel import LogPanel
    from .view import LogView

SEARCH, SAVE = "search", "save"
"""What the panel's prompt is asked for."""

MATCHES, PROBLEMS = "matches", "errors and warnings"
"""What rows can be limited to."""

_MATCH, _ERROR = "match", "error"


class LogCommands:
    """Runs the actions of a log on its panel."""

    def __init__(self, panel: LogPanel) -> None:
        self._panel = panel
        self._pending: tuple[str, bool, int] | None = None
        self._before_search: tuple[str, Position] = ("", Position(0))

    @property
    def view(self) -> LogView:
        return self._panel.view

    @property
    def _log(self) -> OpenLog | None:
        return self._panel.log_shown

    # What is possible

    def why_no_log(self) -> str | None:
        if self._log is None:
            return "no log is open"
        return None if self._panel.is_ready else "the log is being read"

    def why_no_match(self) -> str | None:
        is_searched = self._log is not None and self._log.search is not None
        return self.why_no_log() or (None if is_searched else "nothing is searched for; / searches")

    def why_no_problem(self) -> str | None:
        log = self._log
        if reason := self.why_no_log():
            return reason
        if log is not None and log.marks.caught_up and not log.marks.rows:
            return "this log has no errors and no warnings"
        return None

    def why_no_phase(self) -> str | None:
        is_known = bool(self._panel.phases)
        return self.why_no_log() or (None if is_known else "the phases of this log are not known")

    def why_no_line(self) -> str | None:
        is_selected = self.view.current is not None
        return self.why_no_log() or (
            None if is_selected else "no line is selected; click one, or press v"
        )

    def why_no_reopen(self) -> str | None:
        is_same = self._panel.file_state is FileState.PRESENT
        return self.why_no_log() or ("the file has not changed" if is_same else None)

    def why_no_follow(self) -> str | None:
        log, view = self._log, self.view
        if log is None:
            return "no log is open"
        is_end = view.following or (view.at_end and not log.live)
        return "this is the end of the log" if is_end else None

    def forget(self) -> None:
        """Another log is shown."""
        self._pending = None

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
        rows = [log.index.row_at(phase.offset) for phase in self._panel.phases]
        row = next_row(rows, self._from(forward), forward=forward)
        if row is None:
            self._panel.remark("this is the last phase" if forward else "this is the first phase")
            return
        self._panel.go_to(row)
        self._panel.remark(
            f"phase {self._panel.phases[len(rows) - 1 - rows[::-1].index(row)].name}"
        )

    def _step(self, kind: str, forward: bool) -> None:
        row = self._from(forward)
        self._pending = (kind, forward, row)
        self._panel.arrived()
        if self._pending is not None:
            self._panel.remark("still being searched")

    def _from(self, forward: bool) -> int:
        """Return the row to go on from: the current one if it is in view, else the edge of the
        window."""
        view = self.view
        if view.current_in_view is not None:
            return view.current_in_view
        return view.top_row - 1 if forward else view.bottom_row + 1

    def arrived(self) -> None:
        """More of the log is known: go to what was searched for, if it is found now."""
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
                self._panel.remark("")
                return
            again = "from the beginning again" if forward else "from the end again"
        character = 0
        if kind is _MATCH and log.needle is not None:
            spans = self.view.spans(found)
            character = spans[0][0] if spans else 0
        self._panel.go_to(found, character)
        if again:
            self._panel.remark(again)

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
        self._panel.ask(SEARCH, "/", self.needle or "")

    def search_for(self, text: str) -> None:
        """Search for a text and go to the first place from where the search began."""
        log = self._log
        if log is None:
            return
        needle = Needle(text) if text else None
        log.search_for(needle)
        self.view.needle = needle
        self._pending = None
        if self._panel.only == MATCHES:
            self._panel.limit(MATCHES)
        if needle is not None:
            rows, place = self.view.rows, self._before_search[1].place
            origin = rows.row(place) - 1 if len(rows) else -1
            self._pending = (_MATCH, True, origin)
        self.view.look_again()

    def typed(self, purpose: str, text: str) -> None:
        """The prompt holds another text."""
        if purpose == SEARCH:
            self.search_for(text)

    def answered(self, purpose: str, text: str) -> None:
        """Enter was pressed in the prompt."""
        if purpose == SEARCH and text != (self.needle or ""):
            self.search_for(text)
        if purpose == SAVE and text:
            self._save(Path(text).expanduser())

    def called_off(self, purpose: str) -> None:
        """Esc was pressed in the prompt: go back to where the search began."""
        if purpose == SEARCH:
            text, top = self._before_search
            self.search_for(text)
            self._pending = None
            self.view.current = None
            self.view.show_from_place(top.place)

    def do_only_matches(self) -> None:
        self._panel.limit(None if self._panel.only == MATCHES else MATCHES)

    def do_only_problems(self) -> None:
        self._panel.limit(None if self._panel.only == PROBLEMS else PROBLEMS)

    # Looking otherwise

    def do_wrap(self) -> None:
        self.view.set_wrap(not self.view.wrap)

    def do_numbers(self) -> None:
        self.view.set_numbers(not self.view.numbers)

    def do_as_they_are(self) -> None:
        self.view.set_quiet(not self.view.quiet)

    def why_no_times(self) -> str | None:
        is_known = self._panel.line_times is not None
        return self.why_no_log() or (None if is_known else "the times of its lines are not known")

    def do_times(self) -> None:
        self.view.set_times(self._panel.line_times if self.view.times is None else None)

    def do_reopen(self) -> None:
        self._panel.reopen()

    def go_back(self) -> bool:
        """Leave the selection, the filter, the search, one by one; False: nothing was left."""
        if self.view.selecting:
            return self.view.clear_selection()
        if self._panel.only is not None:
            self._panel.limit(None)
            return True
        if self._log is not None and self._log.needle is not None:
            self.search_for("")
            return True
        return False

    # Copying and saving

    def do_select(self) -> None:
        if self.view.selecting:
            self.view.clear_selection()
        else:
            self.view.select_from_here()

    def do_copy(self) -> None:
        text = self.view.selected_text()
        count = len(self.view.selected_rows())
        app_of(self._panel).copy(text, "one line" if count == 1 else f"{count:,} lines")
        if self.view.selecting:
            self.view.clear_selection()

    def do_save(self) -> None:
        what = "Save the selected lines to:" if self.view.selecting else "Save the log to:"
        name = self._log.path.name if self._log is not None else ""
        self._panel.ask(SAVE, what, name)

    def _save(self, path: Path) -> None:
        log = self._log
        if log is None:
            return
        rows = self.view.selected_rows() if self.view.selecting else None

        def save() -> int:
            return save_log(log.file, path) if rows is None else save_rows(log.index, rows, path)

        def saved(written: int) -> None:
            app_of(self._panel).say(f"{written:,} bytes saved to {path.absolute()}")

        call(self._panel, save, saved, must_finish=True)
