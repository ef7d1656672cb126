"""What happens to a build on a server, written into its record here as it comes."""

from __future__ import annotations

from dataclasses import replace

from ..builds import Finished, RecordWriter, decode_event


class Mirror:
    """Follows one record at a server.

    log, events: bytes that have come of its two files. The log there begins with what was in the
    log here, `preface` bytes.
    """

    def __init__(self, writer: RecordWriter, preface: int) -> None:
        self._writer = writer
        self.log = preface
        self.events = 0
        self._held = b""  # of the log: what has come and is not written yet
        self._held_at = preface

    def write(self, log: bytes, events: bytes) -> None:
        """Write what has come, the log up to each event before that event."""
        self.log += len(log)
        self.events += len(events)
        self._held += log
        for line in events.splitlines():
            event = decode_event(line)
            if event is not None and not isinstance(event, Finished):
                self._flush(event.offset)
                self._writer.event(replace(event, offset=self._writer.offset))
        self._flush(None)

    def _flush(self, end: int | None) -> None:
        """Write the log as far as it lies before an offset at the server; None: all of it."""
        size = len(self._held) if end is None else max(0, end - self._held_at)
        part, self._held = self._held[:size], self._held[size:]
        self._held_at += len(part)
        if part:
            self._writer.log(part.decode("utf-8", "replace"))
