"""The picture of the versions, one line for each MAJOR.MINOR."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from ....terminal.display import Display
from ...widgets.paragraphs import Paragraph
from .version_map import Mark, VersionLine, VersionMark

_GROUP = 7


def picture_of(groups: Iterable[VersionLine], display: Display) -> list[Paragraph]:
    """Return the lines of the picture and, below it, what its signs mean."""
    groups = tuple(groups)
    kinds = {p.is_hypothetical for g in groups for p in g.places if p.mark is not Mark.REQUESTED}
    # Said only where it tells some from others.
    is_mixed = len(kinds) > 1
    lines = [_group(group, display, is_mixed) for group in groups]
    if not lines:
        return [Paragraph(Content.styled("No installations: + adds hypothetical ones.", "$muted"))]
    return [*lines, Paragraph(), _legend(display, is_mixed)]


def sign(mark: Mark, display: Display) -> tuple[str, str]:
    """Return the sign and the style of one mark."""
    return {
        Mark.REQUESTED: ("?", "bold $text-accent"),
        Mark.CHOSEN: (display.chosen, "bold reverse $text-success"),
        Mark.CONSIDERED: (display.on, "bold $text-primary"),
        Mark.OUT: (" ", "$muted"),
        Mark.UNUSABLE: (display.bad, "$text-error"),
        Mark.OFF: (display.off, "$disabled"),
        Mark.PLAIN: (" ", ""),
    }[mark]


def _group(group: VersionLine, display: Display, is_mixed: bool) -> Paragraph:
    major, minor = group.line
    name = f"{major}.{minor}"
    parts: list[Content | tuple[str, str]] = [
        (f"{name:<{_GROUP}}", "bold" if group.is_requested else "$muted")
    ]
    for place in group.places:
        parts += [_place(place, display, is_mixed), ("  ", "")]
    return Paragraph(Content.assemble(*parts), hang=_GROUP)


def _place(place: VersionMark, display: Display, is_mixed: bool) -> tuple[str, str]:
    mark, style = sign(place.mark, display)
    # No ordinary space inside, so that a wrapped line breaks between places only.
    text = f"{mark}\u00a0{place.version}" if mark.strip() else f"\u00a0\u00a0{place.version}"
    tail = "*" if is_mixed and place.is_hypothetical else ""
    return (f"{text}{tail}{chr(0xA0)}", style)


def _legend(display: Display, is_mixed: bool) -> Paragraph:
    words = (
        (Mark.REQUESTED, "requested"),
        (Mark.CHOSEN, "chosen"),
        (Mark.CONSIDERED, "accepted by a rule"),
        (Mark.UNUSABLE, "unusable"),
        (Mark.OFF, "off"),
    )
    parts: list[tuple[str, str]] = []
    for mark, word in words:
        of_mark, style = sign(mark, display)
        parts += [(of_mark, style), (f" {word}   ", "$muted")]
    if is_mixed:
        parts.append(("*\u00a0hypothetical", "$muted"))
    return Paragraph(Content.assemble(*parts))
