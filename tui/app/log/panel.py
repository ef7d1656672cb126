"""A log with its marks, status line and prompt.

The threads of an open log post messages; the handlers here own what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Static

from ....core.errors import StateError
from ...terminal.display import Display
from .commands import MATCHES, PROBLEMS, LogCommands
from .file import FileState
from .frame_pacing import Pacer
from .levels import Level
from .line_index import LineIndex
from .log_state import LogState, last_line, reading_state, state_of
from .mark_bar import MarkBar
from .messages import LogFate, LogGrew, MarksFound, MatchesFound
from .navigation import LogPhase
from .open_log import OpenLog
from .prompt import Prompt
from .row_selection import AllRows, FoundRows, RowSelection
from .status import LogStatus
from .view import LogView

_NOTICES = {
    FileState.PRESENT: "",
    FileState.TRUNCATED: "The file was cut short; it was read again from its beginning.",
    FileState.REPLACED: "The file was replaced; this is the old one. R reads the new one.",
    FileState.REMOVED: "The file was removed; what it held can still be read and saved here.",
    FileState.UNREADABLE: "The system cannot say what became of the file: this may be out of date.",
}


class LogPanel(Vertical):
    """Opens a log and keeps what is shown of it up to date.

    display: the signs and the characters that this terminal shows.
    remote: the terminal is at the other end of a network line.
    """

    DEFAULT_CSS = """
    LogPanel > .lines { height: 1fr; }
    LogPanel > .lines > LogView { width: 1fr; height: 1fr; }
    LogPanel > .notice { height: auto; display: none; padding: 0 1; text-style: bold; }
    """

    class Changed(Message):
        """What can be done with the log may be different now."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, LogPanel.Changed)

    def __init__(self, display: Display, *, remote: bool = False) -> None:
        super().__init__()
        self._terminal_display = display
        self._view = LogView(display)
        self.commands = LogCommands(self)
        self._bar = MarkBar()
        self._status = LogStatus()
        self._notice = Static(classes="notice", markup=False)
        self._prompt = Prompt()
        self._pacer = Pacer(self, self._paint, remote=remote)
        self.log_shown: OpenLog | None = None
        self.is_ready = False
        self.file_state = FileState.PRESENT
        self.only: str | None = None
        self.phases: tuple[LogPhase, ...] = ()
        self.line_times: Callable[[int], str] | None = None
        self._evidence: tuple[int, ...] = ()
        self._to_error = False
        self._wanted_line: int | None = None
        self._left_at = 0
        self._remark: tuple[str, object] = ("", None)

    def compose(self) -> ComposeResult:
        yield self._notice
        with Horizontal(classes="lines"):
            yield self._view
            yield self._bar
        yield self._status
        yield self._prompt

    @property
    def view(self) -> LogView:
        return self._view

    @property
    def is_open(self) -> bool:
        return self.log_shown is not None

    @property
    def path(self) -> Path | None:
        """The file shown."""
        return self.log_shown.path if self.log_shown is not None else None

    def open(
        self,
        path: Path,
        *,
        live: bool = False,
        phases: Iterable[LogPhase] = (),
        evidence: Iterable[int] = (),
        at_error: bool = False,
        until: Callable[[], int] | None = None,
    ) -> None:
        """Show a log, at its end or at what went wrong.

        live: it is still written; else it is only looked at for what may befall the file.
        phases: where its parts begin, ascending.
        evidence: numbers, from 1, of lines to be marked.
        at_error: begin at the first line of evidence, or else at the first error.
        until: gives how many of its bytes are to be shown by now, for a log that is played again.
        Raises StateError when it cannot be opened; what was shown before stays.
        """
        log = OpenLog(
            path, live=live, post=self._post, shown=self._terminal_display.lines, until=until
        )
        self.close()
        self.log_shown = log
        self.is_ready = False
        self.file_state = FileState.PRESENT
        self.only = None
        self.set_phases(phases)
        self._evidence = tuple(evidence)
        self._to_error = at_error
        self._wanted_line = None
        self._view.needle = None
        self.notice("")
        self._view.show(log.tail)
        log.start()
        self._show_around()

    def close(self) -> None:
        """Show nothing; the threads of the log end by themselves."""
        self.commands.forget()
        if self.log_shown is not None:
            self.log_shown.close()
            self.log_shown = None
            self._view.show(LineIndex(_nothing))

    def finished(self) -> None:
        """What wrote the log has ended."""
        if self.log_shown is not None:
            self.log_shown.finished()

    def mark(self, evidence: Sequence[int], *, jump: bool = True) -> None:
        """Mark these lines, numbers from 1, and go to the first of them."""
        self._evidence = tuple(evidence)
        if self.log_shown is not None and self.is_ready:
            self._mark_evidence()
            if jump and evidence:
                self.go_to(self.log_shown.index.row_of_line(evidence[0]))
        self._show_around()

    def set_phases(self, phases: Iterable[LogPhase]) -> None:
        """More phases have started."""
        self.phases = tuple(phases)
        first: dict[str, int] = {}
        for phase in self.phases:
            first.setdefault(phase.name, phase.offset)
        self._view.set_phase_offsets(frozenset(first.values()))

    def go_to(self, row: int, character: int = 0) -> None:
        """Show a row; all rows are shown again where it is not among those shown."""
        rows = self._view.rows
        place = rows.place(row)
        if place >= len(rows) or rows.row(place) != row:
            self.limit(None)
        self._view.jump(row, character)

    def go_to_line(self, line: int) -> None:
        """Show a line by its number from 1, now or as soon as it is indexed."""
        self._wanted_line = line
        self.arrived()

    def limit(self, only: str | None) -> None:
        """Show only errors and warnings, only matches, or (None) all rows."""
        log = self.log_shown
        if log is None:
            return
        rows: RowSelection = AllRows(log.index)
        if only == PROBLEMS:
            rows = FoundRows(log.marks.rows)
        elif only == MATCHES and log.search is not None:
            rows = FoundRows(log.search.rows)
        else:
            only = None
        self.only = only
        self._view.choose_rows(rows)
        self._show_around()

    def ask(self, purpose: str, label: str, text: str = "") -> None:
        """Open the prompt. purpose: what its answer is for."""
        self._prompt.ask(purpose, label, text)

    def go_back(self) -> bool:
        """Leave the prompt, the selection, the filter, the search, one by one."""
        if self._prompt.is_open:
            self._prompt.call_off()
            return True
        return self.commands.go_back()

    def notice(self, text: str) -> None:
        """A line above the log; empty: none."""
        self._notice.display = bool(text)
        self._notice.update(text)

    def remark(self, text: str) -> None:
        """Say something in the status, for as long as the reader stays where they are."""
        self._remark = (text, self._place)
        self._show_around()

    @property
    def _place(self) -> object:
        return self._view.top, self._view.current

    def terminal_answered(self) -> None:
        """The terminal has shown all it was sent; see Pacer."""
        self._pacer.answered()

    # What the threads say

    def _post(self, message: Message) -> None:
        self.post_message(message)

    @on(LogGrew)
    @on(MarksFound)
    @on(MatchesFound)
    def _more(self, message: LogGrew | MarksFound | MatchesFound) -> None:
        message.stop()
        if message.log is self.log_shown:
            self._pacer.want()

    @on(LogFate)
    def _befallen(self, message: LogFate) -> None:
        message.stop()
        log = self.log_shown
        if log is None or message.log is not log:
            return
        if message.fate is FileState.TRUNCATED:
            self.reopen()
        self.file_state = (
            message.fate if message.fate is not FileState.TRUNCATED else FileState.PRESENT
        )
        self.notice(_NOTICES[message.fate])
        self.post_message(self.Changed())

    def reopen(self) -> None:
        """Read the file of that name from its beginning."""
        log = self.log_shown
        if log is None:
            return
        try:
            self.open(log.path, live=log.live, phases=self.phases)
        except StateError as problem:
            self.notice(
                self._terminal_display.line(f"The file cannot be read again: {problem.message}")
            )

    # Showing

    def _paint(self) -> None:
        log = self.log_shown
        if log is None or not self.is_attached:
            return
        if not self.is_ready and log.indexed:
            self._take_over(log)
        if self.is_ready:
            self._view.refresh_extent()
            self.arrived()
        self._show_around()

    def arrived(self) -> None:
        """More is known of the log: do what waited for it."""
        log = self.log_shown
        if log is None or not self.is_ready:
            return
        if self._wanted_line is not None:
            row = log.index.row_of_line(self._wanted_line)
            self._wanted_line, self._to_error = None, False
            self.go_to(row)
        self._go_to_error(log)
        self.commands.arrived()

    def _go_to_error(self, log: OpenLog) -> None:
        if not self._to_error:
            return
        first = log.marks.levels.find(bytes([Level.ERROR]))
        if first >= 0:
            self._to_error = False
            self.go_to(log.marks.rows[first])
        elif log.marks.caught_up:
            self._to_error = False

    def _take_over(self, log: OpenLog) -> None:
        """The whole log is indexed: show it in place of its tail, where the reader is."""
        self.is_ready = True
        self._left_at = log.index.line(max(0, log.index.extent.rows - 1))
        following = self._view.following
        row = log.row_of_tail(self._view.top_row)
        self._view.show(log.index)
        if not following:
            self._view.show_from(row)
        self._mark_evidence()
        if self._to_error and self._evidence:
            self._to_error = False
            self.go_to(log.index.row_of_line(self._evidence[0]))
        self.post_message(self.Changed())

    def _mark_evidence(self) -> None:
        if self.log_shown is not None:
            index = self.log_shown.index
            self._view.evidence = frozenset(map(index.row_of_line, self._evidence))
            self._view.look_again()

    @on(LogView.Moved)
    def _moved(self, message: LogView.Moved) -> None:
        message.stop()
        self._show_around()
        self.post_message(self.Changed())

    @on(Prompt.Typed)
    def _typed(self, message: Prompt.Typed) -> None:
        message.stop()
        self.commands.typed(message.purpose, message.text)

    @on(Prompt.Answered)
    def _answered(self, message: Prompt.Answered) -> None:
        message.stop()
        self.commands.answered(message.purpose, message.text)

    @on(Prompt.CalledOff)
    def _called_off(self, message: Prompt.CalledOff) -> None:
        message.stop()
        self.commands.called_off(message.purpose)

    @on(MarkBar.Pressed)
    def _bar_pressed(self, message: MarkBar.Pressed) -> None:
        message.stop()
        self._view.show_from_place(round(message.share * self._view.furthest))

    def _show_around(self) -> None:
        """The marks and the status."""
        log = self.log_shown
        if log is None:
            self._bar.show(_none, bytearray(), (), 0, range(0))
            self._status.show(LogState())
            return
        levels = log.marks.levels
        if self.is_ready:
            marks_before = log.marks.rows.place
            if self.only == PROBLEMS:
                marks_before = _as_many
            evidence = self._view.evidence
            if self.only is not None:
                evidence = frozenset()
            if self.only == MATCHES:
                marks_before = _none
            self._bar.show(marks_before, levels, evidence, len(self._view.rows), self._view.window)
        self._status.show(self._state(log))

    def _state(self, log: OpenLog) -> LogState:
        if not self.is_ready:
            return reading_state(log)
        if self._view.following:
            self._left_at = last_line(log.index)
        remark = self._remark[0] if self._remark[1] == self._place else None
        state = state_of(log, self._view, self._left_at, self._terminal_display)
        return replace(state, only=self.only, remark=remark)

    def on_unmount(self) -> None:
        self._pacer.stop()
        if self.log_shown is not None:
            self.log_shown.close()


def _as_many(place: int) -> int:
    return place


def _none(_place: int) -> int:
    return 0


def _nothing(_offset: int, _length: int) -> bytes:
    return b""
