"""The Simulator tab: a request, real and hypothetical installations, and the decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from .....core.errors import RequestError
from .....core.matching import Decision, Policy
from ...app_api import app_of
from ...dialogs.prompt import Prompt
from ...screens.base import StewardScreen
from ...widgets.field import Field
from ...widgets.header import Header
from ...widgets.panel import panel
from ...widgets.paragraphs import Paragraph, Paragraphs
from ...widgets.table import Table
from .actions import SIMULATOR_ACTIONS
from .explanation import answer_of, rules_of, step_prompt
from .model import SimulatorModel, parse_versions
from .policies import Policies
from .scenarios import ScenarioController
from .table import COLUMNS, choice_rows
from .version_map import draw
from .version_map_view import show_picture

if TYPE_CHECKING:
    from .tour import TourStop

_TALL = 32  # rows, from which on there is room for sentences


class SimulatorScreen(StewardScreen):
    """Decides while the request is typed."""

    scope = "simulator"
    actions = SIMULATOR_ACTIONS
    # A key typed ahead must not go into the field.
    AUTO_FOCUS = "#choices"
    CSS_PATH = "style.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.simulation = SimulatorModel(policy=Policy.parse(""))
        self.scenarios = ScenarioController(self)
        self._step: int | None = None
        self._is_own = False
        self._presents = False

    def compose_body(self) -> Iterable[Widget]:
        with Horizontal(id="ask"):
            yield Static("Request", classes="label")
            yield Field(placeholder="3.7.1 or >=3.8,<3.11", id="request")
            yield Static(id="policy")
        yield Paragraphs(id="answer")
        with Container(id="simulator"):
            with Container(id="explained"):
                yield panel(Paragraphs(id="picture"), "Versions")
                yield panel(Paragraphs(id="rules"), "Rules")
            with Container(id="given"):
                yield panel(
                    Table(COLUMNS, empty="none: + adds hypothetical ones", id="choices"),
                    "Installations",
                )
        yield panel(Policies(), "Policies")

    def on_mount(self) -> None:
        self.query_one("#answer", Paragraphs).can_focus = False
        self._take_the_real_ones()

    def session_changed(self) -> None:
        super().session_changed()
        self._take_the_real_ones()

    def on_resize(self) -> None:
        """The picture is drawn for a width."""
        if self.is_composed:
            self.call_after_refresh(self.show_simulation)

    def open_with(self, argument: object) -> None:
        """argument: a request, for the real installations; or what ScenarioController accepts."""
        if not isinstance(argument, str):
            self.scenarios.open_with(argument)
            return
        if self.scenarios.is_active:
            self.do_real()
        self.ask(argument)

    # The simulation and what is shown of it

    def _take_the_real_ones(self) -> None:
        """Use the real installations, unless a scenario is open."""
        from .....core.installations import candidates

        session = app_of(self).session
        if not self.scenarios.is_active:
            self.simulation = self.simulation.with_real(candidates(session.installations))
            if not self._is_own:
                self.simulation = self.simulation.under(Policy.parse(session.policy))
        self.show_simulation()

    def change(self, simulation: SimulatorModel) -> None:
        """Show and decide this from now on."""
        if simulation != self.simulation:
            self._step = None if self._step is None else 0
        self.simulation = simulation
        self.show_simulation()

    @property
    def decision(self) -> Decision | None:
        return self.simulation.decide()

    def show_simulation(self) -> None:
        """Show everything as it is now."""
        simulation, display, decision = (
            self.simulation,
            app_of(self).terminal_display,
            self.decision,
        )
        step = self._step if decision is not None else None
        self._show_answer(step, decision)
        tried = decision.steps if decision is not None else ()
        is_told = step is None or 0 < len(tried) <= step
        is_short = self.size.height < _TALL and not self._presents
        show_picture(
            self.query_one("#picture", Paragraphs),
            draw(simulation.entries, decision, step, reveal=is_told),
            display,
            is_short=is_short,
            is_large=self._presents,
        )
        rules = self.query_one("#rules", Paragraphs)
        rules.show(rules_of(decision, display, step, is_short=is_short), keep_place=True)
        rules.border_title = "Rules" if step is None else f"Rules, {step} of {len(tried)} tried"
        if step or is_short:
            # The rule that decides is the last one.
            rules.scroll_end(animate=False)
        picture = self.query_one("#picture", Paragraphs)
        picture.border_title = _title_of(decision if is_told else None)
        verdicts = decision.considered if decision is not None and is_told else ()
        self.query_one("#choices", Table).show(choice_rows(simulation, verdicts, display))
        self.query_one(Policies).show(simulation if is_told else None)
        self.query_one(Header).refresh()
        self.query_one("#policy", Static).update(
            Content.assemble(
                (self.scenarios.label, "$text-accent"),
                ("  policy ", "$muted"),
                (simulation.policy.value, "bold"),
            )
        )
        self.actions_changed()

        answer = decision.reason if decision is not None else simulation.problem or ""
        self.scenarios.show_slide(answer if is_told else f"not told yet: {answer}")

    def _show_answer(self, step: int | None, decision: Decision | None) -> None:
        display = app_of(self).terminal_display
        if step is None or decision is None or step >= len(decision.steps):
            lines = answer_of(self.simulation, display)
            request = self.scenarios.request
            if request is not None and request.notes:
                note = display.line(" ".join(request.notes.split()))
                lines.append(Paragraph(Content.styled(note, "italic")))
        else:
            lines = step_prompt(decision, step, display)
        self.query_one("#answer", Paragraphs).show(lines)

    @on(Input.Changed, "#request")
    def _typed(self, event: Input.Changed) -> None:
        if event.value != self.simulation.text:
            self.change(self.simulation.ask(event.value))

    @on(Input.Submitted, "#request")
    def _submitted(self) -> None:
        self.query_one("#choices").focus()

    @on(Table.Moved, "#choices")
    def _moved(self) -> None:
        self.actions_changed()

    @on(Table.Chosen, "#choices")
    def _chosen(self) -> None:
        self.do_switch()

    def ask(self, text: str) -> None:
        """Put a request into the field and answer it."""
        self.change(self.simulation.ask(text))
        self.query_one("#request", Field).value = text

    @property
    def shown_server(self) -> str | None:
        return "hypothetical server" if self.scenarios.is_active else None

    def go_back(self) -> bool:
        if self.query_one("#request").has_focus:
            self.query_one("#choices").focus()
            return True
        if self._step is not None:
            self.tell_all()
            return True
        if self._presents:
            self.do_present()
            return True
        return False

    def tell_all(self) -> None:
        self._step = None
        self.show_simulation()

    @property
    def _selected(self) -> int | None:
        key = self.query_one("#choices", Table).key
        return int(key) if key is not None and int(key) < len(self.simulation.entries) else None

    # What is possible

    def why_no_installation(self) -> str | None:
        return None if self._selected is not None else "there is no installation"

    def why_not_removable(self) -> str | None:
        selected = self._selected
        if selected is None:
            return "there is no installation"
        if not self.simulation.entries[selected].is_added:
            return "it is a real one; Space switches it off"
        return None

    def why_no_decision(self) -> str | None:
        return None if self.decision is not None else "there is no request"

    def why_no_next_step(self) -> str | None:
        decision = self.decision
        if self._step is None or decision is None:
            return "s starts to step through the rules"
        return "no rule is left" if self._step >= len(decision.steps) else None

    def why_no_previous_step(self) -> str | None:
        if self._step is None or self.decision is None:
            return "s starts to step through the rules"
        return None if self._step > 0 else "no rule was tried yet"

    # What is done

    def do_request(self) -> None:
        self.query_one("#request").focus()

    def do_switch(self) -> None:
        if self._selected is not None:
            self.change(self.simulation.switched(self._selected))

    def do_all_on(self) -> None:
        is_all_on = all(choice.is_on for choice in self.simulation.entries)
        self.change(self.simulation.all_switched(not is_all_on))

    def do_add(self) -> None:
        def why_not(text: str) -> str | None:
            try:
                return None if parse_versions(text) else "write versions, such as 3.10.4, 3.12.2"
            except RequestError as error:
                return error.message

        self.app.push_screen(
            Prompt("Add installations", "3.10.4, 3.12.2", why_not=why_not), self._added
        )

    def _added(self, text: str | None) -> None:
        if text:
            self.change(self.simulation.with_added(parse_versions(text)))
            last = len(self.simulation.entries) - 1
            self.query_one("#choices", Table).select(str(last))

    def do_remove(self) -> None:
        if self._selected is not None:
            self.change(self.simulation.without(self._selected))

    def do_policy(self) -> None:
        policies = list(Policy)
        self._decide_under(policies[(policies.index(self.simulation.policy) + 1) % len(policies)])

    @on(Policies.Chosen)
    def _policy_chosen(self, event: Policies.Chosen) -> None:
        self._decide_under(event.policy)

    def _decide_under(self, policy: Policy) -> None:
        self._is_own = True
        self.change(self.simulation.under(policy))

    def do_step(self) -> None:
        self._step = 0 if self._step is None else None
        self.query_one("#rules").focus()
        self.show_simulation()

    def do_next_step(self) -> None:
        self._step = (self._step or 0) + 1
        self.show_simulation()

    def do_previous_step(self) -> None:
        self._step = (self._step or 1) - 1
        self.show_simulation()

    def do_present(self) -> None:
        self._presents = not self._presents
        self.set_class(self._presents, "presenting")
        self.query_one("#picture" if self._presents else "#choices").focus()
        # The picture has another size once all else is gone.
        self.call_after_refresh(self.show_simulation)

    def do_real(self) -> None:
        self.scenarios.leave()
        self._is_own = False
        self.simulation = SimulatorModel(text=self.simulation.text)
        self._take_the_real_ones()

    def show_stop(self, stop: TourStop) -> None:
        """Show one stop of the tour."""
        self.change(stop.set_up())
        self.query_one("#request", Field).value = self.simulation.text
        self._step = stop.step
        self.show_simulation()


def _title_of(decision: Decision | None) -> str:
    """Return the picture's title: what it shows, and the rule that decides."""
    if decision is None or decision.rule is None or decision.selected is None:
        return "Versions"
    return f"Versions: {decision.rule.value} takes {decision.selected.version}"
