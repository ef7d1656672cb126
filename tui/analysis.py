"""What the thread of the start-up analysis tells the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from ..core.installations import Installation


class Analysed(Message):
    """One installation was examined."""

    def __init__(self, installation: Installation) -> None:
        super().__init__()
        self.installation = installation


class Glanced(Message):
    """Every installation was looked at from outside, those beyond the first page too."""

    def __init__(self, installations: tuple[Installation, ...]) -> None:
        super().__init__()
        self.installations = installations


class Counted(Message):
    """It is known how much content uses each installation."""

    def __init__(self, usage: dict[str, int]) -> None:
        super().__init__()
        self.usage = usage
