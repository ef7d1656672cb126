"""Read commands and do them until the person quits."""

from __future__ import annotations

from typing import Final

from ...core.errors import StewardError
from ..app.actions import EVERYWHERE, Action
from ..app.registry import ACTIONS
from ..services.backend import Backend
from .builds import BuildsPage
from .console import Console
from .content import ContentPage
from .others import DiagnosisPage, InstallationsPage, SettingsPage, SimulatorPage
from .page import Page, PageContext
from .upgrade import UpgradePage

PAGES: Final[tuple[type[Page], ...]] = (
    InstallationsPage,
    SimulatorPage,
    ContentPage,
    BuildsPage,
    DiagnosisPage,
    SettingsPage,
    UpgradePage,
)
_PROMPT = "{page}>"
_FIRST_HELP = "help says the commands, a name of a page goes there, a number says a row, q quits."


class LinearSession:
    """One sitting. first: the page that is shown first."""

    def __init__(self, backend: Backend, console: Console, first: str = "installations") -> None:
        self._console = console
        self._context = PageContext(backend, console, self.open_page)
        self._made: dict[str, Page] = {}
        self._first = first
        self._page: Page | None = None
        self._is_over = False

    def run(self) -> None:
        """Say where one is, then read and do one command after the other."""
        session = self._context.session
        self._console.say(
            f"pysteward on {session.host}, user {session.user}, settings "
            f"{session.settings_label}, policy {session.policy}."
        )
        self._context.analyze()
        self._console.say(_FIRST_HELP)
        self._go(self._first)
        while not self._is_over:
            page = self._page
            typed = self._console.ask(_PROMPT.format(page=page.name if page else ""))
            if typed is None:
                return
            self.do(typed)

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
        self._page = self._page_of(name)
        self._console.say(f"{self._page.title}.")
        self._page.open_with(argument)

    def _page_of(self, name: str) -> Page:
        if name not in self._made:
            self._made[name] = next(page for page in PAGES if page.name == name)(self._context)
        return self._made[name]

    def _go(self, name: str) -> None:
        self._page = self._page_of(name)
        self._page.show()

    def _do(self, typed: str) -> None:
        page = self._page
        if not typed or page is None:
            return
        first, _, rest = typed.partition(" ")
        rest = rest.strip()
        if first.isdigit() and not rest:
            page.select(int(first))
        elif first in {each.name for each in PAGES} and not rest:
            self._go(first)
        elif first == "list":
            page.show()
        elif not self._act(page, typed):
            self._console.say(f"There is no command {first!r}; help says the commands.")

    def _act(self, page: Page, typed: str) -> bool:
        """Do an action of this page, of every page, or of another by its whole name."""
        for action in ACTIONS:
            if action.scope not in (page.name, EVERYWHERE) and not typed.startswith(action.scope):
                continue
            rest = _rest_of(action, typed, is_here=action.scope in (page.name, EVERYWHERE))
            if rest is None:
                continue
            if action.scope == EVERYWHERE:
                return self._everywhere(action.name)
            if action.scope not in {each.name for each in PAGES}:
                continue
            owner = self._page_of(action.scope)
            done = getattr(owner, f"do_{action.name}", None)
            if done is None:
                self._console.say(f"Not possible: {action.label} is for the screen only.")
                return True
            self._page = owner
            done(rest)
            return True
        return False

    def _everywhere(self, name: str) -> bool:
        if name == "quit":
            self._is_over = True
        elif name in ("help", "palette"):
            self._help()
        elif name == "reload":
            self._context.reload()
        elif name in ("next_tab", "previous_tab"):
            names = [page.name for page in PAGES]
            by = 1 if name == "next_tab" else -1
            at = names.index(self._page.name) if self._page is not None else 0
            self._go(names[(at + by) % len(names)])
        else:
            self._console.say("Not possible: this is for the screen only.")
        return True

    def _help(self) -> None:
        page = self._page
        if page is None:
            return
        pages = ", ".join(each.name for each in PAGES)
        self._console.say(f"Pages: {pages}.")
        self._console.say("A number says a row; list says all rows.")
        for action in ACTIONS:
            if action.scope == page.name and hasattr(page, f"do_{action.name}"):
                self._console.say(_help_line(action))
        for action in ACTIONS:
            if action.scope == EVERYWHERE and action.name in ("help", "reload", "quit"):
                self._console.say(_help_line(action))


def _help_line(action: Action) -> str:
    key = f", key {action.key}" if action.key else ""
    return f"{_word(action)}{key}: {action.help}."


def _word(action: Action) -> str:
    """Return what is typed for an action: its name in words."""
    return action.name.replace("_", " ")


def _rest_of(action: Action, typed: str, *, is_here: bool) -> str | None:
    """Return what is typed behind an action's name, label or key; None where it is another."""
    names = {action.id, f"{action.scope} {_word(action)}"}
    if is_here:
        names |= {action.name, _word(action), action.label.lower(), *action.all_keys.split()}
    for name in sorted(names, key=len, reverse=True):
        same = typed if len(name) == 1 else typed.lower()
        if same == name or same.startswith(f"{name} "):
            return typed[len(name) :].strip()
    return None
