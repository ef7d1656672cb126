"""Facts as lines of a label and a value, the values in one column."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from ...terminal.display import Display
from .paragraphs import Paragraph

_LABEL = 13


def facts(
    pairs: Iterable[tuple[str, str]], display: Display, label_width: int = _LABEL
) -> list[Paragraph]:
    """Return one paragraph for each that has a value. pairs: label and value, which may be
    untrusted."""
    return [
        Paragraph(
            Content.assemble((f"{label:<{label_width}}", "$muted"), display.line(value)),
            hang=label_width,
        )
        for label, value in pairs
        if value
    ]
