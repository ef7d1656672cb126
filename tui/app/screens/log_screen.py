"""What screens with a log have in common: the actions of the log are theirs."""

from __future__ import annotations

from textual import on

from ..log.commands import LogPanel
from ..registry import actions_of
from .base import StewardScreen


class LogScreen(StewardScreen):
    """A screen with a log; subclasses say which panel shows it."""

    def __init__(self) -> None:
        super().__init__()
        self._impossible: tuple[str | None, ...] = ()

    @property
    def log_panel(self) -> LogPanel:
        raise NotImplementedError

    def terminal_answered(self) -> None:
        self.log_panel.terminal_answered()

    @on(LogPanel.Changed)
    def _log_changed(self) -> None:
        """The footer is painted again only where it says something else."""
        impossible = tuple(action.possible(self) for action in actions_of(self.scope))
        if impossible != self._impossible:
            self._impossible = impossible
            self.actions_changed()

    def why_not_log(self, name: str) -> str | None:
        return self.log_panel.why_not(name)

    def do_log_search(self) -> None:
        self.log_panel.do_search()

    def do_log_next_match(self) -> None:
        self.log_panel.do_next_match()

    def do_log_previous_match(self) -> None:
        self.log_panel.do_previous_match()

    def do_log_only_matches(self) -> None:
        self.log_panel.do_only_matches()

    def do_log_next_problem(self) -> None:
        self.log_panel.do_next_problem()

    def do_log_previous_problem(self) -> None:
        self.log_panel.do_previous_problem()

    def do_log_only_problems(self) -> None:
        self.log_panel.do_only_problems()

    def do_log_next_phase(self) -> None:
        self.log_panel.do_next_phase()

    def do_log_previous_phase(self) -> None:
        self.log_panel.do_previous_phase()

    def do_log_follow(self) -> None:
        self.log_panel.do_follow()

    def do_log_wrap(self) -> None:
        self.log_panel.do_wrap()

    def do_log_numbers(self) -> None:
        self.log_panel.do_numbers()

    def do_log_select(self) -> None:
        self.log_panel.do_select()

    def do_log_copy(self) -> None:
        self.log_panel.do_copy()

    def do_log_save(self) -> None:
        self.log_panel.do_save()

    def do_log_reopen(self) -> None:
        self.log_panel.do_reopen()
