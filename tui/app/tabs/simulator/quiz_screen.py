"""The quiz: installations, policy and request are shown, the decision is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from .....core import scenarios
from ...app_api import app_of
from ...screens.base import StewardScreen
from ...widgets.panel import panel
from ...widgets.paragraphs import Paragraph, Paragraphs
from ...widgets.table import Table
from .actions import QUIZ_ACTIONS
from .explanation import rules_of
from .quiz import QuizQuestion, questions
from .table import COLUMNS, choice_rows
from .version_map import draw
from .version_map_view import show_picture

if TYPE_CHECKING:
    from .....core.scenarios import Scenario


class QuizScreen(StewardScreen):
    """One question after another; the score is kept.

    scenario: whose requests are asked; None for all that are built in. seed: for tests.
    """

    scope = "quiz"
    actions = QUIZ_ACTIONS
    tab = "simulator"
    CSS_PATH = "style.tcss"

    def __init__(self, scenario: Scenario | None, seed: int | None = None) -> None:
        super().__init__()
        chosen = (scenario,) if scenario is not None else scenarios.built_in()
        self._questions = questions(
            chosen, int.from_bytes(os.urandom(4), "big") if seed is None else seed
        )
        self._number = 0
        self._right = 0
        self._answer: tuple[int | None] | None = None
        self._wrong: list[tuple[QuizQuestion, int | None]] = []
        self._is_over = False

    def compose_body(self) -> Iterable[Widget]:
        yield Paragraphs(id="question")
        with Container(id="simulator"):
            with Container(id="explained"):
                yield panel(Paragraphs(id="picture"), "Versions")
                yield panel(Paragraphs(id="rules"), "Rules")
            with Container(id="given"):
                yield panel(Table(COLUMNS, id="choices"), "Which one is chosen?")

    def on_mount(self) -> None:
        self.query_one("#question", Paragraphs).can_focus = False
        self._show()
        self.query_one("#choices").focus()
        # The picture is drawn for a width, which is known after the first layout.
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        if self.is_composed and not self._is_over:
            self.call_after_refresh(self._show)

    @property
    def shown_server(self) -> str | None:
        return "hypothetical server"

    @property
    def question(self) -> QuizQuestion:
        return self._questions[self._number]

    @property
    def score(self) -> tuple[int, int]:
        """Right answers, and answers."""
        return self._right, self._number + (self._answer is not None)

    def _show(self) -> None:
        display, question, told = (
            app_of(self).terminal_display,
            self.question,
            self._answer is not None,
        )
        self.set_class(self._is_over, "review")
        if self._is_over:
            self.query_one("#question", Paragraphs).show(self._end())
            self.query_one("#rules", Paragraphs).show(self._review())
            self.query_one("#rules").border_title = "What was wrong, and why"
            self.query_one("#rules").focus()
            self.actions_changed()
            return
        simulation, decision = question.simulation, question.decision
        self.query_one("#rules").border_title = "Rules"
        self.query_one("#question", Paragraphs).show(self._head())
        groups = draw(simulation.entries, decision, None, reveal=told)
        show_picture(self.query_one("#picture", Paragraphs), groups, display)
        rules = rules_of(decision, display, None) if told else []
        self.query_one("#rules", Paragraphs).show(rules)
        if told:
            # The rule that decides is the last one.
            self.query_one("#rules", Paragraphs).scroll_end(animate=False)
        considered = decision.considered if told else ()
        choices = self.query_one("#choices", Table)
        choices.show(choice_rows(simulation, considered, display))
        # One's own answer bears the mark.
        own = self._answer[0] if self._answer is not None else None
        choices.mark(() if own is None else (str(own),))
        self.actions_changed()

    def _head(self) -> list[Paragraph]:
        display, question = app_of(self).terminal_display, self.question
        right, answered = self.score
        asked = Content.assemble(
            (f"Question {self._number + 1} of {len(self._questions)}  ", "bold $text-accent"),
            (f"score {right}/{answered}  ", "$muted"),
            ("policy ", "$muted"),
            (question.simulation.policy.value, "bold"),
            ("  request ", "$muted"),
            (display.line(question.simulation.text), "bold"),
        )
        if self._answer is None:
            return [
                Paragraph(asked),
                Paragraph(
                    Content("Select the one that is chosen and press Enter; 0 answers: no match.")
                ),
            ]
        if question.is_right(self._answer[0]):
            verdict = Content.styled(f"{display.good} right  ", "bold $text-success")
        else:
            verdict = Content.styled(f"{display.bad} wrong  ", "bold $text-error")
            verdict = verdict.append(f"Your answer: {_named(question, self._answer[0])}. ")
        lines = [
            Paragraph(asked),
            Paragraph(verdict.append(display.line(question.decision.reason))),
        ]
        if question.notes:
            lines.append(
                Paragraph(Content.styled(display.line(" ".join(question.notes.split())), "italic"))
            )
        if self._is_last:
            lines.append(Paragraph(Content.styled("Enter shows how it went.", "bold")))
        return lines

    def _end(self) -> list[Paragraph]:
        right, answered = self.score
        again = "r repeats those that were wrong." if self._wrong else "Esc goes back."
        text = f"End of the quiz: {right} of {answered} right."
        return [Paragraph(Content.styled(text, "bold $text-accent")), Paragraph(Content(again))]

    def _review(self) -> list[Paragraph]:
        """Return each question that was answered wrong, with the right answer and its reason."""
        display = app_of(self).terminal_display
        lines: list[Paragraph] = []
        for question, chosen in self._wrong:
            decision = question.decision
            asked = display.line(question.simulation.text)
            lines += [
                Paragraph(
                    Content.assemble(
                        (f"{display.bad} {asked}", "bold $text-error"),
                        (f"  policy {decision.policy.value}", "$muted"),
                        f"  your answer: {_named(question, chosen)}",
                    ),
                    hang=2,
                ),
                Paragraph(Content(display.line(decision.reason)), indent=2),
                Paragraph(),
            ]
        return lines or [Paragraph(Content("Every answer was right."))]

    @property
    def _is_last(self) -> bool:
        return self._number == len(self._questions) - 1

    @on(Table.Chosen)
    def _chosen(self) -> None:
        app_of(self).act("quiz.next" if self._answer is not None else "quiz.answer")

    def why_no_again(self) -> str | None:
        if not self._is_over:
            return "the quiz is not over"
        return None if self._wrong else "no answer was wrong"

    def do_again(self) -> None:
        """Ask again what was answered wrong."""
        self._questions = tuple(question for question, _ in self._wrong)
        self._number, self._right, self._answer = 0, 0, None
        self._wrong, self._is_over = [], False
        self._show()
        self.query_one("#choices").focus()

    def why_no_answer(self) -> str | None:
        if self._is_over:
            return "the quiz is over"
        return "it is answered; n goes to the next question" if self._answer is not None else None

    def why_no_next(self) -> str | None:
        if self._answer is None:
            return "answer this question first"
        return "the quiz is over; Esc goes back" if self._is_over else None

    def do_answer(self) -> None:
        key = self.query_one("#choices", Table).key
        self._give(None if key is None else int(key))

    def do_none(self) -> None:
        self._give(None)

    def _give(self, chosen: int | None) -> None:
        self._answer = (chosen,)
        is_right = self.question.is_right(chosen)
        self._right += is_right
        if not is_right:
            self._wrong.append((self.question, chosen))
        self._show()

    def do_next(self) -> None:
        if self._is_last:
            self._is_over = True
            self._show()
            return
        self._number += 1
        self._answer = None
        self._show()


def _named(question: QuizQuestion, chosen: int | None) -> str:
    """Return an answer in words."""
    if chosen is None:
        return "no match"
    return str(question.simulation.entries[chosen].candidate.version or "unknown")
