"""Servers and keys are kept for their owner alone, and no key is ever shown."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from pysteward.core.errors import RemoteError
from pysteward.core.matching import Policy
from pysteward.core.remotes.connect import (
    ConnectServer,
    ServerStore,
    check_key,
    find_in_rsconnect,
    read_key,
)
from pysteward.core.remotes.connect.keys import rsconnect_file

KEY = "very-secret-key-0123456789"


@pytest.fixture
def store(tmp_path: Path) -> ServerStore:
    return ServerStore(tmp_path / "config" / "connect")


def plain(**changes: object) -> ConnectServer:
    server = ConnectServer("prod", "https://connect.example.com", Path("/a/key"))
    return replace(server, **changes)  # type: ignore[arg-type]


def failure(code: str, action: object, *arguments: object) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        action(*arguments)  # type: ignore[operator]
    assert caught.value.code == code
    assert KEY not in str(caught.value)
    return caught.value


def test_a_server_is_found_as_it_was_added(store: ServerStore) -> None:
    full = plain(
        key_file=None,
        key_command=("pass", "show", 'a "quoted" name'),
        ca=Path("/etc/ca.pem"),
        client_certificate=Path("/etc/client.pem"),
        client_key=Path("/etc/client.key"),
        key_header="X-RSC-Authorization",
        matching=Policy.NEAREST,
    )
    store.add(full, None)
    assert store.find("prod") == full
    assert store.names() == ("prod",)


def test_a_key_lies_in_a_file_of_its_own_for_its_owner_alone(store: ServerStore) -> None:
    old = os.umask(0)
    try:
        kept = store.add(plain(key_file=None), KEY)
    finally:
        os.umask(old)
    assert kept.key_file is not None
    assert stat.S_IMODE(kept.key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.directory.stat().st_mode) == 0o700
    assert KEY not in (store.directory / "prod.toml").read_text()
    assert read_key(store.find("prod")) == KEY


def test_a_key_that_others_can_read_is_refused(store: ServerStore) -> None:
    kept = store.add(plain(key_file=None), KEY)
    assert kept.key_file is not None
    kept.key_file.chmod(0o640)
    assert "chmod 600" in failure("remote-settings", read_key, kept).message


def test_a_file_that_others_can_write_is_refused(store: ServerStore) -> None:
    store.add(plain(), None)
    (store.directory / "prod.toml").chmod(0o622)
    failure("remote-settings", store.find, "prod")


def test_a_pipe_in_the_place_of_a_key_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "key"
    os.mkfifo(pipe, 0o600)
    failure("remote-settings", read_key, plain(key_file=pipe))


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    problem = failure("remote-key", read_key, plain(key_file=tmp_path / "none"))
    assert problem.file == str(tmp_path / "none")


def test_a_command_gives_the_key(tmp_path: Path) -> None:
    server = plain(key_file=None, key_command=("printf", f"{KEY}\\nsecond line\\n"))
    assert read_key(server) == KEY


@pytest.mark.parametrize(
    "command",
    [
        ("sh", "-c", f"echo {KEY}; exit 3"),
        ("/no/such/program",),
        ("true",),
        ("printf", f"{KEY} and more"),
        ("a\0b",),
    ],
    ids=["status", "missing", "nothing", "not a key", "zero byte"],
)
def test_a_command_that_gives_no_key_is_told_without_what_it_printed(
    command: tuple[str, ...],
) -> None:
    failure("remote-key", read_key, plain(key_file=None, key_command=command))


@pytest.mark.parametrize(
    "text", ["", "  \n", "two words", "sch\xf6n", "x" * 2000, "a\x1bb", "a\r\nb"]
)
def test_what_is_not_a_key_is_refused(text: str) -> None:
    failure("remote-key", check_key, text)


def test_a_server_that_is_not_there_is_answered_with_those_that_are(store: ServerStore) -> None:
    store.add(plain(), None)
    assert "configured: prod;" in failure("remote-unknown", store.find, "test").message


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "a b", "x" * 100])
def test_a_name_that_is_not_a_file_name_is_refused(store: ServerStore, name: str) -> None:
    failure("remote-settings", store.find, name)


@pytest.mark.parametrize(
    "text",
    [
        "url = ",
        'url = "https://connect.example.com"',
        'url = "https://a.example"\nkey-file = "/k"\nkey-command = ["x"]',
        'url = "ftp://a.example"\nkey-file = "/k"',
        'url = "http://a.example"\nkey-file = "/k"',
        'url = 7\nkey-file = "/k"',
        'url = "https://a.example"\nkey-command = "pass show"',
        'url = "https://a.example"\nkey-file = "/k"\nmatching = "closest"',
        'url = "https://a.example"\nkey-file = "/k"\nkey-header = "Cookie"',
        'url = "https://a.example"\nkey-file = "/k"\nallow-http = "yes"',
        'url = "https://a.example"\nkey-file = "/k"\nkeyfile = "/k"',
        "a = " + "[" * 5000,
        "\xff",
    ],
)
def test_a_file_that_does_not_make_sense_is_refused_with_its_name(
    store: ServerStore, text: str
) -> None:
    store.add(plain(), None)
    path = store.directory / "prod.toml"
    path.write_bytes(text.encode("latin-1"))
    assert failure("remote-settings", store.find, "prod").file == str(path)


def test_removing_a_server_removes_its_key_and_its_ca(store: ServerStore) -> None:
    store.keep_ca("prod", "-----BEGIN CERTIFICATE-----\n")
    store.add(plain(key_file=None), KEY)
    store.remove("prod")
    assert list(store.directory.iterdir()) == []
    failure("remote-unknown", store.remove, "prod")


def test_servers_of_rsconnect_python_are_found(tmp_path: Path) -> None:
    file = tmp_path / "servers.json"
    entry = {
        "name": "work",
        "url": "https://a.example",
        "api_key": KEY,
        "insecure": False,
        "ca_cert": "PEM",
    }
    file.write_text(json.dumps({"work": entry, "cloud": {"name": "cloud", "token": "t"}}))
    found = find_in_rsconnect("work", file)
    assert (found.url, found.key, found.ca) == ("https://a.example", KEY, "PEM")
    assert "it knows cloud, work" in failure("remote-key", find_in_rsconnect, "x", file).message
    failure("remote-key", find_in_rsconnect, "cloud", file)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "[" * 20_000, '{"work": 7}'],
    ids=["empty", "list", "cut off", "deep", "number"],
)
def test_a_damaged_store_of_rsconnect_python_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "servers.json"
    file.write_text(text)
    failure("remote-key", find_in_rsconnect, "work", file)


def test_rsconnect_pythons_store_is_looked_for_where_it_lies() -> None:
    home = {"HOME": "/home/ana"}
    assert rsconnect_file("linux", home) == Path("/home/ana/.rsconnect-python/servers.json")
    with_xdg = home | {"XDG_CONFIG_HOME": "/home/ana/.config"}
    assert rsconnect_file("linux", with_xdg) == Path(
        "/home/ana/.config/rsconnect-python/servers.json"
    )
    assert rsconnect_file("darwin", home) == Path(
        "/home/ana/Library/Application Support/rsconnect-python/servers.json"
    )


def test_a_mistake_is_shown_with_its_line(store: ServerStore) -> None:
    store.add(plain(), None)
    path = store.directory / "prod.toml"
    path.write_text('url = "https://a.example"\nkey-file = "/k"\nmatching = "closest"\n')
    problem = failure("remote-settings", store.find, "prod")
    assert (problem.line, problem.column) == (3, 12)
    assert problem.source == 'matching = "closest"'
