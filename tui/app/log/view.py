"""The lines of a log: a window on a file that may have millions of them and may be growing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, cast

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from .line_index import LineIndex
from .row_selection import RowSelection
from .viewport import Position
from .window import LogWindow


class LogView(LogWindow, can_focus=True):
    """Shows rows of a log; follows its end, or stays where the reader is."""

    BINDINGS: ClassVar[Any] = [
        ("up,k", "lines(-1)", ""),
        ("down,j", "lines(1)", ""),
        ("shift+up,K", "extend(-1)", ""),
        ("shift+down,J", "extend(1)", ""),
        ("pageup,ctrl+b", "pages(-1)", ""),
        ("pagedown,ctrl+f,space", "pages(1)", ""),
        ("ctrl+u", "pages(-0.5)", ""),
        ("ctrl+d", "pages(0.5)", ""),
        ("home,g", "beginning", ""),
        ("end,G", "follow", ""),
        ("left,h", "columns(-8)", ""),
        ("right,l", "columns(8)", ""),
        ("0", "columns(-1000000000)", ""),
        ("dollar_sign", "columns(1000000000)", ""),
    ]

    class Moved(Message):
        """What is seen, marked or selected is different now."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, LogView.Moved)

    # What is shown

    def show(self, index: LineIndex, rows: RowSelection | None = None) -> None:
        """Show another log, at its end."""
        self._take(index, rows)
        self.following = True
        self.current = self._anchor = None
        self.evidence = frozenset()
        self.refresh_extent()

    def choose_rows(self, rows: RowSelection) -> None:
        """Show other rows of the same log, near the ones that were in the window."""
        row = self.current if self.current is not None else self.top_row
        follow = self.following
        self._rows = rows
        self.refresh_extent()
        if not follow:
            self.show_from(row)

    def refresh_extent(self) -> None:
        """The log has grown, or what is shown of it: keep the end in view, or the place."""
        if not self.size:
            return
        self._refit()
        self._go(self._window.end if self.following else self.top, keep_following=True)

    def look_again(self) -> None:
        """What is marked or searched for has changed."""
        self._strips.clear()
        self.refresh(self.size.region)
        self.post_message(self.Moved())

    # Where one is

    @property
    def window(self) -> range:
        """The places that are seen."""
        visible = self._visible()
        return range(visible[0].place, visible[-1].place + 1) if visible else range(0)

    @property
    def furthest(self) -> int:
        """The place at the top when the end is seen."""
        return self._window.end.place

    @property
    def at_end(self) -> bool:
        """Whether the end is seen."""
        return self.top >= self._window.end

    def jump(self, row: int, character: int = 0) -> None:
        """Make a row the current one and show it; character: which of its characters."""
        self._anchor = None
        self._show_row(row, character)

    def show_from(self, row: int) -> None:
        """Put a row at the top of the window."""
        self.show_from_place(self._rows.place(row))

    def show_from_place(self, place: int) -> None:
        self._go(Position(place))

    def select_from_here(self) -> None:
        """Begin a selection at the current row where that is seen, else at the top."""
        if self.current_in_view is None:
            self.current, self._character = self.top_row, 0
        self._anchor = self.current
        self.following = False
        self.look_again()

    def selected_rows(self) -> list[int]:
        """Return the selected rows among those shown, in order."""
        chosen = self.selection
        if not chosen:
            return []
        first, after = self._rows.place(chosen.start), self._rows.place(chosen.stop)
        return [self._rows.row(place) for place in range(first, after)]

    def selected_text(self) -> str:
        """Return the selected lines as they are shown."""
        return "".join(
            ("" if self._index.continues(row) or not nth else "\n")
            + self._lines.line(row).cells.text
            for nth, row in enumerate(self.selected_rows())
        )

    def clear_selection(self) -> bool:
        """Select nothing any more; False: nothing was."""
        had = self.current is not None
        self.current = self._anchor = None
        self.look_again()
        return had

    # Moving

    def action_lines(self, lines: int) -> None:
        if self.selecting:
            self.action_extend(lines)
        else:
            self._go(self._window.moved(self.top, lines))

    def action_pages(self, pages: float) -> None:
        lines = int(pages * max(1, self._height - 1))
        if self.selecting:
            self.action_extend(lines)
        else:
            self._go(self._window.moved(self.top, lines))

    def action_extend(self, lines: int) -> None:
        """Move the end of the selection, which begins here if there is none."""
        if not len(self._rows):
            return
        if self._anchor is None:
            self.select_from_here()
        place = self._rows.place(self.current or 0) + lines
        row = self._rows.row(max(0, min(place, len(self._rows) - 1)))
        self._show_row(row, 0)

    def action_beginning(self) -> None:
        if self.selecting:
            self.action_extend(-len(self._rows))
        self._go(Position(0))

    def action_follow(self) -> None:
        """Go to the end and stay there as the log grows."""
        if self.selecting:
            self.action_extend(len(self._rows))
        self._go(self._window.end)

    def action_columns(self, columns: int) -> None:
        if not self.wrap:
            self._scroll_columns(round(self.scroll_x) + columns)

    def set_wrap(self, wrap: bool) -> None:
        """Wrap long lines, or let them go on to the right; the top row stays."""
        row, follow = self.top.place, self.following
        self.wrap = wrap
        self._strips.clear()
        self._part = 0
        self._scroll_columns(0)
        self._go(self._window.end if follow else Position(row))

    def set_numbers(self, numbers: bool) -> None:
        self.numbers = numbers
        self._strips.clear()
        self.refresh_extent()
        self.refresh()

    def set_quiet(self, quiet: bool) -> None:
        """Dim what only repeats what is known, or show lines as they are."""
        self.quiet = quiet
        self._strips.clear()
        self.refresh()

    def set_times(self, times: Callable[[int], str] | None) -> None:
        """Show a time before each line. times: gives it for the offset of a line's first byte."""
        self.times = times
        self._strips.clear()
        self.refresh_extent()
        self.refresh()

    def set_phase_offsets(self, offsets: frozenset[int]) -> None:
        """Say where the phases of the build begin."""
        if offsets != self.phase_offsets:
            self.phase_offsets = offsets
            self._strips.clear()
            self.refresh()

    def scroll_page_up(self, **_options: object) -> None:
        self.action_pages(-1)

    def scroll_page_down(self, **_options: object) -> None:
        self.action_pages(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -3)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 3)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        row = self._row_under(event)
        if row is not None:
            self.capture_mouse()
            self._anchor = row
            self.current, self._character = row, 0
            self.following = False
            self.look_again()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self.app.mouse_captured is not self:
            return
        y = event.get_content_offset_capture(self).y
        beyond = (y >= self._height) - (y < 0)
        if beyond:
            self._go(self._window.moved(self.top, beyond), keep_following=True)
        row = self._row_under(event)
        if row is not None and row != self.current:
            self.current, self._character = row, 0
            self.look_again()

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        self.release_mouse()
        if self._anchor == self.current:
            self._anchor = None

    def on_resize(self, _event: events.Resize) -> None:
        self._strips.clear()
        wanted, self._wanted = self._wanted, None
        if wanted is None and self.current is not None and not self.following:
            place = self._rows.place(self.current)
            stays = self.top == self._gone_to  # it may not have been painted yet
            if stays or any(seen.place == place for seen in self._seen[1]):
                wanted = (self.current, self._character)
        self.refresh_extent()
        if wanted is not None:
            self._show_row(*wanted)

    @property
    def max_scroll_y(self) -> int:
        """How far it can be scrolled; Textual's takes every row for one screen line."""
        return self._window.end.place

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if not self._moving:
            # Something else scrolled it.
            self._part = 0
            self._moved()

    # How it is done

    def _refit(self) -> None:
        """Make the scroll bar end where the window does when it shows the last line."""
        width = 0 if self.wrap else self._widest + self._gutter_width
        size = Size(width, self._window.end.place + self._height)
        if size != self.virtual_size:
            # Without a layout: nothing but the window's own lines is painted anew.
            self.set_reactive(cast(Any, Widget).virtual_size, size)

    def _go(self, position: Position, *, keep_following: bool = False) -> None:
        position = self._window.clamped(position)
        self._moving = True
        self._part = position.part
        self.scroll_target_y = position.place
        self.scroll_y = position.place
        self._moving = False
        self._moved(keep_following=keep_following)

    def _moved(self, *, keep_following: bool = False) -> None:
        if not keep_following:
            self.following = self.at_end
        self.refresh(self.size.region)
        self.post_message(self.Moved())

    def _show_row(self, row: int, character: int) -> None:
        self.current, self._character = row, character
        self._strips.clear()
        if not self.size:
            # Not laid out yet: there is no window to show it in.
            self._wanted, self.following = (row, character), False
            return
        place = self._rows.place(row)
        cells = self._lines.line(row).cells
        part = cells.row_of(character, self._text_width) if self.wrap else 0
        self._go(self._window.showing(self.top, Position(place, part)))
        self._gone_to = self.top
        self.following = False  # the user keeps the line that is looked at, also among the last
        if not self.wrap:
            cell = cells.cell_of(character)
            if not round(self.scroll_x) <= cell < round(self.scroll_x) + self._text_width - 8:
                self._widest = max(self._widest, cells.width)
                self._scroll_columns(cell - self._text_width // 3)

    def _scroll_columns(self, column: int) -> None:
        self._refit()
        furthest = max(0, self._widest - self._text_width)
        self.scroll_target_x = self.scroll_x = max(0, min(column, furthest))
        self.refresh(self.size.region)
        self.post_message(self.Moved())

    def _wheel(self, event: events.MouseEvent, lines: int) -> None:
        event.stop()
        event.prevent_default()
        if event.shift or event.ctrl:
            self.action_columns(lines * 4)
        else:
            self._go(self._window.moved(self.top, lines))

    def _row_under(self, event: events.MouseEvent) -> int | None:
        place = event.get_content_offset_capture(self)
        visible = self._visible()
        if not visible:
            return None
        return self._rows.row(visible[max(0, min(place.y, len(visible) - 1))].place)
