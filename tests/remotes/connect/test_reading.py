"""Whatever the release and the role, a server is read as far as it can be, and the rest is said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pysteward.core.errors import RemoteError
from pysteward.core.remotes.connect import reading
from pysteward.core.remotes.connect.model import JobKind
from pysteward.core.versions import PythonVersion
from tests.remotes.connect.conftest import Connecting
from tests.support import connect_server as faults
from tests.support.connect_server import (
    ADMINISTRATOR,
    PUBLISHER,
    VIEWER,
    ConnectServer,
    Content,
    Job,
    guid_of,
)

RELEASES = [(2023, 9), (2024, 11), (2025, 12), (2026, 8)]


def content(number: int, **more: Any) -> Content:
    return Content(number, f"app-{number}", packages=[("dash", "2.17.0")], **more)


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_three_requests_give_the_first_answer(
    server: ConnectServer, connect: Connecting, release: tuple[int, int]
) -> None:
    server.release = release
    for number in range(3):
        server.add(content(number))
    inventory = reading.read_inventory(connect())
    assert sorted(server.paths()) == [
        "/__api__/v1/content",
        "/__api__/v1/packages",
        "/__api__/v1/server_settings/python",
    ]
    assert [item.name for item in inventory.content] == ["app-0", "app-1", "app-2"]
    assert [str(python.version) for python in inventory.pythons] == ["3.8.18", "3.10.13", "3.11.6"]
    assert inventory.content[0].owner == "ana"
    assert inventory.content[0].python == PythonVersion(3, 11, 6)


def test_a_release_without_packages_is_met_with_what_it_has(
    server: ConnectServer, connect: Connecting
) -> None:
    server.release = (2023, 9)
    server.add(content(1))
    inventory = reading.read_inventory(connect())
    assert inventory.pythons_in_use is None
    assert any("this release does not list them" in sentence for sentence in inventory.missing)


def test_packages_tell_the_python_of_content_whose_list_entry_does_not(
    server: ConnectServer, connect: Connecting
) -> None:
    item = server.add(content(1, more={"py_version": None}))
    inventory = reading.read_inventory(connect())
    assert inventory.content[0].python is None
    assert inventory.python_of(inventory.content[0]) == PythonVersion(3, 11, 6)
    assert inventory.pythons_in_use == {item.guid: PythonVersion(3, 11, 6)}


def test_a_viewer_gets_what_a_viewer_may_see(server: ConnectServer, connect: Connecting) -> None:
    server.add(content(1, owner="vera"))
    server.add(content(2, owner="ana"))
    inventory = reading.read_inventory(connect(VIEWER))
    assert [item.name for item in inventory.content] == ["app-1"]
    assert inventory.content[0].python is None
    assert inventory.content[0].owner is None
    assert inventory.pythons == ()
    assert any("the key may not read it" in sentence for sentence in inventory.missing)


def test_a_publisher_sees_own_content_only(server: ConnectServer, connect: Connecting) -> None:
    server.add(content(1, owner="bob"))
    server.add(content(2, owner="ana"))
    inventory = reading.read_inventory(connect(PUBLISHER))
    assert [item.name for item in inventory.content] == ["app-2"]


def test_only_the_newest_release_says_what_is_publishable(
    server: ConnectServer, connect: Connecting
) -> None:
    assert [python.publishable for python in reading.read_pythons(connect())] == [False, True, True]
    server.release = (2025, 12)
    assert [python.publishable for python in reading.read_pythons(connect())] == [None, None, None]


def test_what_is_not_publishable_is_there_for_old_content_only(
    server: ConnectServer, connect: Connecting
) -> None:
    inventory = reading.read_inventory(connect())
    assert [c.unusable for c in inventory.candidates()] == [None, None, None]
    unusable = [c.unusable is not None for c in inventory.candidates(for_new_content=True)]
    assert unusable == [True, False, False]


def test_a_version_in_several_images_is_one_candidate(
    server: ConnectServer, connect: Connecting
) -> None:
    server.pythons = [
        ("3.11.6", "Kubernetes", "ghcr.io/a:1", False),
        ("3.11.6", "Kubernetes", "ghcr.io/b:1", True),
        ("3.12.1", "Kubernetes", "ghcr.io/b:1", True),
    ]
    candidates = reading.read_inventory(connect()).candidates(for_new_content=True)
    assert [(str(c.version), c.unusable) for c in candidates] == [
        ("3.11.6", None),
        ("3.12.1", None),
    ]


def test_all_pages_of_packages_are_read(
    server: ConnectServer, connect: Connecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(25):
        server.add(content(number))
    monkeypatch.setattr(reading, "PAGE_OF_PACKAGES", 4)
    inventory = reading.read_inventory(connect())
    assert inventory.packages == 25
    assert inventory.pythons_in_use is not None
    assert len(inventory.pythons_in_use) == 25


def test_a_server_that_gives_smaller_pages_than_asked_for_is_read_whole(
    server: ConnectServer, connect: Connecting
) -> None:
    for number in range(10):
        server.add(content(number))

    def three_a_page(handler: faults.Handler) -> bool:
        query = faults.parse_qs(faults.urlsplit(handler.path).query)
        page = int(query["page_number"][0])
        entries = [entry for item in server.content for entry in _packages(item)]
        part = entries[(page - 1) * 3 : page * 3]
        handler.send_json({"results": part, "current_page": page, "total": 10})
        return True

    server.faults["/v1/packages"] = three_a_page
    assert reading.read_inventory(connect()).packages == 10


def _packages(item: Content) -> list[dict[str, str | None]]:
    return [
        {"language": "python", "language_version": item.python, "name": n, "app_guid": item.guid}
        for n, _ in item.packages
    ]


def test_a_server_that_claims_pages_without_end_is_refused(
    server: ConnectServer, connect: Connecting
) -> None:
    body = {"results": [{}], "current_page": 1, "total": 10**12}
    server.faults["/v1/packages"] = faults.sending(json.dumps(body).encode())
    with pytest.raises(RemoteError, match="which cannot be"):
        reading.read_inventory(connect())


@pytest.mark.parametrize(
    "body",
    [{"error": "no"}, "text", 7, None, True],
    ids=["object", "text", "number", "null", "true"],
)
def test_a_list_of_content_of_another_type_is_refused(
    server: ConnectServer, connect: Connecting, body: object
) -> None:
    server.faults["/v1/content"] = faults.sending(json.dumps(body).encode())
    with pytest.raises(RemoteError, match="not a list"):
        reading.read_inventory(connect())


def test_entries_that_cannot_be_read_are_left_out_and_counted(
    server: ConnectServer, connect: Connecting
) -> None:
    body = [
        {"guid": guid_of(1), "name": "good", "unknown": {"a": [1]}},
        {"guid": "../../etc/passwd", "name": "bad guid"},
        {"name": "no guid"},
        "no object",
        {
            "guid": guid_of(2).upper(),
            "name": ["wrong"],
            "title": 7,
            "py_version": {"a": 1},
            "bundle_id": "../1",
            "last_deployed_time": "yesterday",
            "owner": "wrong",
            "app_mode": None,
        },
    ]
    server.faults["/v1/content"] = faults.sending(json.dumps(body).encode())
    inventory = reading.read_inventory(connect())
    assert [item.guid for item in inventory.content] == [guid_of(1), guid_of(2)]
    second = inventory.content[1]
    assert (second.name, second.title, second.python, second.bundle) == ("", "", None, None)
    assert (second.deployed, second.owner, second.label) == (None, None, guid_of(2))
    assert any("2 entries" in sentence for sentence in inventory.missing)


def test_half_characters_and_endless_names_do_no_harm(
    server: ConnectServer, connect: Connecting
) -> None:
    body = json.dumps([{"guid": guid_of(1), "name": "\ud800x", "title": "t" * 10**6}])
    server.faults["/v1/content"] = faults.sending(body.encode())
    item = reading.read_inventory(connect()).content[0]
    assert item.name.encode() == b"?x"
    assert len(item.title) < 10_000


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_bundles_are_listed_by_every_release(
    server: ConnectServer, connect: Connecting, release: tuple[int, int]
) -> None:
    server.release = release
    item = server.add(content(1, bundle=b"archive"))
    (found,) = reading.read_bundles(connect(), item.guid)
    assert (found.id, found.active, found.size) == ("101", True, 7)
    assert found.md5 is not None


def test_a_lock_says_for_which_python_it_is(server: ConnectServer, connect: Connecting) -> None:
    item = server.add(content(1, lock="dash==2.17.0\n"))
    found = reading.read_lock(connect(), item.guid)
    assert found is not None
    assert (found.text, found.python) == ("dash==2.17.0\n", "3.11.6")


def test_content_without_a_lock_and_releases_without_locks_have_none(
    server: ConnectServer, connect: Connecting
) -> None:
    item = server.add(content(1))
    assert reading.read_lock(connect(), item.guid) is None
    item.lock = "dash==2.17.0\n"
    server.release = (2024, 11)
    assert reading.read_lock(connect(), item.guid) is None


def test_a_job_failed_when_its_exit_code_says_so(
    server: ConnectServer, connect: Connecting
) -> None:
    jobs = [
        Job("ok", exit_code=0),
        Job("bad", exit_code=1, log="ERROR: nothing"),
        Job("runs", exit_code=None, status=0),
        Job("skipped", exit_code=None, status=3),
    ]
    item = server.add(content(1, jobs=jobs))
    found = reading.read_jobs(connect(), item.guid)
    assert {job.key: job.failed for job in found} == {
        "ok": False,
        "bad": True,
        "runs": False,
        "skipped": False,
    }


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("python_restore", JobKind.ENVIRONMENT),
        ("run_dash_app", JobKind.START),
        ("run_fastapi_app", JobKind.START),
        ("build_jupyter", JobKind.RENDER),
        ("render_shiny", JobKind.RENDER),
        ("git", JobKind.OTHER),
    ],
)
def test_a_jobs_tag_says_what_it_was_for(
    server: ConnectServer, connect: Connecting, tag: str, kind: JobKind
) -> None:
    item = server.add(content(1, jobs=[Job("one", tag=tag)]))
    assert reading.read_jobs(connect(), item.guid)[0].kind is kind


def test_a_jobs_log_and_connects_error_are_read(server: ConnectServer, connect: Connecting) -> None:
    job = Job("bad", exit_code=1, log="one\ntwo", error=(17, "no Python"))
    item = server.add(content(1, jobs=[job, Job("plain", exit_code=1)]))
    client = connect()
    assert reading.read_job_log(client, item.guid, "bad") == "one\ntwo\n"
    error = reading.read_job_error(client, item.guid, "bad")
    assert error is not None
    assert (error.code, error.summary) == (17, "no Python")
    assert reading.read_job_error(client, item.guid, "plain") is None


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1970-01-01T00:00:10Z", 10),
        ("1970-01-01T00:00:10.5Z", 10.5),
        ("1970-01-01T02:00:10.000000001+02:00", 10.000000001),
        ("1969-12-31T19:00:10-05:00", 10),
        ("1970-01-01", None),
        ("1970-13-01T00:00:10Z", None),
        (10, None),
        (None, None),
        ("", None),
    ],
)
def test_a_time_is_read_as_rfc_3339_has_it(written: object, seconds: float | None) -> None:
    assert reading.answers.moment({"time": written}, "time") == seconds


def test_who_and_which_release_is_told(server: ConnectServer, connect: Connecting) -> None:
    client = connect(ADMINISTRATOR)
    assert reading.read_user(client).role == "administrator"
    assert reading.read_server_version(client) == "2026.08.0"
    server.hides_version = True
    assert reading.read_server_version(client) is None
