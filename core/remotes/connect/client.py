"""An HTTP client for one Connect server: it only reads, and it believes nothing it gets.

Every request is a GET to the configured address, and no redirect is followed, so the key goes
nowhere else. An answer has a size limit and a time limit; a busy server is asked again later.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple, TypeVar, cast

from ...errors import RemoteError
from ...frozen import frozen
from ...secrets import MASK
from .settings import ConnectServer
from .transport import httpx, is_about_tls, open_http

T = TypeVar("T")

AT_ONCE = 4
"""How many requests run at the same time."""

_BUSY = frozenset({429, 500, 502, 503, 504})
_ATTEMPTS_AT_500 = 3
_LONGEST_SAID = 300  # characters of a server's own error text


@frozen
class ClientLimits:
    """How much a server may send, and how long it may take.

    json_bytes: of one answer, unpacked. error_bytes: of the text of an error.
    connect_seconds, silent_seconds: to open a connection; between two parts of an answer.
    total_seconds, download_seconds: for a whole answer; for a bundle, which may be large.
    attempts: how often a request is made while the server is busy or the connection breaks.
    first_pause, longest_pause: seconds before the second attempt, doubled each time, and its limit.
    """

    json_bytes: int = 256 * 1024 * 1024
    error_bytes: int = 64 * 1024
    connect_seconds: float = 10
    silent_seconds: float = 60
    total_seconds: float = 600
    download_seconds: float = 3600
    attempts: int = 5
    first_pause: float = 0.5
    longest_pause: float = 60


class Answer(NamedTuple):
    """A whole answer. headers: names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class ConnectClient:
    """Reads one server; may be used by several threads. Close it, or use it in a ``with``.

    on_wait: called with the seconds and the reason before a pause.
    deprecated: what the server says should be asked for instead, by path.
    """

    def __init__(
        self,
        server: ConnectServer,
        key: str,
        *,
        limits: ClientLimits | None = None,
        on_wait: Callable[[float, str], object] | None = None,
    ) -> None:
        self.server = server
        self.limits = limits or ClientLimits()
        self.requests = 0
        self.deprecated: dict[str, str] = {}
        self._key = key
        self._on_wait = on_wait
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._not_before = 0.0  # while the server asks for a pause, no thread sends anything
        self._http = open_http(
            server,
            connect_seconds=self.limits.connect_seconds,
            silent_seconds=self.limits.silent_seconds,
        )

    def __enter__(self) -> ConnectClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all pauses and close the connections."""
        self._stopped.set()
        self._http.close()

    def get_json(self, path: str, **parameters: str | int) -> object:
        """Return the decoded JSON at a path below ``/__api__``; None where the server has no
        content.

        Raises RemoteError.
        """
        answer = self.get(path, **parameters)
        return None if answer.status == 204 else self._decoded(path, answer)

    def get(self, path: str, **parameters: str | int) -> Answer:
        """Return the answer at a path below ``/__api__``. Raises RemoteError."""
        parts: list[bytes] = []

        def take(response: httpx.Response) -> Answer:
            parts.clear()
            parts.extend(self._chunks(path, response, self.limits.json_bytes))
            return Answer(response.status_code, dict(response.headers), b"".join(parts))

        return self._ask(path, parameters, "gzip", take)

    def download(self, path: str, file: BinaryIO, most: int) -> int:
        """Write what lies at a path to a file, from its beginning. Returns the bytes written.

        most: bytes. Raises RemoteError, OSError.
        """

        def take(response: httpx.Response) -> int:
            file.seek(0)
            file.truncate()
            seconds = self.limits.download_seconds
            return sum(file.write(chunk) for chunk in self._chunks(path, response, most, seconds))

        return self._ask(path, {}, "identity", take)

    def stream(self, path: str, most: int, take: Callable[[Generator[bytes]], T]) -> T:
        """Hand the parts of what lies at a path to a function, which may stop early.

        most: bytes. take: is called again where the connection breaks. Raises RemoteError, and
        what `take` raises.
        """
        seconds = self.limits.download_seconds
        return self._ask(
            path, {}, "identity", lambda answer: take(self._chunks(path, answer, most, seconds))
        )

    def _ask(
        self,
        path: str,
        parameters: Mapping[str, str | int],
        encoding: str,
        take: Callable[[httpx.Response], T],
    ) -> T:
        """Make a request as often as needed, and take what a good answer holds."""
        for attempt in range(1, self.limits.attempts + 1):
            is_last = attempt == self.limits.attempts
            self._wait_for_turn(path)
            with self._slots:
                try:
                    with self._sent(path, parameters, encoding) as response:
                        if (
                            response.status_code not in _BUSY
                            or is_last
                            or (
                                # Some requests always fail so; that is not the server being busy.
                                response.status_code == 500 and attempt == _ATTEMPTS_AT_500
                            )
                        ):
                            self._check(path, response)
                            return take(response)
                        pause = self._pause_of(response, attempt)
                        why = f"the server answers {response.status_code}"
                except httpx.HTTPError as problem:
                    if is_last or not isinstance(problem, _MAY_PASS):
                        raise self._broken(path, problem) from None
                    pause, why = self._usual_pause(attempt), "the connection broke"
                except UnicodeError:
                    raise self._error(
                        path, "the address has no valid host name", "remote-settings"
                    ) from None
            self._postpone(pause, why)
        raise AssertionError("the last attempt returns or raises")

    @contextmanager
    def _sent(
        self, path: str, parameters: Mapping[str, str | int], encoding: str
    ) -> Generator[httpx.Response]:
        scheme = f"Key {self._key}"
        with self._lock:
            self.requests += 1
        headers = {self.server.key_header: scheme, "Accept-Encoding": encoding}
        with self._http.stream("GET", path, params=dict(parameters), headers=headers) as response:
            yield response

    def _check(self, path: str, response: httpx.Response) -> None:
        """Raise RemoteError unless the answer is a good one of this server's API."""
        status = response.status_code
        if 300 <= status < 400:
            target = str(response.headers.get("location", ""))[:_LONGEST_SAID]
            raise self._error(
                path,
                f"the server redirects to {target or 'nowhere'}, where the key is not sent; "
                "if that is the server's address, add the server with it",
                "remote-redirects",
            )
        successor = response.headers.get("x-deprecated-endpoint")
        if successor is not None:
            self.deprecated[path] = str(successor)[:_LONGEST_SAID]
        if status in (200, 204):
            if _is_page(response):
                raise self._login_page(path)
            return
        body = b"".join(self._chunks(path, response, self.limits.error_bytes))
        raise self._refusal(path, response, body)

    def _refusal(self, path: str, response: httpx.Response, body: bytes) -> RemoteError:
        status = response.status_code
        said, number = _said(body)
        detail = f" ({said})" if said else ""
        if status == 401 or number == 24:
            what, code = f"the server does not accept the API key{detail}", "remote-denied"
        elif status == 403 or number == 22:
            what, code = f"the API key may not read this{detail}", "remote-denied"
        elif status == 404 and not _is_page(response):
            what, code = f"the server has nothing there{detail}", "remote-not-found"
        elif _is_page(response):
            return self._login_page(path)
        else:
            what, code = f"the server answers {status}{detail}", "remote-refused"
        return self._error(path, what, code)

    def _chunks(
        self, path: str, response: httpx.Response, most: int, seconds: float | None = None
    ) -> Generator[bytes]:
        """Yield the parts of an answer, counted. Raises RemoteError at a limit.

        seconds: for the whole answer; None means the usual limit.
        """
        if response.headers.get("content-encoding", "identity").lower() not in ("identity", "gzip"):
            raise self._error(path, "the answer has an encoding that was not asked for")
        announced = str(response.headers.get("content-length", ""))
        if announced.isdecimal() and len(announced) < 20 and int(announced) > most:
            raise self._too_large(path, most)
        seconds = seconds or self.limits.total_seconds
        deadline = time.monotonic() + seconds
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > most:
                raise self._too_large(path, most)
            if time.monotonic() > deadline:
                raise self._error(
                    path,
                    f"the answer was not complete after {seconds:g} seconds",
                    "remote-too-slow",
                )
            if self._stopped.is_set():
                raise self._error(path, "stopped", "remote-stopped")
            yield chunk

    def _decoded(self, path: str, answer: Answer) -> object:
        try:
            return json.loads(answer.body, parse_int=_number, parse_constant=_no_number)
        except (ValueError, RecursionError):
            start = answer.body[:200].lstrip().lower()
            if start.startswith((b"<!doctype", b"<html")):
                raise self._login_page(path) from None
            raise self._error(path, "the answer is not JSON, or it is cut off") from None

    def _wait_for_turn(self, path: str) -> None:
        while (left := self._not_before - time.monotonic()) > 0:
            if self._stopped.wait(left):
                break
        if self._stopped.is_set():
            raise self._error(path, "stopped", "remote-stopped")

    def _postpone(self, seconds: float, why: str) -> None:
        if self._on_wait is not None and not self._stopped.is_set():
            self._on_wait(seconds, why)
        with self._lock:
            self._not_before = max(self._not_before, time.monotonic() + seconds)

    def _pause_of(self, response: httpx.Response, attempt: int) -> float:
        """What the server asks for (RFC 9110, Retry-After in seconds), within our own limit."""
        told = str(response.headers.get("retry-after", "")).strip()
        if told.isdecimal() and len(told) < 9:
            return min(float(told), self.limits.longest_pause)
        return self._usual_pause(attempt)

    def _usual_pause(self, attempt: int) -> float:
        return min(self.limits.first_pause * 2 ** (attempt - 1), self.limits.longest_pause)

    def _broken(self, path: str, problem: httpx.HTTPError) -> RemoteError:
        reason = str(problem) or type(problem).__name__
        if isinstance(problem, httpx.ConnectError) and is_about_tls(problem):
            return self._error(
                path,
                f"the server's certificate is not accepted: {reason}; if it has a CA of its own, "
                "give that with --ca",
                "remote-tls",
            )
        if isinstance(problem, httpx.TimeoutException):
            return self._error(path, "the server does not answer in time", "remote-too-slow")
        if isinstance(problem, httpx.RemoteProtocolError):
            return self._error(path, f"the answer broke off: {reason}", "remote-unreachable")
        return self._error(path, f"the server cannot be reached: {reason}", "remote-unreachable")

    def _too_large(self, path: str, most: int) -> RemoteError:
        return self._error(path, f"the answer has more than {most:,} bytes", "remote-too-large")

    def _login_page(self, path: str) -> RemoteError:
        return self._error(
            path,
            "the answer is a web page, not JSON: a login page, or the address is not that of a "
            "Connect server",
            "remote-login-page",
        )

    def _error(self, path: str, what: str, code: str = "remote-answer") -> RemoteError:
        """Return an error about a request.

        A server that repeats the key does not make us show it.
        """
        return RemoteError(
            f"{self.server.name}: {path}: {what}".replace(self._key, MASK), code=code
        )


_MAY_PASS = (
    httpx.ConnectTimeout,
    httpx.ReadError,
    httpx.RemoteProtocolError,
    httpx.WriteError,
)


def _is_page(response: httpx.Response) -> bool:
    return str(response.headers.get("content-type", "")).lower().startswith("text/html")


def _said(body: bytes) -> tuple[str, int | None]:
    """Return what an error says, and Connect's own number for it."""
    try:
        found: object = json.loads(body, parse_int=_number, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return "", None
    if not isinstance(found, dict):
        return "", None
    entry = cast("dict[str, object]", found)
    text, number = entry.get("error"), entry.get("code")
    said = text[:_LONGEST_SAID] if isinstance(text, str) else ""
    return said, number if isinstance(number, int) else None


def _number(digits: str) -> int:
    if len(digits) > 30:
        raise ValueError("a number of that length is not one of Connect's")
    return int(digits)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
