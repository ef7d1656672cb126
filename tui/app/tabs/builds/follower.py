"""Follows a build in a thread of its own; every event arrives as a message."""

from __future__ import annotations

from threading import Event as Flag, Thread
from typing import TYPE_CHECKING

from textual.message import Message
from textual.message_pump import MessagePump

from .....core.builds import Event, LogLines, follow
from .....core.errors import StewardError

if TYPE_CHECKING:
    from .....core.builds import Record


class BuildEvents(Message):
    """Something happened in a build. build: its id."""

    def __init__(self, build: str, events: tuple[Event, ...]) -> None:
        super().__init__()
        self.build = build
        self.events = events


class _Enough(Exception):
    """Nobody listens any more."""


class BuildFollower:
    """Tells a screen what happens in a build, from its beginning, until it ends or is let go."""

    def __init__(self, record: Record, listener: MessagePump) -> None:
        self._record = record
        self._listener = listener
        self._enough = Flag()
        self._waiting: list[Event] = []

    def start(self) -> None:
        Thread(target=self._run, name="follow", daemon=True).start()

    def stop(self) -> None:
        """End soon."""
        self._enough.set()

    def _run(self) -> None:
        try:
            for event in follow(self._record, log=False, idle=self._idle):
                if not isinstance(event, LogLines):
                    self._waiting.append(event)
            self._tell()
        except (_Enough, StewardError):
            return

    def _idle(self) -> None:
        if self._enough.is_set():
            raise _Enough
        self._tell()

    def _tell(self) -> None:
        if self._waiting:
            self._listener.post_message(BuildEvents(self._record.id, tuple(self._waiting)))
            self._waiting = []
