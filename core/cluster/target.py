"""Which cluster is meant, and with which certificates it is spoken to."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import stat
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import ClusterError, UsageError
from ..frozen import frozen

if TYPE_CHECKING:
    from ..settings import Settings

PORT = 8786
"""Where dask's scheduler listens unless told otherwise."""


@frozen
class Certificates:
    """ca: the authority of the cluster. cert, key: of this machine, all PEM files.

    peers: the common names or DNS names that the other side's certificate may have; empty: any that
    the authority has signed.
    """

    ca: Path
    cert: Path
    key: Path
    peers: tuple[str, ...] = ()


@frozen
class ClusterTarget:
    """A scheduler's address, as ``tls://HOST:PORT``; without certificates ``tcp://`` on loopback.

    wait: seconds for a lost scheduler, or for a server that alone has a Python.
    """

    address: str
    certificates: Certificates | None
    wait: float


def require_extra() -> None:
    """Raises: ClusterError (``cluster-extra``) where dask.distributed is not installed."""
    if find_spec("distributed") is None:
        raise ClusterError(
            "building on a cluster needs dask.distributed: pip install 'pysteward[cluster]'",
            code="cluster-extra",
        )


def find_target(
    settings: Settings,
    address: str | None,
    *,
    ca: str | None = None,
    cert: str | None = None,
    key: str | None = None,
) -> ClusterTarget:
    """Return the cluster of an address.

    ca, cert, key: files, before those that the settings name.
    Raises: ClusterError (``cluster-extra``, ``cluster-address``, ``cluster-tls``).
    """
    require_extra()
    certificates = find_certificates(settings, ca=ca, cert=cert, key=key)
    given = address or settings.cluster
    if given is None:
        raise UsageError("no cluster is named: give --on tls://HOST:8786, or set cluster")
    return ClusterTarget(
        checked_address(given, certificates), certificates, float(settings.cluster_wait)
    )


def find_certificates(
    settings: Settings, *, ca: str | None = None, cert: str | None = None, key: str | None = None
) -> Certificates | None:
    """Return the certificates that options or settings name; None where they name none.

    Raises: ClusterError (``cluster-tls``) where one is missing, cannot be read, or is a key that
    others may read.
    """
    found = {
        "--tls-ca-file": ca or settings.cluster_ca,
        "--tls-cert": cert or settings.cluster_cert,
        "--tls-key": key or settings.cluster_key,
    }
    missing = [name for name, file in found.items() if file is None]
    if len(missing) == len(found):
        return None
    if missing:
        raise ClusterError(
            f"TLS needs all three files: {', '.join(missing)} is missing", code="cluster-tls"
        )
    files = [Path(os.path.abspath(file)) for file in found.values() if file is not None]
    for file in files:
        _check_readable(file)
    if stat.S_IMODE(files[2].stat().st_mode) & 0o077:
        raise ClusterError(
            f"others may read the key: chmod 600 {files[2]}", code="cluster-tls", file=files[2]
        )
    return Certificates(files[0], files[1], files[2], settings.cluster_peers)


def _check_readable(file: Path) -> None:
    try:
        with open(file, "rb"):
            pass
    except OSError as error:
        raise ClusterError(
            f"the file cannot be read: {error.strerror}", code="cluster-tls", file=file
        ) from None


def checked_address(address: str, certificates: Certificates | None) -> str:
    """Return an address with its port.

    Raises: ClusterError (``cluster-address``, or ``cluster-tls`` where it leaves this machine
    without certificates).
    """
    scheme, host, port = _parts_of(address)
    if scheme == "tls" and certificates is None:
        raise ClusterError(
            "a cluster needs certificates: set cluster-ca, cluster-cert and cluster-key, or give "
            "--tls-ca-file, --tls-cert and --tls-key",
            code="cluster-tls",
        )
    if scheme == "tcp" and not is_loopback(host):
        raise ClusterError(
            f"{host} is another machine: without TLS a cluster is reached on loopback only",
            code="cluster-tls",
        )
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}:{port}"


def _parts_of(address: str) -> tuple[str, str, int]:
    """Return protocol, host and port. Raises: ClusterError (``cluster-address``)."""
    with contextlib.suppress(ValueError):
        parts = urlsplit(address if "://" in address else f"tls://{address}")
        is_plain = not parts.path.strip("/") and parts.username is None
        if parts.scheme in ("tls", "tcp") and parts.hostname and is_plain:
            return parts.scheme, parts.hostname, parts.port or PORT
    raise ClusterError(
        f"{address[:200]!r} is not the address of a scheduler: use tls://HOST:{PORT}",
        code="cluster-address",
    )


def is_loopback(host: str) -> bool:
    """Return whether a host, as it is written, is this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
