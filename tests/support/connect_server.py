"""A Connect server of our own for tests: the API as several releases have it, over TLS on loopback.

It knows roles, pages and Connect's errors, and shows on request whatever a hostile, busy or broken
server may show. It keeps every request, and says at the end whether one of them was not allowed:
anything but GET, or a key where none belongs.
"""

from __future__ import annotations

import gzip
import json
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

ADMINISTRATOR = "administrator-key-0123456789"
PUBLISHER = "publisher-key-0123456789"
VIEWER = "viewer-key-0123456789"

_ROLES = {
    ADMINISTRATOR: ("admin", "administrator"),
    PUBLISHER: ("ana", "publisher"),
    VIEWER: ("vera", "viewer"),
}


def guid_of(number: int) -> str:
    """A GUID for the content of that number."""
    return f"{number:08x}-0000-4000-8000-{number:012x}"


@dataclass
class Job:
    """A job as the server knows it. error: Connect's code and summary."""

    key: str
    tag: str = "python_restore"
    exit_code: int | None = 0
    status: int = 2
    start: str = "2026-11-20T10:00:00Z"
    end: str | None = "2026-11-20T10:01:00Z"
    log: str = ""
    error: tuple[int, str] | None = None


@dataclass
class Content:
    """Content as the server knows it. packages: (name, version) pairs, of its Python."""

    number: int
    name: str
    title: str = ""
    app_mode: str = "python-dash"
    python: str | None = "3.11.6"
    owner: str = "ana"
    deployed: str = "2026-11-20T10:00:00Z"
    bundle: bytes | None = None
    bundle_id: str | None = None
    packages: list[tuple[str, str]] = field(default_factory=list)
    lock: str | None = None
    jobs: list[Job] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def guid(self) -> str:
        return guid_of(self.number)


class Request(NamedTuple):
    """What was sent to the server."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]


Fault = Callable[["Handler"], bool]
"""Answers a request in its own way; False lets the server answer as usual."""


@dataclass
class ConnectServer:
    """A server with its content, as tests set it up.

    release: such as (2024, 11). pythons: (version, cluster, image, publishable).
    faults: by the end of a path, what happens there.
    raw: by path, what is sent as it is, unpacked; sent: when the last byte of it was.
    """

    directory: Path
    release: tuple[int, int] = (2026, 8)
    hides_version: bool = False
    pythons: list[tuple[str, str, str, bool]] = field(
        default_factory=lambda: [
            ("3.8.18", "Local", "", False),
            ("3.10.13", "Local", "", True),
            ("3.11.6", "Local", "", True),
        ]
    )
    content: list[Content] = field(default_factory=list[Content])
    faults: dict[str, Fault] = field(default_factory=dict[str, Fault])
    requests: list[Request] = field(default_factory=list[Request])
    problems: list[str] = field(default_factory=list[str])
    busy: int = 0
    most_busy: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    port: int = 0
    tls: bool = True
    raw: dict[str, bytes] = field(default_factory=dict[str, bytes])
    sent: dict[str, float] = field(default_factory=dict[str, float])

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}"

    @property
    def ca(self) -> Path:
        return self.directory / "ca.pem"

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [request.path for request in self.requests]

    def add(self, content: Content) -> Content:
        if content.bundle is not None and content.bundle_id is None:
            content.bundle_id = str(100 + content.number)
        self.content.append(content)
        return content

    def of(self, guid: str) -> Content | None:
        return next((item for item in self.content if item.guid == guid), None)


class Handler(BaseHTTPRequestHandler):
    """One request. Every method but GET is a failure of the test."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    connect: ConnectServer

    def setup(self) -> None:
        if self.connect.tls:
            self.request.settimeout(10)
            self.request.do_handshake()
        super().setup()

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        asked = Request(
            "GET", path, parse_qs(parts.query), {k.lower(): v for k, v in self.headers.items()}
        )
        server = self.connect
        with server.lock:
            server.requests.append(asked)
            server.busy += 1
            server.most_busy = max(server.most_busy, server.busy)
        try:
            self._check_host(asked)
            fault = next((f for end, f in server.faults.items() if path.endswith(end)), None)
            if fault is not None and fault(self):
                return
            self._answer(asked)
        finally:
            with server.lock:
                server.busy -= 1

    def _refuse_method(self) -> None:
        self.connect.problems.append(f"{self.command} {self.path}")
        self.send_json({"code": 0, "error": "method not allowed"}, 405)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _refuse_method

    def _check_host(self, asked: Request) -> None:
        expected = f"localhost:{self.connect.port}"
        if asked.headers.get("host") != expected:
            self.connect.problems.append(f"sent to {asked.headers.get('host')}, not {expected}")
        if any(key in self.path for key in _ROLES):
            self.connect.problems.append("a key is part of an address")

    def send_json(self, value: object, status: int = 200, **headers: str) -> None:
        self.send_bytes(json.dumps(value).encode(), "application/json", status, **headers)

    def send_bytes(self, body: bytes, kind: str, status: int = 200, **headers: str) -> None:
        packed = "gzip" in self.headers.get("accept-encoding", "") and len(body) > 2000
        body = gzip.compress(body, 1) if packed else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status: int, code: int, error: str) -> None:
        self.send_json({"code": code, "error": error}, status)

    def _answer(self, asked: Request) -> None:
        key = asked.headers.get("x-rsc-authorization") or asked.headers.get("authorization", "")
        who = _ROLES.get(key.removeprefix("Key "))
        if not asked.path.startswith("/__api__/"):
            self.send_bytes(b"<!DOCTYPE html><html>Connect</html>", "text/html; charset=utf-8")
        elif who is None:
            self.refuse(401, 24, "You must be signed in to use this function.")
        elif asked.path in self.connect.raw:
            sending(self.connect.raw[asked.path])(self)
            self.connect.sent[asked.path] = time.monotonic()
        else:
            api = Api(self.connect, who[0], who[1], asked)
            try:
                body, kind, headers = api.answer()
            except Refused as refusal:
                self.refuse(*refusal.args)
            else:
                self.send_bytes(body, kind, 200 if body else 204, **headers)


