"""The rows of the settings, and the detail of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from .....core.settings import SETTINGS, origin_of, values_of
from ....terminal.display import Display
from ...widgets.facts import facts
from ...widgets.paragraphs import Paragraph
from ...widgets.table import Cell, Column, Row

if TYPE_CHECKING:
    from .....core.settings import Setting, Settings

COLUMNS = (Column("Setting", 27), Column("Value", middle=True), Column("From", 10))
_PAGE = 8


def rows_of(settings: Settings, display: Display) -> list[Row]:
    """Return one row for each setting, in their order; keys are their fields."""
    return [_row(settings, setting, display) for setting in SETTINGS]


def _row(settings: Settings, setting: Setting, display: Display) -> Row:
    values, origin = values_of(settings, setting), origin_of(settings, setting)
    is_set = origin != "default"
    value = (
        f"{len(values)} items" if len(values) > 1 else display.line(values[0]) if values else "-"
    )
    return Row(
        setting.field,
        (
            Cell(setting.toml, "strong" if is_set else ""),
            Cell(value, "" if values else "muted"),
            Cell(display.line(origin), "" if is_set else "muted"),
        ),
    )


def detail_of(
    settings: Settings, setting: Setting, selected: int, display: Display, *, shows_all: bool
) -> list[Paragraph]:
    """Return one setting: meaning, names, kind, its values with their lines.

    selected: one of a list's items. shows_all: all items instead of one page of them.
    """
    values = values_of(settings, setting)
    lines = [
        Paragraph(Content.styled(setting.toml, "bold")),
        Paragraph(Content(setting.meaning)),
        Paragraph(),
    ]
    if not values:
        lines.append(Paragraph(Content.styled("not set", "$muted")))
    first = 0 if shows_all else selected // _PAGE * _PAGE
    last = len(values) if shows_all else min(first + _PAGE, len(values))
    for number, value in enumerate(values[first:last], first):
        mark = display.chosen if len(values) > 1 and number == selected else " "
        where = display.line(origin_of(settings, setting, number)).replace(" ", "\u00a0")
        lines.append(
            Paragraph(
                Content.assemble(
                    f"{mark} ",
                    (display.line(value), "bold"),
                    (f"  {where}", "$muted"),
                ),
                hang=4,
                tag=str(number),
            )
        )
    if last - first < len(values):
        page = f"{first + 1:,} to {last:,} of {len(values):,}: Tab shows all"
        lines.append(Paragraph(Content.styled(page, "$muted"), indent=2))
    lines += [Paragraph(), *facts(_facts(setting), display)]
    warnings = [_warning(warning.line, warning.message, display) for warning in settings.warnings]
    if warnings:
        lines += [Paragraph(), Paragraph(Content.styled("Warnings in the file", "bold")), *warnings]
    return lines


def _facts(setting: Setting) -> list[tuple[str, str]]:
    said = [("Kind", ", ".join(setting.choices) if setting.choices else setting.kind.value)]
    said.append(("In .gcfg", setting.in_gcfg or "not available; only a .toml file has it"))
    said.append(("In .toml", f"[python] {setting.toml}"))
    return said


def _warning(line: int | None, message: str, display: Display) -> Paragraph:
    where = f"line {line}: " if line is not None else ""
    return Paragraph(
        Content.assemble((f"{display.doubtful} ", "$text-warning"), where, display.line(message)),
        hang=2,
    )
