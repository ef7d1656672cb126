"""A change of Pythons in lines: tried, applied, followed."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.errors import StewardError
from ...core.installations import candidates
from ...core.matching import Policy, SetEntry
from ...core.upgrades import Subject, supposed, why_of
from ..app.tabs.upgrade.model import UpgradeDraft
from ..app.tabs.upgrade.preview import preview
from .page import LinearRow, Page, PageContext, must_change


class UpgradePage(Page):
    """Rows are installations; ``switch`` marks one for removal."""

    name = "upgrade"
    title = "Upgrade"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._draft = UpgradeDraft()
        self.do_today("")

    def rows(self) -> Sequence[LinearRow]:
        rows: list[LinearRow] = []
        for number, entry in enumerate(self._draft.entries):
            kept = "kept" if not entry.is_added else "added"
            state = kept if entry.is_on else "removed" if not entry.is_added else "not added"
            version = entry.candidate.version or "unknown"
            where = entry.path or entry.candidate.executable or "hypothetical"
            rows.append(LinearRow(str(number), f"Python {version}, {state}, {where}"))
        return rows

    def detail(self, key: str) -> Sequence[str]:
        return [self.rows()[int(key)].words]

    def do_today(self, _rest: str) -> None:
        session = self.context.session
        found = session.installations
        real = [
            SetEntry(candidate, each.path)
            for each, candidate in zip(found, candidates(found), strict=True)
        ]
        policy = Policy.parse(session.policy)
        self._draft = UpgradeDraft().on(real, policy).under(policy)

    def do_switch(self, rest: str) -> None:
        key = str(int(rest) - 1) if rest.isdigit() else self.wanted("installation")
        if not 0 <= int(key) < len(self._draft.entries):
            raise StewardError(f"there is no row {rest}")
        self._draft = self._draft.switched(int(key))
        self._tell()

    def do_add(self, rest: str) -> None:
        service = self.context.backend.upgrades
        parts = [part.strip() for part in rest.split(",") if part.strip()]
        found = supposed(parts) if service is None else service.found(parts)
        self._draft = self._draft.with_added(found)
        self._tell()

    def do_remove(self, rest: str) -> None:
        key = str(int(rest) - 1) if rest.isdigit() else self.wanted("installation")
        if not 0 <= int(key) < len(self._draft.entries):
            raise StewardError(f"there is no row {rest}")
        if not self._draft.entries[int(key)].is_added:
            raise StewardError("it is configured already; switch marks it for removal")
        self._draft = self._draft.without(int(key))
        self._tell()

    def do_policy(self, rest: str) -> None:
        policies = list(Policy)
        following = policies[(policies.index(self._draft.policy) + 1) % len(policies)]
        self._draft = self._draft.under(Policy.parse(rest) if rest else following)
        self.context.say(f"The policy would be {self._draft.policy.value}.")
        self._tell()

    def _subjects(self) -> Sequence[Subject]:
        """Return all content; the demo server has no service, and its content all the same."""
        service = self.context.backend.upgrades
        if service is None:
            from ..app.demo_content import SUBJECTS

            return SUBJECTS
        return service.subjects()[0]

    def _tell(self) -> None:
        """Say what the change does to each content item that it concerns."""
        found = preview(self._draft, self._subjects())
        counts = found.simulation.counts
        told = [f"{count} {effect.value}" for effect, count in counts.items() if count]
        self.context.say(", ".join(told) + "." if told else "No content needs a Python.")
        for change in found.simulation.changes:
            before = change.before.version if change.before else "none"
            after = change.after.version if change.after else "none"
            if before != after:
                name, effect = change.subject.name, change.fate.value
                self.context.say(f"{name} {effect}, from {before} to {after}: {change.why}")

    def do_apply(self, _rest: str) -> None:
        must_change(self.context)
        service, proposal = self.context.backend.upgrades, self._draft.proposal
        settings = self.context.session.settings
        if service is None or settings is None:
            return
        if proposal.why_not_applicable is not None:
            raise StewardError(proposal.why_not_applicable)
        edits = service.edits(proposal.changes)
        for edit in edits:
            for line in edit.diff().splitlines():
                if line[:1] in "+-" and line[:3] not in ("+++", "---"):
                    self.context.say(f"{'added' if line[0] == '+' else 'removed'}: {line[1:]}")
        if self.context.agrees("Apply this change and rebuild affected content?"):
            service.apply(proposal.changes, edits, settings.parallel_builds)
            self.context.say("The upgrade has begun and continues in the background.")
            self.context.reload()
            self.do_today("")
            self.do_plan("")

    def do_plan(self, _rest: str) -> None:
        self.context.go("upgrade_plan")

    def do_preflight(self, _rest: str) -> None:
        """Ask whether what moves still installs; Ctrl-C keeps what is known by then."""
        must_change(self.context)
        service = self.context.backend.upgrades
        if service is None:
            return
        subjects, bundles = service.subjects()
        run = service.preflight(preview(self._draft, subjects).simulation, bundles)
        if not run.asked:
            raise StewardError("no content moves")
        self.context.say(f"{len(run.asked)} questions for the package index. Ctrl-C stops.")
        try:
            for found in run:
                names = ", ".join(found.content)
                self.context.say(
                    f"{names} on {found.python}: {found.answer.outcome}. {why_of(found)}"
                )
        finally:
            run.end()

    def do_simulate(self, rest: str) -> None:
        """``simulate CONTENT``."""
        name = rest or self.context.ask("Name of the content:")
        request = next((each.request for each in self._subjects() if each.name == name), None)
        if request is None:
            raise StewardError(f"there is no content {name!r}")
        self.context.open_page("simulator", request.text)
