"""Give every key to the widget that has the focus when all keys before it have done their work.

Textual hands a key to the focused widget as soon as it is read. A user who types ``/abc`` quickly
would find the letters with the list, for the field that ``/`` opens is not there yet.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from textual import events, on
from textual.app import App
from textual.message import Message
from textual.screen import Screen

_PATIENCE = 0.25
"""Seconds after which the next key has its turn even if the one before is not done."""

_PATIENCE_WITH_WHAT_OPENS = 1.5
"""Seconds more for a field that is being made: on a busy machine that takes its time."""


class KeyQueueApp(App[None]):
    """An app whose keys wait for one another."""

    class Done(Message):
        """It takes the way that a key took before it, and so comes when that has been done."""

        def __init__(self, turn: int) -> None:
            super().__init__()
            self.turn = turn

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._keys_ahead: deque[events.Key] = deque()
        self._key_number = 0
        self._key_is_under_way = False
        self._key_opens: Awaitable[None] | None = None
        self._key_given_on: Screen[Any] | None = None

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._key_is_under_way:
            self._keys_ahead.append(event)
        else:
            await self._give_key(event)

    def before_other_keys(self, work: Awaitable[None]) -> Awaitable[None]:
        """Return what does what a key asks for and takes a while; the keys after it wait, if not
        for long.

        They wait from now on, not from when it is started.
        """
        turn, self._key_opens = self._key_number, work
        return self._open(work, turn)

    async def _open(self, work: Awaitable[None], turn: int) -> None:
        try:
            await work
        finally:
            self._key_opens = None
            self.call_later(self._next_key, turn)

    async def _give_key(self, key: events.Key) -> None:
        self._key_number += 1
        self._key_is_under_way = True
        self._after(_PATIENCE, self._lose_patience)
        self._key_given_on = self.screen
        target = self.focused or self.screen
        await super().on_event(key)
        if not target.post_message(self.Done(self._key_number)):
            self.call_later(self._next_key, self._key_number)

    def _after(self, seconds: float, what: Callable[[int], Awaitable[None]]) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(seconds, self.call_later, what, self._key_number)

    async def _lose_patience(self, turn: int) -> None:
        if turn == self._key_number and self._key_opens is not None:
            self._after(_PATIENCE_WITH_WHAT_OPENS, self._next_key)
        else:
            await self._next_key(turn)

    @on(Done)
    def _key_done(self, message: Done) -> None:
        message.stop()
        if self._key_opens is not None:
            return
        if self.screen is self._key_given_on:
            self.call_later(self._next_key, message.turn)
        else:
            # A screen that has just been opened gives its field the focus before this.
            self.screen.call_after_refresh(self.call_later, self._next_key, message.turn)

    async def _next_key(self, turn: int) -> None:
        if turn == self._key_number and self._key_is_under_way:
            self._key_is_under_way = False
            if self._keys_ahead:
                await self._give_key(self._keys_ahead.popleft())
