"""Lines to a person and back."""

from __future__ import annotations

from typing import Protocol

from ...core.safe_text import safe_line
from ..output import Output


class Console(Protocol):
    """Where lines are written and read."""

    def say(self, text: str) -> None:
        """Write lines; the text may be untrusted."""
        ...

    def ask(self, question: str) -> str | None:
        """Ask for one line; None at the end of the input."""
        ...


class StandardConsole:
    """Standard output and standard input."""

    def __init__(self) -> None:
        self._output = Output(as_json=False)

    def say(self, text: str) -> None:
        self._output.line(text)

    def ask(self, question: str) -> str | None:
        try:
            return input(f"{safe_line(question)} ")
        except EOFError:
            return None


def agrees(console: Console, question: str) -> bool:
    """Ask a question of yes or no; anything but yes is no."""
    answer = console.ask(f"{question} yes or no:")
    return answer is not None and answer.strip().lower() in ("y", "yes")
