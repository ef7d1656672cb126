"""What is configured for one Connect server, and what its address may look like."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from ...errors import RemoteError
from ...frozen import frozen
from ...matching import Policy

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a server may be called; the name is part of file names."""

KEY_HEADERS = ("Authorization", "X-RSC-Authorization")
"""Where the key is sent: the second one for servers behind a gateway that needs the first."""


@frozen
class ConnectServer:
    """One Connect server as configured.

    url: without ``/__api__`` and without a slash at its end.
    key_file: the file that holds the API key. key_command: the program that prints it, with its
        arguments. Exactly one of the two is given.
    ca: a file of certificates to trust instead of the system's.
    client_certificate, client_key: PEM files, where the server wants to know who is asking.
    key_header: one of KEY_HEADERS.
    allow_http: whether the key may travel without encryption.
    matching: the server's matching policy, where the user knows it.
    """

    name: str
    url: str
    key_file: Path | None = None
    key_command: tuple[str, ...] = ()
    ca: Path | None = None
    client_certificate: Path | None = None
    client_key: Path | None = None
    key_header: str = KEY_HEADERS[0]
    allow_http: bool = False
    matching: Policy | None = None


_LOOPBACK = re.compile(r"localhost|127(?:\.[0-9]{1,3}){3}|::1")
# What people copy from a browser: the dashboard, or a page in it.
_BROWSER_PART = re.compile(r"/(?:connect/?(?:#.*)?|connect/#.*|__api__.*|__docs__.*)$")


def server_url(text: str, *, allow_http: bool = False) -> str:
    """Return the address of a server as the client needs it; a dashboard's address is shortened.

    allow_http: accept an address without TLS. Raises RemoteError (remote-settings).
    """
    stripped = text.strip()
    if not stripped.isprintable() or not stripped.isascii() or " " in stripped:
        raise _bad_url(text, "holds characters that no address has")
    try:
        parts = urlsplit(stripped)
        host = parts.hostname
        port = parts.port
    except ValueError as problem:
        raise _bad_url(text, str(problem)) from None
    if parts.scheme not in ("https", "http") or not host:
        raise _bad_url(text, "is not an address such as https://connect.example.com")
    if parts.username is not None or parts.password is not None:
        raise _bad_url("the address", "holds a user or a password: leave them out")
    if parts.query:
        raise _bad_url(text, "has a query: give the address of the server alone")
    if parts.scheme == "http" and not (allow_http or _LOOPBACK.fullmatch(host)):
        raise _bad_url(
            text, "has no TLS, so anyone on the way could read the key: use https, or --allow-http"
        )
    path = _BROWSER_PART.sub("", f"{parts.path}#{parts.fragment}" if parts.fragment else parts.path)
    if "#" in path:
        path = path.split("#", 1)[0]
    shown_host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown_host}{f':{port}' if port else ''}{path.rstrip('/')}"


def check_name(name: str) -> str:
    """Return the name of a server, if it can be one. Raises RemoteError (remote-settings)."""
    if not NAME.fullmatch(name):
        raise RemoteError(
            f"{name!r} cannot be the name of a server: use letters, digits, '.', '_' and '-'",
            code="remote-settings",
        )
    return name


def _bad_url(text: str, why: str) -> RemoteError:
    return RemoteError(f"{text} {why}", code="remote-settings")
