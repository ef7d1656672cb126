"""The picture of the versions: one line for each MAJOR.MINOR, on one scale of patches."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from ....terminal.display import Display
from ...widgets.paragraphs import Paragraph, Paragraphs
from .version_map import Mark, VersionLine, VersionMark

_NAME = 6  # columns of a line's name
_LABEL = 5  # columns that the last label may need
_WIDEST = 4  # columns between two patches, at most
_EVERY = 5  # patches between two numbers of the scale
# What is told first where there is no room for all labels.
_FIRST = (Mark.REQUESTED, Mark.CHOSEN, Mark.CONSIDERED)


def picture_of(
    lines: Iterable[VersionLine], display: Display, width: int, *, is_short: bool = False
) -> list[Paragraph]:
    """Return the picture: the scale, the lines, and what the signs mean.

    width: in columns. is_short: only the lines, where there is little room.
    """
    lines = tuple(lines)
    kinds = {p.is_hypothetical for g in lines for p in g.places if p.mark is not Mark.REQUESTED}
    # Said only where it tells some from others.
    is_mixed = len(kinds) > 1
    if not lines:
        return [Paragraph(Content.styled("No installations: + adds hypothetical ones.", "$muted"))]
    last = max(place.version.patch for line in lines for place in line.places)
    step, drawn = _fitted(lines, last, width, display, is_mixed)
    if is_short:
        return drawn
    return [_scale(last, step), *drawn, Paragraph(), _legend(display, is_mixed)]


def _fitted(
    lines: tuple[VersionLine, ...], last: int, width: int, display: Display, is_mixed: bool
) -> tuple[float, list[Paragraph]]:
    """Return the columns of a patch, and the lines drawn so that each fits the width.

    last: the highest patch.
    """
    room = max(width - _NAME - _LABEL, 10)
    while True:
        step = min(room / max(last, 1), _WIDEST)
        drawn = [_line(line, step, display, is_mixed) for line in lines]
        over = max(line.content.cell_length for line in drawn) - width
        # Request and chosen version beside each other need more than one label.
        if over <= 0 or room <= 10:
            return step, drawn
        room = max(room - over, 10)


def show_picture(
    shown: Paragraphs,
    lines: tuple[VersionLine, ...],
    display: Display,
    *,
    is_short: bool = False,
    is_large: bool = False,
) -> None:
    """Draw for the room that there is, scrolled so that request and chosen version are in view.

    is_large: with empty lines between, as far as there is room.
    """
    width = shown.scrollable_content_region.width
    height = shown.scrollable_content_region.height
    picture = picture_of(lines, display, width, is_short=is_short)
    if is_large and len(picture) + len(lines) <= height:
        spaced = [line for each in picture[: len(lines) + 1] for line in (each, Paragraph())]
        picture = [*spaced, *picture[len(lines) + 2 :]]
    shown.show(picture, keep_place=True)
    places = important(lines)
    if is_large and len(picture) <= height:
        return
    if places and height:
        first, last = min(places), max(places)
        at = 0 if is_short else 1  # below the scale
        top = min(max(last + at - height + 1, 0), first + at)
        if not shown.scroll_offset.y <= first + at <= last + at < shown.scroll_offset.y + height:
            shown.scroll_to(y=top, animate=False)


def important(lines: Iterable[VersionLine]) -> list[int]:
    """Return the positions of the lines that must be in view: the request's, the chosen one's."""
    marks = (Mark.REQUESTED, Mark.CHOSEN)
    return [n for n, line in enumerate(lines) if any(p.mark in marks for p in line.places)]


def sign(mark: Mark, display: Display) -> tuple[str, str]:
    """Return the sign and the style of one mark."""
    return {
        Mark.REQUESTED: (display.needle, "bold $text-accent"),
        Mark.CHOSEN: (display.chosen, "bold reverse $text-success"),
        Mark.CONSIDERED: (display.on, "bold $text-primary"),
        Mark.OUT: (display.unknown, "strike $muted"),
        Mark.UNUSABLE: (display.bad, "$text-error"),
        Mark.OFF: (display.off, "$disabled"),
        Mark.PLAIN: (display.marked, ""),
    }[mark]


def _scale(last: int, step: float) -> Paragraph:
    """The numbers of the patches, above the lines."""
    text, every = "", _EVERY if step * _EVERY >= 4 else 4 * _EVERY
    for patch in range(0, last + 1, every):
        text = f"{text:<{_column(patch, step)}}{patch} "
    return Paragraph(Content.styled(f"{'patch':<{_NAME}}{text.rstrip()}", "$muted"))


def _line(line: VersionLine, step: float, display: Display, is_mixed: bool) -> Paragraph:
    name = "{}.{}".format(*line.line)
    parts: list[tuple[str, str]] = [(f"{name:<{_NAME}}", "bold" if line.is_requested else "$muted")]
    places = _columns(line.places, step)
    at = 0
    for number, (column, place) in enumerate(places):
        of_mark, style = sign(place.mark, display)
        rest = places[number + 1 :]
        label = f"{place.version.patch}{place.version.pre or ''}"
        label += "*" if is_mixed and place.is_hypothetical else ""
        # A label ends before the next sign; an important one pushes it to the right.
        space = rest[0][0] - column - 1 if rest else len(label)
        if len(label) > space and place.mark not in _FIRST:
            label = label if space >= len(label) else ""
        parts += [(display.axis * max(column - at, 0), "$disabled"), (f"{of_mark}{label}", style)]
        at = max(column, at) + 1 + len(label)
    return Paragraph(Content.assemble(*parts))


def _columns(places: Iterable[VersionMark], step: float) -> list[tuple[int, VersionMark]]:
    """Return where each mark stands: by its patch, and never two at one place."""
    found: list[tuple[int, VersionMark]] = []
    for place in places:
        column = _column(place.version.patch, step)
        if found:
            column = max(column, found[-1][0] + 1)
        found.append((column, place))
    return found


def _column(patch: int, step: float) -> int:
    return round(patch * step)


def _legend(display: Display, is_mixed: bool) -> Paragraph:
    words = (
        (Mark.REQUESTED, "requested"),
        (Mark.CHOSEN, "chosen"),
        (Mark.CONSIDERED, "accepted"),
        (Mark.PLAIN, "open"),
        (Mark.OUT, "out"),
        (Mark.UNUSABLE, "unusable"),
        (Mark.OFF, "off"),
    )
    parts: list[tuple[str, str]] = []
    for mark, word in words:
        of_mark, style = sign(mark, display)
        parts += [(of_mark, style), (f"\u00a0{word}  ", "$muted")]
    if is_mixed:
        parts.append(("*\u00a0hypothetical", "$muted"))
    return Paragraph(Content.assemble(*parts))
