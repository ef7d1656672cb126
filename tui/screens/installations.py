"""Installations: every configured Python, whether it can be used, and what cures it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container
from textual.widget import Widget

from ...core.errors import SettingsError
from ..house import house
from ..widgets.filter_bar import FilterBar, holds
from ..widgets.installations.detail import detail_of
from ..widgets.installations.table import COLUMNS, rows_of
from ..widgets.lines import Lines
from ..widgets.rows import Rows
from .base import StewardScreen

if TYPE_CHECKING:
    from ...core.installations import Installation, Problem


class InstallationsScreen(StewardScreen):
    """The list and, beside or below it, the detail of the selected one."""

    scope = "installations"

    def __init__(self) -> None:
        super().__init__()
        self._problem = 0

    def compose_body(self) -> Iterable[Widget]:
        with Container(classes="master-detail"):
            with Container(classes="master"):
                yield Rows(COLUMNS, empty="No installation is configured; d looks for some.")
                yield FilterBar()
            with Container(classes="detail"):
                yield Lines()

    def on_mount(self) -> None:
        self._show()
        self.query_one(Rows).focus()

    def session_changed(self) -> None:
        super().session_changed()
        self._show()

    # What is shown

    @property
    def selected(self) -> Installation | None:
        """The installation under the cursor."""
        key = self.query_one(Rows).key
        installations = house(self).session.installations
        return (
            installations[int(key)] if key is not None and int(key) < len(installations) else None
        )

    @property
    def problem(self) -> Problem | None:
        """The selected problem of the selected installation."""
        problems = self.selected.problems if self.selected else ()
        return problems[min(self._problem, len(problems) - 1)] if problems else None

    def _show(self) -> None:
        session, looks = house(self).session, house(self).looks
        words = self.query_one(FilterBar).words
        rows = rows_of(session, looks)
        shown = [row for row in rows if holds(" ".join(cell.text for cell in row.cells), words)]
        empty = "Nothing here holds that." if words else None
        self.query_one(Rows).show(shown, empty)
        self._show_detail()

    def _show_detail(self, *, keep_place: bool = True) -> None:
        selected, session = self.selected, house(self).session
        lines = self.query_one(Lines)
        if selected is None:
            lines.show(())
            return
        used = session.used_by(selected)
        lines.show(
            detail_of(selected, self._problem, used, house(self).looks, session.today),
            keep_place=keep_place,
        )

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._problem = 0
        self._show_detail(keep_place=False)
        self.actions_changed()

    @on(Rows.Chosen)
    def _chosen(self) -> None:
        self.do_detail()

    @on(Lines.Clicked)
    def _clicked(self, event: Lines.Clicked) -> None:
        self._problem = int(event.tag)
        self._show_detail()
        self.actions_changed()

    @on(FilterBar.Changed)
    def _filtered(self) -> None:
        self._show()

    @on(FilterBar.Left)
    def _filter_left(self) -> None:
        self.query_one(Rows).focus()

    def go_back(self) -> bool:
        if self.query_one(FilterBar).is_open:
            self.query_one(FilterBar).clear()
            return True
        if not self.query_one(Rows).has_focus:
            self.query_one(Rows).focus()
            return True
        return False

    # What is possible

    def why_no_selection(self) -> str | None:
        return None if self.selected is not None else "no installation is selected"

    def why_no_remedy(self) -> str | None:
        if self.selected is None:
            return "no installation is selected"
        if self.problem is None:
            return "nothing is wrong with this installation"
        return None if self.problem.remedy else "there is no remedy for this problem"

    def why_no_fix(self) -> str | None:
        reason = self.why_no_remedy()
        if reason is not None:
            return reason
        if self.problem is not None and self.problem.fix is None:
            return "this remedy is for you to run: copy it"
        return house(self).source.why_not_real

    def why_no_analysis(self) -> str | None:
        if house(self).session.analysing:
            return "the analysis is running"
        return house(self).source.why_not_real

    def why_no_discovery(self) -> str | None:
        return house(self).source.why_not_real

    # What is done

    async def do_filter(self) -> None:
        await self.query_one(FilterBar).open()

    def do_detail(self) -> None:
        lines = self.query_one(Lines)
        (self.query_one(Rows) if lines.has_focus else lines).focus()

    def do_next_problem(self) -> None:
        problems = self.selected.problems if self.selected else ()
        self._problem = (self._problem + 1) % len(problems)
        self._show_detail()
        self.query_one(Lines).show_tag(str(self._problem))
        self.actions_changed()

    def do_copy_remedy(self) -> None:
        problem = self.problem
        if problem is not None and problem.remedy:
            text = shlex.join(problem.fix.argv) if problem.fix else problem.remedy
            house(self).copy(text, "the remedy")

    def do_run_remedy(self) -> None:
        from .run_remedy import RunRemedy

        selected, problem = self.selected, self.problem
        if selected is not None and problem is not None and problem.fix is not None:
            self.app.push_screen(RunRemedy(selected, problem, problem.fix), self._remedied)

    def _remedied(self, did_run: bool | None) -> None:
        if did_run:
            house(self).analyse(fresh=False)

    def do_analyse(self) -> None:
        house(self).analyse(fresh=True)

    def do_discover(self) -> None:
        from .discover import DiscoverScreen

        self.app.push_screen(DiscoverScreen(), self._add)

    def _add(self, paths: list[str] | None) -> None:
        from .diff import offer

        if not paths:
            return
        try:
            edit = house(self).source.add_to_setting("executables", paths)
        except SettingsError as error:
            house(self).say(str(error), problem=True)
            return
        offer(self, edit)

    def do_log(self) -> None:
        from .startup_log import StartupLog

        self.app.push_screen(StartupLog())