class Refused(Exception):
    """Status, Connect's code, Connect's text."""


_ABSENT = Refused(404, 4, "The requested object does not exist.")
_FORBIDDEN = Refused(403, 22, "You do not have permission to perform this operation.")


@dataclass
class Api:
    """One question, and who asks it."""

    server: ConnectServer
    user: str
    role: str
    asked: Request

    def answer(self) -> tuple[bytes, str, dict[str, str]]:
        parts = self.asked.path.removeprefix("/__api__/").split("/")
        match parts:
            case ["server_settings"]:
                return self._json(self._settings())
            case ["v1", "server_settings", "python"]:
                return self._json(self._pythons())
            case ["v1", "user"]:
                return self._json(
                    {"username": self.user, "user_role": self.role, "guid": guid_of(9999)}
                )
            case ["v1", "content"]:
                return self._json([self._listed(item) for item in self._visible()])
            case ["v1", "packages"] if self.server.release >= (2024, 11):
                return self._json(
                    self._page([e for c in self._visible() for e in self._packages(c)], 20, 100_000)
                )
            case ["v1", "content", guid, *rest]:
                return self._about(self._one(guid), rest)
            case _:
                raise _ABSENT

    def _about(self, content: Content, rest: list[str]) -> tuple[bytes, str, dict[str, str]]:
        match rest:
            case []:
                return self._json(self._listed(content))
            case ["packages"]:
                return self._json(list(self._packages(content)))
            case ["bundles"]:
                bundles = [self._bundle(content)] if content.bundle is not None else []
                newest = self.server.release >= (2026, 8)
                return self._json(self._page(bundles, 20, 500) if newest else bundles)
            case ["bundles", bundle, "download"]:
                if self.role == "viewer":
                    raise _FORBIDDEN
                if content.bundle is None or bundle != content.bundle_id:
                    raise _ABSENT
                return content.bundle, "application/gzip", {}
            case ["lockfile"] if self.server.release >= (2025, 12):
                if content.lock is None:
                    raise Refused(404, 4, "There is no lock file.")
                said = {"Generated_By": f"connect; python={content.python}"}
                return content.lock.encode(), "text/plain; charset=utf-8", said
            case ["jobs"]:
                return self._json([self._job(content, job) for job in content.jobs])
            case ["jobs", key, what]:
                return self._about_job(self._job_of(content, key), what)
            case _:
                raise _ABSENT

    def _about_job(self, job: Job, what: str) -> tuple[bytes, str, dict[str, str]]:
        if what == "log":
            lines = job.log.split("\n")
            entries = [
                {"source": "stderr", "timestamp": 1_700_000_000_000_000_000 + n, "data": line}
                for n, line in enumerate(lines)
            ]
            return self._json({"entries": entries})
        if what == "error":
            if job.error is None:
                return b"", "application/json", {}
            return self._json({"code": job.error[0], "summary": job.error[1], "help_url": ""})
        raise _ABSENT

    def _json(self, value: object) -> tuple[bytes, str, dict[str, str]]:
        return json.dumps(value).encode(), "application/json; charset=utf-8", {}

    def _page(self, entries: list[Any], usual: int, most: int) -> dict[str, Any]:
        number = int(self.asked.query.get("page_number", ["1"])[0])
        size = min(int(self.asked.query.get("page_size", [str(usual)])[0]), most)
        part = entries[(number - 1) * size : number * size]
        return {"results": part, "current_page": number, "total": len(entries)}

    def _settings(self) -> dict[str, Any]:
        year, month = self.server.release
        version = "" if self.server.hides_version else f"{year}.{month:02d}.0"
        return {"version": version, "execution_type": "native", "runtimes": ["R", "Python"]}

    def _pythons(self) -> dict[str, Any]:
        if self.role == "viewer":
            raise _FORBIDDEN
        listed: list[dict[str, Any]] = []
        for version, cluster, image, publishable in self.server.pythons:
            entry: dict[str, Any] = {
                "version": version,
                "cluster_name": cluster,
                "image_name": image,
            }
            if self.server.release >= (2026, 8):
                entry["publishable"] = publishable
            listed.append(entry)
        return {"installations": listed, "api_enabled": True}

    def _visible(self) -> list[Content]:
        if self.role == "administrator":
            return self.server.content
        return [item for item in self.server.content if item.owner == self.user]

    def _one(self, guid: str) -> Content:
        content = self.server.of(guid)
        if content is None:
            raise _ABSENT
        if content not in self._visible():
            raise _FORBIDDEN
        return content

    def _listed(self, item: Content) -> dict[str, Any]:
        viewer = self.role == "viewer"
        listed: dict[str, Any] = {
            "guid": item.guid,
            "name": item.name,
            "title": item.title or None,
            "app_mode": item.app_mode,
            "bundle_id": item.bundle_id,
            "py_version": None if viewer else item.python,
            "py_environment_management": None if viewer or item.python is None else True,
            "image_name": None,
            "cluster_name": None if viewer else "Local",
            "created_time": "2025-01-01T00:00:00Z",
            "last_deployed_time": item.deployed,
            "owner_guid": guid_of(sum(item.owner.encode())),
            "dashboard_url": f"{self.server.url}/connect/#/apps/{item.guid}",
            "locked": False,
            "access_type": "acl",
            "description": "",
        }
        if self.asked.query.get("include", [""])[0].find("owner") >= 0 and not viewer:
            listed["owner"] = {
                "guid": listed["owner_guid"],
                "username": item.owner,
                "first_name": "",
                "last_name": "",
            }
        if self.server.release >= (2024, 11):
            listed["default_py_environment_management"] = None
        return listed | item.more

    def _packages(self, item: Content) -> Iterator[dict[str, Any]]:
        for name, version in item.packages:
            yield {
                "language": "python",
                "language_version": item.python,
                "name": name,
                "version": version,
                "hash": None,
                "bundle_id": item.bundle_id,
                "app_id": str(item.number),
                "app_guid": item.guid,
            }

    def _bundle(self, item: Content) -> dict[str, Any]:
        assert item.bundle is not None
        return {
            "id": item.bundle_id,
            "content_guid": item.guid,
            "created_time": item.deployed,
            "py_version": item.python,
            "r_version": None,
            "size": len(item.bundle),
            "active": True,
            "metadata": {"source": None, "archive_md5": md5(item.bundle).hexdigest()},
        }

    def _job(self, item: Content, job: Job) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "id": job.key,
            "key": job.key,
            "tag": job.tag,
            "status": job.status,
            "exit_code": job.exit_code,
            "start_time": job.start,
            "end_time": job.end,
            "bundle_id": item.bundle_id,
            "hostname": "node-1",
        }
        if self.server.release >= (2026, 3) and job.status == 3:
            entry["skip_reason"] = "nothing changed"
        return entry

    def _job_of(self, content: Content, key: str) -> Job:
        found = next((job for job in content.jobs if job.key == key), None)
        if found is None:
            raise _ABSENT
        return found


