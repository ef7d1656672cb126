"""A record can be followed while it grows, and read for ever after."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from pysteward.core.builds import (
    Event,
    Finished,
    LogLines,
    Notice,
    PackageEvent,
    Phase,
    Waiting,
    follow,
)
from pysteward.core.builds.events import decode_event, encode, header
from pysteward.core.builds.record import Record
from pysteward.core.builds.record_writer import RecordWriter, create_record
from tests.builds.test_records import build_in

EVENTS = [
    Phase(1700000000.25, 0, "match", "3.8.0"),
    Notice(1700000000.5, 10, "what \x1b[31m else\nhad to be said"),
    Waiting(1700000001.0, 10, "environment", "20261122-175809182-c5e1"),
    Waiting(1700000001.0, 10, "place", None),
    PackageEvent(1700000002.125, 20, "flask", None, "found"),
    PackageEvent(1700000002.125, 20, "flask", "3.0", "installed"),
    Finished(1700000003.0, 30, "succeeded"),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_is_one_line_and_comes_back_as_it_was(event: Event) -> None:
    line = encode(event)
    assert line.count(b"\n") == 1
    assert decode_event(line) == event


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        header("20261122-175809182-c5e1"),
        b'{"event":"phase","time":"yesterday","offset":0,"name":"a","detail":""}',
        b'{"event":"phase","time":"2026-11-22T18:00:00.000Z","offset":0,"name":1,"detail":""}',
        b'{"event":"phase","time":"2026-11-22T18:00:00.000Z","offset":0,"name":"a"}',
        b'{"event":"dance","time":"2026-11-22T18:00:00.000Z","offset":0}',
        encode(EVENTS[0])[:-9],
    ],
)
def test_what_is_no_event_is_passed_over(line: bytes) -> None:
    assert decode_event(line) is None


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """A record with log and events, that nobody works on."""
    record, lock = create_record(tmp_path / "builds")
    import os

    os.close(lock)
    return record


def test_lines_come_before_the_events_that_followed_them(record: Record) -> None:
    writer = RecordWriter(record, build_in(record.directory))
    writer.phase("match")
    writer.log("one\ntwo\n")
    writer.phase("create")
    writer.log("three\n")
    writer.event(Finished(time.time(), writer.offset, "succeeded"))
    writer.close()
    assert [shown(event) for event in follow(record)] == [
        "match",
        ("one", "two"),
        "create",
        ("three",),
        "Finished",
    ]
    assert [shown(event) for event in follow(record, log=False)] == ["match", "create", "Finished"]


def shown(event: object) -> object:
    if isinstance(event, LogLines):
        return event.lines
    return event.name if isinstance(event, Phase) else type(event).__name__


def test_no_line_is_lost_however_the_log_is_written(record: Record) -> None:
    writer = RecordWriter(record, build_in(record.directory))
    expected = [f"line {number} " + "x" * (number % 300) for number in range(20_000)]

    def write() -> None:
        for start in range(0, len(expected), 37):
            writer.log("".join(f"{line}\n" for line in expected[start : start + 37]))
            if start % 74 == 0:
                writer.phase("install", str(start))
        writer.event(Finished(time.time(), writer.offset, "succeeded"))

    thread = threading.Thread(target=write)
    held = Held(record)
    with held:
        thread.start()
        events = list(follow(record))
        thread.join()
    writer.close()
    lines = [line for event in events if isinstance(event, LogLines) for line in event.lines]
    assert lines == expected
    assert isinstance(events[-1], Finished)


class Held:
    """Holds a record's lock, as its worker does."""

    def __init__(self, record: Record) -> None:
        self.path = record.directory / "lock"

    def __enter__(self) -> None:
        import fcntl

        self.file = open(self.path, "r+b")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self.file.close()


def test_a_line_without_end_is_not_shown_before_it_is_whole(record: Record) -> None:
    writer = RecordWriter(record, build_in(record.directory))
    writer.log("whole\nhalf")
    assert [shown(event) for event in follow(record, wait=False)] == [("whole",)]
    writer.log(" and half\n")
    assert [shown(event) for event in follow(record, wait=False)] == [("whole", "half and half")]
    writer.close()


def test_a_line_of_ten_megabytes_is_one_line(record: Record) -> None:
    line = "x" * 10_000_000
    record.log.write_text(f"before\n{line}\nafter\n")
    record.events.write_bytes(header(record.id))
    seen = [text for event in follow(record, wait=False) for text in event.lines]
    assert seen == ["before", line, "after"]


def test_bytes_that_are_no_text_are_shown_as_such(record: Record) -> None:
    record.log.write_bytes(b"caf\xe9 \xff\n")
    record.events.write_bytes(header(record.id))
    assert [shown(event) for event in follow(record, wait=False)] == [("caf\\xe9 \\xff",)]


def test_whoever_waits_is_called_now_and_then(record: Record) -> None:
    RecordWriter(record, build_in(record.directory)).close()

    class Enough(Exception):
        pass

    def idle() -> None:
        raise Enough

    with Held(record), pytest.raises(Enough):
        list(follow(record, idle=idle))
