"""Read commands and do them until the person quits."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from typing import Final

from ...core.errors import StewardError
from ..app.actions import EVERYWHERE, Action
from ..app.registry import ACTIONS
from ..services.backend import Backend
from ..start import SimulatorStart, Source
from .builds import BuildsPage
from .console import Console
from .content import ContentPage
from .diagnosis import DiagnosisPage
from .environments import EnvironmentsPage
from .installations import InstallationsPage
from .page import Page, PageContext
from .plan import PlanPage
from .servers import ServersPage
from .settings import SettingsPage
from .simulator import SimulatorPage
from .upgrade import UpgradePage

PAGES: Final[tuple[type[Page], ...]] = (
    InstallationsPage,
    SimulatorPage,
    ContentPage,
    EnvironmentsPage,
    BuildsPage,
    DiagnosisPage,
    SettingsPage,
    UpgradePage,
    PlanPage,
    ServersPage,
)
_NAMES: Final = tuple(page.name for page in PAGES)
_PROMPT = "{page}>"
_OTHER_HELP = {
    "sort": "Sort by the next column, or by the one that is named",
    "mark": "Mark the selected row or those of the numbers, so that actions are for all marked",
    "filter": "Show only rows with these words, such as python:3.8; without words all",
    "help": "Say these commands",
}
_EVERYWHERE_HELP = ("help", "reload", "source", "running", "quit")
_FIRST_HELP = "help says the commands, a name of a page goes there, a number says a row, q quits."


class LinearSession:
    """One sitting. sources: the servers that can be shown."""

    def __init__(
        self,
        backend: Backend,
        console: Console,
        sources: Callable[[], Sequence[Source]] = tuple,
    ) -> None:
        self._console = console
        self._sources = sources
        self._is_over = False
        self._take(backend)

    def _take(self, backend: Backend) -> None:
        """Show a server; nothing of the one before stays."""
        self._context = PageContext(
            backend, self._console, self._go, self.open_page, self.open_source
        )
        self._made: dict[str, Page] = {}
        self._visited: list[str] = []

    @property
    def _page(self) -> Page:
        return self._page_of(self._visited[-1])

    def run(self, first: str = "installations", argument: object = None) -> None:
        """Say where one is, then read and do one command after the other.

        first: the page that is shown first. argument: what it opens with.
        """
        self._greet(first, argument)
        while not self._is_over:
            typed = self._console.ask(_PROMPT.format(page=self._page.name))
            if typed is None:
                return
            self.do(typed)

    def _greet(self, first: str, argument: object = None) -> None:
        session = self._context.session
        self._console.say(
            f"pysteward on {session.host}, user {session.user}, settings "
            f"{session.settings_label}, policy {session.policy}."
        )
        self._context.analyze()
        self._console.say(_FIRST_HELP)
        if isinstance(argument, SimulatorStart) and argument.scenario is not None:
            self._visited.append("simulator")
            page = self._page
            assert isinstance(page, SimulatorPage)
            page.start(argument.scenario, argument.file)
            return
        self._go(first)
        if isinstance(argument, SimulatorStart) and argument.tour:
            self._console.say("tour says how matching works.")

    def do(self, typed: str) -> None:
        """Do one command; what is wrong with it is said, and the next one is read."""
        try:
            self._do(typed.strip())
        except (StewardError, OSError) as problem:
            self._console.say(f"Not possible: {problem}.".replace("..", "."))
        except KeyboardInterrupt:
            self._console.say("Stopped.")

    def open_page(self, name: str, argument: str) -> None:
        """Go to a page and open something there."""
        self._visited.append(name)
        self._console.say(f"{self._page.title}.")
        self._page.open_with(argument)

    def open_source(self, source: Source) -> None:
        """Show another server. Raises: StewardError; then this one stays."""
        self._take(source.open())
        self._greet("installations")

    def _page_of(self, name: str) -> Page:
        if name not in self._made:
            self._made[name] = next(page for page in PAGES if page.name == name)(self._context)
        return self._made[name]

    def _go(self, name: str) -> None:
        if not self._visited or self._visited[-1] != name:
            self._visited.append(name)
        self._page.show()

    def _do(self, typed: str) -> None:
        if not typed:
            return
        page = self._page
        first, _, rest = typed.partition(" ")
        rest = rest.strip()
        if first.isdigit() and not rest:
            page.select(int(first))
        elif typed.replace(" ", "_") in _NAMES:
            self._go(typed.replace(" ", "_"))
        elif first == "list":
            page.show()
        elif not self._act(page, typed):
            self._console.say(f"There is no command {first!r}; help says the commands.")

    def _act(self, page: Page, typed: str) -> bool:
        """Do an action of this page, of every page, or of another by its whole name."""
        found = [
            (len(rest), action, rest)
            for action in ACTIONS
            if action.scope in (*_NAMES, EVERYWHERE)
            for rest in [_rest_of(action, typed, is_here=action.scope in (page.name, EVERYWHERE))]
            if rest is not None
        ]
        if not found:
            return False
        # "verify all" is an action of its own, and not "verify" with a word behind it.
        _, action, rest = min(found, key=lambda each: each[0])
        if action.scope == EVERYWHERE:
            self._everywhere(action.name, rest)
            return True
        done = getattr(self._page_of(action.scope), f"do_{action.name}", None)
        if done is None:
            self._console.say(f"Not possible: {action.label} is for the screen only.")
            return True
        if action.scope != page.name:
            self._visited.append(action.scope)
        done(rest)
        return True

    def _everywhere(self, name: str, rest: str) -> None:
        if name == "quit":
            self._is_over = True
        elif name in ("help", "palette"):
            self._help()
        elif name == "back":
            self._back()
        elif name == "reload":
            self._context.reload()
        elif name == "source":
            self._choose_source(rest)
        elif name == "running":
            self._open_running()
        elif name == "suspend":
            os.kill(os.getpid(), signal.SIGTSTP)
        elif name in ("next_tab", "previous_tab"):
            by = 1 if name == "next_tab" else -1
            self._go(_NAMES[(_NAMES.index(self._page.name) + by) % len(_NAMES)])
        else:
            self._console.say("Not possible: this is for the screen only.")

    def _back(self) -> None:
        """Go to the page that was shown before."""
        if len(self._visited) > 1:
            self._visited.pop()
        self._page.show()

    def _choose_source(self, wanted: str) -> None:
        sources = self._sources()
        if not wanted:
            for number, source in enumerate(sources, 1):
                self._console.say(f"{number}. {source.name}, {source.words}.")
            number = self._context.choose("Number of the server, or nothing:", len(sources))
            wanted = "" if number is None else sources[number - 1].name
        chosen = next((each for each in sources if each.name == wanted), None)
        if chosen is not None:
            self.open_source(chosen)
        elif wanted:
            raise StewardError(f"there is no server {wanted!r}")

    def _open_running(self) -> None:
        """Open the build that runs, else the one that failed last."""
        service = self._context.backend.builds
        rows = [entry.row for entry in service.list()] if service is not None else []
        for outcome in ("running", "failed"):
            found = next((row for row in rows if row.outcome == outcome), None)
            if found is not None:
                self.open_page("builds", found.id)
                return
        raise StewardError("no build runs, and none has failed")

    def _help(self) -> None:
        page = self._page
        self._console.say(f"Pages: {', '.join(name.replace('_', ' ') for name in _NAMES)}.")
        self._console.say("A number says a row; list says all rows; back goes back.")
        for action in ACTIONS:
            is_said = action.name != "detail" and hasattr(page, f"do_{action.name}")
            if action.scope == page.name and is_said:
                self._console.say(_help_line(action))
        for action in ACTIONS:
            if action.scope == EVERYWHERE and action.name in _EVERYWHERE_HELP:
                self._console.say(_help_line(action))


def _help_line(action: Action) -> str:
    key = f", key {action.key}" if len(action.key) == 1 else ""
    return f"{_word(action)}{key}: {_OTHER_HELP.get(action.name, action.help)}."


def _word(action: Action) -> str:
    """Return what is typed for an action: its name in words."""
    word = action.name.replace("_", " ")
    return f"{action.scope} {word}" if word in _NAMES else word


def _rest_of(action: Action, typed: str, *, is_here: bool) -> str | None:
    """Return what is typed behind an action's name, label or key; None where it is another."""
    word, scope = action.name.replace("_", " "), action.scope.replace("_", " ")
    names = {action.id, f"{scope} {word}"}
    if is_here:
        names |= {action.name, word, action.label.lower(), *action.all_keys.split()}
    for name in sorted(names, key=len, reverse=True):
        same = typed if len(name) == 1 else typed.lower()
        if same == name or same.startswith(f"{name} "):
            return typed[len(name) :].strip()
    return None
