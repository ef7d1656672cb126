"""The Upgrade tab: try a change of Pythons, see its effects on content, and apply it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual import on
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from .....core import installations
from .....core.errors import RequestError, StewardError
from .....core.matching import Policy, SetEntry
from .....core.upgrades import Bundles, ContentChange, Subject, UpgradeSimulation, supposed
from ...app_api import app_of
from ...background import call
from ...dialogs.prompt import Prompt
from ...screens.base import StewardScreen
from ...widgets.filter_bar import FilterBar, matches
from ...widgets.panel import panel
from ...widgets.paragraphs import Paragraph, Paragraphs
from ...widgets.table import Table
from . import changes_table, installations_table
from .actions import UPGRADE_ACTIONS
from .flows import flows_of
from .model import UpgradeDraft
from .operations import UpgradeOperations
from .preview import UpgradePreview, preview
from .request_reading import RequestReading

if TYPE_CHECKING:
    from .....core.services import UpgradeService

_AT_ONCE = 2_000
"""Content that is simulated between two keys; more is simulated in a thread."""

_Known = tuple[tuple[Subject, ...], Bundles]


class UpgradeScreen(StewardScreen):
    """Shows the effects of a change while it is edited.

    simulation: of the change; None while it is computed. builds: whether some content is built.
    has_read: whether the deployed content is known. bundles: of that content.
    """

    scope = "upgrade"
    actions = UPGRADE_ACTIONS
    CSS_PATH = "style.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.operations = UpgradeOperations(self)
        self.reading = RequestReading(self)
        self.simulation: UpgradeSimulation | None = None
        self.builds = False
        self.has_read = False
        self.bundles: Bundles = {}
        self._draft = UpgradeDraft()
        self._subjects: tuple[Subject, ...] = ()
        self._changes: dict[str, ContentChange] = {}
        self._is_asking = False

    def compose_body(self) -> Iterable[Widget]:
        yield Static(id="counts")
        yield Paragraphs(id="flows")
        with Container(id="upgrade"):
            with Container(id="there"):
                yield panel(
                    Table(installations_table.COLUMNS, empty="none: + adds some", id="options"),
                    "Installations",
                )
            with Container(id="content"):
                yield panel(Table(changes_table.COLUMNS, title="Content", sorts=True, id="changes"))
                yield FilterBar("effect:moves to:3.12")
        yield panel(Paragraphs(id="change"), "Why")

    def on_mount(self) -> None:
        self.query_one("#flows", Paragraphs).can_focus = False
        self.query_one("#options").focus()
        self._take_installations()
        self.ask()

    def session_changed(self) -> None:
        super().session_changed()
        self._take_installations()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.ask()

    # What is known

    @property
    def draft(self) -> UpgradeDraft:
        return self._draft

    @property
    def service(self) -> UpgradeService | None:
        return app_of(self).source.upgrades

    def _take_installations(self) -> None:
        """Take the analyzed installations and the settings; the change stays."""
        session = app_of(self).session
        found = session.installations
        real = [
            SetEntry(candidate, installation.path)
            for installation, candidate in zip(found, installations.candidates(found), strict=True)
        ]
        self._draft = self._draft.on(real, Policy.parse(session.policy))
        self.show_draft()

    def ask(self) -> None:
        """Read what is deployed."""
        service = self.service
        if self._is_asking:
            return
        if service is None:
            from ...demo_content import SUBJECTS

            self._told((SUBJECTS, {}))
            return
        self._is_asking = True
        call(self, service.subjects, self._told, self._fail)
        self.operations.load()

    def _told(self, known: _Known) -> None:
        self._is_asking = False
        subjects, self.bundles = known
        if subjects != self._subjects or not self.has_read:
            self._subjects, self.has_read = subjects, True
            self.show_draft()

    def _fail(self, problem: StewardError) -> None:
        self._is_asking = False
        app_of(self).say(str(problem), problem=True)

    def open_with(self, argument: object) -> None:
        """argument: ``plan``, to show the last upgrade."""
        if argument == "plan":
            self.operations.do_plan()

    # What is shown

    def change(self, draft: UpgradeDraft) -> None:
        """Show this change from now on."""
        self._draft = draft
        self.show_draft()

    def show_draft(self) -> None:
        """Show the effects of the draft; with much content they are computed in the background."""
        if not self.is_composed:
            return
        draft, subjects = self._draft, self._subjects
        if len(subjects) <= _AT_ONCE:
            self._show_preview(preview(draft, subjects))
            return
        self.simulation = None
        self.show_counts()
        call(self, lambda: preview(draft, subjects), self._show_preview, self._fail)

    def _show_preview(self, now: UpgradePreview) -> None:
        """Show a preview, unless the draft has changed meanwhile."""
        if now.draft is not self._draft or now.subjects is not self._subjects:
            return
        self.simulation, self._changes, self.builds = now.simulation, now.changes, now.builds
        self.operations.match_predictions()
        self.query_one("#options", Table).show(
            installations_table.option_rows(
                now.draft, now.before, now.after, app_of(self).terminal_display
            )
        )
        self.show_counts()
        self._show_flows()
        self.show_changes()
        self.reading.read_for(now.simulation)

    def _show_flows(self) -> None:
        """Draw where content goes, in as many lines as the screen can spare."""
        flows = self.query_one("#flows", Paragraphs)
        most = max(1, min(6, self.size.height // 6))
        lines = flows_of(self._changes.values(), app_of(self).terminal_display, most)
        flows.styles.height = len(lines)
        flows.display = bool(lines)
        flows.show(lines)

    def show_counts(self) -> None:
        """Show the top line: counts, policy, progress of the preflight."""
        draft = self._draft
        policy = draft.today.value
        if draft.policy is not draft.today:
            policy = f"{policy} -> {draft.policy.value}"
        if self.simulation is None:
            counted = Content("Computing the effects")
        else:
            counted = changes_table.counts_of(self.simulation)
        self.query_one("#counts", Static).update(
            Content.assemble(
                counted,
                ("  policy ", "$muted"),
                (policy, "bold"),
                *(
                    (f"  {told}", "$text-accent")
                    for told in (self.operations.progress, self.reading.progress)
                    if told
                ),
            )
        )
        self.actions_changed()

    def show_changes(self) -> None:
        """Show the content that matches the filter."""
        display = app_of(self).terminal_display
        words = self.query_one(FilterBar).words
        chosen = [each for each in self._changes.values() if not words or _matches(each, words)]
        rows = changes_table.change_rows(chosen, self.operations.predicted, display)
        table = self.query_one("#changes", Table)
        empty = "No content matches the filter." if words else "Nothing is deployed yet."
        table.show(rows, empty, of=len(self._changes))
        if rows and not table.has_focus:
            table.select(rows[0].key)  # the worst, unless the user selected another
        self._show_change()

    def _show_change(self) -> None:
        lines: list[Paragraph] = changes_table.detail_of(
            self.selected, self.operations.predicted, app_of(self).terminal_display
        )
        self.query_one("#change", Paragraphs).show(lines)
        self.actions_changed()

    @on(Table.Moved)
    def _moved(self) -> None:
        self._show_change()

    @on(Table.Chosen, "#options")
    def _chosen(self) -> None:
        self.do_switch()

    @on(Table.Chosen, "#changes")
    def _content_chosen(self) -> None:
        self.query_one("#change").focus()

    @on(FilterBar.Changed)
    def _filtered(self) -> None:
        self.show_changes()

    @on(FilterBar.Left)
    def _filter_left(self) -> None:
        self.query_one("#changes").focus()

    def on_unmount(self) -> None:
        self.operations.do_stop()
        self.reading.stop()

    def go_back(self) -> bool:
        if self.query_one(FilterBar).is_open:
            self.query_one(FilterBar).clear()
            return True
        if not self.query_one("#options").has_focus:
            self.query_one("#options").focus()
            return True
        return False

    @property
    def selected(self) -> ContentChange | None:
        """The change of the selected content."""
        key = self.query_one("#changes", Table).key
        return None if key is None else self._changes.get(key)

    @property
    def _option(self) -> int | None:
        key = self.query_one("#options", Table).key
        return int(key) if key is not None and int(key) < len(self._draft.entries) else None

    # What is possible

    def why_no_option(self) -> str | None:
        return None if self._option is not None else "there is no installation"

    def why_not_removable(self) -> str | None:
        number = self._option
        if number is None:
            return "there is no installation"
        if not self._draft.entries[number].is_added:
            return "it is configured already; Space marks it for removal"
        return None

    def why_no_change(self) -> str | None:
        added = any(option.is_added for option in self._draft.entries)
        return None if self._draft.changes_anything or added else "nothing is changed"

    def why_no_content(self) -> str | None:
        return None if self.selected is not None else "no content is selected"

    # What is done

    def do_switch(self) -> None:
        if self._option is not None:
            self.change(self._draft.switched(self._option))

    def do_remove(self) -> None:
        if self._option is not None:
            self.change(self._draft.without(self._option))

    def do_policy(self) -> None:
        policies = list(Policy)
        following = policies[(policies.index(self._draft.policy) + 1) % len(policies)]
        self.change(self._draft.under(following))

    def do_today(self) -> None:
        self.change(self._draft.back_to_today())

    def do_add(self) -> None:
        service = self.service

        def find(text: str) -> tuple[SetEntry, ...]:
            parts = _parts(text)
            return supposed(parts) if service is None else service.found(parts)

        def answered(text: str | None) -> None:
            if text:
                found: Any = prompt.result  # of find
                self._added(found)

        prompt = Prompt("Add installations", "3.12.4, or a path", why_not=_why_not_added, work=find)
        self.app.push_screen(prompt, answered)

    def _added(self, found: tuple[SetEntry, ...]) -> None:
        self.change(self._draft.with_added(found))
        self.query_one("#options", Table).select(str(len(self._draft.entries) - 1))

    async def do_filter(self) -> None:
        await self.query_one(FilterBar).open()

    def do_simulate(self) -> None:
        if self.selected is not None:
            app_of(self).open_tab("simulator", self.selected.subject.request.text)


def _matches(change: ContentChange, words: tuple[str, ...]) -> bool:
    fields = {
        "content": change.subject.name,
        "request": change.subject.request.text,
        "effect": change.fate.value,
        "from": str(change.before.version) if change.before else "",
        "to": str(change.after.version) if change.after else "",
    }
    return matches(fields, words)


def _parts(text: str) -> list[str]:
    """Versions and paths, separated by commas; a path may hold spaces."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _why_not_added(text: str) -> str | None:
    parts = _parts(text)
    try:
        supposed([part for part in parts if "/" not in part])
    except RequestError as error:
        return error.message
    return None if parts else "write versions, such as 3.12.4, or paths"
