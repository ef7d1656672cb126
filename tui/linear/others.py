"""Installations, simulator, diagnosis and settings in lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...core.errors import StewardError
from ...core.matching import Policy
from ...core.services import DiagnosisInput
from ...core.settings import SETTINGS, Setting, origin_of, values_of
from ..app.tabs.simulator.model import SimulatorModel, parse_versions
from .builds import finding_lines
from .page import LinearRow, Page, PageContext, must_change


class InstallationsPage(Page):
    name = "installations"
    title = "Installations"
    empty = "No installation is configured: discover finds some."

    def rows(self) -> Sequence[LinearRow]:
        session = self.context.session
        rows: list[LinearRow] = []
        for number, each in enumerate(session.installations):
            verdict = "usable" if each.usable else "unusable"
            warned = f" with {len(each.warnings)} warnings" if each.usable and each.warnings else ""
            end = each.end_of_life
            past = "since" if end is not None and end < session.today else "until"
            support = f", security fixes {past} {end:%Y-%m}" if end is not None else ""
            support = support.replace("fixes since", "fixes ended")
            words = (
                f"Python {each.version or 'unknown'}, {verdict}{warned}, {each.path}, "
                f"pip {each.pip or 'missing'}{support}, "
                f"{session.used_by(each)} content items"
            )
            rows.append(LinearRow(str(number), words))
        return rows

    def detail(self, key: str) -> Sequence[str]:
        each = self.context.session.installations[int(key)]
        lines = [f"{self.rows()[int(key)].words}."]
        for problem in each.problems:
            lines.append(f"{problem.severity}: {problem.message}")
            lines += [f"Remedy: {problem.remedy}"] if problem.remedy else []
        return lines

    def do_copy_remedy(self, _rest: str) -> None:
        each = self.context.session.installations[int(self.wanted("installation"))]
        remedies = [problem.remedy for problem in each.problems if problem.remedy]
        self.context.say(remedies[0] if remedies else "This installation has no remedy.")

    def do_run_remedy(self, _rest: str) -> None:
        must_change(self.context)
        each = self.context.session.installations[int(self.wanted("installation"))]
        fixes = [problem.fix for problem in each.problems if problem.fix is not None]
        if not fixes:
            raise StewardError("no remedy of this installation can be run from here")
        self.context.say(" ".join(fixes[0].argv))
        if self.context.agrees("Run this remedy?"):
            running = self.context.backend.run_fix(fixes[0])
            for line in running:
                self.context.say(line)
            self.context.say("It worked." if running.status == 0 else "It failed.")
            self.context.analyze()

    def do_analyze(self, _rest: str) -> None:
        must_change(self.context)
        self.context.analyze(fresh=True)
        self.show()

    def do_discover(self, _rest: str) -> None:
        """Find what is not configured, check it, and add what is asked for."""
        must_change(self.context)
        found = [each for each in self.context.backend.discover() if not each.is_configured]
        if not found:
            self.context.say("No other Python was found on this machine.")
            return
        checked = self.context.backend.examine([each.path for each in found], lambda _: None)
        for number, each in enumerate(checked.installations, 1):
            word = "usable" if each.usable else "unusable"
            why = f": {each.problems[0].message}" if each.problems else ""
            self.context.say(f"{number}. Python {each.version}, {word}, {each.path}{why}")
        answer = self.context.console.ask("Numbers to add, or nothing:") or ""
        chosen = [int(word) for word in answer.replace(",", " ").split() if word.isdigit()]
        paths = [found[n - 1].path for n in chosen if 1 <= n <= len(found)]
        if paths:
            self.context.offer(self.context.backend.add_to_setting("executables", paths))

    def do_log(self, _rest: str) -> None:
        for line in self.context.session.log:
            self.context.say(line)


class SimulatorPage(Page):
    name = "simulator"
    title = "Simulator"
    empty = "No installations: add 3.12.1 adds a hypothetical one."

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._model = SimulatorModel()
        self.do_real("")

    def rows(self) -> Sequence[LinearRow]:
        decision = self._model.decide()
        rows: list[LinearRow] = []
        for number, entry in enumerate(self._model.entries):
            state = "off" if not entry.is_on else entry.candidate.unusable or "on"
            if decision is not None and entry.is_on:
                considered = decision.considered[number]
                state = f"{considered.verdict.value}, {considered.why}"
            kind = "hypothetical " if entry.is_added else ""
            version = entry.candidate.version or "unknown"
            rows.append(LinearRow(str(number), f"{kind}Python {version}: {state}"))
        return rows

    def detail(self, key: str) -> Sequence[str]:
        return [self.rows()[int(key)].words]

    def open_with(self, argument: str) -> None:
        self.do_request(argument)

    def do_request(self, rest: str) -> None:
        text = rest or (self.context.console.ask("Request:") or "")
        self._model = self._model.ask(text.strip())
        self._answer()

    def _answer(self) -> None:
        model, decision = self._model, self._model.decide()
        if decision is None:
            self.context.say(model.problem or "Type request and a version, such as request 3.7.1.")
            return
        for number, step in enumerate(decision.steps, 1):
            taken = f"{step.taken.version} is taken" if step.taken is not None else "none"
            self.context.say(f"Rule {number}, {step.rule.value}. {step.question} {taken}.")
        self.context.say(decision.reason)

    def do_policy(self, rest: str) -> None:
        policies = list(Policy)
        following = policies[(policies.index(self._model.policy) + 1) % len(policies)]
        try:
            policy = Policy.parse(rest) if rest else following
        except ValueError as problem:
            raise StewardError(str(problem)) from None
        self._model = self._model.under(policy)
        self.context.say(f"The policy is {policy.value}.")
        self._answer()

    def do_add(self, rest: str) -> None:
        self._model = self._model.with_added(parse_versions(rest))
        self.show()

    def do_switch(self, rest: str) -> None:
        key = str(int(rest) - 1) if rest.isdigit() else self.wanted("installation")
        if not 0 <= int(key) < len(self._model.entries):
            raise StewardError(f"there is no row {rest}")
        self._model = self._model.switched(int(key))
        self.context.say(f"{self.rows()[int(key)].words}.")

    def do_remove(self, rest: str) -> None:
        key = str(int(rest) - 1) if rest.isdigit() else self.wanted("installation")
        if not 0 <= int(key) < len(self._model.entries):
            raise StewardError(f"there is no row {rest}")
        if not self._model.entries[int(key)].is_added:
            raise StewardError("it is a real one; switch switches it off")
        self._model = self._model.without(int(key))
        self.show()

    def do_real(self, _rest: str) -> None:
        from ...core.installations import candidates

        session = self.context.session
        model = SimulatorModel(text=self._model.text).with_real(candidates(session.installations))
        self._model = model.under(Policy.parse(session.policy))


class DiagnosisPage(Page):
    name = "diagnosis"
    title = "Builds that failed"
    empty = "open PATH diagnoses a log or a bundle."

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
        path = rest or (self.context.console.ask("Path of the log or bundle:") or "").strip()
        if path:
            for line in self._lines(DiagnosisInput(path=Path(path).expanduser())):
                self.context.say(line)

    def _lines(self, subject: DiagnosisInput) -> list[str]:
        self.context.say(f"Diagnosing {subject.title}.")
        found = self.context.backend.diagnosis.examine(subject).diagnosis
        lines = [f"Outcome: {found.outcome}. {len(found.findings)} findings."]
        for finding in found.findings:
            lines += finding_lines(finding)
        return lines


class SettingsPage(Page):
    name = "settings"
    title = "Settings"

    def rows(self) -> Sequence[LinearRow]:
        settings = self.context.session.settings
        if settings is None:
            return ()
        return [
            LinearRow(
                setting.field,
                f"{setting.toml}: {', '.join(values_of(settings, setting)) or 'not set'}, "
                f"from {origin_of(settings, setting)}",
            )
            for setting in SETTINGS
        ]

    def detail(self, key: str) -> Sequence[str]:
        settings, setting = self.context.session.settings, self._setting(key)
        values = values_of(settings, setting) if settings is not None else []
        choices = ", ".join(setting.choices) or setting.kind.value
        lines = [f"{setting.toml}. {setting.meaning}", f"It can be {choices}."]
        lines += [f"Value {number}: {value}." for number, value in enumerate(values, 1)]
        reason = self.context.backend.why_no_edit()
        return [*lines, f"It cannot be changed: {reason}."] if reason is not None else lines

    def _setting(self, key: str) -> Setting:
        return next(setting for setting in SETTINGS if setting.field == key)

    def _editable(self) -> str:
        reason = self.context.backend.why_no_edit()
        if reason is not None:
            raise StewardError(reason)
        return self.wanted("setting")

    def do_edit(self, rest: str) -> None:
        name = self._editable()
        self.context.offer(self.context.backend.set_setting(name, rest))

    def do_add(self, rest: str) -> None:
        name = self._editable()
        self.context.offer(self.context.backend.add_to_setting(name, [rest]))

    def do_remove(self, rest: str) -> None:
        """``remove ITEM``; without an item the setting gets its default."""
        name = self._editable()
        self.context.offer(self.context.backend.remove_from_setting(name, rest or None))

    def do_undo(self, _rest: str) -> None:
        from dataclasses import replace

        if not self.context.edits:
            raise StewardError("nothing was changed here since the start")
        last = self.context.edits[-1]
        before = len(self.context.edits)
        self.context.offer(replace(last, before=last.after, after=last.before))
        if len(self.context.edits) > before:
            del self.context.edits[-2:]

    def do_backups(self, _rest: str) -> None:
        found = self.context.backend.backups()
        for number, each in enumerate(found, 1):
            self.context.say(f"{number}. {each.written}, {each.size} bytes, {each.path.name}")
        answer = (self.context.console.ask("Number to restore, or nothing:") or "").strip()
        if answer.isdigit() and 1 <= int(answer) <= len(found):
            self.context.offer(self.context.backend.restore(found[int(answer) - 1].path))
