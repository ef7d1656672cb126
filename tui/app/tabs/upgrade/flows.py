"""The moves of an upgrade as flows: ``3.8 ━━4━━▶ 3.9``, failures end in a cross."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from textual.content import Content

from .....core.upgrades import ContentChange, Effect
from ....terminal.display import Display
from ...widgets.paragraphs import Paragraph

_NAME = 9  # columns of a version
_LEAST, _MOST = 1, 8  # columns of a bar on each side of the number
_ENDS = {Effect.FAILS: "no match", Effect.UNMATCHED: "no match"}
_STYLES = {
    Effect.FAILS: "$text-error",
    Effect.UNMATCHED: "$text-error",
    Effect.MOVES: "$text-warning",
    Effect.GAINS: "$text-success",
}


def flows_of(changes: Iterable[ContentChange], display: Display, most: int) -> list[Paragraph]:
    """Return one line for each pair of versions between which content moves, the largest first.

    most: lines; the last one says how many more there are. What keeps its Python has none.
    """
    counted = Counter(
        (change.fate, _version(change, is_before=True), _version(change, is_before=False))
        for change in changes
        if change.fate is not Effect.KEEPS
    )
    if not counted:
        return []
    # Failures first: they ask for a decision.
    flows = sorted(
        counted.items(), key=lambda flow: (flow[0][0] not in _ENDS, -flow[1], flow[0][1])
    )
    shown = flows if len(flows) <= most else flows[: max(most - 1, 1)]
    largest = max(counted.values())
    lines = [
        _flow(fate, start, end, count, largest, display) for (fate, start, end), count in shown
    ]
    left = flows[len(shown) :]
    if left and most > 1:
        items = sum(count for _, count in left)
        text = f"and {len(left)} more flows with {items:,} content items"
        lines.append(Paragraph(Content.styled(text, "$muted")))
    return lines


def _version(change: ContentChange, *, is_before: bool) -> str:
    candidate = change.before if is_before else change.after
    if candidate is None:
        return "none" if is_before else _ENDS.get(change.fate, "none")
    return str(candidate.version or "unknown")


def _flow(
    fate: Effect, start: str, end: str, count: int, largest: int, display: Display
) -> Paragraph:
    share = max(_LEAST, round(count / largest * _MOST))
    bar, style = display.bar * share, _STYLES[fate]
    head = display.bad if fate in _ENDS else display.chosen
    return Paragraph(
        Content.assemble(
            (f"{start:>{_NAME}} ", "bold"),
            (f"{bar}{count:,}{bar}{head} ", style),
            (end, f"bold {style}" if fate in _ENDS else "bold"),
        )
    )
