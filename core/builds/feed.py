"""Turns what a program writes into lines for the log: whole, masked, bounded."""

from __future__ import annotations

from collections.abc import Callable

from ..safe_text import decode
from ..secrets import KnownSecrets

LONGEST_LINE = 64 * 1024
"""Bytes of a line that are kept; the rest is counted and said."""

MOST = 1024 * 1024 * 1024
"""Bytes of output that a build's log takes; whoever writes more is not heard any more."""


class LineFeed:
    """Takes bytes as they come and writes lines.

    write: takes text of whole lines. chosen: gets each line unmasked and says whether it belongs in
    the log; None: all do. quiet: none do, but `chosen` still gets them.
    room: characters that it may write. secrets: what is masked.
    """

    def __init__(
        self,
        write: Callable[[str], object],
        chosen: Callable[[str], bool] | None,
        *,
        quiet: bool,
        room: int,
        secrets: KnownSecrets,
    ) -> None:
        self._write = write
        self._chosen = chosen
        self._quiet = quiet
        self._room = room
        self._secrets = secrets
        self._begun = bytearray()
        self._left_out = 0

    def take(self, data: bytes | None) -> None:
        """The next bytes; None: there are no more."""
        if data is None:
            if self._begun:
                self._lines([self._finish(b"")])
            return
        *lines, rest = data.split(b"\n")
        if lines:
            self._lines([self._finish(lines[0]), *map(self._cut, lines[1:])])
        self._begin(rest)

    def _begin(self, data: bytes) -> None:
        room = LONGEST_LINE - len(self._begun)
        self._begun += data[:room]
        self._left_out += max(0, len(data) - room)

    def _finish(self, data: bytes) -> bytes:
        """The line that was begun, with its end."""
        if not self._begun:
            return self._cut(data)
        self._begin(data)
        line = self._cut(bytes(self._begun), self._left_out)
        self._begun.clear()
        self._left_out = 0
        return line

    def _cut(self, line: bytes, left_out: int = 0) -> bytes:
        """A line of bearable length; left_out: bytes that were left out already."""
        left_out += max(0, len(line) - LONGEST_LINE)
        if not left_out:
            return line
        # A secret may have been cut, too: then what is left of it is none that is looked for.
        kept = self._secrets.mask_cut(decode(line[:LONGEST_LINE]))
        return kept.encode("utf-8", "backslashreplace") + b"... (+%d bytes)" % left_out

    def _lines(self, lines: list[bytes]) -> None:
        texts = [decode(_shown(line)) for line in lines]
        if self._chosen is not None:
            texts = [text for text in texts if self._chosen(text)]
        if self._quiet or not texts or self._room <= 0:
            return
        # Masked all at once, which is several times as fast as line by line; no secret spans lines.
        text = self._secrets.mask("\n".join(texts)) + "\n"
        self._room -= len(text)
        self._write(text)
        if self._room <= 0:
            self._write(f"pysteward: the log ends here: over {MOST >> 20} MiB of output\n")


def _shown(line: bytes) -> bytes:
    """A line as a terminal would leave it: a progress bar is overwritten after each return."""
    return line.rstrip(b"\r").rpartition(b"\r")[2] if b"\r" in line else line
