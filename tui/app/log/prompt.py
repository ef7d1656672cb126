"""The field under a log in which one types what to search for, or where to save."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from ..widgets.field import Field


class Prompt(Horizontal):
    """Hidden until it is asked; Enter answers, Esc calls it off."""

    DEFAULT_CSS = """
    Prompt { height: 1; display: none; }
    Prompt > Static { width: auto; padding: 0 1; text-style: bold; }
    Prompt > Field { width: 1fr; }
    """

    class Said(Message):
        """Something was said. purpose: as asked; text: what stands in the field."""

        def __init__(self, purpose: str, text: str) -> None:
            super().__init__()
            self.purpose = purpose
            self.text = text

    class Typed(Said):
        """Another text stands in the field."""

        def can_replace(self, message: Message) -> bool:
            """Of letters that come at once only the last matters."""
            return isinstance(message, Prompt.Typed)

    class Answered(Said):
        """Enter was pressed."""

    class CalledOff(Message):
        """Esc was pressed."""

        def __init__(self, purpose: str) -> None:
            super().__init__()
            self.purpose = purpose

    def __init__(self) -> None:
        super().__init__()
        self._purpose = ""
        self._back: Widget | None = None

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)
        yield Field()

    @property
    def is_open(self) -> bool:
        return bool(self.display)

    def ask(self, purpose: str, label: str, text: str = "") -> None:
        """Open the field. purpose: comes back with what is typed."""
        self._purpose = purpose
        self.query_one(Static).update(label)
        field = self.query_one(Field)
        with self.prevent(Input.Changed):
            field.value = text
        field.cursor_position = len(text)
        self.display = True
        if self.screen.focused is not field:
            self._back = self.screen.focused
        # Immediately, because a quick user has typed the next letter already.
        self.screen.set_focus(field)

    def close(self) -> None:
        """Hide it and give the keys back, at once too."""
        self.display = False
        self.screen.set_focus(self._back)

    def call_off(self) -> None:
        """As Esc does."""
        self.close()
        self.post_message(self.CalledOff(self._purpose))

    def on_key(self, event: events.Key) -> None:
        if event.key in ("escape", "enter"):
            event.stop()
            event.prevent_default()
        if event.key == "escape":
            self.call_off()
        elif event.key == "enter":
            self.close()
            self.post_message(self.Answered(self._purpose, self.query_one(Field).value))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(self._purpose, event.value))
