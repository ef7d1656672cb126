"""Of a bundle only the manifest and the requirements are read, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from pysteward.core.bundles import open_bundle, request_of
from pysteward.core.errors import BundleError, RemoteError
from pysteward.core.remotes.connect import Cache, ConnectClient, read_content
from pysteward.core.remotes.connect.bundles import request_files
from tests.remotes.connect.conftest import Connecting
from tests.support import connect_server as faults
from tests.support.bundles import special, tar_bytes
from tests.support.connect_content import bundle_bytes
from tests.support.connect_server import VIEWER, ConnectServer, Content


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def added(server: ConnectServer, bundle: bytes) -> Content:
    return server.add(Content(1, "app", bundle=bundle, owner="vera"))


def files_of(client: ConnectClient, cache: Cache) -> Path:
    return request_files(client, cache, read_content(client)[0][0])


def test_what_a_bundle_asks_for_is_read(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    added(server, bundle_bytes("3.9.5", "dash==2.17.0\n"))
    found = open_bundle(files_of(connect(), cache))
    assert request_of(found).text == "3.9.5"
    assert found.requirements_bytes() == b"dash==2.17.0\n"


def test_a_bundle_is_read_once(server: ConnectServer, connect: Connecting, cache: Cache) -> None:
    added(server, bundle_bytes("3.9.5"))
    client = connect()
    first = files_of(client, cache)
    assert files_of(client, cache) == first
    assert len([path for path in server.paths() if path.endswith("/download")]) == 1


def test_only_manifest_and_requirements_are_kept(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    files = {
        "more.txt": b"plotly\n",
        "notes.txt": b"not included\n",
        "app.py": b"secret = 1\n",
        "data.csv": b"1,2\n",
    }
    added(server, bundle_bytes("3.9.5", "-r more.txt\n", files=files))
    found = open_bundle(files_of(connect(), cache))
    assert set(found.members) == {"manifest.json", "requirements.txt", "more.txt"}
    assert [line.name for _, line in found.requirements().walk()][-1] == "plotly"


def test_the_download_ends_when_all_is_there(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    import os

    large = os.urandom(30_000_000)
    added(server, bundle_bytes("3.9.5", files={"data.bin": large}))
    sent: list[int] = []

    def counting(handler: faults.Handler) -> bool:
        data = server.content[0].bundle or b""
        handler.send_response(200)
        handler.send_header("Content-Type", "application/gzip")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        try:
            for start in range(0, len(data), 65536):
                handler.wfile.write(data[start : start + 65536])
                sent.append(start)
        except OSError:
            handler.close_connection = True
        return True

    server.faults["/download"] = counting
    files_of(connect(), cache)
    assert sum(1 for _ in sent) * 65536 < len(large) // 2


def test_requirements_of_an_unusual_name_before_the_manifest_are_found(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    added(server, bundle_bytes("3.9.5", package_file="deps/python.list", manifest_last=True))
    found = open_bundle(files_of(connect(), cache))
    assert found.requirements_bytes() == b"dash==2.17.0\n"


def test_a_download_that_breaks_off_is_begun_again(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    bundle = bundle_bytes("3.9.5")
    added(server, bundle)
    server.faults["/download"] = faults.breaking_off(times=1, body=bundle[:50])
    assert request_of(open_bundle(files_of(connect(), cache))).text == "3.9.5"


@pytest.mark.parametrize(
    "bundle",
    [
        b"",
        b"not an archive",
        bundle_bytes("3.9.5")[:100],
        bundle_bytes("3.9.5", files={"../up.txt": b"x"}, manifest_last=True),
        tar_bytes(special("manifest.json", b"2", "/etc/passwd"))[:1024],
    ],
    ids=["empty", "no archive", "cut off", "leads out", "only links"],
)
def test_what_is_not_a_bundle_is_refused_and_not_kept(
    server: ConnectServer, connect: Connecting, cache: Cache, bundle: bytes
) -> None:
    added(server, bundle)
    with pytest.raises((BundleError, RemoteError)):
        open_bundle(files_of(connect(), cache)).requirements()
    assert not list(cache.directory.glob("bundles/*.tar.gz"))


def test_a_bundle_of_zeros_ends_at_the_limit(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    added(server, bundle_bytes("3.9.5", files={"a.bin": bytes(300_000_000)}, manifest_last=True))
    with pytest.raises(BundleError, match="unpacks to more than"):
        files_of(connect(), cache)


def test_a_viewer_may_not_read_bundles(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    added(server, bundle_bytes("3.9.5"))
    with pytest.raises(RemoteError, match="may not read this"):
        files_of(connect(VIEWER), cache)


def test_content_that_was_never_deployed_has_no_bundle(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    server.add(Content(1, "app"))
    with pytest.raises(RemoteError, match="never deployed"):
        files_of(connect(), cache)


def test_the_cache_is_its_owners_alone(
    server: ConnectServer, connect: Connecting, cache: Cache
) -> None:
    added(server, bundle_bytes("3.9.5"))
    path = files_of(connect(), cache)
    assert path.stat().st_mode & 0o077 == 0
    assert cache.directory.stat().st_mode & 0o077 == 0
