"""What moves on a server is told by its list; bundles are read only where the Python would go."""

from __future__ import annotations

from pathlib import Path

import pytest

from pysteward.core.content import by_end_of_life
from pysteward.core.errors import RemoteError
from pysteward.core.matching import Candidate, Matcher, Policy, hypothetical
from pysteward.core.remotes.connect import (
    Cache,
    ConnectClient,
    RemoteRequest,
    RemoteSimulation,
    affected,
    find_content,
    read_content,
    read_inventory,
    read_requests,
    scenario_of,
    simulate_change,
)
from pysteward.core.scenarios import dump, parse, play
from pysteward.core.upgrades import Effect
from pysteward.core.versions import PythonVersion
from tests.remotes.connect.conftest import Connecting
from tests.support import connect_server as faults
from tests.support.connect_content import dash_app
from tests.support.connect_server import ConnectServer, Content, guid_of


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def without(client: ConnectClient, cache: Cache, gone: str, *added: str) -> RemoteSimulation:
    """The change in which that version goes and those come."""
    inventory = read_inventory(client)
    today = inventory.candidates()
    left = tuple(c for c in today if str(c.version) != gone)
    after = left + tuple(hypothetical(PythonVersion.parse(text)) for text in added)
    found = dict(read_requests(client, cache, affected(inventory, after)))
    known = {item.guid: got for item, got in found.items() if isinstance(got, RemoteRequest)}
    unread = {item.guid: got for item, got in found.items() if isinstance(got, str)}
    policy = Policy.MAJOR_MINOR
    return simulate_change(inventory, Matcher(today, policy), Matcher(after, policy), known, unread)


def effects(result: RemoteSimulation) -> dict[str, tuple[Effect, str | None]]:
    return {
        change.subject.name: (
            change.fate,
            str(change.after.version) if change.after else None,
        )
        for change in result.simulation.changes
    }


