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
from .messages import note
from .start import PipedInput, Start
from .terminal.capabilities import Terminal, require

if TYPE_CHECKING:
    from .services.backend import Backend


_CHUNK = 1 << 20  # bytes


def launch(start: Start) -> int:
    """Open the interface and stay until it is left. Returns the exit status.

    Raises: UsageError without a terminal; SettingsError when the settings cannot be read.
    """
    if isinstance(start.argument, PipedInput):
        with _piped_input(start.instead) as path:
            return _open(start, start.argument.of(path))
    return _open(start, start.argument)


def _open(start: Start, argument: object) -> int:
    terminal = require(start.instead)
    # Imports and the first paint make many objects and little garbage: a collection meanwhile
    # costs a tenth of the time to the first paint. The app enables it again.
    gc.disable()
    try:
        return stay(start.backend or _demo(), terminal, first=start.tab, given=argument)
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


def stay(
    source: Backend, terminal: Terminal, *, first: str = "installations", given: object = None
) -> int:
    """Run the app until it is left, and report what continues. Returns the exit status."""
    from .app.app import StewardApp
    from .app.background import finish_program
    from .app.theme_file import ThemeMemory, theme_file

    memory = ThemeMemory(theme_file(os.environ))
    app = StewardApp(source, terminal, first=first, argument=given, memory=memory)
    try:
        app.run()
    finally:
        finish_program(lambda: note("Waiting for unfinished changes."))
    running = source.running_builds()
    if running:
        builds = "1 build continues" if running == 1 else f"{running} builds continue"
        note(f"{builds} in the background; `pysteward builds` shows what runs.")
    return app.return_code or 0
