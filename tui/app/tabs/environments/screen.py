"""The Environments tab: what they hold, who uses them, how much room they take."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content

from .....core import environments as room
from ....terminal.build_strip import size_text
from ...app_api import app_of
from ...background import call, stream
from ...dialogs.confirm import Confirm
from ...screens.polled_list_screen import PolledListScreen
from ...widgets.paragraphs import Paragraph, Paragraphs
from ...widgets.table import Table
from .actions import ENVIRONMENTS_ACTIONS
from .detail import detail_of, difference_of, prune_lines
from .table import COLUMNS, rows_of

if TYPE_CHECKING:
    from .....core.environments import Environment, PrunePlan, Removed, Usage
    from .....core.services import BuildService, EnvironmentService, RebuildStart, Verified

_UNUSED = "no environment is selected"


class EnvironmentsScreen(PolledListScreen["tuple[Environment, ...]"]):
    """The list and, beside or below it, the detail of the selected environment."""

    scope = "environments"
    actions = ENVIRONMENTS_ACTIONS
    columns = COLUMNS
    list_title = "Environments"
    filter_example = "python:3.11 state:damaged"
    nothing_found = "No environment matches the filter."
    empty = "There are no environments yet; they come with the first deploy."

    def __init__(self) -> None:
        super().__init__()
        self._environments: tuple[Environment, ...] = ()
        self._usage: Usage | None = None
        self._measured: frozenset[tuple[Path, str | None]] = frozenset()
        self._is_measuring = False
        self._verified: dict[str, Verified] = {}
        self._is_verifying = False

    def open_with(self, argument: object) -> None:
        """argument: the identity of an environment."""
        if isinstance(argument, str):
            self.query_one(Table).select(argument)

    # What is known

    @property
    def environments(self) -> EnvironmentService | None:
        return app_of(self).source.environments

    @property
    def selected(self) -> Environment | None:
        return self._named(self.query_one(Table).key)

    def _named(self, identity: str | None) -> Environment | None:
        return next((each for each in self._environments if each.identity == identity), None)

    @property
    def _chosen_environments(self) -> tuple[Environment, ...]:
        """Those that an action is for: marked ones, else the selected one."""
        return tuple(each for each in self._environments if each.identity in self.targets)

    @property
    def moves(self) -> bool:
        return any(each.state == "building" for each in self._environments)

    def ask_for(self, service: BuildService) -> Callable[[], tuple[Environment, ...]]:
        environments = self.environments
        return environments.list if environments is not None else tuple

    def take(self, known: tuple[Environment, ...]) -> None:
        self._environments = known
        self.show_list()
        self._measure()

    def _measure(self) -> None:
        """Measure the disk usage where another environment has become complete."""
        complete = frozenset(
            (each.path, each.created) for each in self._environments if each.state == "complete"
        )
        service = self.environments
        if service is None or self._is_measuring or complete == self._measured:
            return
        chosen, self._is_measuring = self._environments, True

        def measured(usage: Usage) -> None:
            self._is_measuring, self._measured, self._usage = False, complete, usage
            self.show_list()
            self._measure()

        call(self, lambda: service.sizes(chosen), measured)

    # What is shown

    def show_list(self) -> None:
        display, usage = app_of(self).terminal_display, self._usage
        sizes = usage.sizes if usage is not None else {}
        rows = rows_of(self._environments, sizes, self._verified, display, time.time())
        self.fill(rows)
        self._show_title()
        self._show_detail()
        self.actions_changed()

    def _show_title(self) -> None:
        title = "Detail"
        if self._usage is not None and self._environments:
            title = f"Detail - all {size_text(self._usage.total)}, shared files once"
        self.query_one(".detail").border_title = title

    def _show_detail(self) -> None:
        selected, lines = self.selected, self.query_one(Paragraphs)
        if selected is None:
            lines.show(())
            return
        size = self._usage.sizes.get(selected.path) if self._usage is not None else None
        verified = self._verified.get(selected.identity)
        display = app_of(self).terminal_display
        lines.show(detail_of(selected, size, verified, display, time.time()), keep_place=True)

    @on(Table.Moved)
    def _moved(self) -> None:
        self.query_one(Paragraphs).scroll_home(animate=False)
        self._show_detail()
        self.actions_changed()

    @on(Table.Chosen)
    def _chosen(self) -> None:
        self.do_detail()

    # What is possible

    def why_no_environment(self) -> str | None:
        return None if self.selected is not None else _UNUSED

    def why_no_environments(self) -> str | None:
        if self._is_verifying:
            return "environments are being verified"
        return None if self._environments else "there are no environments"

    def why_no_verify(self) -> str | None:
        return self.why_no_environment() or self.why_no_environments()

    def why_no_rebuild(self) -> str | None:
        if self.selected is None:
            return _UNUSED
        if not any(each.used_by for each in self._chosen_environments):
            return "no content uses it; p removes what is not needed"
        return self.why_read_only()

    def why_no_prune(self) -> str | None:
        return self.why_no_environments() or self.why_read_only()

    def why_no_compare(self) -> str | None:
        marked = self.query_one(Table).marked
        if len(marked) != 1:
            return "mark one environment with Space, and select another"
        is_same = self.selected is None or self.selected.identity == marked[0]
        return "select another environment than the marked one" if is_same else None

    def why_no_content(self) -> str | None:
        if self.selected is None:
            return _UNUSED
        return None if self.selected.used_by else "no content uses it"

    # What is done

    def do_verify(self) -> None:
        self._verify(self._chosen_environments)

    def do_verify_all(self) -> None:
        self._verify(self._environments)

    def _verify(self, chosen: tuple[Environment, ...]) -> None:
        service = self.environments
        if service is None:
            return
        self._is_verifying = True
        self.say(f"Verifying {_many(len(chosen))}")

        def take(verified: list[Verified]) -> None:
            self._verified.update((each.environment.identity, each) for each in verified)
            self.show_list()

        def done() -> None:
            self._is_verifying = False
            found = [self._verified.get(each.identity) for each in chosen]
            damaged = sum(each is not None and bool(each.defects) for each in found)
            self.say(f"{_many(len(chosen))} verified, {damaged} damaged")
            self.show_list()

        stream(self, lambda _: service.verify(chosen), take, done, failed=self._not_verified)

    def _not_verified(self, problem: Exception) -> None:
        self._is_verifying = False
        app_of(self).say(str(problem), problem=True)

    def do_rebuild(self) -> None:
        service, chosen = self.environments, self._chosen_environments
        if service is None:
            return
        display = app_of(self).terminal_display
        users = [name for each in chosen for name in each.used_by]
        names = [Paragraph(Content(display.line(name)), hang=2) for name in users]

        def answered(is_yes: bool | None) -> None:
            if is_yes:
                call(
                    self,
                    lambda: tuple(service.rebuild(chosen)),
                    self._rebuilding,
                    must_finish=True,
                )

        self.app.push_screen(Confirm("Rebuild its content?", names), answered)

    def _rebuilding(self, started: tuple[RebuildStart, ...]) -> None:
        for each in started:
            if each.problem is not None:
                app_of(self).say(str(each.problem), problem=True)
        begun = [each.build for each in started if each.build is not None]
        if begun:
            many = "1 build started. ! shows it"
            self.say(many if len(begun) == 1 else f"{len(begun)} builds started. ! shows the last")

    def do_prune(self) -> None:
        service = self.environments
        if service is None:
            return
        criteria = room.Criteria(unused=True, python_gone=True)

        def planned() -> tuple[PrunePlan, int]:
            plan, _ = service.prune_plan(criteria)
            return plan, service.sizes([each.environment for each in plan.removals]).freed

        call(self, planned, lambda found: self._ask_to_prune(service, *found))

    def _ask_to_prune(self, service: EnvironmentService, plan: PrunePlan, freed: int) -> None:
        if not plan.removals:
            self.say("Nothing to prune: all environments are needed")
            return

        def answered(is_yes: bool | None) -> None:
            if is_yes:
                call(
                    self,
                    lambda: tuple(service.remove(plan.removals)),
                    self._pruned,
                    must_finish=True,
                )

        body = prune_lines(plan, freed, app_of(self).terminal_display)
        self.app.push_screen(Confirm("Prune environments?", body, yes="Remove"), answered)

    def _pruned(self, removed: tuple[Removed, ...]) -> None:
        for each in removed:
            if each.refused is not None:
                app_of(self).say(f"{each.environment.identity}: {each.refused}", problem=True)
        gone = sum(each.refused is None for each in removed)
        self.say(f"{_many(gone)} removed")
        self.ask()

    def do_compare(self) -> None:
        before, after = self._named(self.query_one(Table).marked[0]), self.selected
        if before is None or after is None:
            return
        display = app_of(self).terminal_display
        changes = room.compare_packages(before, after)
        lines = difference_of(before, after, changes, display)
        self.query_one(Paragraphs).show(lines)
        self.query_one(".detail").border_title = "Difference"
        self.query_one(Paragraphs).focus()

    def do_content(self) -> None:
        if self.selected is not None and self.selected.used_by:
            app_of(self).open_tab("content", self.selected.used_by[0])


def _many(count: int) -> str:
    return f"{count} environment{'s' * (count != 1)}"
