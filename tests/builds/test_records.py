"""A record tells all about a build, to whoever may read it, wherever it is taken."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pysteward.core.builds import (
    Asked,
    Build,
    Considered,
    EnvironmentRef,
    Finished,
    LogLines,
    Python,
    Record,
    build_as_json,
    export,
    follow,
    open_record,
)
from pysteward.core.builds.interrupted import close_interrupted
from pysteward.core.builds.model import build_from_json
from pysteward.core.builds.record_writer import RecordWriter, create_record, release_space
from pysteward.core.errors import StateError
from pysteward.core.findings import Evidence, Finding
from pysteward.core.times import seconds_of
from tests.support.other_users import as_an_ordinary_user, open_directory


def build_in(directory: Path, **changes: object) -> Build:
    build = Build(
        id=directory.name,
        content="app",
        outcome="running",
        phase="match",
        reused=False,
        python=Python("3.11.7", "/opt/python/3.11.7/bin/python3", "exact"),
        environment=EnvironmentRef("a" * 22, "/srv/environments/a"),
        directory=directory,
        started="2026-11-22T18:00:00.000Z",
        finished=None,
        asked=Asked(
            "deploy", "alice", "/tmp/app", "d" * 64, "3.11.7", "exact", "virtualenv", "pip", ("x",)
        ),
        considered=(Considered("3.11.7", "/opt/python/3.11.7/bin/python3", "chosen", "exact"),),
        reason="3.11.7 is the version requested",
        skipped=("x",),
        notices=("this builds as root",),
        packages=(("flask", "3.0"),),
        findings=(Finding("network", "cause", "c", "r", None, (Evidence("log", 3, "x"),)),),
    )
    return replace(build, **changes)


@pytest.fixture
def running(tmp_path: Path) -> tuple[Record, int]:
    """A record on which somebody works, and the descriptor that says so."""
    record, lock = create_record(tmp_path / "builds")
    record.write(build_in(record.directory))
    writer = RecordWriter(record, record.read())
    writer.phase("match")
    writer.log("one line\n")
    writer.phase("install")
    writer.close()
    return record, lock


def killed(running: tuple[Record, int]) -> Record:
    record, lock = running
    os.close(lock)
    return record


def test_a_build_comes_back_from_its_document(tmp_path: Path) -> None:
    build = build_in(tmp_path)
    assert build_from_json(json.loads(json.dumps(build_as_json(build))), tmp_path) == build


def test_a_build_is_running_as_long_as_somebody_works_on_it(running: tuple[Record, int]) -> None:
    record, _ = running
    assert record.is_alive()
    assert record.build().is_running
    assert record.build().phase == "install"
    assert close_interrupted(record).is_running


def test_a_build_whose_worker_was_killed_is_never_running_again(
    running: tuple[Record, int],
) -> None:
    record = killed(running)
    assert record.build().outcome == "interrupted"
    assert record.read().is_running  # looking writes nothing
    settled = close_interrupted(record)
    assert settled.outcome == "interrupted"
    assert settled.finished is not None
    assert settled.phase == "install"
    assert record.read() == settled == close_interrupted(record)
    *_, last = follow(record)
    assert isinstance(last, Finished)
    assert last.outcome == "interrupted"


def test_lines_that_a_killed_worker_left_unfinished_are_ended(running: tuple[Record, int]) -> None:
    record, lock = running
    with record.log.open("a") as log, record.events.open("a") as events:
        log.write("half a li")
        events.write('{"event":"pha')
    os.close(lock)
    close_interrupted(record)
    lines = [
        line for event in follow(record) if isinstance(event, LogLines) for line in event.lines
    ]
    assert lines[:2] == ["one line", "half a li"]
    assert lines[2].startswith("pysteward: build interrupted")


def test_following_a_build_that_is_killed_meanwhile_ends(running: tuple[Record, int]) -> None:
    record, lock = running
    events = follow(record)
    next(events)
    os.close(lock)
    *_, last = events
    assert last.outcome == "interrupted"


def test_whoever_may_only_look_sees_the_interruption_as_well(running: tuple[Record, int]) -> None:
    written = killed(running)
    with open_directory() as place:
        record = Record(shutil.move(written.directory, place / written.directory.name))
        for path in (record.directory, *record.directory.iterdir()):
            path.chmod(0o555)
        with as_an_ordinary_user():
            assert close_interrupted(record).outcome == "interrupted"
            *_, last = follow(record)
            assert last.outcome == "interrupted"
        assert record.read().is_running
        record.directory.chmod(0o755)


def test_two_records_never_share_a_directory(tmp_path: Path) -> None:
    made = [create_record(tmp_path) for _ in range(50)]
    assert len({record.directory for record, _ in made}) == 50
    for _, lock in made:
        os.close(lock)
    names = [record.id for record, _ in made]
    assert [name[:18] for name in names] == sorted(name[:18] for name in names)


def test_what_lies_in_a_record_is_for_its_owner_and_group(running: tuple[Record, int]) -> None:
    record, _ = running
    assert oct(record.directory.stat().st_mode & 0o7777) == "0o2750"
    for file in record.directory.iterdir():
        assert oct(file.stat().st_mode & 0o7777) == "0o640", file


def test_the_ballast_takes_room_and_gives_it_back(running: tuple[Record, int]) -> None:
    record, _ = running
    RecordWriter(record, record.read()).reserve_space()
    assert (record.directory / "ballast").stat().st_blocks * 512 >= 64 * 1024
    release_space(record)
    assert not (record.directory / "ballast").exists()


def test_a_record_is_exported_as_one_file_and_opens_elsewhere(
    running: tuple[Record, int], tmp_path: Path
) -> None:
    record, _ = running
    with pytest.raises(StateError, match="still runs"):
        export(record, tmp_path)
    killed(running)
    settled = close_interrupted(record)
    (record.directory / "pip.log").write_text("all that pip knew\n")
    file = export(record, tmp_path)
    assert file == tmp_path / f"{record.id}.tar.gz"
    with pytest.raises(StateError, match="exists"):
        export(record, file)
    with open_record(file) as opened:
        there = opened.build()
        assert replace(there, directory=settled.directory) == settled
        assert there.log.read_text() == record.log.read_text()
        assert opened.pip_log.read_text() == "all that pip knew\n"
        assert [type(event) for event in follow(opened)] == [
            type(event) for event in follow(record)
        ]
        directory = opened.directory
    assert not directory.exists()
    with open_record(record.directory) as opened:
        assert opened.build() == settled
    assert record.directory.exists()


def archive(path: Path, *members: tuple[tarfile.TarInfo | str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as target:
        for member, data in members:
            facts = member if isinstance(member, tarfile.TarInfo) else tarfile.TarInfo(member)
            facts.size = len(data) if facts.isreg() else 0
            target.addfile(facts, io.BytesIO(data))
    return path


def link(name: str, target: str) -> tarfile.TarInfo:
    facts = tarfile.TarInfo(name)
    facts.type, facts.linkname = tarfile.SYMTYPE, target
    return facts


def test_nothing_but_the_files_of_a_record_comes_out_of_an_archive(tmp_path: Path) -> None:
    directory = tmp_path / "20261122-180000000-abcd"
    document = json.dumps(
        build_as_json(build_in(directory, outcome="failed", finished="x"))
    ).encode()
    file = archive(
        tmp_path / "record.tar.gz",
        ("b/build.json", document),
        ("b/events.jsonl", b"{}\n"),
        ("b/log.txt", b"a line\n"),
        ("b/evil.sh", b"rm -rf /"),
        (link("b/pip.log", "/etc/passwd"), b""),
    )
    with open_record(file) as opened:
        assert opened.build().id == "20261122-180000000-abcd"
        names = sorted(path.name for path in opened.directory.iterdir())
        assert names == ["build.json", "events.jsonl", "log.txt"]


def test_an_archive_with_a_name_that_leads_out_is_refused(tmp_path: Path) -> None:
    file = archive(tmp_path / "record.tar.gz", ("../../build.json", b"{}"))
    with pytest.raises(StateError, match="leads out") as refused:
        open_record(file)
    assert refused.value.code == "record-invalid"


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"schema": 1}',
        b'{"schema": 2}',
        b"[" * 100_000,
        b"\xff\xfe",
        json.dumps({"schema": 1, "build": 1}).encode(),
    ],
)
def test_what_is_no_record_is_refused_in_one_line(tmp_path: Path, document: bytes) -> None:
    file = archive(
        tmp_path / "record.tar.gz",
        ("b/build.json", document),
        ("b/events.jsonl", b""),
        ("b/log.txt", b""),
    )
    with pytest.raises(StateError) as refused:
        open_record(file)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("data", [b"", b"no archive", b"\x1f\x8b\x08\x00broken"])
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "record.tar.gz"
    file.write_bytes(data)
    with pytest.raises(StateError, match="no exported record") as refused:
        open_record(file)
    assert "\n" not in str(refused.value)
    with pytest.raises(StateError):
        open_record(tmp_path / "absent.tar.gz")
    with pytest.raises(StateError):
        open_record(archive(tmp_path / "other.tar.gz", ("a.txt", b"")))


@given(st.datetimes(min_value=datetime(1, 1, 2), timezones=st.just(timezone.utc)))
def test_a_moment_that_a_record_tells_is_the_one_that_was_written(moment: datetime) -> None:
    seconds = (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds()
    text = moment.strftime("%H:%M:%S.%f")
    written = f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}T{text}Z"
    assert seconds_of(written) == pytest.approx(seconds, abs=1e-3)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01T00:00:00Z", "0-1-1T0:0:0", "1-1T0:0"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - int() words some of them
        seconds_of(text)
