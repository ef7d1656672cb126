"""The scenarios to choose from: those built in, or a file."""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from .....core import scenarios
from .....core.errors import ScenarioError
from ...app_api import app_of
from ...dialogs.dialog import Dialog, hints
from ...widgets.path_field import PathField
from ...widgets.table import (
    Cell,
    Column,
    Row,
    Table,
)


class ScenarioList(Dialog[tuple[scenarios.Scenario, Path | None]]):
    """Answers with the scenario that was chosen and its file, None for a built-in one."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="box wide") as box:
            box.border_title = "Open a scenario"
            box.border_subtitle = hints(enter="Open", tab="Next part", escape="Cancel")
            yield Table((Column("Name", 14), Column("Title"), Column("Policy", 12)))
            yield Static("or a file:", classes="hint", markup=False)
            yield PathField(placeholder="path of a .toml file; Tab completes", endings=(".toml",))
            yield Static(markup=False, classes="problem")

    def on_mount(self) -> None:
        self._built_in = {scenario.name: scenario for scenario in scenarios.built_in()}
        rows = self.query_one(Table)
        rows.styles.height = len(self._built_in) + 1
        rows.show(
            [
                Row(
                    name,
                    (
                        Cell(name, "strong"),
                        Cell(app_of(self).terminal_display.line(scenario.title)),
                        Cell(scenario.policy.value, "muted"),
                    ),
                )
                for name, scenario in self._built_in.items()
            ]
        )
        rows.focus()

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen) -> None:
        self.dismiss((self._built_in[event.key], None))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            return
        try:
            file = Path(event.value.strip()).expanduser().absolute()
            scenario = scenarios.load(file)
        except ScenarioError as error:
            display = app_of(self).terminal_display
            self.query_one(".problem", Static).update(
                Content(f"{display.bad} {display.line(str(error), 400)}")
            )
            return
        self.dismiss((scenario, file))
