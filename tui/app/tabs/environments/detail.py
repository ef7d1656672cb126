"""One environment in words, the difference of two, and what pruning would remove."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from ....terminal.build_strip import size_text
from ....terminal.display import Display
from ...widgets.durations import clock
from ...widgets.facts import facts
from ...widgets.package_paragraphs import package_lines
from ...widgets.paragraphs import Paragraph
from .table import state_cell

if TYPE_CHECKING:
    from .....core.environments import Environment, PackageChange, PrunePlan, Removal
    from .....core.services import Verified

_MOST_DEFECTS = 50
_STYLES = {"good": "$text-success", "bad": "$text-error", "muted": "$muted"}


def detail_of(
    each: Environment, size: int | None, verified: Verified | None, display: Display, now: float
) -> list[Paragraph]:
    """Return the detail. size: its bytes, None where that is not known. now: seconds since 1970."""
    state = state_cell(each, verified, display)
    head = Content.assemble(
        (display.line(each.identity), "bold"), "  ", (state.text, _STYLES.get(state.role, ""))
    )
    marker = each.marker
    said = [
        ("Used by", ", ".join(each.used_by) or "no content"),
        ("Rollback of", ", ".join(each.previous_of)),
        ("Python", f"{each.python}  {each.executable or ''}".rstrip()),
        ("Size", size_text(size) if size is not None else "being measured"),
        ("Installer", f"{each.installer} {marker.installer_version if marker else ''}".rstrip()),
        ("Created", clock(each.created, now) if each.created else "not known"),
        ("Last used", clock(each.last_used, now) if each.last_used else "not known"),
        ("Lies in", str(each.path)),
    ]
    lines = [Paragraph(head), Paragraph(), *facts(said, display)]
    if verified is not None and verified.defects:
        lines += [Paragraph(), Paragraph(Content.styled("Defects; b rebuilds", "bold"))]
        lines += [
            Paragraph(
                Content.styled(f"{display.bad} {display.line(defect.message)}", "$text-error"), 2, 2
            )
            for defect in verified.defects[:_MOST_DEFECTS]
        ]
        if len(verified.defects) > _MOST_DEFECTS:
            left = len(verified.defects) - _MOST_DEFECTS
            lines.append(Paragraph(Content(f"and {left:,} more"), 2))
    if marker is None:
        return lines
    for complaint in marker.complaints:
        text = f"{display.doubtful} {display.line(complaint)}"
        lines.append(Paragraph(Content.styled(text, "$text-warning"), hang=2))
    return [*lines, *package_lines(marker.packages, display)]


def difference_of(
    before: Environment, after: Environment, changes: Sequence[PackageChange], display: Display
) -> list[Paragraph]:
    """Return what differs between the packages of two environments."""
    names = [", ".join(each.used_by) or f"no content ({each.identity})" for each in (before, after)]
    lines = [
        Paragraph(Content(display.line(f"From {names[0]}, Python {before.python}")), hang=2),
        Paragraph(Content(display.line(f"to {names[1]}, Python {after.python}")), hang=2),
        Paragraph(),
    ]
    if not changes:
        return [*lines, Paragraph(Content("Their packages are the same."))]
    for change in changes:
        if change.before is None:
            text, style = f"+ {change.name} {change.after}", "$text-success"
        elif change.after is None:
            text, style = f"- {change.name} {change.before}", "$text-error"
        else:
            text, style = f"  {change.name} {change.before} -> {change.after}", ""
        lines.append(Paragraph(Content.styled(display.line(text), style), 0, 4))
    return lines


def prune_lines(plan: PrunePlan, freed: int, display: Display) -> list[Paragraph]:
    """Return what pruning would remove and free, and what it would keep."""
    count = len(plan.removals)
    many = f"{count} environment{'s' * (count != 1)}"
    lines = [Paragraph(Content.styled(f"Removes {many} and frees {size_text(freed)}.", "bold"))]
    lines += [_removal(each, display.bad, display) for each in plan.removals]
    if plan.kept:
        lines += [Paragraph(), Paragraph(Content.styled("Kept", "bold"))]
        lines += [_removal(each, display.good, display) for each in plan.kept]
    return lines


def _removal(removal: Removal, sign: str, display: Display) -> Paragraph:
    each = removal.environment
    text = f"{sign} {each.identity}  Python {each.python}  {removal.reason}"
    return Paragraph(Content(display.line(text)), 0, 4)
