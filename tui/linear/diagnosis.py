"""Diagnoses in lines: findings, their evidence, and what their codes mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...core.errors import StewardError
from ...core.services import DiagnosisInput, Examination
from ..app.log.saving import save_text
from .builds import finding_lines
from .page import LinearRow, Page, PageContext


class DiagnosisPage(Page):
    name = "diagnosis"
    title = "Builds that failed"
    empty = "open PATH diagnoses a log or a bundle."

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._examined: Examination | None = None

    def rows(self) -> Sequence[LinearRow]:
        service = self.context.backend.builds
        entries = service.list() if service is not None else ()
        return [
            LinearRow(entry.row.id, f"{entry.row.content}, begun {entry.row.started}")
            for entry in entries
            if entry.row.outcome == "failed"
        ]

    def detail(self, key: str) -> Sequence[str]:
        return self._lines(DiagnosisInput(build=key))

    def do_open(self, rest: str) -> None:
        path = rest or self.context.ask("Path of the log or bundle:")
        if path:
            for line in self._lines(DiagnosisInput(path=Path(path).expanduser())):
                self.context.say(line)

    def open_with(self, argument: str) -> None:
        """argument: a build, or a path that begins with /."""
        if argument.startswith("/"):
            self.do_open(argument)
        else:
            super().open_with(argument)

    def _lines(self, subject: DiagnosisInput) -> list[str]:
        self.context.say(f"Diagnosing {subject.title}.")
        self._examined = self.context.backend.diagnosis.examine(subject)
        found = self._examined.diagnosis
        lines = [f"Outcome: {found.outcome}. {len(found.findings)} findings."]
        for finding in found.findings:
            lines += finding_lines(finding)
        return lines

    @property
    def _last(self) -> Examination:
        if self._examined is None:
            raise StewardError("nothing was diagnosed yet: a number or open PATH does that")
        return self._examined

    def do_explain(self, rest: str) -> None:
        """``explain [CODE]``; without one, the codes of what was diagnosed last."""
        from ...core.diagnosis import page_of

        codes = [rest] if rest else [each.code for each in self._last.diagnosis.findings]
        for code in dict.fromkeys(codes):
            page = page_of(code)
            for text in (f"{code}.", page.meaning, page.why, page.check, page.remedy, page.author):
                self.context.say(text or "")

    def do_copy_report(self, _rest: str) -> None:
        self.context.say(self._report())

    def do_save_report(self, rest: str) -> None:
        path = rest or self.context.ask("Path of the report:")
        if path:
            file = Path(path).expanduser().absolute()
            save_text(self._report(), file)
            self.context.say(f"The report is in {file}.")

    def _report(self) -> str:
        from ...core.diagnosis import report

        return report(self._last.diagnosis, self._last.name)
