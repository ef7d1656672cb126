"""Asking further than a log tells: the index, the disk, the machine."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pysteward.core.diagnosis.model import Diagnosis
from pysteward.core.diagnosis.probes import Surroundings, probe, refine
from pysteward.core.diagnosis.probes.model import Check
from pysteward.core.findings import Finding
from tests.support.other_users import as_an_ordinary_user, open_directory


class Index(ThreadingHTTPServer):
    """Answers every request as the test says."""

    status = 200
    kind = "text/html"
    page = b'<a href="pip-1.0-py3-none-any.whl">pip</a>'
    date: str | None = None
    wanted: str | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/simple"


class Handler(BaseHTTPRequestHandler):
    server: Index

    def do_GET(self) -> None:
        refused = self.server.wanted and self.headers.get("Authorization") != self.server.wanted
        self.send_response_only(401 if refused else self.server.status)
        self.send_header("Date", self.server.date or self.date_time_string())
        self.send_header("Content-Type", self.server.kind)
        self.end_headers()
        self.wfile.write(self.server.page)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def index() -> Iterator[Index]:
    with Index(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def ask(address: str, tmp_path: Path, **variables: str) -> dict[str, Check]:
    environment = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": address, **variables}
    checks = probe(Surroundings(environment, [tmp_path], timeout=2))
    return {check.name: check for check in checks}


def test_an_index_that_answers_is_one(index: Index, tmp_path: Path) -> None:
    checks = ask(index.address, tmp_path)
    assert checks["index"].code is None
    assert checks["clock"].code is None


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "index-auth"), (403, "index-auth"), (404, "index-not-an-index"), (500, "index-error")],
)
def test_a_refusal_says_which(index: Index, tmp_path: Path, status: int, code: str) -> None:
    index.status = status
    check = ask(index.address, tmp_path)["index"]
    assert check.code == code
    assert str(status) in check.said


def test_a_login_page_is_no_index(index: Index, tmp_path: Path) -> None:
    index.page = b'<form><input type="password"></form><a href="/help">help</a>'
    assert ask(index.address, tmp_path)["index"].code == "index-not-an-index"


def test_credentials_are_sent_and_never_shown(index: Index, tmp_path: Path) -> None:
    index.wanted = "Basic YW5uOnMzY3JldA=="
    address = index.address.replace("http://", "http://ann:s3cret@")
    assert ask(address, tmp_path)["index"].code is None
    index.wanted = "another"
    check = ask(address, tmp_path)["index"]
    assert check.code == "index-auth"
    assert "s3cret" not in repr(check)


def test_a_name_without_an_address_is_told_from_a_closed_port(tmp_path: Path) -> None:
    unknown = ask("http://no-such-host.invalid/simple", tmp_path)["index"]
    assert (unknown.code, "DNS" in unknown.said) == ("index-unreachable", True)
    closed = ask("http://127.0.0.1:9/simple", tmp_path)["index"]
    assert (closed.code, "DNS" in closed.said) == ("index-unreachable", False)


def test_an_index_that_hangs_is_told_after_its_time(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        assert ask(address, tmp_path)["index"].code == "index-timeout"


def test_a_proxy_that_refuses_is_named(index: Index, tmp_path: Path) -> None:
    check = ask(index.address, tmp_path, PIP_PROXY="http://u:pw@127.0.0.1:9")["index"]
    assert check.code == "proxy-unreachable"
    assert "pw@" not in check.said


def test_a_host_without_proxy_is_asked_directly(index: Index, tmp_path: Path) -> None:
    variables = {"http_proxy": "http://127.0.0.1:9", "no_proxy": "127.0.0.1"}
    assert ask(index.address, tmp_path, **variables)["index"].code is None


def test_a_clock_that_is_off_is_told(index: Index, tmp_path: Path) -> None:
    index.date = "Thu, 01 Jan 2015 00:00:00 GMT"
    check = ask(index.address, tmp_path)["clock"]
    assert "ahead of" in check.said


def test_no_index_asks_none(tmp_path: Path) -> None:
    check = ask("http://127.0.0.1:9/simple", tmp_path, PIP_NO_INDEX="1")["index"]
    assert (check.code, "no index" in check.said) == (None, True)


def test_a_directory_that_cannot_be_written_is_found(index: Index) -> None:
    with open_directory() as place:
        assert ask(index.address, place)["write"].code is None
        place.chmod(0o555)
        with as_an_ordinary_user():
            assert ask(index.address, place)["write"].code == "permission-denied"
        place.chmod(0o755)


def test_the_tools_are_those_of_the_builds_path(index: Index, tmp_path: Path) -> None:
    (tmp_path / "cc").write_text("")
    (tmp_path / "cc").chmod(0o755)
    said = ask(index.address, tmp_path, PATH=str(tmp_path))["tools"].said
    assert said.startswith("there are cc; there is no gcc,")


def finding(code: str) -> Finding:
    return Finding(code, "cause", "It failed.", "Do something.", None, ())


def test_what_the_log_hides_becomes_the_cause() -> None:
    checks = [Check("index", "It answers 401.", "index-auth", "Put credentials.")]
    refined = refine(Diagnosis("failed", (finding("package-not-found"),)), checks)
    assert [(f.code, f.role) for f in refined.findings] == [
        ("index-auth", "cause"),
        ("package-not-found", "consequence"),
    ]


def test_what_has_nothing_to_do_with_the_cause_is_a_warning() -> None:
    checks = [Check("index", "It answers 401.", "index-auth", "Put credentials.")]
    refined = refine(Diagnosis("failed", (finding("compile-error"),)), checks)
    assert [(f.code, f.role) for f in refined.findings] == [
        ("compile-error", "cause"),
        ("index-auth", "warning"),
    ]


def test_what_is_well_adds_nothing() -> None:
    diagnosis = Diagnosis("failed", (finding("unknown"),))
    assert refine(diagnosis, [Check("index", "It answers.")]) == diagnosis


@pytest.mark.network
def test_the_real_index_answers(tmp_path: Path) -> None:
    checks = {c.name: c for c in probe(Surroundings({}, [tmp_path], timeout=60))}
    assert checks["index"].code is None, checks["index"]
