"""The packages of an environment as paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from ...terminal.display import Display
from .paragraphs import Paragraph


def package_lines(packages: Sequence[tuple[str, str]], display: Display) -> list[Paragraph]:
    """Return a title and the packages, name and version."""
    count = len(packages)
    title = f"{count} package{'s' * (count != 1)} in the environment"
    return [
        Paragraph(),
        Paragraph(Content.styled(title, "bold")),
        *(Paragraph(Content(display.line(f"{name} {version}")), 2) for name, version in packages),
    ]
