"""Lines of styled text that scroll; a new text repaints only the lines that differ.

A detail beside a list changes with every move of the cursor. Over a slow line what matters is
the number of bytes, so that a change touches no more than it must.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import ClassVar

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from ....core.frozen import frozen
from ..app_api import app_of

_LEAST_ROOM = 8
# Longer texts are broken wherever a line is full: what breaks them better costs time.
_LONG = 2_000
# Unicode's noncharacter: no text holds it, and Textual does not break lines at it.
_KEEPER = "\ufdd0"
_NOTHING = Content("")


@frozen
class Paragraph:
    """One paragraph. No-break spaces in it keep words together.

    indent: columns before it, also before the lines it is wrapped to.
    hang: columns more before the wrapped ones.
    tag: what a click on it stands for; None for nothing.
    """

    content: Content = _NOTHING
    indent: int = 0
    hang: int = 0
    tag: str | None = None


class Paragraphs(ScrollView, can_focus=True):
    """Shows paragraphs, wrapped to the width there is."""

    class Clicked(Message):
        """A paragraph was clicked that stands for something."""

        def __init__(self, tag: str) -> None:
            super().__init__()
            self.tag = tag

    # What is pressed may be elsewhere once this has the keys: a screen shows more then.
    FOCUS_ON_CLICK = False
    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k", "scroll_up", ""),
        ("down,j", "scroll_down", ""),
        ("pageup,ctrl+b,ctrl+u", "page_up", ""),
        ("pagedown,ctrl+f,ctrl+d", "page_down", ""),
        ("home,g", "scroll_home", ""),
        ("end,G", "scroll_end", ""),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._lines: tuple[Paragraph, ...] = ()
        self._strips: list[Strip] = []
        self._tags: list[str | None] = []
        self._wrapped_to = 0

    @property
    def text(self) -> str:
        """What is shown, without styles: for tests and for copying."""
        return "\n".join(f"{' ' * line.indent}{line.content.plain}" for line in self._lines)

    def show(self, lines: Iterable[Paragraph], *, keep_place: bool = False) -> None:
        """Show these instead; keep_place: stay scrolled as it is."""
        self._lines = tuple(lines)
        if not self.is_mounted:
            return
        before, scrolled = self._strips, self.scroll_offset.y
        self._wrap()
        if not keep_place:
            self.scroll_to(y=0, animate=False)
        if self.scroll_offset.y != scrolled:
            self.refresh()
            return
        for y in range(max(len(before), len(self._strips))):
            old = before[y] if y < len(before) else None
            new = self._strips[y] if y < len(self._strips) else None
            if old != new:
                reach = max(strip.cell_length for strip in (old, new) if strip is not None)
                self.refresh(Region(0, y - scrolled, reach, 1))

    def on_resize(self, _event: events.Resize) -> None:
        self._wrap()
        self.refresh()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self._wrapped_to:
            self._wrap()

    def _wrap(self) -> None:
        width = self.scrollable_content_region.width
        self._wrapped_to = width
        self._strips, self._tags = [], []
        if width <= 0:
            return
        style = self.visual_style
        blank = style.rich_style
        for line in self._lines:
            for indent, strip in self._wrapped(line, width, style):
                shown = Strip.join([Strip.blank(indent, blank), strip]) if indent else strip
                self._strips.append(_with_plain_spaces(shown))
                self._tags.append(line.tag)
        self.virtual_size = Size(width, len(self._strips))

    def _wrapped(self, line: Paragraph, width: int, style: Style) -> Iterator[tuple[int, Strip]]:
        """Yield the lines a paragraph becomes, each with the columns before it."""
        content, indent = _kept_together(line.content), line.indent
        room = max(width - indent, _LEAST_ROOM)
        if line.hang and content.cell_length > room:
            first, content = _first_line(content, room, line.hang)
            yield indent, Visual.to_strips(self, first, room, 1, style)[0]
            indent, room = indent + line.hang, max(room - line.hang, _LEAST_ROOM)
        while len(content) <= _LONG and any(cell_len(w) > room for w in content.plain.split()):
            first, content = _first_line(content, room)
            yield indent, Visual.to_strips(self, first, room, 1, style)[0]
        for strip in Visual.to_strips(self, content, room, None, style) or [Strip.blank(0)]:
            yield indent, strip

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if width != self._wrapped_to:
            self._wrap()
        number = y + self.scroll_offset.y
        style = self.visual_style.rich_style
        if number >= len(self._strips):
            return Strip.blank(width, style)
        strip = self._strips[number].crop_extend(0, width, style)
        if y == self.scrollable_content_region.height - 1 and number + 1 < len(self._strips):
            # A sign that the text goes on, which also a terminal without color shows.
            sign = app_of(self).terminal_display.falling
            return Strip([*strip.crop(0, width - 1), Segment(sign, style)]).simplify()
        return strip

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        tag = None if place is None else self.tag_at(place.y)
        if tag is not None:
            self.post_message(self.Clicked(tag))
        self.focus()

    def tag_at(self, y: int) -> str | None:
        """Return what the visible row stands for."""
        number = y + self.scroll_offset.y
        return self._tags[number] if 0 <= number < len(self._tags) else None

    def show_tag(self, tag: str) -> None:
        """Scroll so that the first line of that tag can be seen."""
        if tag in self._tags:
            self.scroll_to_region(Region(0, self._tags.index(tag), 1, 2), animate=False)


def _first_line(content: Content, room: int, label: int = 0) -> tuple[Content, Content]:
    """Return what stands on the first line, and the rest. label: what no word is broken before."""
    plain = content.plain
    end = len(content.wrap(room)[0].plain)
    if len(plain[:end].rstrip()) < label:
        # A label alone on its line: what follows it is one long word, so break that.
        end = _fitting(plain, room)
    if end < len(plain) and not plain[end - 1].isspace() and not plain[end].isspace():
        # A word is broken: a path is best broken behind a slash.
        end = plain.rfind("/", max(label, plain.rfind(" ", 0, end) + 1), end) + 1 or end
    rest = plain[end:].lstrip(" ")
    return content[:end], content[len(plain) - len(rest) :]


def _fitting(text: str, room: int) -> int:
    """Return how many characters fit; wide ones take two columns."""
    taken = accumulate(map(get_character_cell_size, text[:room]))
    return sum(columns <= room for columns in taken)


def _kept_together(content: Content) -> Content:
    """Return the same, its no-break spaces what Textual takes for letters."""
    if "\u00a0" not in content.plain:
        return content
    return Content(content.plain.replace("\u00a0", _KEEPER), list(content.spans))


def _with_plain_spaces(strip: Strip) -> Strip:
    """Return what has kept words together is shown as a space; a terminal without Unicode has no
    other."""
    if _KEEPER not in strip.text:
        return strip
    return Strip([Segment(text.replace(_KEEPER, " "), style) for text, style, _ in strip])
