"""What happens in a build, as typed events; their file is ``events.jsonl`` in the build's record.

The file's first line names the schema; each further line is one event with its time and its
offset: how many bytes of ``log.txt`` had been written when it happened. So a log can be cut into
phases, and what was on the screen at any moment can be shown again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, Literal

from ..frozen import frozen
from ..json_values import from_json, parse_json
from ..times import seconds_of, timestamp

SCHEMA = 1

BuildOutcome = Literal["running", "succeeded", "failed", "cancelled", "interrupted"]
"""How a build ended. ``interrupted``: its worker was killed, or the machine went down."""


@frozen
class Phase:
    """A phase begins, or goes on with another detail, such as ``12 of 40 packages``.

    name: ``match``, ``wait``, ``create``, ``resolve``, ``download``, ``build``, ``install``,
    ``inventory``, ``done``, in their usual order; a build may skip some and come back to others.
    time: seconds since 1970. offset: bytes of the log written before it; so for every event.
    done, total: how far it is, where that is known: bytes of the file that is downloaded, otherwise
    packages.
    """

    time: float
    offset: int
    name: str
    detail: str
    done: int | None = None
    total: int | None = None


@frozen
class PackageEvent:
    """Something happens to one package: ``found``, ``downloading``, ``cached``, ``building``,
    ``built``, ``installing`` or ``installed``; its version is None while it is not known.

    size: bytes of its file; None where that is not known.
    """

    time: float
    offset: int
    name: str
    version: str | None
    action: str
    size: int | None = None


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
    """A message for those who watch the build; not part of the log."""

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
    """Return the first line of the file."""
    return _line({"schema": SCHEMA, "build": build})


def encode(event: Event) -> bytes:
    """Return the event's line."""
    document: dict[str, Any] = {"event": _NAMES[type(event)], "time": timestamp(event.time)}
    for field in fields(event)[1:]:
        value = getattr(event, field.name)
        if value is not None or field.default is MISSING:
            document[field.name] = value
    return _line(document)


def decode_event(line: bytes) -> Event | None:
    """Return the event of a line; None for the header, a line that was cut off, or what is not
    known."""
    try:
        document = from_json(Mapping[str, Any], parse_json(line))
        kind = _KINDS[document["event"]]
        event = from_json(kind, {**document, "time": seconds_of(document["time"])})
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None
    return event if event.offset >= 0 else None


def _line(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
