"""Content of a Connect server on this server: asked of the index, pulled, deployed, compared."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.connect_content import bundle_bytes
from tests.support.connect_server import (
    ADMINISTRATOR,
    ConnectServer,
    Content,
    Handler,
    Job,
    running,
)
from tests.support.installation import Installation
from tests.support.server import SampleServer


@pytest.fixture
def prod(
    server: SampleServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ConnectServer]:
    """A Connect server that is configured here as `prod`."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    directory = tmp_path / "connect"
    directory.mkdir()
    with running(ConnectServer(directory)) as started:
        monkeypatch.setenv("CONNECT_API_KEY", ADMINISTRATOR)
        added = server.run("connect", "add", "prod", started.url, "--ca", started.ca)
        assert added.returncode == 0, added.stderr
        monkeypatch.delenv("CONNECT_API_KEY")
        yield started


def app(number: int, python: str, requirements: str, **more: object) -> Content:
    bundle = bundle_bytes(python, requirements, files={"app.py": b""})
    settings = {"python": python, "bundle": bundle, **more}
    return Content(number, f"app-{number}", **settings)  # type: ignore[arg-type]


def test_what_moves_is_asked_of_the_index(prod: ConnectServer, server: SampleServer) -> None:
    prod.add(app(1, "3.8.18", "alpha\n"))
    prod.add(app(2, "3.8.18", "gone\n"))
    change = ("--remove", "3.8.18", "--add", "3.8.20", "--preflight", "--json")
    ended = server.run("upgrade", "plan", "--connect", "prod", *change)
    assert ended.returncode == 1, ended.stderr
    predicted = {
        name: made["outcome"]
        for made in json.loads(ended.stdout)["preflight"]
        for name in made["content"]
    }
    assert predicted == {"app-1": "installs", "app-2": "fails"}


def test_what_is_pulled_is_deployed_and_compared(
    prod: ConnectServer, server: SampleServer, installation: Installation, tmp_path: Path
) -> None:
    prod.add(app(1, installation.version, "beta\n", packages=[("alpha", "1.0"), ("beta", "1.0")]))
    out = str(tmp_path / "out")
    ended = server.run("connect", "pull", "prod", "app-1", "-o", out, "--deploy", "--json")
    assert ended.returncode == 0, ended.stderr
    got = json.loads(ended.stdout)
    assert (got["outcome"], got["pinned"], got["differences"]) == ("succeeded", "packages", [])


def test_packages_that_differ_from_the_servers_are_listed(
    prod: ConnectServer, server: SampleServer, installation: Installation, tmp_path: Path
) -> None:
    item = app(1, installation.version, "beta\n", packages=[("alpha", "1.0"), ("other", "2.0")])
    item.lock = "beta==1.0\n"
    prod.add(item)
    out = str(tmp_path / "out")
    ended = server.run("connect", "pull", "prod", "app-1", "-o", out, "--deploy")
    assert ended.returncode == 1, ended.stderr
    assert "beta     -       1.0" in ended.stdout
    assert "other    2.0     -" in ended.stdout


def test_content_of_this_server_is_listed_by_the_end_of_its_python(
    server: SampleServer, installation: Installation
) -> None:
    assert (
        server.run("deploy", server.bundle("app", "", python=installation.version)).returncode == 0
    )
    found = json.loads(server.run("content", "eol", "--json").stdout)
    (item,) = found["content"]
    assert (item["name"], item["python"], item["owner"]) == ("app", installation.version, None)
    assert item["deployed"] is not None


def test_an_interrupted_reading_sums_up_what_was_found(
    prod: ConnectServer, server: SampleServer
) -> None:
    log = "ERROR: No matching distribution found for foo==9\n"
    for number in range(6):
        job = Job(f"job{number}", exit_code=1, log=log)
        prod.add(
            app(number, "3.11.6", "alpha\n", jobs=[job], deployed=f"2026-11-2{number}T10:00:00Z")
        )
    held = threading.Event()

    def hold(_: Handler) -> bool:
        held.wait(60)
        return False

    prod.faults["job3/log"] = hold
    child = server.start("connect", "failures", "prod", "--since", "2020-01-01")
    assert child.stdout is not None
    assert "app-5" in child.stdout.readline()
    child.send_signal(signal.SIGINT)
    shown, told = child.communicate(timeout=60)
    held.set()
    assert child.returncode == 130
    assert "of" in shown
    assert "were not asked" in told
    assert "Traceback" not in told
