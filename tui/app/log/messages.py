"""What the threads of a log tell its widgets; a later message of a kind replaces the one before."""

from __future__ import annotations

from textual.message import Message

from .file import FileState


class LogMessage(Message):
    """About one open log. log: which, for a message may arrive after another was opened."""

    def __init__(self, log: object) -> None:
        super().__init__()
        self.log = log

    def can_replace(self, message: Message) -> bool:
        return type(message) is type(self) and getattr(message, "log", None) is self.log


class LogGrew(LogMessage):
    """More of it is indexed."""


class MarksFound(LogMessage):
    """More errors and warnings are known."""


class MatchesFound(LogMessage):
    """A search has come further."""


class LogFate(LogMessage):
    """Something has happened to the file."""

    def __init__(self, log: object, fate: FileState) -> None:
        super().__init__(log)
        self.fate = fate

    def can_replace(self, message: Message) -> bool:
        return False
