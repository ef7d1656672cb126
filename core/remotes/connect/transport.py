"""How a Connect server is connected to: certificates, proxies, time limits; httpx itself."""

from __future__ import annotations

import ssl

from ...errors import RemoteError, UsageError
from .settings import ConnectServer

try:
    import httpx
except ImportError:
    raise UsageError(
        "reading a Connect server needs httpx: pip install 'pysteward[connect]'"
    ) from None


def open_http(
    server: ConnectServer, *, connect_seconds: float, silent_seconds: float
) -> httpx.Client:
    """Return a client for one server that follows no redirect.

    connect_seconds, silent_seconds: to open a connection; between two parts of an answer.
    Raises RemoteError (remote-settings).
    """
    try:
        return httpx.Client(
            base_url=f"{server.url}/__api__",
            verify=_tls(server),
            follow_redirects=False,
            # A proxy sees the header of a request without TLS.
            trust_env=not server.url.startswith("http:"),
            timeout=httpx.Timeout(silent_seconds, connect=connect_seconds, pool=None),
            headers={"Accept": "application/json", "User-Agent": "pysteward"},
        )
    except (ImportError, ValueError) as problem:
        raise RemoteError(
            f"the proxy that HTTPS_PROXY or ALL_PROXY names cannot be used: {problem}",
            code="remote-settings",
        ) from None


def _tls(server: ConnectServer) -> ssl.SSLContext:
    """Certificates are always verified: by the configured CA, else by those of the system."""
    try:
        context = ssl.create_default_context(cafile=server.ca)
    except (OSError, ValueError) as problem:
        raise RemoteError(
            f"the CA cannot be read: {_reason(problem)}", code="remote-settings", file=server.ca
        ) from None
    if server.client_certificate is not None:
        try:
            # An encrypted key would make OpenSSL ask at the terminal.
            context.load_cert_chain(
                server.client_certificate, server.client_key, password=lambda: ""
            )
        except (OSError, ValueError) as problem:
            raise RemoteError(
                f"the client certificate cannot be read: {_reason(problem)}; its key must be "
                "there and not encrypted",
                code="remote-settings",
                file=server.client_certificate,
            ) from None
    return context


def _reason(problem: OSError | ValueError) -> str:
    return str(getattr(problem, "strerror", None) or problem)


def is_about_tls(problem: Exception) -> bool:
    """Return whether a connection failed at its encryption."""
    cause: BaseException | None = problem
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
