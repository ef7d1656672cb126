"""The Installations tab: every configured Python, its problems and their remedies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from .....core.errors import SettingsError
from ...app_api import app_of
from ...background import call
from ...screens.list_screen import ListScreen
from ...widgets.paragraphs import Paragraphs
from ...widgets.table import Table
from .actions import INSTALLATIONS_ACTIONS
from .detail import detail_of, worst_first
from .table import COLUMNS, rows_of
from .timeline import columns_of, timeline_rows, width_of

if TYPE_CHECKING:
    from .....core.builds import Build
    from .....core.installations import Installation, Problem
    from .....core.services import Recipe


class InstallationsScreen(ListScreen):
    """The list and, beside or below it, the detail of the selected one."""

    scope = "installations"
    actions = INSTALLATIONS_ACTIONS
    columns = COLUMNS
    list_title = "Installations"
    filter_example = "version:3.8"
    nothing_found = "No installation matches the filter."

    def __init__(self) -> None:
        super().__init__()
        self._problem = 0
        self._shown: tuple[Problem, ...] = ()
        self._built: tuple[Build, ...] = ()
        self._wanted: str | None = None
        self._is_timeline = False

    @property
    def nothing(self) -> str:
        return "No installation is configured; d finds some."

    def on_mount(self) -> None:
        self.session_changed()
        self.query_one(Table).focus()

    def session_changed(self) -> None:
        super().session_changed()
        self.show_list()
        self._find_built()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._find_built()

    def _find_built(self) -> None:
        """Find the Pythons that were built here and are not configured yet.

        Not before the first analysis is over, so that the first page is painted first.
        """
        source, session = app_of(self).source, app_of(self).session

        def look() -> tuple[Build, ...]:
            service = source.python_builds
            return service.unadopted(session.installations) if service is not None else ()

        if session.log and not session.analyzing:
            call(self, look, self._take_built)

    def _take_built(self, built: tuple[Build, ...]) -> None:
        news = [build for build in built if build.id not in {each.id for each in self._built}]
        self._built = built
        if news:
            app_of(self).say(f"{news[0].content} was built from source; + adds it.")
            self.actions_changed()

    # What is shown

    @property
    def selected(self) -> Installation | None:
        """The installation under the cursor."""
        key = self.query_one(Table).key
        installations = app_of(self).session.installations
        return (
            installations[int(key)] if key is not None and int(key) < len(installations) else None
        )

    @property
    def _problems(self) -> tuple[Problem, ...]:
        return worst_first(self.selected) if self.selected else ()

    @property
    def problem(self) -> Problem | None:
        """The selected problem of the selected installation."""
        problems = self._problems
        return problems[min(self._problem, len(problems) - 1)] if problems else None

    def show_list(self) -> None:
        session, display = app_of(self).session, app_of(self).terminal_display
        table = self.query_one(Table)
        if self._is_timeline:
            width = width_of(table.scrollable_content_region.width)
            key = table.key
            table.change_columns(columns_of(session, width))
            self.fill(timeline_rows(session, display, width))
            table.select(key or "")
        else:
            self.fill(rows_of(session, display))
        self._select_wanted()
        self._show_detail()

    def open_with(self, argument: object) -> None:
        """argument: the path of an installation, as configured."""
        if isinstance(argument, str):
            self._wanted = argument
            self._select_wanted()

    def _select_wanted(self) -> None:
        """Select the installation that was added or asked for, once it is listed."""
        for number, each in enumerate(app_of(self).session.installations):
            if each.path == self._wanted:
                self.query_one(Table).select(str(number))
                self._wanted = None

    def _show_detail(self, *, keep_place: bool = True) -> None:
        selected, session = self.selected, app_of(self).session
        lines = self.query_one(Paragraphs)
        if selected is None:
            lines.show(())
            return
        used = session.used_by(selected)
        # A problem that was solved is no longer there to read.
        keep_place &= self._shown == self._problems
        self._shown = self._problems
        lines.show(
            detail_of(
                selected,
                self._problem,
                used,
                self.steward.terminal_display,
                session.today,
                creator=session.settings.environment_creator if session.settings else "",
                can_run=self.why_read_only() is None,
            ),
            keep_place=keep_place,
        )

    @on(Table.Moved)
    def _moved(self) -> None:
        self._problem = 0
        self._show_detail(keep_place=False)
        self.actions_changed()

    @on(Table.Chosen)
    def _chosen(self) -> None:
        self.do_detail()

    @on(Paragraphs.Clicked)
    def _clicked(self, event: Paragraphs.Clicked) -> None:
        self._problem = int(event.tag)
        self._show_detail()
        self.actions_changed()

    # What is possible

    def why_no_selection(self) -> str | None:
        return None if self.selected is not None else "no installation is selected"

    def why_no_remedy(self) -> str | None:
        if self.selected is None:
            return "no installation is selected"
        if self.problem is None:
            return "this installation has no problems"
        return None if self.problem.remedy else "this problem has no remedy"

    def why_no_remedy_run(self) -> str | None:
        reason = self.why_no_remedy()
        if reason is not None:
            return reason
        if self.problem is not None and self.problem.command is None:
            return "this remedy has to be run by hand; copy it"
        return self.why_read_only()

    def why_no_analysis(self) -> str | None:
        if app_of(self).session.analyzing:
            return "the analysis is running"
        return self.why_read_only()

    def why_no_adoption(self) -> str | None:
        if not self._built:
            return "every Python built here is configured"
        return app_of(self).source.why_no_edit()

    # What is done

    def do_next_problem(self) -> None:
        self._problem = (self._problem + 1) % len(self._problems)
        self._show_detail()
        self.query_one(Paragraphs).show_tag(str(self._problem))
        self.actions_changed()

    def do_copy_remedy(self) -> None:
        import shlex

        problem = self.problem
        if problem is not None and problem.remedy:
            text = shlex.join(problem.command) if problem.command else problem.remedy
            app_of(self).copy(text, "the remedy")

    def do_run_remedy(self) -> None:
        from .remedy_dialog import RunRemedy

        selected, problem = self.selected, self.problem
        if selected is not None and problem is not None and problem.command is not None:
            self.app.push_screen(RunRemedy(selected, problem, problem.command), self._remedied)

    def _remedied(self, did_run: bool | None) -> None:
        if did_run:
            app_of(self).analyze(fresh=False)

    def do_analyze(self) -> None:
        app_of(self).analyze(fresh=True)

    def do_timeline(self) -> None:
        table = self.query_one(Table)
        key, self._is_timeline = table.key, not self._is_timeline
        if not self._is_timeline:
            table.change_columns(self.columns)
        self.show_list()
        table.select(key or "")

    def on_resize(self) -> None:
        """The timeline is drawn for a width."""
        if self._is_timeline and self.is_composed:
            self.call_after_refresh(self.show_list)

    def do_discover(self) -> None:
        from .discover_dialog import DiscoverScreen

        self.app.push_screen(DiscoverScreen(), self._add)

    def do_install(self) -> None:
        from .....core.source_builds import PythonOptions
        from .build_python_dialogs import InstallPython, RecipeScreen

        service = app_of(self).source.python_builds
        if service is None:
            return

        def asked(recipe: Recipe | None) -> None:
            if recipe is not None:
                self.app.push_screen(RecipeScreen(recipe), lambda yes: agreed(recipe, yes))

        def agreed(recipe: Recipe, is_yes: bool | None) -> None:
            if is_yes:
                call(
                    self,
                    lambda: service.build(recipe.source.path, PythonOptions(recipe.prefix)),
                    started,
                    must_finish=True,
                )

        def started(build: Build) -> None:
            app_of(self).open_tab("builds", build.id)

        self.app.push_screen(InstallPython(service), asked)

    def do_adopt(self) -> None:
        python = self._built[0].python
        if python is not None:
            self._add([python.executable])

    def _add(self, paths: list[str] | None) -> None:
        from ...dialogs.settings_diff import offer

        if not paths:
            return
        try:
            edit = app_of(self).source.add_to_setting("executables", paths)
        except SettingsError as error:
            app_of(self).say(str(error), problem=True)
            return
        offer(self, edit, lambda: self.open_with(paths[0]))

    def do_log(self) -> None:
        from .analysis_log_dialog import AnalysisLogDialog

        self.app.push_screen(AnalysisLogDialog())
