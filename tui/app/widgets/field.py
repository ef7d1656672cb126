"""A field to type in: one line, no frame, a cursor that does not blink."""

from __future__ import annotations

from textual.widgets import Input


class Field(Input):
    """Textual's Input, calm: idle, it writes nothing to the terminal."""

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(value, placeholder=placeholder, id=id, compact=True)
        self.cursor_blink = False
