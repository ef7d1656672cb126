"""What the screen of upgrades sets going: the preflight, the upgrade itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.content import Content

from .....core.errors import StewardError
from .....core.secrets import mask_secrets
from .....core.upgrades import (
    Bundles,
    Effect,
    Prediction,
    UpgradeSimulation,
)
from ...app_api import app_of
from ...background import call, do
from ...dialogs.confirm import Confirm
from ...dialogs.settings_diff import diff_lines
from ...screens.base import StewardScreen
from ...widgets.paragraphs import Paragraph
from .model import UpgradeDraft
from .preflight import Predicted, Preflight, PreflightOver

if TYPE_CHECKING:
    from .....core.settings import Edit
    from .....core.upgrades import PlanFile, UpgradePlan
    from ....services.proposal import Proposal
    from ....services.upgrades import UpgradeService

_SECONDS_BETWEEN_LOOKS = 5.0
_UNKNOWN_YET = "what it does is being worked out"


class UpgradeOperations(StewardScreen):
    """Asks the index, and does the upgrade after a question.

    simulation: of the change that is tried out; None while it is worked out.
    has_read: whether it is known what is deployed. builds: whether some of that would be built.
    predicted: by the name of the content, for the version that it would get.
    """

    def __init__(self) -> None:
        super().__init__()
        self.simulation: UpgradeSimulation | None = None
        self.has_read = False
        self.builds = False
        self.bundles: Bundles = {}
        self.predicted: dict[str, Prediction] = {}
        self.preflight_words = ""
        self._made: dict[tuple[str, str], Prediction] = {}
        self._preflight: Preflight | None = None
        self._answered = 0
        self._has_plan = False
        self._is_unfinished = False

    @property
    def draft(self) -> UpgradeDraft:
        raise NotImplementedError

    @property
    def desk(self) -> UpgradeService | None:
        raise NotImplementedError

    def show_counts(self) -> None:
        raise NotImplementedError

    def show_changes(self) -> None:
        raise NotImplementedError

    def change(self, draft: UpgradeDraft) -> None:
        raise NotImplementedError

    # The preflight

    def look_for_predictions(self) -> None:
        """Take what earlier preflights have said, and whether there is a plan to watch."""
        desk = self.desk
        if desk is not None:
            call(self, desk.predictions, self._take_kept, self._failed)
            self._look_for_plan()

    def _look_for_plan(self) -> None:
        desk = self.desk
        if desk is not None and self.is_current:
            call(self, desk.last, self._plan_is_there, self._no_plan_is_there)

    def _take_kept(self, kept: tuple[Prediction, ...]) -> None:
        for made in reversed(kept):
            self._take(made)
        self._show_predicted()

    def _take(self, made: Prediction) -> None:
        for name in made.content:
            self._made[name, str(made.python)] = made

    def _show_predicted(self) -> None:
        self.match_predictions()
        self.show_changes()

    def match_predictions(self) -> None:
        """Which prediction is for the version that content would get now."""
        changes = self.simulation.changes if self.simulation is not None and self._made else ()
        self.predicted = {
            change.subject.name: made
            for change in changes
            if change.after is not None
            and (made := self._made.get((change.subject.name, str(change.after.version))))
        }

    def why_no_preflight(self) -> str | None:
        if self.desk is None:
            return app_of(self).source.why_not_real
        if self._preflight is not None:
            return "it runs already: x stops it"
        if self.simulation is None:
            return _UNKNOWN_YET
        counts = self.simulation.counts
        return None if counts[Effect.MOVES] or counts[Effect.GAINS] else "nothing moves"

    def why_no_stop(self) -> str | None:
        return None if self._preflight is not None else "no preflight runs"

    def do_preflight(self) -> None:
        desk = self.desk
        if desk is None or self.simulation is None:
            return
        self._answered = 0
        self.preflight_words = "preflight begins"
        self._preflight = Preflight(desk, self.simulation, self.bundles, self)
        self._preflight.start()
        self.show_counts()

    def do_stop(self) -> None:
        if self._preflight is not None:
            self._preflight.stop()

    def on_unmount(self) -> None:
        self.do_stop()

    @on(Predicted)
    def _predicted(self, message: Predicted) -> None:
        for made in message.made:
            self._take(made)
        self._answered += len(message.made)
        self.preflight_words = f"preflight {self._answered} of {message.total}: x stops it"
        self._show_predicted()
        self.show_counts()

    @on(PreflightOver)
    def _preflight_over(self, message: PreflightOver) -> None:
        self._preflight = None
        how = "stopped" if message.is_stopped else "done"
        self.preflight_words = f"preflight {how}: {self._answered} answered"
        if message.problem is not None:
            self.preflight_words = "preflight failed"
            app_of(self).say(message.problem, problem=True)
        self.show_counts()

    # The upgrade

    def _plan_is_there(self, last: tuple[PlanFile, UpgradePlan, bool]) -> None:
        self._has_plan, self._is_unfinished = True, not last[1].is_over
        self.actions_changed()
        if self._is_unfinished:
            # Another terminal may end it, or the builds that it waits for.
            self.set_timer(_SECONDS_BETWEEN_LOOKS, self._look_for_plan)

    def _no_plan_is_there(self, _problem: StewardError) -> None:
        self._has_plan = False

    def why_no_plan(self) -> str | None:
        if self.desk is None:
            return app_of(self).source.why_not_real
        return None if self._has_plan else "there was no upgrade yet"

    def why_no_apply(self) -> str | None:
        settings = app_of(self).session.settings
        if self.desk is None or settings is None:
            return app_of(self).source.why_not_real
        if not settings.enabled:
            return "Python is not enabled in the settings"
        if self._is_unfinished:
            return "the last upgrade is not finished: w shows it, to go on with it or give it up"
        if self.simulation is None or not self.has_read:
            return _UNKNOWN_YET
        proposal = self.draft.proposal
        if proposal.why_not_applicable is not None:
            return proposal.why_not_applicable
        if not proposal.changes and not self.builds:
            return "nothing is changed, and all content has its Python"
        return None

    def do_plan(self) -> None:
        from .plan_screen import UpgradePlanScreen

        self.app.push_screen(UpgradePlanScreen())

    def do_apply(self) -> None:
        desk, proposal = self.desk, self.draft.proposal
        if desk is not None:
            call(
                self,
                lambda: desk.edits(proposal.changes),
                lambda edits: self._ask_to_apply(desk, proposal, edits),
                self._failed,
            )

    def _ask_to_apply(
        self, desk: UpgradeService, proposal: Proposal, edits: tuple[Edit, ...]
    ) -> None:
        settings, looks = app_of(self).session.settings, app_of(self).looks
        at_once = settings.parallel_builds if settings is not None else 1

        def answered(is_yes: bool | None) -> None:
            if is_yes:
                do(
                    self,
                    lambda: desk.apply(proposal.changes, edits, at_once),
                    self._applied,
                    self._failed,
                )

        body = [line for edit in edits for line in diff_lines(mask_secrets(edit.diff()), looks)]
        body += [Paragraph()] if body else []
        body += [Paragraph(Content(text)) for text in _what_follows(self.simulation, at_once)]
        title = "Write this and build again?" if edits else "Build again what lost its Python?"
        self.app.push_screen(Confirm(title, body, yes="does it", no="does not"), answered)

    def _applied(self, _file: PlanFile) -> None:
        self._has_plan = True
        self.change(UpgradeDraft(today=self.draft.today, policy=self.draft.today))
        app_of(self).reload()
        self.do_plan()

    def _failed(self, problem: StewardError) -> None:
        app_of(self).say(str(problem), problem=True)


def _what_follows(simulation: UpgradeSimulation | None, at_once: int) -> list[str]:
    """What an upgrade does, in sentences."""
    lines: list[str] = []
    counts = simulation.counts if simulation is not None else {}
    if counts.get(Effect.MOVES):
        moving = counts[Effect.MOVES]
        what = "1 piece of content moves" if moving == 1 else f"{moving:,} pieces of content move"
        lines.append(f"{what} to another Python.")
    if counts.get(Effect.FAILS):
        lines.append(f"{counts[Effect.FAILS]:,} would match nothing any more.")
    builds = "1 build" if at_once == 1 else f"{at_once} builds"
    lines.append(f"What cannot run now is built first, {builds} at once, also while you are away.")
    lines.append("Content keeps its old environment until the new one is complete.")
    return lines
