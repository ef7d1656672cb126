"""The terminal interface: it opens screens and runs actions."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual._context import active_message_pump
from textual.app import ScreenStackError
from textual.css.query import NoMatches
from textual.driver import Driver
from textual.scrollbar import ScrollBar

from ...core.errors import StateError
from ..terminal.capabilities import Terminal, is_lost
from ..terminal.display import Display
from ..terminal.driver import OutputMinimizer, minimizing_driver
from ..terminal.escape_keys import take_esc_and_key_for_two
from ..terminal.key_queue import KeyQueueApp
from ..terminal.signals import leave_on_signals
from .actions import EVERYWHERE, SHARED_ACTIONS, Action, bindings_of
from .analysis import AnalysisController
from .background import call, finish_program, is_changing, is_closing
from .list_memory import ListMemory
from .messages import Messages, describe_defect
from .registry import ACTIONS, actions_of, find
from .running_builds import PLAN, RunningBuilds
from .screens.base import StewardScreen
from .source_switch import SourceSwitch
from .tabs import TABS
from .theme_file import ThemeMemory
from .themes import THEMES, PlainScrollBar, first_theme, shades
from .widgets.header import Header

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...core.settings import Edit
    from ..services.backend import Backend
    from ..start import Source
    from .places import Place

_CHECK_SECONDS = 2.0
_LONGEST_TRAIL = 20


class StewardApp(KeyQueueApp):
    """The app; ``app_api`` says what screens may ask of it.

    source: where everything shown comes from. first: the tab to open. argument: what that tab's
    screen opens with. theme: used instead of the one that memory holds.
    sources, shown: see ``SourceSwitch``.
    """

    CSS_PATH = "style.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    TITLE = "pysteward"
    MODES: ClassVar[Any] = {tab.name: tab.make for tab in TABS}
    BINDINGS: ClassVar[Any] = [("ctrl+c", "act('everywhere.quit')", "")]

    def __init__(
        self,
        source: Backend,
        terminal: Terminal,
        *,
        first: str = "installations",
        argument: object = None,
        theme: str | None = None,
        memory: ThemeMemory | None = None,
        lists: ListMemory | None = None,
        sources: Callable[[], Sequence[Source]] | None = None,
        shown: str = "",
    ) -> None:
        # NO_COLOR means no color sequence at all, which Textual has only for its ANSI themes. It
        # takes an empty variable for a set one, so the variable is set from what Terminal says.
        os.environ.pop("NO_COLOR", None)
        if not terminal.color:
            os.environ["NO_COLOR"] = "1"
        self._minimizer = OutputMinimizer()
        # Textual declares it for a class, not for an instance.
        self.DEFAULT_MODE = first  # pyright: ignore[reportAttributeAccessIssue]
        super().__init__(ansi_color=True if not terminal.color else None)
        self.source = source
        self.session = source.opening()
        self.tabs = TABS
        self.analysis = AnalysisController(self)
        self.running_builds = RunningBuilds(self)
        take_esc_and_key_for_two()
        self.terminal = terminal
        self.terminal_display = Display(terminal.unicode)
        self._argument = argument
        self.messages = Messages(self)
        self.sources = SourceSwitch(self, sources, shown)
        self._is_open = False
        self._trail: list[tuple[str, str]] = []
        self._is_painted = False
        self._memory = memory or ThemeMemory(None)
        self.lists = lists or ListMemory(None)
        self.written_edits: list[Edit] = []
        self.animation_level = "none"
        for keys, action, label in bindings_of(SHARED_ACTIONS):
            self.bind(keys, action, description=label, show=False)
        for tab in TABS:
            self.bind(tab.key, f"open_tab('{tab.name}')", description=tab.title, show=False)
        for own in THEMES:
            self.register_theme(own)
        self._opening_problem: StateError | None = None
        self.theme = theme or self._remembered_theme() or first_theme(terminal)
        self.stylesheet.set_variables(self.get_css_variables())
        ScrollBar.renderer = PlainScrollBar
        self.set_class(not terminal.unicode, "-ascii")

    def get_driver_class(self) -> type[Driver]:
        return minimizing_driver(super().get_driver_class(), self._minimizer)

    def _remembered_theme(self) -> str | None:
        """Return the theme that was chosen the last time; None where no color is used."""
        if not self.terminal.color:
            return None
        try:
            name = self._memory.recall()
            if name is not None and name not in self.available_themes:
                raise self._memory.unknown(name)
        except StateError as problem:
            self._opening_problem = problem
            return None
        return name

    def refresh_css(self, animate: bool = True) -> None:
        """Parse all styles again, for another theme; before the app opens there is no other."""
        if self._is_open:
            super().refresh_css(animate)

    def on_resize(self) -> None:
        # Terminals move their content when their size changes; the first size is only reported.
        if self._is_painted:
            self._minimizer.forget()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return shades(self.current_theme)

    # Opening and leaving

    def on_mount(self) -> None:
        self._is_open = True
        leave_on_signals(self, lambda: finish_program(lambda: None))
        if self._argument is not None and self.front is not None:
            self.call_after_refresh(self.front.open_with, self._argument)
        self.call_after_refresh(self._opened)

    def _opened(self) -> None:
        """The first page is painted: start what takes time."""
        self._is_painted = True
        gc.freeze()
        gc.enable()
        self.analyze(fresh=False)
        self.set_interval(_CHECK_SECONDS, self._check)
        if self._opening_problem is not None:
            self.say(str(self._opening_problem), problem=True)

    def on_terminal_supports_synchronized_output(self) -> None:
        """The terminal also answers so after a frame of a log (``log.frame_pacing``)."""
        if self.front is not None:
            self.front.terminal_answered()

    def clear_selection(self) -> None:
        """A new field asks for it, on Python 3.12 also before there is a screen: Textual starts
        tasks eagerly there."""
        with suppress(ScreenStackError):
            super().clear_selection()

    def _handle_exception(self, error: Exception) -> None:
        """Pass over what is not found by a screen that is being closed."""
        if isinstance(error, NoMatches) and is_closing(active_message_pump.get(self)):
            return
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Report a defect in one line."""
        self.panic(Text(self.terminal_display.line(describe_defect(sys.exc_info()[1]), 500)))

    # Actions

    def action_act(self, action_id: str) -> None:
        self.act(action_id)

    async def action_quit(self) -> None:
        """Textual's own ^Q comes here before any other binding."""
        self.act("everywhere.quit")

    def action_open_tab(self, name: str) -> None:
        """Go to a tab by its number; from a screen that this tab opened, go back to it."""
        if name == self.current_mode and len(self.screen_stack) > 1:
            self._trail.clear()
            self.act("everywhere.back")
        else:
            self._trail.clear()
            self._show_tab(name)

    def act(self, action_id: str) -> None:
        """Run an action, or say why it is not possible."""
        action = find(action_id)
        if action.scope not in (EVERYWHERE, self._scope) and action.scope in self._tab_names:
            self.open_tab(action.scope)
            self.call_after_refresh(self.act, action_id)
            return
        reason = self.why_not(action_id)
        if reason is not None:
            self.say(f"Not possible: {reason}.")
            return
        result = action.run(self if action.scope == EVERYWHERE else self.screen)
        if asyncio.iscoroutine(result):
            self.run_worker(self.before_other_keys(result))

    def why_not(self, action_id: str) -> str | None:
        """Return why an action of the screen in front, or of every screen, is not possible now."""
        action = find(action_id)
        return action.why_not(self if action.scope == EVERYWHERE else self.front)

    @property
    def front(self) -> StewardScreen | None:
        """The screen in front, behind any dialog."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, StewardScreen):
                return screen
        return None

    @property
    def _scope(self) -> str:
        return self.front.scope if self.front is not None else ""

    @property
    def _tab_names(self) -> list[str]:
        return [tab.name for tab in TABS]

    def open_tab(self, name: str, argument: object = None) -> None:
        """Go to a tab, from where Esc leads back. argument: what its screen opens with."""
        if self.current_mode != name:
            self._trail = [*self._trail[-_LONGEST_TRAIL:], (self.current_mode, name)]
            self._show_tab(name)
        if argument is not None and isinstance(self.screen, StewardScreen):
            self.call_after_refresh(self.screen.open_with, argument)

    def _show_tab(self, name: str) -> None:
        if self.current_mode != name:
            self.messages.clear()
            self.switch_mode(name)

    def say(self, text: str, *, problem: bool = False) -> None:
        """Show a message at the corner; the next one replaces it, unless it tells a problem."""
        self.messages.say(text, problem=problem)

    # Actions of every screen

    def do_help(self) -> None:
        from .dialogs.help import HelpScreen

        titles = {tab.name: tab.title for tab in TABS}
        title = titles.get(self._scope, self._scope.replace("_", " ").capitalize())
        self.push_screen(HelpScreen(title, actions_of(self._scope)))

    def do_palette(self) -> None:
        from .dialogs.palette import Palette
        from .places import find_places

        def chosen(answer: Action | Place | None) -> None:
            if isinstance(answer, Action):
                self.act(answer.id)
            elif answer is not None:
                self.open_tab(answer.tab, answer.argument)

        source, session, tabs = self.source, self.session, self._tab_names
        self.push_screen(
            Palette(self._scope, ACTIONS, lambda: find_places(source, session, tabs)), chosen
        )

    def do_quit(self) -> None:
        self.exit()

    def do_back(self) -> None:
        front = self.front
        if front is None or front.go_back():
            return
        if len(self.screen_stack) > 1:
            self.pop_screen()
            if not front.leads_back:
                return
        if self._trail and self._trail[-1][1] == self.current_mode:
            self._show_tab(self._trail.pop()[0])

    def do_reload(self) -> None:
        self.reload()

    def analyze(self, *, fresh: bool) -> None:
        """Start the analysis. fresh: without the cache."""
        self.analysis.analyze(fresh=fresh)

    def reload(self) -> None:
        """Read the settings again."""
        self.analysis.reload()

    def why_no_source(self) -> str | None:
        return self.sources.why_not()

    def do_source(self) -> None:
        from .dialogs.source import SourceDialog

        def ask(sources: Sequence[Source]) -> None:
            self.push_screen(SourceDialog(sources, self.sources.shown), self.sources.open)

        self.sources.list(ask)

    def do_theme(self) -> None:
        from .dialogs.theme import ThemeScreen

        self.push_screen(ThemeScreen())

    def keep_theme(self) -> None:
        """Use the current theme the next time, too."""
        theme = self.theme
        call(self, lambda: self._memory.keep(theme), lambda _: None, must_finish=True)

    def do_running(self) -> None:
        build = self.running_builds.next_build
        if build is None:
            return
        self.running_builds.seen(build)
        if build == PLAN:
            self.open_tab("upgrade", PLAN)
        else:
            self.open_tab("builds", build)

    def why_no_running(self) -> str | None:
        is_any = self.running_builds.next_build is not None
        return None if is_any else "nothing is running, and nothing has failed"

    def do_suspend(self) -> None:
        self.action_suspend_process()

    def do_next_tab(self) -> None:
        self._turn(1)

    def do_previous_tab(self) -> None:
        self._turn(-1)

    def _turn(self, by: int) -> None:
        names = self._tab_names
        self._trail.clear()
        self._show_tab(names[(names.index(self.current_mode) + by) % len(names)])

    def why_no_theme(self) -> str | None:
        if self.terminal.color:
            return None
        return "no colors are used: NO_COLOR is set, or this terminal has none"

    def why_no_reload(self) -> str | None:
        return self.source.why_read_only

    def show_work(self) -> None:
        """Show that something is at work, or that it no longer is."""
        front = self.front
        if front is not None and front.is_composed:
            front.query_one(Header).refresh()

    # The session

    def set_session(self, **changes: Any) -> None:
        """Replace what is known and have it shown."""
        self.session = replace(self.session, **changes)
        self.session_replaced()

    def session_replaced(self) -> None:
        front = self.front
        if front is not None and front.is_composed:
            front.session_changed()

    def _check(self) -> None:
        if not self.is_headless and is_lost():
            # The terminal has hung up without a signal to this process.
            signal.raise_signal(signal.SIGHUP)
        self.running_builds.check()
        is_ours = is_changing() or self.analysis.is_reloading
        if self.session.notice is None and not is_ours and self.source.changed_on_disk():
            self.set_session(notice="The settings file has changed on disk: ^R reloads it")

    # The clipboard

    def copy(self, text: str, what: str) -> None:
        """Put text on the clipboard and say how."""
        from ..terminal.clipboard import copy

        self.say(copy(self, text, what, self.terminal))
