"""Owns standard output: text for people, or exactly one JSON document for programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ..core.safe_text import safe, safe_line


class Output:
    """Where a command puts its result.

    as_json: whether ``--json`` was given; then only ``document`` writes.
    """

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def document(self, value: object) -> None:
        """Write one JSON document; text from outside is escaped by JSON itself."""
        import json

        self._write(json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False))

    def line(self, text: str = "") -> None:
        """Write a line, or several."""
        self._write(safe(text))

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write aligned columns, the last one ragged."""
        cells = [[safe_line(cell) for cell in row] for row in [header, *rows]]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for row in cells:
            padded = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
            self._write("  ".join(padded).rstrip())

    def raw(self, text: str) -> None:
        """Write text that is a file's content, for a program to read, as it is."""
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()

    def _write(self, text: str) -> None:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stdout.flush()
