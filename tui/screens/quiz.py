"""The quiz: shows installations, policy and request, and asks before it tells."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from ...core import scenarios
from ..house import house
from ..quiz import Question, questions
from ..versions_map import draw
from ..widgets.lines import Line, Lines
from ..widgets.panel import panel
from ..widgets.rows import Rows
from ..widgets.simulator.choices import COLUMNS, choice_rows
from ..widgets.simulator.picture import picture_of
from ..widgets.simulator.reasoning import rules_of
from .base import StewardScreen

if TYPE_CHECKING:
    from ...core.scenarios import Scenario


class QuizScreen(StewardScreen):
    """One question after another; the score is kept.

    scenario: whose requests are asked; None for all that are built in. seed: for tests.
    """

    scope = "quiz"
    tab = "simulator"
    CSS_PATH = "../styles/simulator.tcss"

    def __init__(self, scenario: Scenario | None, seed: int | None = None) -> None:
        super().__init__()
        chosen = (scenario,) if scenario is not None else scenarios.built_in()
        self._questions = questions(
            chosen, int.from_bytes(os.urandom(4), "big") if seed is None else seed
        )
        self._number = 0
        self._right = 0
        self._answer: tuple[int | None] | None = None

    def compose_body(self) -> Iterable[Widget]:
        yield Lines(id="question")
        with Container(id="simulator"):
            with Container(id="explained"):
                yield panel(Lines(id="picture"), "Versions")
                yield panel(Lines(id="rules"), "Rules")
            with Container(id="given"):
                yield panel(Rows(COLUMNS, id="choices"), "Which one is chosen?")

    def on_mount(self) -> None:
        self.query_one("#question", Lines).can_focus = False
        self._show()
        self.query_one("#choices").focus()

    @property
    def question(self) -> Question:
        return self._questions[self._number]

    @property
    def score(self) -> tuple[int, int]:
        """Right answers, and answers."""
        return self._right, self._number + (self._answer is not None)

    def _show(self) -> None:
        looks, question, told = house(self).looks, self.question, self._answer is not None
        simulation, decision = question.simulation, question.decision
        self.query_one("#question", Lines).show(self._head())
        groups = draw(simulation.choices, decision, None, reveal=told)
        self.query_one("#picture", Lines).show(picture_of(groups, looks))
        rules = rules_of(decision, looks, None) if told else []
        self.query_one("#rules", Lines).show(rules)
        if told:
            # The rule that decides is the last one.
            self.query_one("#rules", Lines).scroll_end(animate=False)
        considered = decision.considered if told else ()
        self.query_one("#choices", Rows).show(choice_rows(simulation, considered, looks))
        self.actions_changed()

    def _head(self) -> list[Line]:
        looks, question = house(self).looks, self.question
        right, answered = self.score
        asked = Content.assemble(
            (f"Question {self._number + 1} of {len(self._questions)}  ", "bold $text-accent"),
            (f"score {right}/{answered}  ", "$muted"),
            ("policy ", "$muted"),
            (question.simulation.policy.value, "bold"),
            ("  request ", "$muted"),
            (looks.line(question.simulation.text), "bold"),
        )
        if self._answer is None:
            return [Line(asked), Line(Content("Select it and press Enter; 0 says none of them."))]
        if question.is_right(self._answer[0]):
            verdict = Content.styled(f"{looks.good} right  ", "bold $text-success")
        else:
            verdict = Content.styled(f"{looks.bad} wrong  ", "bold $text-error")
        lines = [Line(asked), Line(verdict.append(looks.line(question.decision.reason)))]
        if question.notes:
            lines.append(
                Line(Content.styled(looks.line(" ".join(question.notes.split())), "italic"))
            )
        if self._is_last:
            lines.append(Line(Content.styled(f"The end: {right} of {answered} right.", "bold")))
        return lines

    @property
    def _is_last(self) -> bool:
        return self._number == len(self._questions) - 1

    @on(Rows.Chosen)
    def _chosen(self) -> None:
        house(self).act("quiz.next" if self._answer is not None else "quiz.answer")

    def why_no_answer(self) -> str | None:
        return "it is answered: n goes on" if self._answer is not None else None

    def why_no_next(self) -> str | None:
        if self._answer is None:
            return "answer this question first"
        return "it was the last question: Esc goes back" if self._is_last else None

    def do_answer(self) -> None:
        key = self.query_one("#choices", Rows).key
        self._give(None if key is None else int(key))

    def do_none(self) -> None:
        self._give(None)

    def _give(self, chosen: int | None) -> None:
        self._answer = (chosen,)
        self._right += self.question.is_right(chosen)
        self._show()

    def do_next(self) -> None:
        self._number += 1
        self._answer = None
        self._show()
