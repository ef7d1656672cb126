"""The findings of a diagnosis, the root cause first; one of them is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.content import Content
from textual.message import Message

from ...app_api import app_of
from ...widgets.finding_paragraphs import finding_paragraphs
from ...widgets.paragraphs import Paragraph, Paragraphs

if TYPE_CHECKING:
    from .....core.diagnosis import Diagnosis
    from .....core.findings import Evidence, Finding

_OUTCOMES = {
    "failed": "The build failed.",
    "succeeded": "The build succeeded.",
    "cancelled": "The build was cancelled.",
    "unknown": "The outcome is unknown.",
}


class Findings(Paragraphs):
    """Up and Down select a finding, Enter goes to its evidence."""

    BINDINGS: ClassVar[Any] = [
        ("up,k", "select(-1)", ""),
        ("down,j", "select(1)", ""),
    ]

    class Selected(Message):
        """Another finding is selected."""

    class Wanted(Message):
        """A line of evidence of the selected finding was clicked. nth: which, from 0."""

        def __init__(self, nth: int) -> None:
            super().__init__()
            self.nth = nth

    def __init__(self) -> None:
        super().__init__()
        self._diagnosis: Diagnosis | None = None
        self._at = 0
        self._subject = ""

    @property
    def finding(self) -> Finding | None:
        """The selected one."""
        found = self._diagnosis.findings if self._diagnosis is not None else ()
        return found[min(self._at, len(found) - 1)] if found else None

    def show_message(self, text: str) -> None:
        """Show a sentence instead; it may be untrusted."""
        self._diagnosis = None
        self.show([Paragraph(Content(app_of(self).terminal_display.line(text)))])

    def show_diagnosis(self, diagnosis: Diagnosis, name: str) -> None:
        """Show these findings, the first one selected. name: of what was diagnosed."""
        self._diagnosis = diagnosis
        self._subject = name
        self._at = 0
        self._show()

    def select(self, number: int) -> None:
        """Select a finding by its number from 0."""
        found = self._diagnosis.findings if self._diagnosis is not None else ()
        at = max(0, min(number, len(found) - 1))
        if at != self._at:
            self._at = at
            self._show()
            self.post_message(self.Selected())

    def action_select(self, by: int) -> None:
        before = self._at
        self.select(self._at + by)
        if before == self._at:
            # The first or the last one: scroll, so that all of it can be read.
            self.scroll_relative(y=by, animate=False)

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        tag = self.tag_at(place.y) if place is not None else None
        if tag is None:
            return
        number, _, nth = tag.partition(" ")
        self.select(int(number))
        if nth:
            self.post_message(self.Wanted(int(nth)))

    def _show(self) -> None:
        diagnosis, display = self._diagnosis, app_of(self).terminal_display
        if diagnosis is None:
            return
        lines = [
            Paragraph(Content.styled(display.shorten(self._subject, 60), "$muted")),
            Paragraph(Content.styled(_OUTCOMES[diagnosis.outcome], "bold")),
        ]
        if not diagnosis.findings:
            lines.append(Paragraph(Content("No cause was found.")))
        for number, finding in enumerate(diagnosis.findings):
            tag = str(number)
            mark = display.chosen if number == self._at else " "
            head, *rest = finding_paragraphs(finding, display, tag)
            lines += [Paragraph(), Paragraph(Content.assemble(f"{mark} ", head.content), tag=tag)]
            lines += [Paragraph(each.content, each.indent + 2, each.hang, tag) for each in rest]
            lines += [
                self._evidence(each, f"{tag} {nth}") for nth, each in enumerate(finding.evidence)
            ]
        self.show(lines, keep_place=True)
        self.show_tag(str(self._at))

    def _evidence(self, evidence: Evidence, tag: str) -> Paragraph:
        display = app_of(self).terminal_display
        where = "line" if evidence.source == "log" else display.line(evidence.source)
        text = display.line(evidence.text.strip(), 300)
        return Paragraph(
            Content.assemble((f"> {where} {evidence.line}: ", "$muted"), text), 4, 2, tag
        )
