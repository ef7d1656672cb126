"""Standard output: text for people, or exactly one JSON document for programs.

Only this module writes to standard output.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ..core.safe_text import safe, safe_line


class Output:
    """Write the result of a command.

    as_json: whether ``--json`` was given; then only ``document`` writes.
    """

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def document(self, value: object) -> None:
        """Write one JSON document; JSON itself escapes text from outside."""
        import json

        self._write(json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False))

    def line(self, text: str = "") -> None:
        """Write one or more lines."""
        self._write(safe(text))

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write aligned columns; the last one is not padded."""
        cells = [[safe_line(cell) for cell in row] for row in [header, *rows]]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for row in cells:
            padded = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
            self._write("  ".join(padded).rstrip())

    def raw(self, text: str) -> None:
        """Write the content of a file unchanged, for a program to read."""
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()

    def _write(self, text: str) -> None:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stdout.flush()