def test_only_content_whose_python_goes_is_asked_for_its_bundle(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    for number in range(5):
        server.add(dash_app(number, "3.11.6"))
    server.add(dash_app(7, "3.8.10", "3.8.18"))
    result = without(connect(), cache, "3.8.18", "3.8.20")
    assert [path for path in server.paths() if "bundles" in path] == [
        f"/__api__/v1/content/{guid_of(7)}/bundles/107/download"
    ]
    assert effects(result)["app-7"] == (Effect.MOVES, "3.8.20")
    assert effects(result)["app-1"] == (Effect.KEEPS, "3.11.6")
    assert result.assumed == {f"app-{number}" for number in range(5)}


def test_what_content_asks_for_decides_not_what_it_has(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    wide = {"environment": {"python": {"requires": ">=3.8"}}}
    server.add(dash_app(1, "3.8.10", "3.8.18"))
    flexible = server.add(dash_app(2, "3.8.10", "3.8.18"))
    flexible.bundle = bundle_with("3.8.10", **wide)
    found = effects(without(connect(), cache, "3.8.18"))
    assert found["app-1"] == (Effect.FAILS, None)
    assert found["app-2"] == (Effect.MOVES, "3.11.6")


def bundle_with(python: str, **changes: object) -> bytes:
    from tests.support.connect_content import bundle_bytes

    return bundle_bytes(python, **changes)


def test_content_that_never_got_a_python_is_matched_by_its_manifest(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    server.add(dash_app(1, "3.7.4", has=""))
    server.add(dash_app(2, "3.5.1", has=""))
    found = effects(without(connect(), cache, "none", "3.7.17"))
    assert found["app-1"] == (Effect.GAINS, "3.7.17")
    assert found["app-2"] == (Effect.UNMATCHED, None)


def test_r_content_is_left_out(server: ConnectServer, connect: Connecting, cache: Cache) -> None:
    item = server.add(dash_app(1, "3.8.10", has=""))
    item.app_mode = "shiny"
    assert effects(without(connect(), cache, "3.8.18")) == {}
    assert not [path for path in server.paths() if "bundles" in path]


def test_a_bundle_that_cannot_be_read_is_told_and_the_rest_goes_on(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    server.add(dash_app(1, "3.8.10", "3.8.18"))
    broken = server.add(dash_app(2, "3.8.10", "3.8.18"))
    broken.bundle = b"no archive"
    server.faults[f"{guid_of(1)}/bundles/101/download"] = faults.answering(503, times=1)
    result = without(connect(), cache, "3.8.18", "3.8.20")
    assert effects(result)["app-1"] == (Effect.MOVES, "3.8.20")
    assert list(result.unread) == ["app-2"]


def test_reading_goes_on_where_it_was_stopped(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    for number in range(6):
        server.add(dash_app(number, "3.8.10", "3.8.18"))
    client = connect()
    content = read_content(client)[0]
    first = read_requests(client, cache, content)
    read = [next(first)[0].guid for _ in range(2)]
    first.close()
    assert len(dict(read_requests(client, cache, content))) == 6
    for guid in read:
        assert len([path for path in server.paths() if f"{guid}/bundles" in path]) == 1


def test_two_of_one_name_are_told_apart(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    server.add(Content(1, "same"))
    server.add(Content(2, "same", owner="bob"))
    assert set(effects(without(connect(), cache, "none"))) == {
        f"same {guid_of(1)}",
        f"same {guid_of(2)}",
    }


@pytest.mark.parametrize(
    "wanted",
    [
        "{guid}",
        "  {guid}  ",
        "https://connect.example.com/connect/#/apps/{guid}",
        "https://connect.example.com/connect/#/apps/{guid}/logs",
        "https://connect.example.com/connect/#/apps/{guid}/access/1",
        "https://connect.example.com/content/{guid}/",
        "https://connect.example.com/content/{guid}?x=1",
        "app-1",
        "The title",
    ],
)
def test_content_is_found_by_what_people_have(
    server: ConnectServer, connect: Connecting, wanted: str
) -> None:
    server.add(Content(1, "app-1", title="The title"))
    server.add(Content(2, "app-2"))
    content = read_content(connect())[0]
    assert find_content(content, wanted.format(guid=guid_of(1).upper())).name == "app-1"


def test_a_name_of_several_owners_is_refused_with_guids_and_owners(
    server: ConnectServer, connect: Connecting
) -> None:
    server.add(Content(1, "same", owner="ana"))
    server.add(Content(2, "same", owner="bob"))
    with pytest.raises(RemoteError) as caught:
        find_content(read_content(connect())[0], "same")
    for part in (guid_of(1), "of ana", guid_of(2), "of bob"):
        assert part in caught.value.message


def test_unknown_content_is_told(server: ConnectServer, connect: Connecting) -> None:
    with pytest.raises(RemoteError, match="no content 'none' is visible"):
        find_content(read_content(connect())[0], "none")


def test_a_scenario_has_requests_by_frequency_and_no_names(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    for number in range(3):
        server.add(dash_app(number, "3.8.10", "3.8.18", owner="secret-owner"))
    server.add(dash_app(9, "3.11.2", "3.11.6", title="Secret \x1b[31mtitle"))
    client = connect()
    inventory = read_inventory(client)
    known = {
        item.guid: got
        for item, got in read_requests(client, cache, inventory.content)
        if isinstance(got, RemoteRequest)
    }
    made = scenario_of(inventory, known, title="Production")
    text = dump(made)
    assert parse(text) == made
    assert [request.text for request in made.requests] == ["3.8.10", "3.11.2"]
    assert "ecret" not in text
    assert "3 pieces of content" in made.requests[0].notes
    assert all(r.agrees(d) for r, d in zip(made.requests, play(made), strict=True))
    named = dump(scenario_of(inventory, known, title="Production", with_names=True))
    assert "secret-owner" in named
    assert "\x1b" not in named


def test_a_scenario_says_what_is_assumed(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    server.add(dash_app(1, "3.11.2", "3.11.6"))
    inventory = read_inventory(connect())
    unknown = scenario_of(inventory, {}, title="x")
    assert "major-minor is assumed" in unknown.notes
    assert "stands for it" in unknown.notes
    assert unknown.requests[0].text == "3.11.6"
    assert "assumed" not in scenario_of(inventory, {}, title="x", policy=Policy.NEAREST).notes


def test_content_is_ordered_by_the_end_of_its_pythons_support() -> None:
    rows = [
        ("new", "1", None, PythonVersion(3, 13, 1), None),
        ("far", "2", None, PythonVersion(3, 99, 0), None),
        ("old", "3", "ana", PythonVersion(2, 7, 18), 5.0),
        ("less old", "4", None, PythonVersion(3, 8, 1), None),
    ]
    ordered = by_end_of_life(rows)
    assert [item.name for item in ordered] == ["old", "less old", "new", "far"]
    assert str(ordered[0].end) == "2020-01-01"
    assert ordered[-1].end is None
    assert Candidate(ordered[0].python).version == PythonVersion(2, 7, 18)
