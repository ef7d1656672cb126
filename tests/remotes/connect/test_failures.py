"""Failed jobs are found, diagnosed from their logs, and asked for no more than needed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pysteward.core.matching import Policy
from pysteward.core.remotes.connect import (
    Cache,
    ContentFailures,
    Failure,
    FailureReader,
    JobKind,
    causes_of,
    failures_report,
    newest_first,
    read_content,
)
from tests.remotes.connect.conftest import Connecting
from tests.support import connect_server as faults
from tests.support.connect_content import bundle_bytes, dash_app
from tests.support.connect_server import ConnectServer, Content, Job, guid_of

NOT_FOUND = """\
Collecting foo==9
ERROR: Could not find a version that satisfies the requirement foo==9 (from versions: 1.0)
ERROR: No matching distribution found for foo==9
"""
START = """\
Traceback (most recent call last):
  File "app.py", line 1, in <module>
    import missing
ModuleNotFoundError: No module named 'missing'
"""


class Clock:
    now = 1_764_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reader(connect: Connecting, tmp_path: Path, clock: Clock) -> FailureReader:
    return FailureReader(connect(), Cache(tmp_path / "cache"), Policy.MAJOR_MINOR, now=clock)


def all_of(connect: Connecting, reader: FailureReader, **options: float) -> list[ContentFailures]:
    content = read_content(connect())[0]
    return list(reader.read(content, **options))  # type: ignore[arg-type]


def failures(found: list[ContentFailures]) -> tuple[Failure, ...]:
    return newest_first(failure for each in found for failure in each.failures)


def broken(number: int, *jobs: Job) -> Content:
    return Content(number, f"app-{number}", bundle=bundle_bytes("3.11.6"), jobs=list(jobs))


def bad(key: str, log: str = NOT_FOUND, **more: object) -> Job:
    return Job(key, exit_code=1, log=log, **more)  # type: ignore[arg-type]


def test_a_failed_job_is_diagnosed_from_its_log(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    server.add(broken(1, bad("a")))
    (found,) = failures(all_of(connect, reader))
    assert found.kind is JobKind.ENVIRONMENT
    assert found.diagnosis.cause is not None
    assert "foo==9" in found.cause
    assert found.diagnosis.cause.evidence[0].source == "job a"


def test_the_exit_code_decides_not_the_log(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    server.add(broken(1, Job("good", exit_code=0, log=NOT_FOUND)))
    server.add(broken(2, bad("quiet", log="Successfully installed foo-1.0\n")))
    (found,) = failures(all_of(connect, reader))
    assert found.content.name == "app-2"
    assert found.diagnosis.outcome == "failed"
    assert "exit code 1" in found.cause


@pytest.mark.parametrize("exit_code", [137, -9])
def test_a_kill_is_told_from_the_exit_code_where_the_log_is_silent(
    server: ConnectServer, connect: Connecting, reader: FailureReader, exit_code: int
) -> None:
    server.add(broken(1, Job("a", "run_dash_app", exit_code, log="Dash is running\n")))
    server.add(broken(2, Job("b", "run_dash_app", exit_code, log=NOT_FOUND)))
    found = {failure.content.name: failure.code for failure in failures(all_of(connect, reader))}
    assert found["app-1"] == "out-of-memory"
    assert found["app-2"] != "out-of-memory"


def test_a_signal_is_named_where_the_log_is_silent(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    server.add(broken(1, Job("a", "run_dash_app", 139)))
    (found,) = failures(all_of(connect, reader))
    assert found.cause == "Its log does not say why it ended with exit code 139 (SIGSEGV)."


def test_the_first_row_is_there_after_three_requests(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    server.add(broken(1, bad("old")))
    server.add(broken(2, bad("new")))
    server.content[1].deployed = "2026-11-25T10:00:00Z"
    content = read_content(connect())[0]
    rows = reader.read(content)
    first = next(rows)
    assert first.failures[0].content.name == "app-2"  # the last deployed
    assert len(server.requests) == 3
    rows.close()


def test_a_second_run_asks_only_for_the_list_of_content(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    server.add(broken(1, bad("a")))
    server.add(broken(2))
    before = failures(all_of(connect, reader))
    server.requests.clear()
    again = all_of(connect, reader)
    assert server.paths() == ["/__api__/v1/content"]
    assert all(each.is_kept for each in again)
    assert failures(again) == before


def test_a_new_deploy_and_a_new_job_are_seen(
    server: ConnectServer, connect: Connecting, reader: FailureReader, clock: Clock
) -> None:
    item = server.add(broken(1, bad("a")))
    all_of(connect, reader)
    item.jobs.insert(0, bad("b"))
    item.deployed = "2026-11-26T10:00:00Z"
    server.requests.clear()
    assert len(failures(all_of(connect, reader))) == 2
    assert not [path for path in server.paths() if path.endswith("/a/log")]
    item.jobs.insert(0, bad("c"))
    assert len(failures(all_of(connect, reader))) == 2  # asked within the hour
    clock.now += 3601
    assert len(failures(all_of(connect, reader))) == 3


def test_all_are_asked_again_when_that_is_wanted(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    item = server.add(broken(1, bad("a")))
    all_of(connect, reader)
    item.jobs.append(bad("b"))
    assert len(failures(all_of(connect, reader, refresh=True))) == 2


def test_a_damaged_note_is_read_again(
    server: ConnectServer, connect: Connecting, reader: FailureReader, tmp_path: Path
) -> None:
    server.add(broken(1, bad("a")))
    before = failures(all_of(connect, reader))
    note = tmp_path / "cache" / "jobs" / f"{guid_of(1)}.json"
    document = json.loads(note.read_bytes())
    for damaged in (b"", b"{", b"[]", json.dumps(document | {"jobs": [[1]]}).encode()):
        note.write_bytes(damaged)
        assert failures(all_of(connect, reader)) == before


def test_what_ended_before_is_left_out(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    old = bad("old", start="2025-01-01T00:00:00Z", end="2025-01-01T00:01:00Z")
    server.add(broken(1, bad("new"), old))
    found = failures(all_of(connect, reader, since=1_763_000_000.0))
    assert [failure.job.key for failure in found if failure.job] == ["new"]


def test_older_logs_than_the_newest_twenty_are_counted_and_not_read(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    server.add(broken(1, *(bad(f"job{number}") for number in range(25))))
    (found,) = all_of(connect, reader)
    assert len(found.failures) == 20
    assert found.unread == 5


def test_a_failure_that_a_later_job_mended_says_so(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    later = Job("later", end="2026-11-21T10:00:00Z")
    server.add(broken(1, later, bad("a")))
    server.add(broken(2, Job("start", tag="run_dash_app", end="2026-11-21T10:00:00Z"), bad("b")))
    solved = {failure.content.name: failure.solved for failure in failures(all_of(connect, reader))}
    assert solved == {"app-1": True, "app-2": False}


def test_content_without_a_job_is_judged_by_its_manifest(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    server.add(dash_app(1, "3.7.4", has=""))
    server.add(dash_app(2, "3.11.2", has=""))  # it would match: perhaps it was never started
    (found,) = failures(all_of(connect, reader))
    assert (found.content.name, found.code, found.job) == ("app-1", "no-python-match", None)
    assert "3.7.4" in found.cause


def test_causes_are_counted_over_all_failures(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    for number in range(3):
        server.add(dash_app(number, "3.7.4", has=""))
    server.add(broken(7, bad("a")))
    found = failures(all_of(connect, reader))
    assert causes_of(found)[0] == ("no-python-match", 3)
    assert sum(count for _, count in causes_of(found)) == 4


def test_connects_own_code_stands_beside_the_log(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    server.add(broken(1, bad("a", log="nothing\n", error=(170, "No image \x1b[31mmatches"))))
    found = failures(all_of(connect, reader))
    assert found[0].error is None
    (told,) = reader.with_errors(found)
    assert told.error is not None
    assert told.error.code == 170
    assert "code 170" in told.cause
    server.requests.clear()
    (again,) = reader.with_errors(failures(all_of(connect, reader)))
    assert again.error == told.error
    assert server.paths() == ["/__api__/v1/content"]


def test_content_whose_jobs_may_not_be_read_is_told_and_the_rest_goes_on(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    server.add(broken(1, bad("a")))
    server.add(broken(2, bad("b")))
    server.faults[f"{guid_of(2)}/jobs"] = faults.answering(403)
    found = {each.content.name: each for each in all_of(connect, reader)}
    assert found["app-1"].failures
    assert found["app-2"].problem is not None
    assert "may not read this" in found["app-2"].problem


def test_a_failing_start_is_a_failure_of_its_own_kind(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    server.add(broken(1, bad("a", log=START, tag="run_dash_app")))
    (found,) = failures(all_of(connect, reader))
    assert found.kind is JobKind.START
    assert "The module missing (app.py, line 1) is in no package" in found.cause


def test_a_report_holds_nothing_that_is_taken_for_markup(
    server: ConnectServer, connect: Connecting, reader: FailureReader
) -> None:
    item = server.add(broken(1, bad("a", error=(1, "x\n# heading <script>"))))
    item.title = "A | [title](http://x) \x1b[31m\n## more"
    found = list(reader.with_errors(failures(all_of(connect, reader))))
    text = failures_report(found, "prod", ["one\ntwo"])
    assert "\x1b" not in text
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert "\n# heading" not in text
    assert "\n## more" not in text
    assert "| 1 of 1 |" in text
