"""Gives every key to whoever has the focus when all keys before it have done their work.

Textual hands a key to the focused widget as soon as it is read. Whoever types ``/abc`` at once
would find the letters with the list, for the field that ``/`` opens is not there yet.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable
from typing import Any

from textual import events, on
from textual.app import App
from textual.message import Message
from textual.screen import Screen

_PATIENCE = 0.25
"""Seconds after which the next key has its turn even if the one before is not done."""


class KeysInTurn(App[None]):
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

    async def before_other_keys(self, work: Awaitable[None]) -> None:
        """Do what a key asks for that takes a while; the keys after it wait, if not for long."""
        turn, self._key_opens = self._key_number, work
        try:
            await work
        finally:
            self._key_opens = None
            self.call_later(self._next_key, turn)

    async def _give_key(self, key: events.Key) -> None:
        self._key_number += 1
        self._key_is_under_way = True
        asyncio.get_running_loop().call_later(
            _PATIENCE, self.call_later, self._next_key, self._key_number
        )
        self._key_given_on = self.screen
        target = self.focused or self.screen
        await super().on_event(key)
        if not target.post_message(self.Done(self._key_number)):
            self.call_later(self._next_key, self._key_number)

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
