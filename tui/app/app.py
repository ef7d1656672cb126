"""The terminal interface: opens, switches screens, does what the registry of actions says.

Handlers here own the session; threads only post messages.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.app import ScreenStackError
from textual.color import Color
from textual.driver import Driver
from textual.scrollbar import ScrollBar

from ...core.errors import StateError, StewardError
from ..terminal.capabilities import Terminal, is_lost
from ..terminal.display import Display
from ..terminal.driver import OutputMinimizer, minimizing_driver
from ..terminal.escape_keys import take_esc_and_key_for_two
from ..terminal.signals import leave_on_signals
from .actions import EVERYWHERE
from .analysis import AnalysingApp
from .background import do
from .registry import bindings_of, find
from .screens.base import StewardScreen
from .tabs import TABS
from .theme_file import ThemeMemory
from .themes import THEMES, PlainScrollBar, first_theme

if TYPE_CHECKING:
    from ..services.backend import Backend

_SECONDS_BETWEEN_LOOKS = 2.0


class StewardApp(AnalysingApp):
    """The app; see ``tui.house`` for what screens may ask of it.

    source: where everything shown comes from. first: the tab to open. given: what that tab's
    screen is to open with. theme: instead of the one that memory holds.
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
        given: object = None,
        theme: str | None = None,
        memory: ThemeMemory | None = None,
    ) -> None:
        # NO_COLOR means no colour sequence at all, which Textual has only for its ANSI themes. It
        # takes the variable for set where it is empty: what counts is what was made of it.
        os.environ.pop("NO_COLOR", None)
        if not terminal.colour:
            os.environ["NO_COLOR"] = "1"
        self._thrift = OutputMinimizer()
        # Textual takes it for the same in all apps of a class.
        self.DEFAULT_MODE = first  # pyright: ignore[reportAttributeAccessIssue]
        super().__init__(source, ansi_color=True if not terminal.colour else None)
        take_esc_and_key_for_two()
        self.terminal = terminal
        self.looks = Display(terminal.unicode)
        self._given = given
        self._is_open = False
        self._page_stands = False
        self._memory = memory or ThemeMemory(None)
        self.animation_level = "none"
        for keys, action, label in bindings_of(EVERYWHERE):
            self.bind(keys, action, description=label, show=False)
        for number, tab in enumerate(TABS, 1):
            self.bind(str(number), f"open_tab('{tab.name}')", description=tab.title, show=False)
        for own in THEMES:
            self.register_theme(own)
        self._at_opening: StateError | None = None
        self.theme = theme or self._remembered_theme() or first_theme(terminal)
        self.stylesheet.set_variables(self.get_css_variables())
        ScrollBar.renderer = PlainScrollBar
        self.set_class(not terminal.unicode, "-ascii")

    def get_driver_class(self) -> type[Driver]:
        return minimizing_driver(super().get_driver_class(), self._thrift)

    def _remembered_theme(self) -> str | None:
        """What was chosen the last time; where no colour is wanted, no theme has a say."""
        if not self.terminal.colour:
            return None
        try:
            name = self._memory.recall()
            if name is not None and name not in self.available_themes:
                raise self._memory.unknown(name)
        except StateError as problem:
            self._at_opening = problem
            return None
        return name

    def refresh_css(self, animate: bool = True) -> None:
        """Parse all styles again, for another theme; until the app opens there was no other."""
        if self._is_open:
            super().refresh_css(animate)

    def on_resize(self) -> None:
        # Terminals move about what they show when their size changes; at first it is only told.
        if self._page_stands:
            self._thrift.forget()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Three shades that every theme gets; an ANSI theme has no shades to mix."""
        theme = self.current_theme
        if theme.ansi:
            return dict.fromkeys(("muted", "disabled", "selected"), "ansi_default")
        foreground, background = (
            Color.parse(theme.to_color_system().generate()[name])
            for name in ("foreground", "background")
        )
        return {
            "muted": foreground.blend(background, 0.32).hex,
            "disabled": foreground.blend(background, 0.55).hex,
            "selected": foreground.blend(background, 0.8).hex,
        }

    # Opening and leaving

    def on_mount(self) -> None:
        self._is_open = True
        leave_on_signals(self)
        if self._given is not None and self.front is not None:
            self.call_after_refresh(self.front.open_with, self._given)
        self.call_after_refresh(self._opened)

    def _opened(self) -> None:
        """The first page stands on the screen: go on with what takes time."""
        self._page_stands = True
        gc.freeze()
        gc.enable()
        self.analyse(fresh=False)
        self.set_interval(_SECONDS_BETWEEN_LOOKS, self._look_around)
        if self._at_opening is not None:
            self.say(str(self._at_opening), problem=True)

    def on_terminal_supports_synchronized_output(self) -> None:
        """Also the answer to what a log asks after a frame (``widgets.log.pacing``)."""
        if self.front is not None:
            self.front.terminal_answered()

    def clear_selection(self) -> None:
        """A field asks for it when it is made: on Python 3.12, whose tasks Textual starts eagerly,
        that may be before the first screen is there."""
        with suppress(ScreenStackError):
            super().clear_selection()

    def _fatal_error(self) -> None:
        """A mistake of ours: Textual would print every variable, passwords among them."""
        error = sys.exc_info()[1]
        steps = traceback.extract_tb(error.__traceback__) if error is not None else []
        where = f"{Path(steps[-1].filename).name}:{steps[-1].lineno}" if steps else "somewhere"
        from ...core.secrets import mask_secrets

        what = f"{type(error).__name__} in {where}: {mask_secrets(str(error))}"
        text = f"pysteward made a mistake, builds go on. {what}"
        self.panic(Text(self.looks.line(text, 500)))

    # Actions

    def action_act(self, action_id: str) -> None:
        self.act(action_id)

    async def action_quit(self) -> None:
        """What Textual's own ^Q asks for, which goes before every other key."""
        self.act("everywhere.quit")

    def action_open_tab(self, name: str) -> None:
        """Its number was pressed: from what was opened in it, that leads back."""
        if name == self.current_mode and len(self.screen_stack) > 1:
            self.act("everywhere.back")
        else:
            self.open_tab(name)

    def act(self, action_id: str) -> None:
        """Do an action of the registry, or say why it is not possible."""
        action = find(action_id)
        if action.scope not in (EVERYWHERE, self._scope) and action.scope in self._tab_names:
            self.open_tab(action.scope)
            self.call_after_refresh(self.act, action_id)
            return
        reason = self.why_not(action_id)
        if reason is not None:
            self.say(f"Not possible: {reason}.")
            return
        owner = self if action.scope == EVERYWHERE else self.screen
        result = getattr(owner, f"do_{action.name}")()
        if asyncio.iscoroutine(result):
            self.run_worker(self.before_other_keys(result))

    def why_not(self, action_id: str) -> str | None:
        """Why an action of the screen in front, or of everywhere, cannot be done now."""
        action = find(action_id)
        owner = self if action.scope == EVERYWHERE else self.front
        return action.possible(owner)

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

    def open_tab(self, name: str, given: object = None) -> None:
        """Go to a tab. given: what its screen is to open with."""
        if self.current_mode != name:
            self.switch_mode(name)
        if given is not None and isinstance(self.screen, StewardScreen):
            self.call_after_refresh(self.screen.open_with, given)

    def say(self, text: str, *, problem: bool = False) -> None:
        """A short message at the corner; the next remark takes its place, a problem stays."""
        if not problem:
            for said in list(self._notifications):
                if said.severity == "information":
                    self._unnotify(said, refresh=False)
        self.notify(
            self.looks.lines(text), severity="error" if problem else "information", markup=False
        )

    # What everywhere can be done

    def do_help(self) -> None:
        from .dialogs.help import HelpScreen

        titles = {tab.name: tab.title for tab in TABS}
        title = titles.get(self._scope, self._scope.replace("_", " ").capitalize())
        self.push_screen(HelpScreen(self._scope, title))

    def do_palette(self) -> None:
        from .dialogs.palette import Palette

        def run(action_id: str | None) -> None:
            if action_id is not None:
                self.act(action_id)

        self.push_screen(Palette(self._scope), run)

    def do_quit(self) -> None:
        self.exit()

    def do_back(self) -> None:
        front = self.front
        if front is not None and not front.go_back() and len(self.screen_stack) > 1:
            self.pop_screen()

    def do_reload(self) -> None:
        self.reload()

    def do_theme(self) -> None:
        from .dialogs.theme import ThemeScreen

        self.push_screen(ThemeScreen())

    def keep_theme(self) -> None:
        """Have the theme that is shown the next time, too."""
        theme = self.theme
        do(self, lambda: self._memory.keep(theme), lambda _: None, self._not_kept)

    def _not_kept(self, problem: StewardError) -> None:
        self.say(str(problem), problem=True)

    def do_next_tab(self) -> None:
        self._turn(1)

    def do_previous_tab(self) -> None:
        self._turn(-1)

    def _turn(self, by: int) -> None:
        names = self._tab_names
        self.open_tab(names[(names.index(self.current_mode) + by) % len(names)])

    def why_no_back(self) -> str | None:
        return None

    def why_no_theme(self) -> str | None:
        if self.terminal.colour:
            return None
        return "no colours are used: NO_COLOR is set, or this terminal has none"

    def why_no_reload(self) -> str | None:
        return self.source.why_not_real

    # The session

    def session_replaced(self) -> None:
        front = self.front
        if front is not None and front.is_standing:
            front.session_changed()

    def _look_around(self) -> None:
        if not self.is_headless and is_lost():
            # Whoever hung up has not told this process.
            signal.raise_signal(signal.SIGHUP)
        if self.session.notice is None and self.source.changed_on_disk():
            self.set_session(notice="The settings file has changed on disk: ^R reads it again")

    # The clipboard

    def copy(self, text: str, what: str) -> None:
        """Put text on the clipboard and say how."""
        from ..terminal.clipboard import copy

        self.say(copy(self, text, what, self.terminal))
