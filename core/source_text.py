"""The text of a file that a person writes, and errors that point into it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .errors import SettingsError, StewardError


@dataclass(frozen=True)
class SourceText:
    """A file's text without its byte order mark.

    file: where it was read from; None for a text that is in no file.
    error_class: the class of its errors.
    """

    file: Path | None
    text: str
    error_class: type[StewardError] = SettingsError

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line starts."""
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def line(self, offset: int) -> int:
        """Return the line of an offset into the text, from 1."""
        return bisect_right(self.line_starts, offset)

    def error(self, offset: int, message: str) -> StewardError:
        """Return the error at an offset, with its line to show above a caret.

        Columns count characters, from 1.
        """
        line = self.line(offset)
        start = self.line_starts[line - 1]
        end = self.text.find("\n", start)
        shown = self.text[start : end if end >= 0 else len(self.text)]
        return self.error_class(
            message, file=self.file, line=line, column=offset - start + 1, source=shown.rstrip("\r")
        )
