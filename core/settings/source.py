"""The text of a settings file, and errors that point into it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import SettingsError


@dataclass(frozen=True, slots=True)
class Source:
    """A settings file's text without its byte order mark.

    file: where it was read from; None for a text that is in no file.
    """

    file: Path | None
    text: str

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset into the text, in characters, both from 1."""
        line_start = self.text.rfind("\n", 0, offset) + 1
        return self.text.count("\n", 0, offset) + 1, offset - line_start + 1

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return self.text.count("\n", 0, offset) + 1

    def error(self, offset: int, message: str) -> SettingsError:
        """The error at an offset, with the line to show above a caret."""
        line, column = self.position(offset)
        line_start = offset - column + 1
        line_end = self.text.find("\n", line_start)
        shown = self.text[line_start : line_end if line_end >= 0 else len(self.text)]
        return SettingsError(
            message, file=self.file, line=line, column=column, source=shown.rstrip("\r")
        )
