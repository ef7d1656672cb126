"""Give the terminal to another program until that ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence

from .messages import note


def visit(command: Sequence[str], name: str) -> None:
    """Run a program in this terminal until it ends; Ctrl-C is its own. name: of its server."""
    note(f"{name}: its own interface; the list of servers comes back when it ends.")
    # A handler, since the program would inherit that a signal is ignored.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        status = subprocess.call(command)
    except OSError as problem:
        note(f"{command[0]} cannot be run: {problem.strerror}")
        status = 1
    finally:
        signal.signal(signal.SIGINT, before)
    if status:
        # What the program said would be gone with the next screen.
        note(f"It ended with status {status}; Enter goes on.")
        sys.stdin.readline()
