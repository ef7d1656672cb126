"""Upgrades of this machine, under the settings of a server: preflight, plan, way back.

Everything here may block; the interface calls it in threads of its own (see ``tui.errands``).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.content import roll_back
from ...core.errors import BundleError
from ...core.matching import SetEntry
from ...core.resolution import prepared
from ...core.server import Server
from ...core.upgrades import (
    Bundles,
    PlanFile,
    Prediction,
    PreflightQuestion,
    SettingsChange,
    Subject,
    UpgradePlan,
    UpgradeSimulation,
    abandon,
    affected_content,
    check_can_start,
    compared_predictions,
    deployed,
    edits_for,
    folder_of,
    last_plan,
    predict,
    questions_of,
    resume,
    start,
)
from .proposal import to_add

if TYPE_CHECKING:
    from ...core.resolution import Pip
    from ...core.settings import Edit

OnProblem = Callable[[Path, BundleError], object]


def _pass_over(_path: Path, _problem: BundleError) -> None:
    """Say nothing of it."""


class UpgradeService:
    """What can be asked and done. Its methods raise StewardError."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._pip: Pip | None = None
        self._is_enough = False

    def subjects(self) -> tuple[tuple[Subject, ...], Bundles]:
        """All content; none where there is no state directory yet."""
        state_dir = self._server.state_dir
        return deployed(state_dir) if state_dir.is_dir() else ((), {})

    def found(self, texts: Sequence[str]) -> tuple[SetEntry, ...]:
        """Installations to add: versions, or paths, which are analysed."""
        return to_add(texts, self._server)

    # What would break

    def questions(
        self, simulation: UpgradeSimulation, bundles: Bundles, on_problem: OnProblem = _pass_over
    ) -> tuple[PreflightQuestion, ...]:
        """What a preflight of that change would ask."""
        settings = self._server.settings
        if not settings.environment_management:
            return ()  # nothing is installed for any content
        return questions_of(
            simulation,
            bundles,
            settings.effective_prohibited,
            on_problem,
            settings.build_environment,
        )

    def preflight(
        self, asked: Sequence[PreflightQuestion], *, at_once: int = 2, afresh: bool = False
    ) -> Generator[Prediction]:
        """Predictions as they are made; whoever stops listening ends what still runs."""
        from ...core.state import make_folder, prepare

        if not asked:
            return
        server = self._server
        prepare(
            server.state_dir,
            group=server.settings.state_group,
            passable=server.run_as is not None,
        )
        cache = make_folder(server.state_dir / "cache" / "preflight")
        kept = folder_of(server.state_dir)
        with prepared(cache, server.settings.build_environment, server.run_as) as pip:
            self._pip = pip
            if self._is_enough:
                return
            yield from predict(asked, kept, pip, at_once=at_once, afresh=afresh)

    def end_preflight(self) -> None:
        """End what runs of it; from any thread."""
        self._is_enough = True
        if self._pip is not None:
            self._pip.end()

    def predictions(self) -> tuple[Prediction, ...]:
        """All that are kept, with what has happened since, the newest first."""
        state_dir = self._server.state_dir
        return compared_predictions(state_dir) if state_dir.is_dir() else ()

    # Doing it

    def edits(self, changes: SettingsChange) -> tuple[Edit, ...]:
        """What the change would write, to be shown first; refused where it could not go on."""
        check_can_start(self._server)
        return edits_for(self._server.settings, changes) if changes else ()

    def apply(self, changes: SettingsChange, written: Sequence[Edit], at_once: int) -> PlanFile:
        """Write the edits, analyse what there is then, and begin to build what that touches.

        Where something fails after the settings are written, it is enough to begin again.
        """
        backups = [str(backup) for edit in written if (backup := edit.write()) is not None]
        server = self._server
        now = server.reread() if written else server
        return start(
            now, affected_content(now), change=str(changes), backups=backups, at_once=at_once
        )

    def last(self) -> tuple[PlanFile, UpgradePlan, bool]:
        """The last plan, and whether somebody works on it."""
        file = last_plan(self._server.state_dir)
        is_driven = file.is_driven()  # first, so that its last words are read
        return file, file.read(), is_driven

    def resume(self, *, retry: bool = False, at_once: int | None = None) -> PlanFile:
        """Go on with the last plan; retry: with what has failed, too."""
        return resume(self._server.state_dir, retry=retry, at_once=at_once)

    def stop(self) -> PlanFile:
        """Begin no more builds of the last plan."""
        file = last_plan(self._server.state_dir)
        file.ask_to_stop()
        return file

    def abandon(self) -> PlanFile:
        """Give up what is left of the last plan."""
        return abandon(self._server.state_dir)

    def put_back(self, content: str) -> str:
        """Put content on its environment before this one; the version it is on then."""
        back = roll_back(self._server.state_dir, content)
        return back.python.version if back.python is not None else ""
