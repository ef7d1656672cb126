"""The clipboard of the user at the terminal, through SSH and tmux too.

OSC 52 asks the terminal itself to copy. tmux hands that on only when it is told to; its own
``load-buffer -w`` does so always.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from .capabilities import Terminal

if TYPE_CHECKING:
    from textual.app import App

MOST_BYTES = 74_000
"""What terminals take in one OSC 52: 100,000 bytes after base64, its frame included."""


def copy(app: App[None], text: str, what: str, terminal: Terminal) -> str:
    """Copy and say how; what does not fit is written to a file, which is named."""
    data = text.encode("utf-8", "backslashreplace")
    if len(data) > MOST_BYTES:
        return f"Too much for a clipboard ({len(data):,} bytes): {what} is in {_to_file(data)}"
    if terminal.tmux and _through_tmux(data):
        return f"Copied {what} through tmux, to its buffer and to your terminal's clipboard."
    app.copy_to_clipboard(data.decode("utf-8"))
    return f"Copied {what} by OSC 52. If your terminal does not take it: {_to_file(data)} holds it."


def _through_tmux(data: bytes) -> bool:
    import subprocess

    try:
        done = subprocess.run(
            ["tmux", "load-buffer", "-w", "-"], input=data, capture_output=True, timeout=2
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@lru_cache(maxsize=1)
def _directory() -> Path:
    """Return a directory that no other user may look into, the same one as long as this program
    runs."""
    import os
    import tempfile

    base = os.environ.get("XDG_RUNTIME_DIR")
    if base is not None and os.path.isdir(base):
        return Path(base)
    return Path(tempfile.mkdtemp(prefix="pysteward-"))


def _to_file(data: bytes) -> Path:
    """Return a file for the user who runs pysteward only, replaced by the next copy."""
    import os

    path = _directory() / "pysteward-copied.txt"
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(data)
    temporary.replace(path)
    return path
