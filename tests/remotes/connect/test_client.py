"""The client reads one server, gives its key to no other, and takes nothing that is not sound."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pysteward.core.errors import RemoteError
from pysteward.core.remotes.connect.access import try_access
from pysteward.core.remotes.connect.client import AT_ONCE, ClientLimits, ConnectClient
from pysteward.core.remotes.connect.parallel import in_parallel
from pysteward.core.remotes.connect.settings import ConnectServer as Configured, server_url
from tests.remotes.connect.conftest import HASTY, Connecting
from tests.support import connect_server as faults
from tests.support.connect_server import ADMINISTRATOR, VIEWER, ConnectServer, Handler, running

USER = "/v1/user"


def refused(client: ConnectClient, path: str = USER) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        client.get_json(path)
    assert ADMINISTRATOR not in str(caught.value)
    assert "\n" not in caught.value.message
    return caught.value


def test_an_answer_is_decoded(server: ConnectServer, connect: Connecting) -> None:
    answer = connect().get_json(USER)
    assert isinstance(answer, dict)
    assert answer["username"] == "admin"


def test_the_key_is_sent_as_connect_wants_it(server: ConnectServer, connect: Connecting) -> None:
    connect().get_json(USER)
    assert server.requests[0].headers["authorization"] == f"Key {ADMINISTRATOR}"


def test_behind_a_gateway_the_key_is_sent_in_connects_own_header(
    server: ConnectServer, connect: Connecting
) -> None:
    connect(key_header="X-RSC-Authorization").get_json(USER)
    assert "authorization" not in server.requests[0].headers
    assert server.requests[0].headers["x-rsc-authorization"] == f"Key {ADMINISTRATOR}"


def test_a_netrc_file_does_not_replace_the_key(
    server: ConnectServer, connect: Connecting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    connect().get_json(USER)
    assert server.requests[0].headers["authorization"] == f"Key {ADMINISTRATOR}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_not_followed(
    server: ConnectServer, connect: Connecting, certificates: Path, status: int
) -> None:
    with running(ConnectServer(certificates)) as other:
        server.faults[USER] = faults.redirecting(f"{other.url}/__api__/v1/user", status)
        problem = refused(connect())
        assert problem.code == "remote-redirects"
        assert str(other.port) in problem.message
        assert other.requests == []


def test_a_redirect_on_the_same_host_is_not_followed_either(
    server: ConnectServer, connect: Connecting
) -> None:
    server.faults[USER] = faults.redirecting("/__api__/v1/content")
    assert refused(connect()).code == "remote-redirects"
    assert server.paths() == ["/__api__/v1/user"]


def test_a_login_page_is_named_as_such(server: ConnectServer, connect: Connecting) -> None:
    server.faults[USER] = faults.login_page
    assert refused(connect()).code == "remote-login-page"


def test_a_login_page_that_says_it_is_json_is_named_as_such(
    server: ConnectServer, connect: Connecting
) -> None:
    server.faults[USER] = faults.sending(b"  <!DOCTYPE html><html></html>")
    assert refused(connect()).code == "remote-login-page"


def test_an_unknown_key_is_not_accepted(connect: Connecting) -> None:
    with pytest.raises(RemoteError, match="does not accept the API key") as caught:
        connect("unknown-key").get_json(USER)
    assert caught.value.is_denied


def test_what_the_role_may_not_read_is_denied(connect: Connecting) -> None:
    with pytest.raises(RemoteError, match="may not read this") as caught:
        connect(VIEWER).get_json("/v1/server_settings/python")
    assert caught.value.is_denied


def test_what_the_release_does_not_have_is_absent(connect: Connecting) -> None:
    assert refused(connect(), "/v1/something/new").is_absent


@pytest.mark.parametrize(
    "body",
    [
        b'[{"guid": "0000',
        b"",
        b"[NaN]",
        b"[" * 100_000,
        b"[" + b"1" * 100_000 + b"]",
        b"\xff\xfe\xfd",
        b'{"a": "\xc3"}',
    ],
    ids=["cut off", "empty", "NaN", "deep", "long number", "no UTF-16", "no UTF-8"],
)
def test_what_is_not_json_is_refused(
    server: ConnectServer, connect: Connecting, body: bytes
) -> None:
    server.faults[USER] = faults.sending(body)
    assert refused(connect()).code == "remote-answer"


def test_an_endless_answer_ends_at_the_limit(server: ConnectServer, connect: Connecting) -> None:
    server.faults[USER] = faults.endless()
    problem = refused(connect(limits=replace(HASTY, json_bytes=1_000_000)))
    assert problem.code == "remote-too-large"


def test_an_announced_size_above_the_limit_is_refused_unread(
    server: ConnectServer, connect: Connecting
) -> None:
    server.faults[USER] = faults.dripping(0.01)
    assert refused(connect(limits=replace(HASTY, json_bytes=1000))).code == "remote-too-large"


def test_a_small_archive_of_much_is_counted_unpacked(
    server: ConnectServer, connect: Connecting
) -> None:
    import gzip

    body = gzip.compress(b"[" + b" " * 50_000_000 + b"]")
    server.faults[USER] = faults.sending(body, Content_Encoding="gzip")
    assert refused(connect(limits=replace(HASTY, json_bytes=1_000_000))).code == "remote-too-large"


def test_an_encoding_that_was_not_asked_for_is_refused(
    server: ConnectServer, connect: Connecting
) -> None:
    server.faults[USER] = faults.sending(b"x" * 100, Content_Encoding="gzip, gzip")
    assert refused(connect()).code == "remote-answer"


def test_a_dripping_answer_ends_at_the_time_limit(
    server: ConnectServer, connect: Connecting
) -> None:
    server.faults[USER] = faults.dripping(0.01)
    assert refused(connect(limits=replace(HASTY, total_seconds=0.2))).code == "remote-too-slow"


def test_a_silent_server_ends_at_the_time_limit(server: ConnectServer, connect: Connecting) -> None:
    silent = threading.Event()

    def wait(_: Handler) -> bool:
        silent.wait(20)
        return True

    server.faults[USER] = wait
    problem = refused(connect(limits=replace(HASTY, silent_seconds=0.2)))
    silent.set()
    assert problem.code == "remote-too-slow"


def test_a_broken_answer_is_asked_for_again(server: ConnectServer, connect: Connecting) -> None:
    server.faults[USER] = faults.breaking_off(times=2)
    assert isinstance(connect().get_json(USER), dict)
    assert len(server.requests) == 3


def test_an_answer_that_always_breaks_off_is_told_after_some_attempts(
    server: ConnectServer, connect: Connecting
) -> None:
    server.faults[USER] = faults.breaking_off()
    assert refused(connect()).code == "remote-unreachable"
    assert len(server.requests) == HASTY.attempts


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again_later(
    server: ConnectServer, connect: Connecting, status: int
) -> None:
    server.faults[USER] = faults.answering(status, times=2)
    assert isinstance(connect().get_json(USER), dict)
    assert len(server.requests) == 3


def test_the_pause_is_what_the_server_asks_for(server: ConnectServer) -> None:
    server.faults[USER] = faults.answering(429, times=1, retry_after="7")
    waits: list[float] = []
    configured = Configured("test", server.url, Path("unused"), ca=server.ca)

    def stop(seconds: float, _: str) -> None:
        waits.append(seconds)
        client.close()

    client = ConnectClient(
        configured, ADMINISTRATOR, limits=ClientLimits(longest_pause=30), on_wait=stop
    )
    with pytest.raises(RemoteError, match="stopped"):
        client.get_json(USER)
    assert waits == [7]


def test_a_pause_is_limited_whatever_the_server_asks_for(
    server: ConnectServer, connect: Connecting
) -> None:
    server.faults[USER] = faults.answering(429, times=1, retry_after="99999999")
    assert isinstance(connect().get_json(USER), dict)


def test_other_refusals_are_not_repeated(server: ConnectServer, connect: Connecting) -> None:
    server.faults[USER] = faults.answering(400)
    assert refused(connect()).code == "remote-refused"
    assert len(server.requests) == 1


def test_a_server_that_repeats_the_key_does_not_make_us_show_it(
    server: ConnectServer, connect: Connecting
) -> None:
    body = json.dumps({"code": 1, "error": f"bad key {ADMINISTRATOR}"}).encode()

    def answer(handler: Handler) -> bool:
        handler.send_bytes(body, "application/json", 400)
        return True

    server.faults[USER] = answer
    assert "****" in refused(connect()).message


def test_not_more_than_four_requests_run_at_a_time(
    server: ConnectServer, connect: Connecting
) -> None:
    here = threading.Barrier(AT_ONCE, timeout=10)

    def meet(_: Handler) -> bool:
        here.wait()  # passes only when four are there
        return False

    server.faults[USER] = meet
    client = connect()
    answers = list(in_parallel(lambda _: client.get_json(USER), range(12), 12))
    assert len(answers) == 12
    assert server.most_busy == AT_ONCE


def test_a_certificate_of_an_unknown_ca_is_not_accepted(server: ConnectServer) -> None:
    with ConnectClient(
        Configured("test", server.url, Path("unused")), ADMINISTRATOR, limits=HASTY
    ) as client:
        problem = refused(client)
    assert problem.code == "remote-tls"
    assert server.requests == []


def test_a_server_that_is_not_reached_is_told_once(
    server: ConnectServer, connect: Connecting
) -> None:
    server.faults["/v1/user"] = faults.breaking_off()
    tried = list(try_access(connect()))
    assert [(each.name, each.code) for each in tried] == [("user", "remote-unreachable")]


def test_a_certificate_for_another_name_is_not_accepted(server: ConnectServer) -> None:
    url = server.url.replace("localhost", "127.0.0.1")
    with ConnectClient(
        Configured("test", url, Path("unused"), ca=server.ca), ADMINISTRATOR, limits=HASTY
    ) as client:
        assert refused(client).code == "remote-tls"
    assert server.requests == []


def test_a_client_certificate_is_shown_where_the_server_wants_one(certificates: Path) -> None:
    with running(ConnectServer(certificates), wants_client_certificate=True) as server:
        plain = Configured("test", server.url, Path("unused"), ca=server.ca)
        with ConnectClient(plain, ADMINISTRATOR, limits=replace(HASTY, attempts=1)) as client:
            refused(client)
        shown = replace(
            plain,
            client_certificate=certificates / "client.pem",
            client_key=certificates / "client.key",
        )
        with ConnectClient(shown, ADMINISTRATOR, limits=HASTY) as client:
            assert isinstance(client.get_json(USER), dict)


def test_a_ca_that_cannot_be_read_is_named(server: ConnectServer, tmp_path: Path) -> None:
    missing = tmp_path / "ca.pem"
    with pytest.raises(RemoteError, match="the CA cannot be read") as caught:
        ConnectClient(Configured("test", server.url, Path("unused"), ca=missing), ADMINISTRATOR)
    assert caught.value.file == str(missing)


def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    configured = Configured("test", "http://localhost:9", Path("unused"))
    with ConnectClient(configured, ADMINISTRATOR, limits=HASTY) as client:
        assert refused(client).code == "remote-unreachable"


def test_a_proxy_does_not_see_a_key_without_tls(
    certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        running(ConnectServer(certificates, tls=False)) as server,
        running(ConnectServer(certificates, tls=False)) as proxy,
    ):
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        configured = Configured("test", server.url, Path("unused"))
        with ConnectClient(configured, ADMINISTRATOR, limits=HASTY) as client:
            client.get_json(USER)
        assert proxy.requests == []


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://connect.example.com", "https://connect.example.com"),
        ("https://connect.example.com/", "https://connect.example.com"),
        ("https://example.com:3939/rsc/", "https://example.com:3939/rsc"),
        ("https://example.com/rsc/connect/", "https://example.com/rsc"),
        ("https://example.com/rsc/connect/#/apps/1/logs", "https://example.com/rsc"),
        ("https://example.com/connect/#/content/listing", "https://example.com"),
        ("https://example.com/__api__/v1/content", "https://example.com"),
        ("https://example.com/__docs__/api/", "https://example.com"),
        ("http://localhost:3939", "http://localhost:3939"),
        ("http://127.0.0.1:3939/", "http://127.0.0.1:3939"),
        ("https://[::1]:3939/", "https://[::1]:3939"),
    ],
)
def test_an_address_is_taken_as_people_copy_it(given: str, url: str) -> None:
    assert server_url(given) == url


@pytest.mark.parametrize(
    "given",
    [
        "connect.example.com",
        "ftp://connect.example.com",
        "https://",
        "https://user:password@connect.example.com",
        "https://connect.example.com/?key=x",
        "https://connect.example.com:99999",
        "https://exa mple.com",
        "https://example.com/\x1b[31m",
        "https://[::1",
        "http://connect.example.com",
        "",
    ],
)
def test_what_is_not_a_servers_address_is_refused(given: str) -> None:
    with pytest.raises(RemoteError) as caught:
        server_url(given)
    assert caught.value.code == "remote-settings"
    assert "password@" not in str(caught.value)


def test_an_address_without_tls_is_taken_when_the_user_says_so() -> None:
    assert server_url("http://connect.example.com", allow_http=True) == "http://connect.example.com"


@pytest.mark.parametrize("proxy", ["socks5://localhost:1", "ftp://proxy"])
def test_a_proxy_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(RemoteError, match="ALL_PROXY"):
        ConnectClient(
            Configured("test", "https://connect.example.com", Path("unused")), ADMINISTRATOR
        )


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "a..b"])
def test_a_host_name_that_cannot_be_one_is_told(host: str) -> None:
    with ConnectClient(
        Configured("test", f"https://{host}", Path("unused")), ADMINISTRATOR, limits=HASTY
    ) as client:
        assert refused(client).code == "remote-settings"


def test_what_always_fails_is_not_asked_for_five_times(
    server: ConnectServer, connect: Connecting
) -> None:
    server.faults[USER] = faults.answering(500)
    assert refused(connect()).code == "remote-refused"
    assert len(server.requests) == 3
