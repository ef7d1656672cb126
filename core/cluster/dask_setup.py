"""How dask is set up for builds: its defaults replaced where they do not fit, and its TLS."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import dask.config
from distributed.security import Security

from ..errors import ClusterError
from .target import Certificates

_SETTINGS: Mapping[str, Any] = {
    # A build that fails or loses its worker is not dask's to repeat: it was perhaps half done.
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.worker-ttl": "20s",
    # Without these, dask answers plain HTTP to everybody, also where the rest is encrypted.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.scheduler.dashboard.tls": {"ca-file": None, "key": None, "cert": None},
    # Nothing large lies in a worker: it only waits for builds, which are processes of their own.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.worker.profile.enabled": False,
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.comm.timeouts.connect": "10s",
    "distributed.comm.timeouts.tcp": "20s",
    "distributed.admin.low-level-log-length": 1000,
}


def configure() -> None:
    """Set dask up for this process; what the user or the environment say about dask is not read."""
    dask.config.refresh(  # pyright: ignore[reportUnknownMemberType] - typed in part only
        paths=[], env={}
    )
    dask.config.set(_SETTINGS)
    logging.getLogger("distributed").setLevel(logging.ERROR)


def security_of(certificates: Certificates | None) -> Security:
    """Return what dask encrypts with: mutual TLS, or nothing where there are no certificates.

    Raises: ClusterError (``cluster-tls``) where the files are not certificates and their key.
    """
    if certificates is None:
        return Security(require_encryption=False)
    ca, cert, key = str(certificates.ca), str(certificates.cert), str(certificates.key)
    names = {f"tls_{role}_{what}": file for role in _ROLES for what, file in _files(cert, key)}
    security = Security(require_encryption=True, tls_ca_file=ca, **names)
    try:
        for role in _ROLES:
            security.get_connection_args(role)  # pyright: ignore[reportUnknownMemberType]
    except OSError as error:  # ssl.SSLError is one
        raise ClusterError(
            f"these are not the certificates of a cluster: {error}",
            code="cluster-tls",
            file=certificates.cert,
        ) from None
    return security


_ROLES = ("client", "scheduler", "worker")


def _files(cert: str, key: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("cert", cert), ("key", key)


def is_peer(comm: Any, certificates: Certificates | None) -> bool:
    """Return whether the other side of a connection may speak to this one.

    TLS has checked already that the authority of the cluster has signed its certificate.
    """
    if certificates is None or not certificates.peers:
        return True
    held: Mapping[str, Any] = comm.extra_info.get("peercert") or {}
    names = {value for part in held.get("subject", ()) for key, value in part if key == _NAME}
    names |= {value for kind, value in held.get("subjectAltName", ()) if kind == "DNS"}
    return not names.isdisjoint(certificates.peers)


_NAME = "commonName"
