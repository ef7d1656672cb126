"""Content that was pulled asks for the Python and the packages that the server has."""

from __future__ import annotations

from pathlib import Path

import pytest

from pysteward.core.bundles import open_bundle, request_of
from pysteward.core.errors import BundleError, RemoteError
from pysteward.core.remotes.connect import (
    ConnectClient,
    Pulled,
    compare_packages,
    find_content,
    pull_bundle,
    read_content,
)
from pysteward.core.remotes.connect.model import RemotePackage
from tests.remotes.connect.conftest import Connecting
from tests.support.connect_content import bundle_bytes
from tests.support.connect_server import ConnectServer, Content

LOCK = "dash==2.17.0\nplotly==5.22.0\n"


def app(server: ConnectServer, **more: object) -> Content:
    requires = {"environment": {"python": {"requires": ">=3.8"}}}
    bundle = bundle_bytes("3.8.1", "dash\n", files={"app.py": b"import dash\n"}, **requires)
    settings: dict[str, object] = {"bundle": bundle, "packages": [("dash", "2.17.0")], **more}
    return server.add(Content(1, "app", **settings))  # type: ignore[arg-type]


def pulled(client: ConnectClient, directory: Path) -> Pulled:
    return pull_bundle(client, find_content(read_content(client)[0], "app"), directory)


def test_the_servers_lock_and_python_take_the_place_of_what_was_asked_for(
    server: ConnectServer, connect: Connecting, tmp_path: Path
) -> None:
    app(server, lock=LOCK)
    got = pulled(connect(), tmp_path / "out")
    found = open_bundle(got.content)
    assert got.pinned == "lock"
    assert request_of(found).text == "3.11.6"
    assert found.requirements_bytes().decode() == LOCK
    assert found.read("app.py") == b"import dash\n"
    assert got.bundle.read_bytes() == server.content[0].bundle
    assert request_of(open_bundle(got.bundle)).text == ">=3.8"


def test_a_pulled_bundle_agrees_with_its_manifest(
    server: ConnectServer, connect: Connecting, tmp_path: Path
) -> None:
    from pysteward.core.bundles import check_files

    app(server, lock=LOCK)
    assert not list(check_files(open_bundle(pulled(connect(), tmp_path / "out").content)))


def test_without_a_lock_the_installed_packages_are_pinned(
    server: ConnectServer, connect: Connecting, tmp_path: Path
) -> None:
    server.release = (2024, 11)
    app(server, lock=LOCK)
    got = pulled(connect(), tmp_path / "out")
    assert got.pinned == "packages"
    assert open_bundle(got.content).requirements_bytes() == b"dash==2.17.0\n"
    assert any("no lock" in sentence for sentence in got.missing)


def test_content_without_an_environment_keeps_what_it_asks_for(
    server: ConnectServer, connect: Connecting, tmp_path: Path
) -> None:
    app(server, python=None, packages=[])
    got = pulled(connect(), tmp_path / "out")
    assert got.pinned == "bundle"
    assert request_of(open_bundle(got.content)).text == ">=3.8"
    assert open_bundle(got.content).requirements_bytes() == b"dash\n"


def test_a_bundle_of_another_checksum_is_refused(
    server: ConnectServer, connect: Connecting, tmp_path: Path
) -> None:
    from tests.support import connect_server as faults

    app(server)
    server.faults["/download"] = faults.sending(bundle_bytes("3.9.1"), "application/gzip")
    with pytest.raises(RemoteError, match="has the MD5"):
        pulled(connect(), tmp_path / "out")


def test_a_hostile_bundle_is_not_unpacked(
    server: ConnectServer, connect: Connecting, tmp_path: Path
) -> None:
    app(server, bundle=bundle_bytes("3.8.1", files={"../../evil.txt": b"x"}))
    with pytest.raises(BundleError, match="refused"):
        pulled(connect(), tmp_path / "a" / "out")
    assert not (tmp_path / "evil.txt").exists()


def test_a_directory_that_is_there_is_left_alone(
    server: ConnectServer, connect: Connecting, tmp_path: Path
) -> None:
    app(server)
    (tmp_path / "out").mkdir()
    with pytest.raises(RemoteError, match="is there already"):
        pulled(connect(), tmp_path / "out")


def test_packages_are_compared_by_their_normalized_names() -> None:
    there = [RemotePackage("Dash", "2.17.0", ""), RemotePackage("typing_extensions", "4.0", "")]
    here = [("dash", "2.17.0"), ("typing.extensions", "4.1"), ("extra", "1"), ("pip", "24")]
    found = [(each.name, each.there, each.here) for each in compare_packages(there, here)]
    assert found == [("extra", None, "1"), ("typing-extensions", "4.0", "4.1")]