@contextmanager
def running(
    server: ConnectServer, *, wants_client_certificate: bool = False
) -> Iterator[ConnectServer]:
    """Serve until the end; every connection is closed, and every rule was kept."""
    handler = type("BoundHandler", (Handler,), {"connect": server})
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    http.daemon_threads = True
    server.port = http.server_address[1]
    if server.tls:
        make_certificates(server.directory)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(server.directory / "server.pem", server.directory / "server.key")
        if wants_client_certificate:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(server.ca)
        # The handshake is made by the thread of the connection: a bad one must not stop the others.
        http.socket = context.wrap_socket(
            http.socket, server_side=True, do_handshake_on_connect=False
        )
    http.handle_error = lambda *_: None  # type: ignore[method-assign] - a client may go away
    thread = threading.Thread(
        target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join(10)
    assert not server.problems, server.problems


def make_certificates(directory: Path) -> None:
    """A CA, and certificates by it for the server (``localhost``) and for a client."""
    if (directory / "ca.pem").exists():
        return
    openssl = shutil.which("openssl")
    assert openssl is not None, "openssl is needed: see tests/system-packages.txt"

    def run(*arguments: str) -> None:
        subprocess.run([openssl, *arguments], cwd=directory, check=True, capture_output=True)

    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    run(
        "req",
        "-x509",
        *curve,
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
        "-days",
        "30",
        "-subj",
        "/CN=Test CA",
    )
    for name, subject in (("server", "/CN=localhost"), ("client", "/CN=client")):
        run("req", *curve, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", subject)
        (directory / f"{name}.ext").write_text("subjectAltName=DNS:localhost\n")
        run(
            "x509",
            "-req",
            "-in",
            f"{name}.csr",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "30",
            "-extfile",
            f"{name}.ext",
            "-out",
            f"{name}.pem",
        )


# Faults. Each is for the path that a test gives it.


def redirecting(target: str, status: int = 302) -> Fault:
    def answer(handler: Handler) -> bool:
        handler.send_bytes(b"", "text/plain", status, Location=target)
        return True

    return answer


def login_page(handler: Handler) -> bool:
    """What a gateway shows to those who are not signed in: with status 200."""
    handler.send_bytes(b"<!DOCTYPE html><html><form>Sign in</form></html>", "text/html")
    return True


def answering(status: int, times: int = 10**6, retry_after: str | None = None) -> Fault:
    """That status as often as said, then as usual."""
    left = iter(range(times))

    def answer(handler: Handler) -> bool:
        if next(left, None) is None:
            return False
        headers = {} if retry_after is None else {"Retry_After": retry_after}
        handler.send_bytes(
            json.dumps({"code": 0, "error": "busy"}).encode(), "application/json", status, **headers
        )
        return True

    return answer


def sending(body: bytes, kind: str = "application/json", **headers: str) -> Fault:
    def answer(handler: Handler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)
        return True

    return answer


def endless(chunk: bytes = b"[" + b" " * 65535) -> Fault:
    """An answer without an end; it stops when the client goes away."""

    def answer(handler: Handler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        while True:
            handler.wfile.write(chunk)

    return answer


def dripping(seconds: float) -> Fault:
    """A byte now and then, and never all of it."""

    def answer(handler: Handler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        while True:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(seconds)

    return answer


def breaking_off(times: int = 10**6, body: bytes = b'[{"guid":') -> Fault:
    """Half an answer, then the connection is closed."""
    left = iter(range(times))

    def answer(handler: Handler) -> bool:
        if next(left, None) is None:
            return False
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body) + 1000))
        handler.end_headers()
        handler.wfile.write(body)
        handler.wfile.flush()
        handler.close_connection = True
        return True

    return answer
