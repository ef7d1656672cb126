"""What the Upgrade tab runs: the preflight, and the upgrade itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from textual.content import Content

from .....core.errors import StewardError
from .....core.secrets import mask_secrets
from .....core.upgrades import Effect, Prediction, UpgradeSimulation
from ...background import Stream, call, stream
from ...dialogs.confirm import Confirm
from ...dialogs.settings_diff import diff_lines
from ...widgets.paragraphs import Paragraph
from .model import UpgradeDraft

if TYPE_CHECKING:
    from .....core.services import PreflightRun, UpgradeService
    from .....core.settings import Edit
    from .....core.upgrades import PlanFile, Proposal, UpgradePlan
    from .screen import UpgradeScreen

_CHECK_SECONDS = 5.0
_UNKNOWN_YET = "the effects are being computed"


class UpgradeOperations:
    """Runs the preflight, and the upgrade after a question.

    predicted: by the content's name, for the version that it would get.
    progress: of the preflight, in words; empty without one.
    """

    def __init__(self, screen: UpgradeScreen) -> None:
        self.predicted: dict[str, Prediction] = {}
        self.progress = ""
        self._screen = screen
        self._known: dict[tuple[str, str], Prediction] = {}
        self._preflight: Stream[Prediction | int] | None = None
        self._questions = 0
        self._answered = 0
        self._has_plan = False
        self._is_unfinished = False

    @property
    def _service(self) -> UpgradeService | None:
        return self._screen.service

    # The preflight

    def load(self) -> None:
        """Read what earlier preflights predicted, and whether there is a plan."""
        service = self._service
        if service is not None:
            call(self._screen, service.predictions, self._take_earlier)
            self._find_plan()

    def _find_plan(self) -> None:
        service = self._service
        if service is not None and self._screen.is_current:
            call(self._screen, service.last, self._take_plan, self._no_plan)

    def _take_earlier(self, earlier: tuple[Prediction, ...]) -> None:
        for prediction in reversed(earlier):
            self._take(prediction)
        self._show_predicted()

    def _take(self, prediction: Prediction) -> None:
        for name in prediction.content:
            self._known[name, str(prediction.python)] = prediction

    def _show_predicted(self) -> None:
        self.match_predictions()
        self._screen.show_changes()

    def match_predictions(self) -> None:
        """Find the predictions for the versions that content would get now."""
        simulation = self._screen.simulation
        changes = simulation.changes if simulation is not None and self._known else ()
        self.predicted = {
            change.subject.name: prediction
            for change in changes
            if change.after is not None
            and (prediction := self._known.get((change.subject.name, str(change.after.version))))
        }

    def why_no_preflight(self) -> str | None:
        if self._service is None:
            return self._screen.why_read_only()
        if self._preflight is not None:
            return "it is running; c stops it"
        if self._screen.simulation is None:
            return _UNKNOWN_YET
        counts = self._screen.simulation.counts
        return None if counts[Effect.MOVES] or counts[Effect.GAINS] else "no content moves"

    def why_no_stop(self) -> str | None:
        return None if self._preflight is not None else "no preflight is running"

    def do_preflight(self) -> None:
        service, simulation = self._service, self._screen.simulation
        if service is None or simulation is None:
            return
        bundles = self._screen.bundles
        runs: list[PreflightRun] = []

        def predictions(own: Stream[Prediction | int]) -> Iterator[Prediction | int]:
            """First how many there will be; in a thread."""
            run = service.preflight(simulation, bundles)
            runs.append(run)
            own.check()
            yield len(run.asked)
            with closing(iter(run)) as made:
                yield from made

        def end() -> None:
            for run in runs:
                run.end()

        self._answered = self._questions = 0
        self.progress = "preflight started"
        self._preflight = stream(
            self._screen,
            predictions,
            self._take_predictions,
            self._end_preflight,
            failed=self._fail_preflight,
            on_stop=end,
        )
        self._screen.show_counts()

    def do_stop(self) -> None:
        if self._preflight is not None:
            self._preflight.stop()

    def _take_predictions(self, made: list[Prediction | int]) -> None:
        for each in made:
            if isinstance(each, int):
                self._questions = each
            else:
                self._take(each)
                self._answered += 1
        self.progress = f"preflight {self._answered} of {self._questions}; c stops it"
        self._show_predicted()
        self._screen.show_counts()

    def _end_preflight(self) -> None:
        is_stopped = self._preflight is not None and self._preflight.is_stopped
        self._preflight = None
        how = "stopped" if is_stopped else "done"
        self.progress = f"preflight {how}: {self._answered} answered"
        self._screen.show_counts()

    def _fail_preflight(self, problem: StewardError) -> None:
        if self._preflight is not None and self._preflight.is_stopped:
            self._end_preflight()
            return
        self._preflight = None
        self.progress = "preflight failed"
        self._screen.steward.say(str(problem), problem=True)
        self._screen.show_counts()

    # The upgrade

    def _take_plan(self, last: tuple[PlanFile, UpgradePlan, bool]) -> None:
        self._has_plan, self._is_unfinished = True, not last[1].is_over
        self._screen.actions_changed()
        if self._is_unfinished:
            # Another process may finish it.
            self._screen.set_timer(_CHECK_SECONDS, self._find_plan)

    def _no_plan(self, _problem: StewardError) -> None:
        self._has_plan = False

    def why_no_plan(self) -> str | None:
        if self._service is None:
            return self._screen.why_read_only()
        return None if self._has_plan else "there is no upgrade yet"

    def why_no_apply(self) -> str | None:
        screen = self._screen
        settings = screen.steward.session.settings
        if self._service is None or settings is None:
            return screen.why_read_only()
        if not settings.enabled:
            return "Python is not enabled in the settings"
        if self._is_unfinished:
            return "the last upgrade is not finished; w shows it, to continue or abandon it"
        if screen.simulation is None or not screen.has_read:
            return _UNKNOWN_YET
        proposal = screen.draft.proposal
        if proposal.why_not_applicable is not None:
            return proposal.why_not_applicable
        if not proposal.changes and not screen.builds:
            return "nothing is changed, and all content has its Python"
        return None

    def do_plan(self) -> None:
        from .plan_screen import UpgradePlanScreen

        self._screen.app.push_screen(UpgradePlanScreen())

    def do_apply(self) -> None:
        service, proposal = self._service, self._screen.draft.proposal
        if service is not None:
            call(
                self._screen,
                lambda: service.edits(proposal.changes),
                lambda edits: self._ask_to_apply(service, proposal, edits),
            )

    def _ask_to_apply(
        self, service: UpgradeService, proposal: Proposal, edits: tuple[Edit, ...]
    ) -> None:
        screen = self._screen
        settings, display = screen.steward.session.settings, screen.steward.terminal_display
        parallel = settings.parallel_builds if settings is not None else 1

        def answered(is_yes: bool | None) -> None:
            if is_yes:
                call(
                    screen,
                    lambda: service.apply(proposal.changes, edits, parallel),
                    self._applied,
                    must_finish=True,
                )

        body = [line for edit in edits for line in diff_lines(mask_secrets(edit.diff()), display)]
        body += [Paragraph()] if body else []
        body += [Paragraph(Content(text)) for text in _consequences(screen.simulation, parallel)]
        title = "Write this and rebuild?" if edits else "Rebuild what lost its Python?"
        screen.app.push_screen(Confirm(title, body, yes="Apply"), answered)

    def _applied(self, _file: PlanFile) -> None:
        screen = self._screen
        self._has_plan = True
        screen.change(UpgradeDraft(today=screen.draft.today, policy=screen.draft.today))
        screen.steward.reload()
        if screen.is_current:
            self.do_plan()


def _consequences(simulation: UpgradeSimulation | None, parallel: int) -> list[str]:
    """Return what an upgrade does, in sentences."""
    lines: list[str] = []
    counts = simulation.counts if simulation is not None else {}
    if moving := counts.get(Effect.MOVES):
        what = "1 content item moves" if moving == 1 else f"{moving:,} content items move"
        lines.append(f"{what} to another Python.")
    if counts.get(Effect.FAILS):
        lines.append(f"{counts[Effect.FAILS]:,} would no longer match any Python.")
    builds = "1 build" if parallel == 1 else f"{parallel} builds"
    lines.append(f"Content that cannot run now is built first, {builds} in parallel.")
    lines.append("The upgrade continues in the background when you quit.")
    lines.append("Content keeps its old environment until the new one is complete.")
    return lines
