"""The Diagnosis tab: the findings, and the log with their evidence marked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container
from textual.widget import Widget

from .....core.errors import StateError, StewardError
from .....core.services import DiagnosisInput, Examination
from ...app_api import app_of
from ...background import call
from ...dialogs.path_prompt import ask_path
from ...log.panel import LogPanel
from ...log.saving import save_text
from ...screens.log_screen import LogScreen
from ...widgets.durations import clock
from ...widgets.outcome_cell import outcome_cell
from ...widgets.table import Cell, Column, Row, Table
from .actions import DIAGNOSIS_ACTIONS
from .findings import Findings

if TYPE_CHECKING:
    from .....core.builds import BuildEntry
    from .....core.findings import Evidence
    from .....core.remotes.connect import ContentFailures

_FAILURES = (Column("Outcome", 13), Column("Content", middle=True), Column("Started", 16))
_MOST_FAILURES = 20
_WELCOME = (
    "Why did a deploy fail? O opens a build's log or a bundle; d on the Builds tab diagnoses one."
)
_FAILED_LAST = " Enter diagnoses one of the builds that failed last:"
_CONNECT_WELCOME = (
    "Why did a deploy fail? J lists the failed jobs of this server; O opens a log or a bundle."
)


class DiagnosisScreen(LogScreen):
    """Opened with a DiagnosisInput, or without."""

    scope = "diagnosis"
    actions = DIAGNOSIS_ACTIONS

    CSS_PATH = "style.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._examined: Examination | None = None
        self._failed: dict[str, str] = {}
        self._case: DiagnosisInput | None = None
        self._shown: Path | None = None
        self._next = 0

    def compose_body(self) -> Iterable[Widget]:
        with Container(classes="diagnosis"):
            with Container(classes="findings"):
                yield Findings()
                yield Table(_FAILURES, empty="", id="failures")
            with Container(classes="proof") as proof:
                # The title shows whether the keys are for this part.
                proof.border_title = "Log"
                yield LogPanel(app_of(self).terminal_display, remote=app_of(self).terminal.remote)

    def on_mount(self) -> None:
        findings = self.query_one(Findings)
        findings.focus()
        if self._case is None:
            findings.show_message(_WELCOME if self._failures is None else _CONNECT_WELCOME)
            self._show_proof(False)
            self._find_failures()
        self._show_failures(False)

    def _find_failures(self) -> None:
        """Offer the builds that failed last."""
        service = self.steward.source.builds
        if service is not None:
            call(self, service.list, self._take_failures)

    def _take_failures(self, entries: tuple[BuildEntry, ...]) -> None:
        failed = [entry.row for entry in entries if entry.row.outcome == "failed"][:_MOST_FAILURES]
        if self._case is not None or not failed:
            return
        self._failed = {row.id: row.content for row in failed}
        display, now = self.steward.terminal_display, time.time()
        table = self.query_one("#failures", Table)
        table.show(
            [
                Row(
                    row.id,
                    (
                        outcome_cell(row.outcome, display),
                        Cell(display.line(row.content), "strong"),
                        Cell(clock(row.started, now), "muted"),
                    ),
                )
                for row in failed
            ]
        )
        self.query_one(Findings).show_message(_WELCOME + _FAILED_LAST)
        self._show_failures(True)
        table.focus()

    def _show_failures(self, is_shown: bool) -> None:
        self.query_one("#failures").display = is_shown
        self.query_one(Findings).set_class(is_shown, "brief")

    @on(Table.Chosen, "#failures")
    def _failure_chosen(self, event: Table.Chosen) -> None:
        content = self._failed.get(event.key, "")
        self.examine(DiagnosisInput(build=event.key, name=f"{content}, build {event.key}"))
        self.query_one(Findings).focus()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.is_composed and self._case is None:
            self._find_failures()

    def _show_proof(self, is_shown: bool) -> None:
        """Show the log beside the findings, or the findings alone."""
        self.query_one(".proof").display = is_shown
        self.query_one(".diagnosis").set_class(not is_shown, "alone")

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The lines behind the selected finding that are in a file that can be shown."""
        finding = self.query_one(Findings).finding
        if finding is None or self._examined is None:
            return ()
        return tuple(each for each in finding.evidence if each.source in self._examined.logs)

    # Opening

    def open_with(self, argument: object) -> None:
        if isinstance(argument, DiagnosisInput):
            self.examine(argument)

    def examine(self, case: DiagnosisInput) -> None:
        """Diagnose it and show what was found."""
        self._case = case
        self._examined = None
        self._shown = None
        # The log of the last diagnosis says nothing about this one.
        self.log_panel.close()
        self._show_proof(False)
        findings = self.query_one(Findings)
        findings.show_message(f"{_name_of(case)}: looking for the cause.")
        self._show_failures(False)
        service = app_of(self).source.diagnosis

        def told(examined: Examination) -> None:
            if case is self._case:
                self._show(examined)

        def failed(problem: StewardError) -> None:
            if case is self._case:
                self.query_one(Findings).show_message(str(problem))

        call(self, lambda: service.examine(case), told, failed)

    @property
    def _failures(self) -> Callable[[], Iterable[ContentFailures]] | None:
        """What yields failed jobs: the service of a Connect server has it."""
        return getattr(app_of(self).source.diagnosis, "failures", None)

    def why_no_failures(self) -> str | None:
        if self._failures is not None:
            return None
        return "failed jobs are listed for a Connect server only"

    def do_failures(self) -> None:
        from .failures_dialog import FailuresDialog

        def chosen(guid: str | None) -> None:
            if guid is not None:
                self.examine(DiagnosisInput(build=guid))

        if self._failures is not None:
            self.app.push_screen(FailuresDialog(self._failures), chosen)

    def do_open(self) -> None:
        ask_path(
            self,
            "Diagnose",
            "a build's log, or a bundle",
            lambda path: self.examine(DiagnosisInput(path=path)),
        )

    # Showing

    def _show(self, examined: Examination) -> None:
        self._examined = examined
        self._shown = None
        self._next = 0
        self._show_proof(bool(examined.logs))
        findings = self.query_one(Findings)
        findings.show_diagnosis(examined.diagnosis, examined.name)
        if examined.logs:
            self._show_log(next(iter(examined.logs)))
        self.actions_changed()

    def _show_log(self, source: str) -> None:
        """Show one of the files, with the evidence of the selected finding marked."""
        if self._examined is None:
            return
        path = self._examined.logs[source]
        lines = [each.line for each in self.evidence if each.source == source]
        if path == self._shown:
            self.log_panel.mark(lines, jump=False)
            return
        try:
            self.log_panel.open(path, evidence=lines, at_error=True)
            self._shown = path
        except StateError as problem:
            app_of(self).say(str(problem), problem=True)

    @on(Findings.Selected)
    def _selected(self) -> None:
        self._next = 0
        self.do_evidence()
        self._next = 0
        self.actions_changed()

    @on(Findings.Wanted)
    def _wanted(self, message: Findings.Wanted) -> None:
        finding, evidence = self.query_one(Findings).finding, self.evidence
        each = finding.evidence[message.nth] if finding is not None else None
        if each in evidence:
            self._next = evidence.index(each)
            self.do_evidence()

    def go_back(self) -> bool:
        if self.log_panel.is_open and self.log_panel.go_back():
            return True
        findings = self.query_one(Findings)
        if not findings.has_focus:
            findings.focus()
            return True
        return False

    # What is possible

    def why_no_finding(self) -> str | None:
        return None if self.query_one(Findings).finding is not None else "there is no finding"

    def why_no_copy(self) -> str | None:
        if self._is_in_log:
            return self.log_commands.why_no_line()
        return self.why_no_finding()

    def why_no_report(self) -> str | None:
        return None if self._examined is not None else "nothing was diagnosed yet"

    # What is done

    def do_evidence(self) -> None:
        evidence = self.evidence
        if not evidence:
            app_of(self).say("No line of the log shows this.")
            return
        each = evidence[self._next % len(evidence)]
        self._next += 1
        self._show_log(each.source)
        self.log_panel.go_to_line(each.line)

    def do_turn(self) -> None:
        findings, view = self.query_one(Findings), self.log_panel.view
        if findings.has_focus and self.query_one(".proof").display:
            view.focus()
        else:
            findings.focus()

    def do_explain(self) -> None:
        from .....core.diagnosis import page_of
        from .page_dialog import PageDialog

        finding = self.query_one(Findings).finding
        if finding is None:
            return
        try:
            self.app.push_screen(PageDialog(page_of(finding.code)))
        except StewardError as problem:  # a record of another release has another code
            app_of(self).say(str(problem), problem=True)

    @property
    def _is_in_log(self) -> bool:
        return self.log_panel.is_open and not self.query_one(Findings).has_focus

    def do_copy(self) -> None:
        finding = self.query_one(Findings).finding
        if self._is_in_log:
            self.log_commands.do_copy()
        elif finding is not None:
            lines = [f"{each.source}:{each.line}: {each.text}" for each in finding.evidence]
            text = "\n".join([finding.cause, f"Remedy: {finding.remedy}", *lines])
            app_of(self).copy(text, "the finding")

    def do_copy_remedy(self) -> None:
        finding = self.query_one(Findings).finding
        if finding is not None:
            app_of(self).copy(finding.remedy, "the remedy")

    def do_copy_report(self) -> None:
        app_of(self).copy(self._report(), "the report")

    def do_save_report(self) -> None:
        text = self._report()

        def save(path: Path) -> Path:
            save_text(text, path)
            return path.absolute()

        ask_path(
            self,
            "Save the report to",
            "a file",
            lambda path: self.say(f"The report is in {path}"),
            work=save,
            value="diagnosis.md",
        )

    def _report(self) -> str:
        from .....core.diagnosis import report

        return report(self._examined.diagnosis, self._examined.name) if self._examined else ""


def _name_of(case: DiagnosisInput) -> str:
    """Return what is diagnosed, in few words."""
    if case.name:
        return case.name
    return str(case.path) if case.path is not None else f"build {case.build}"
