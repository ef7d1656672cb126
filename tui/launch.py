"""Open the terminal interface quickly, and stay until it is left."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import UsageError
from ..core.frozen import frozen
from .messages import note
from .start import PipedInput, Source, Start, Switch, Visit
from .terminal.capabilities import Terminal, require

if TYPE_CHECKING:
    from ..core.remotes.ssh import SshServer
    from ..core.server import Server
    from .services.backend import Backend


_CHUNK = 1 << 20  # bytes
_HERE, _DEMO = "this server", "demo server"


@frozen
class Shown:
    """What the app shows. name: among the sources. here: the backend of this server, if opened."""

    backend: Backend
    name: str
    here: Backend | None


def launch(start: Start) -> int:
    """Open the interface and stay until it is left. Returns the exit status.

    Raises: UsageError without a terminal; SettingsError when the settings cannot be read.
    """
    if start.linear:
        return _open_linear(start)
    if isinstance(start.argument, PipedInput):
        with _piped_input(start.instead) as path:
            return _open(start, start.argument.of(path))
    return _open(start, start.argument)


def _open_linear(start: Start) -> int:
    from .linear.console import StandardConsole
    from .linear.session import LinearSession

    backend = start.backend or _demo()
    session = LinearSession(backend, StandardConsole(), lambda: _sources(start.backend))
    session.run(start.tab, start.argument)
    return 0


def _open(start: Start, argument: object) -> int:
    terminal = require(start.instead)
    backend, first, given = start.backend or _demo(), start.tab, argument
    shown = _DEMO if start.backend is None else _HERE
    while True:
        ended = _open_one(Shown(backend, shown, start.backend), terminal, first, given)
        if isinstance(ended, Visit):
            from .visit import visit

            visit(ended.command, ended.name)
            first, given = ended.tab, None
            continue
        if not isinstance(ended, Switch):
            return ended
        backend, shown, first, given = ended.backend, ended.source.name, "installations", None


def _open_one(shown: Shown, terminal: Terminal, first: str, given: object) -> int | Switch | Visit:
    # Imports and the first paint make many objects and little garbage: a collection meanwhile
    # costs a tenth of the time to the first paint. The app enables it again.
    gc.disable()
    try:
        return stay(shown, terminal, first=first, given=given)
    finally:
        gc.enable()


@contextmanager
def _piped_input(instead: str) -> Generator[Path]:
    """Yield standard input as a file for the time of the context; keys come from the terminal.

    instead: the command line that answers without a terminal.
    Raises: UsageError (no-terminal) when there is not a terminal to read keys from.
    """
    try:
        keys = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise UsageError(
            f"the terminal interface needs a terminal; without one use `{instead}`",
            code="no-terminal",
        ) from None
    note("Reading standard input to its end.")
    with tempfile.TemporaryDirectory(prefix="pysteward-") as directory:
        path = Path(directory) / "standard-input.log"
        with open(path, "xb") as file:
            while data := sys.stdin.buffer.read(_CHUNK):
                file.write(data)
        os.dup2(keys, 0)
        os.close(keys)
        yield path


def _demo() -> Backend:
    from .app.demo import DemoBackend

    return DemoBackend()


def _connect(name: str) -> Backend:
    from ..core.server import Server
    from .app.connect import ConnectBackend

    return ConnectBackend(name, Server())


def _ssh(server: SshServer, here: Server) -> Backend:
    from .app.ssh import SshBackend

    return SshBackend(server, here)


def _sources(here: Backend | None) -> tuple[Source, ...]:
    """All servers that can be shown. here: the backend of this one, if it was opened already."""
    from ..core.remotes.connect import ServerStore
    from ..core.remotes.ssh import ServerFleet
    from ..core.server import Server
    from .services.backend import LocalBackend

    fleet = (here.servers if here is not None else None) or ServerFleet(Server())
    store = ServerStore()

    def connect(name: str) -> Source:
        server = store.find(name)
        return Source(name, server.url, lambda: _connect(name))

    def by_ssh(server: SshServer) -> Source:
        return Source(server.name, f"ssh {server.host}", lambda: _ssh(server, fleet.here))

    this = Source(_HERE, "this machine, as configured", lambda: here or LocalBackend(Server()))
    demo = Source(_DEMO, "a server that does not exist", _demo)
    connects = {name: connect(name) for name in store.names()}
    others = [by_ssh(server) for server in fleet.list() if server.name not in connects]
    return (this, *connects.values(), *others, demo)


def stay(
    shown: Shown, terminal: Terminal, *, first: str = "installations", given: object = None
) -> int | Switch | Visit:
    """Run the app until it is left, and report what continues.

    Returns the exit status, or the server or the program to show next.
    """
    from .app.app import StewardApp
    from .app.background import finish_all, finish_program
    from .app.list_memory import ListMemory, lists_file
    from .app.theme_file import ThemeMemory, theme_file

    app = StewardApp(
        shown.backend,
        terminal,
        first=first,
        argument=given,
        memory=ThemeMemory(theme_file(os.environ)),
        lists=ListMemory(lists_file(os.environ)),
        sources=lambda: _sources(shown.here),
        shown=shown.name,
    )
    finish = finish_program
    try:
        app.run()
        if app.sources.wanted is not None:
            finish = finish_all  # the next app still runs programs
            return app.sources.wanted
    finally:
        finish(lambda: note("Waiting for unfinished changes."))
    running = shown.backend.running_builds()
    if running:
        builds = "1 build continues" if running == 1 else f"{running} builds continue"
        note(f"{builds} in the background; `pysteward builds` shows what runs.")
    return app.return_code or 0
