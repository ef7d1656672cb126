"""Upgrade service: what a change of installations does, and carrying it out."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from .. import resolution, upgrades
from ..errors import BundleError
from ..server import Server
from ..state import make_directory

if TYPE_CHECKING:
    from ..cluster import ClusterPlaces
    from ..matching import Policy, SetEntry
    from ..resolution import Pip
    from ..settings import Edit
    from ..upgrades import (
        Bundles,
        PlanFile,
        Prediction,
        PreflightQuestion,
        Proposal,
        SettingsChange,
        Subject,
        TurnedLink,
        UpgradePlan,
        UpgradeSimulation,
    )

OnProblem = Callable[[Path, BundleError], object]


def _skip(_path: Path, _problem: BundleError) -> None:
    """Skip a bundle that cannot be used without a word."""


class PreflightRun:
    """A preflight: iterate over its predictions; `end` stops it from another thread.

    asked: its questions. at_once: how many of them at the same time. refresh: ask also what was
    asked before.
    """

    def __init__(
        self, server: Server, asked: Sequence[PreflightQuestion], *, at_once: int, refresh: bool
    ) -> None:
        self.asked = asked
        self._server = server
        self._at_once = at_once
        self._refresh = refresh
        self._lock = Lock()
        self._pip: Pip | None = None
        self._is_ended = False

    def __iter__(self) -> Generator[Prediction]:
        """Yield predictions as they are made; closing the generator ends what still runs.

        Raises: StateError, OSError where pip cannot be run.
        """
        server = self._server
        if not self.asked:
            return
        server.prepare_state()
        cache = make_directory(server.state_dir / "cache" / "preflight")
        kept = upgrades.directory_of(server.state_dir)
        with resolution.prepared(cache, server.settings.build_environment, server.run_as) as pip:
            with self._lock:
                if self._is_ended:
                    return
                self._pip = pip
            made = upgrades.predict(
                self.asked, kept, pip, at_once=self._at_once, afresh=self._refresh
            )
            with closing(made):
                yield from made

    def end(self) -> None:
        """End what runs; predictions made so far are kept. From any thread."""
        with self._lock:
            self._is_ended = True
            if self._pip is not None:
                self._pip.end()


class UpgradeService:
    """Upgrades of one server. Methods raise StewardError and may block."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def subjects(self) -> tuple[tuple[Subject, ...], Bundles]:
        """Return all content; none where there is no state directory yet."""
        state_dir = self._server.state_dir
        return upgrades.deployed(state_dir) if state_dir.is_dir() else ((), {})

    def turned_links(self) -> tuple[TurnedLink, ...]:
        """Return the content whose installation is a link that leads to another Python now."""
        return upgrades.turned_links(self._server)

    def found(self, texts: Sequence[str]) -> tuple[SetEntry, ...]:
        """Return installations to add. texts: versions, or paths, which are analyzed."""
        return upgrades.to_add(texts, self._server)

    def propose(
        self,
        today: Sequence[SetEntry],
        policy: Policy,
        *,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        matching: Policy | None = None,
    ) -> Proposal:
        """Return a change, as matching and as the settings see it.

        today: the installations that it starts from. policy: that of today. add, remove: versions
        or paths. matching: the policy after it; None means the same.
        """
        return upgrades.propose(
            today,
            policy,
            add=self.found(add),
            remove=upgrades.to_remove(remove, today),
            matching=matching,
        )

    def read_requests(self, names: Sequence[str]) -> Iterator[str]:
        """Read what content asks for where that is only assumed; yield each name that was read.

        `subjects` knows it from then on. Here nothing is assumed.
        """
        yield from ()

    def preflight(
        self,
        simulation: UpgradeSimulation,
        bundles: Bundles,
        *,
        at_once: int = 2,
        refresh: bool = False,
        on_problem: OnProblem = _skip,
    ) -> PreflightRun:
        """Prepare to ask whether what moves still installs.

        bundles: of the subjects. on_problem: told of each bundle that cannot be used.
        """
        settings = self._server.settings
        asked: Sequence[PreflightQuestion] = ()
        if settings.environment_management:  # otherwise nothing is installed for any content
            asked = upgrades.questions_of(
                simulation,
                bundles,
                settings.effective_prohibited,
                on_problem,
                settings.build_environment,
            )
        return PreflightRun(self._server, asked, at_once=at_once, refresh=refresh)

    def predictions(self) -> tuple[Prediction, ...]:
        """Return all predictions, compared with the builds that followed, the newest first."""
        state_dir = self._server.state_dir
        return upgrades.compared_predictions(state_dir) if state_dir.is_dir() else ()

    def edits(self, changes: SettingsChange) -> tuple[Edit, ...]:
        """Return what the change would write, to be shown first.

        Raises: StateError, BuildError where an upgrade cannot start.
        """
        upgrades.check_can_start(self._server)
        return upgrades.edits_for(self._server.settings, changes) if changes else ()

    def apply(
        self,
        changes: SettingsChange,
        edits: Sequence[Edit],
        at_once: int,
        *,
        check: bool = False,
        places: ClusterPlaces | None = None,
    ) -> PlanFile:
        """Write the edits and start to rebuild the content that they affect.

        check: content that does not start keeps its old environment. places: the cluster that
        builds; None: this machine.

        Where that fails after the settings were written, applying no change continues it.
        """
        backups = [str(backup) for edit in edits if (backup := edit.write()) is not None]
        server = self._server.reread() if edits else self._server
        return upgrades.start(
            server,
            upgrades.affected_content(server, places),
            change=str(changes),
            backups=backups,
            at_once=at_once,
            check=check,
            places=places,
        )

    def rebuild_all(
        self,
        at_once: int,
        *,
        force: bool = False,
        check: bool = False,
        places: ClusterPlaces | None = None,
    ) -> PlanFile:
        """Start to rebuild all content, as a plan. Parameters as in `apply`; force: also where the
        environment is complete."""
        server = self._server
        upgrades.check_can_start(server)
        return upgrades.start(
            server,
            upgrades.all_content(server),
            change="rebuild of all content",
            at_once=at_once,
            check=check,
            force=force,
            places=places,
        )

    def last(self) -> tuple[PlanFile, UpgradePlan, bool]:
        """Return the last plan, and whether it is running."""
        file = upgrades.last_plan(self._server.state_dir)
        is_running = file.is_driven()  # before the plan is read, so that its end is not missed
        return file, file.read(), is_running

    def resume(self, *, retry: bool = False, at_once: int | None = None) -> PlanFile:
        """Continue the last plan. retry: rebuild what failed, too."""
        return upgrades.resume(self._server.state_dir, retry=retry, at_once=at_once)

    def stop(self) -> PlanFile:
        """Start no more builds of the last plan; running ones finish."""
        file = upgrades.last_plan(self._server.state_dir)
        file.ask_to_stop()
        return file

    def abandon(self) -> PlanFile:
        """Drop the remaining steps of the last plan."""
        return upgrades.abandon(self._server.state_dir)
