"""What happens in a build, as typed events; their file is ``events.jsonl`` in the build's record.

The file's first line names the schema; each further line is one event with its time and its
offset: how many bytes of ``log.txt`` had been written when it happened. So a log can be cut into
phases, and what was on the screen at any moment can be shown again.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, Literal

from ..file_io import parse_json
from ..frozen import frozen
from ..state import seconds_of, timestamp

SCHEMA = 1

BuildOutcome = Literal["running", "succeeded", "failed", "cancelled", "interrupted"]
"""How a build ended. ``interrupted``: its worker was killed, or the machine went down."""


@frozen
class Phase:
    """A phase begins, or goes on with another detail, such as ``12 of 40 packages``.

    name: ``match``, ``wait``, ``create``, ``resolve``, ``download``, ``build``, ``install``,
    ``inventory``, ``done``, in their usual order; a build may skip some and come back to others.
    time: seconds since 1970. offset: bytes of the log written before it; so for every event.
    """

    time: float
    offset: int
    name: str
    detail: str


@frozen
class PackageEvent:
    """Something happens to one package: ``found``, ``downloading``, ``building``, ``built``,
    ``installing`` or ``installed``; its version is None while it is not known."""

    time: float
    offset: int
    name: str
    version: str | None
    action: str


@frozen
class Waiting:
    """The build waits: for a free place (``parallel-builds``), or for another build that makes the
    same environment, whose id is then `build`."""

    time: float
    offset: int
    reason: Literal["place", "environment"]
    build: str | None


@frozen
class Notice:
    """Something that whoever watches should know, and that is no part of the log."""

    time: float
    offset: int
    text: str


@frozen
class Finished:
    """The build is over; no event follows."""

    time: float
    offset: int
    outcome: BuildOutcome


@frozen
class LogLines:
    """Whole lines of the log, without their ends; offset: where the first one begins.

    Not kept among the events: they are read from the log itself. Raw text from outside.
    """

    offset: int
    lines: tuple[str, ...]


Event = Phase | PackageEvent | Waiting | Notice | Finished

_KINDS: dict[str, type[Event]] = {
    "phase": Phase,
    "package": PackageEvent,
    "waiting": Waiting,
    "notice": Notice,
    "finished": Finished,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def header(build: str) -> bytes:
    """The first line of the file."""
    return _line({"schema": SCHEMA, "build": build})


def encode(event: Event) -> bytes:
    """The event's line."""
    document: dict[str, Any] = {"event": _NAMES[type(event)], "time": timestamp(event.time)}
    for field in fields(event)[1:]:
        document[field.name] = getattr(event, field.name)
    return _line(document)


def decode(line: bytes) -> Event | None:
    """The event of a line; None for the header, a line that was cut off, or what is not known."""
    try:
        document = parse_json(line)
        kind = _KINDS[document["event"]]
        values: dict[str, Any] = {field.name: document[field.name] for field in fields(kind)}
        values["time"] = seconds_of(values["time"])
        values["offset"] = max(0, int(values["offset"]))
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    return kind(**values) if all(_is_fit(*item) for item in values.items()) else None


def _is_fit(name: str, value: object) -> bool:
    """A record may come from elsewhere; what is shown must at least have the right type."""
    if name in ("time", "offset"):
        return True
    return isinstance(value, str) or (value is None and name in ("version", "build"))


def _line(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
