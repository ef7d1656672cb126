"""The Content tab: deployed content with its Python, environment, bundle and last outcome."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content

from .....core.errors import StewardError
from .....core.matching import NO_PYTHON
from ...app_api import app_of
from ...background import call
from ...dialogs.confirm import Confirm
from ...dialogs.many import ask_for_many
from ...dialogs.path_prompt import ask_path
from ...dialogs.rollback import ask_to_roll_back
from ...screens.polled_list_screen import PolledListScreen
from ...widgets.package_paragraphs import package_lines
from ...widgets.paragraphs import Paragraph, Paragraphs
from ...widgets.table import Table
from .actions import CONTENT_ACTIONS
from .detail import bundle_lines, detail_of
from .run_paragraphs import run_paragraphs
from .table import COLUMNS, rows_of

if TYPE_CHECKING:
    from .....core.builds import Build
    from .....core.content import ContentStatus
    from .....core.services import BuildService, ContentService


class ContentScreen(PolledListScreen["tuple[ContentStatus, ...]"]):
    """The list and, beside or below it, the detail of the selected content."""

    scope = "content"
    actions = CONTENT_ACTIONS
    columns = COLUMNS
    list_title = "Content"
    filter_example = "python:3.8 outcome:failed"
    nothing_found = "No content matches the filter."
    empty = "Nothing is deployed yet; d deploys a bundle."

    def __init__(self) -> None:
        super().__init__()
        self._content: tuple[ContentStatus, ...] = ()
        self._bundle: tuple[object, list[Paragraph]] = (None, [])
        self._run: tuple[object, Build | None] = (None, None)
        self._wanted: str | None = None

    def open_with(self, argument: object) -> None:
        """argument: the name of content."""
        if isinstance(argument, str):
            self._wanted = argument
            self._select_wanted()

    def _select_wanted(self) -> None:
        """Select the content that was asked for or deployed, once it is listed."""
        if any(each.content.name == self._wanted for each in self._content):
            self.query_one(Table).select(self._wanted or "")
            self._wanted = None

    def session_changed(self) -> None:
        """With other settings other content may be out of date."""
        super().session_changed()
        self.ask()

    # What is known

    @property
    def selected(self) -> ContentStatus | None:
        key = self.query_one(Table).key
        return next((each for each in self._content if each.content.name == key), None)

    @property
    def outdated(self) -> list[str]:
        """The names of content that a rebuild would change."""
        return [
            each.content.name
            for each in self._content
            if each.is_outdated and each.content.outcome != "running"
        ]

    @property
    def _idle(self) -> list[str]:
        """The names of marked content, else of the selected, that is not being built."""
        running = {each.content.name for each in self._content if each.content.outcome == "running"}
        return [name for name in self.targets if name not in running]

    @property
    def moves(self) -> bool:
        return any(each.content.outcome == "running" for each in self._content)

    @property
    def content_service(self) -> ContentService | None:
        return app_of(self).source.content

    def ask_for(self, service: BuildService) -> Callable[[], tuple[ContentStatus, ...]]:
        session, content = app_of(self).session, self.content_service
        installations = None if session.analyzing else session.installations
        return lambda: content.list(installations) if content is not None else ()

    def take(self, known: tuple[ContentStatus, ...]) -> None:
        self._content = known
        self.show_list()
        self._select_wanted()

    def _ask_bundle(self, each: ContentStatus, content: ContentService) -> None:
        """Read the selected content's bundle, once for each bundle and prohibited list."""
        settings, display = app_of(self).session.settings, app_of(self).terminal_display
        prohibited = settings.effective_prohibited if settings is not None else ()
        wanted = (each.content.bundle, each.content.environment, prohibited)
        if self._bundle[0] == wanted:
            return
        self._bundle = (
            wanted,
            [Paragraph(), Paragraph(Content.styled("Reading its bundle.", "$muted"))],
        )

        def told(lines: list[Paragraph]) -> None:
            if self._bundle[0] == wanted:
                self._bundle = (wanted, lines)
                self._show_detail()

        def look() -> list[Paragraph]:
            packages = content.packages(each.content)
            try:
                lines = bundle_lines(content.bundle(each.content.name), prohibited, display)
            except StewardError as problem:
                lines = [Paragraph(), Paragraph(Content(display.line(str(problem))))]
            return [*lines, *(package_lines(packages, display) if packages else ())]

        call(self, look, told)

    def _ask_run(self, each: ContentStatus, content: ContentService) -> None:
        """Read the last run of the selected content, again once there is another."""
        wanted = (each.content.name, each.last_check, each.content.outcome)
        if self._run[0] == wanted:
            return
        self._run = (wanted, None)

        def told(run: Build | None) -> None:
            if self._run[0] == wanted:
                self._run = (wanted, run)
                self._show_detail()
                self.actions_changed()

        call(self, lambda: content.last_run(each.content.name), told, lambda _: None)

    # What is shown

    def show_list(self) -> None:
        display = app_of(self).terminal_display
        self.fill(rows_of(self._content, display, time.time()))
        self._show_detail()
        self.actions_changed()

    def _show_detail(self) -> None:
        selected, content = self.selected, self.content_service
        lines = self.query_one(Paragraphs)
        if selected is None or content is None:
            lines.show(())
            return
        self._ask_bundle(selected, content)
        self._ask_run(selected, content)
        display, now = app_of(self).terminal_display, time.time()
        detail = detail_of(selected, display, now)
        if self._run[1] is not None:
            detail += run_paragraphs(self._run[1], display, now)
        lines.show([*detail, *self._bundle[1]], keep_place=True)

    @on(Table.Moved)
    def _moved(self) -> None:
        self.query_one(Paragraphs).scroll_home(animate=False)
        self._show_detail()
        self.actions_changed()

    @on(Table.Chosen)
    def _chosen(self) -> None:
        self.do_detail()

    # What is possible

    def why_no_content(self) -> str | None:
        return None if self.selected is not None else "no content is selected"

    def why_no_deploy(self) -> str | None:
        settings = app_of(self).session.settings
        if self.content_service is None or settings is None:
            return app_of(self).source.why_read_only
        return None if settings.enabled else "Python is not enabled in the settings"

    def why_no_rebuild(self) -> str | None:
        if self.selected is None:
            return "no content is selected"
        if not self._idle:
            return "it is being built"
        return self.why_no_deploy()

    def why_no_remove(self) -> str | None:
        if self.selected is None:
            return "no content is selected"
        if not self._idle:
            return "it is being built"
        return self.why_read_only()

    def why_no_rebuild_changed(self) -> str | None:
        if not self.outdated:
            return "no content is out of date"
        return self.why_no_deploy()

    def why_no_request(self) -> str | None:
        if self.selected is not None and self.selected.content.request == NO_PYTHON:
            return "it needs no Python"
        return self.why_no_content()

    def why_no_rollback(self) -> str | None:
        if self.selected is None:
            return "no content is selected"
        return self.selected.rollback.why_not

    def why_no_run(self) -> str | None:
        if self.selected is None:
            return "no content is selected"
        if self.selected.content.environment is None:
            return "it has no environment"
        if self.selected.need is not None:
            return "it has to be rebuilt first"
        return self.why_no_deploy()

    def why_no_last_run(self) -> str | None:
        if self.selected is None:
            return "no content is selected"
        return None if self._run[1] is not None else "it was not run yet"

    # What is done

    def do_check(self) -> None:
        content, selected = self.content_service, self.selected
        if content is not None and selected is not None:
            name = selected.content.name
            self.say(f"Starting {name}")
            call(self, lambda: content.check(name), self._started, must_finish=True)

    def do_render(self) -> None:
        content, selected = self.content_service, self.selected
        if content is None or selected is None:
            return
        name = selected.content.name

        def started(target: Path, run: Build) -> None:
            self._started(run)
            call(self, lambda: content.write_document(run, target), written)

        def written(file: Path) -> None:
            app_of(self).say(f"The document is in {file.absolute()}")

        def answered(target: Path) -> None:
            call(
                self,
                lambda: content.render(name),
                lambda run: started(target, run),
                must_finish=True,
            )

        ask_path(self, "Write the document to", "an HTML file", answered, value=f"{name}.html")

    def do_last_run(self) -> None:
        if self._run[1] is not None:
            self._started(self._run[1])

    def do_roll_back(self) -> None:
        content, selected = self.content_service, self.selected
        if content is not None and selected is not None:
            ask_to_roll_back(self, content, selected.content.name, self.ask)

    def do_build(self) -> None:
        if self.selected is not None:
            app_of(self).open_tab("builds", self.selected.content.build)

    def do_simulate(self) -> None:
        if self.selected is not None:
            app_of(self).open_tab("simulator", self.selected.content.request)

    def do_deploy(self) -> None:
        from .deploy_dialog import DeployDialog

        content = self.content_service
        if content is not None:
            self.app.push_screen(DeployDialog(content), self._deployed)

    def _deployed(self, build: Build | None) -> None:
        if build is not None:
            self._started(build)

    def do_rebuild(self) -> None:
        self._ask_rebuild(self._idle)

    def do_rebuild_changed(self) -> None:
        self._ask_rebuild(self.outdated)

    def do_remove(self) -> None:
        content, names = self.content_service, self._idle
        if content is not None:
            ask_for_many(
                self,
                "Remove this content?" if len(names) == 1 else f"Remove all {len(names)}?",
                [(name, name) for name in names],
                "Its bundles and the records of its builds go with it. Environments stay.",
                content.remove,
                self.ask,
                done="removed",
                yes="Remove",
            )

    def _ask_rebuild(self, names: list[str]) -> None:
        display, content = app_of(self).terminal_display, self.content_service
        if content is None:
            return
        title, keeps = "Rebuild this content?", "It keeps its Python"
        if len(names) > 1:
            title, keeps = f"Rebuild all {len(names)}?", "Each keeps its Python"
        body = [Paragraph(Content(display.line(name)), hang=2) for name in names]
        body += [Paragraph(), Paragraph(Content(f"{keeps} while that is usable."))]

        def answered(answer: bool | None) -> None:
            if answer:
                self.say(
                    f"Rebuilding {names[0] if len(names) == 1 else f'{len(names)} content items'}"
                )
                for name in names:
                    call(self, lambda name=name: content.rebuild(name), started, must_finish=True)

        started = self._started if len(names) == 1 else self._one_of_many_started
        self.app.push_screen(Confirm(title, body), answered)

    def _started(self, build: Build) -> None:
        self._wanted = build.content
        app_of(self).open_tab("builds", build.id)

    def _one_of_many_started(self, build: Build) -> None:
        app_of(self).say(f"{build.content}: {build.outcome}")
        self.ask()
