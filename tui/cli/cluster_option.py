"""The options of commands that can build on a cluster."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...core.cluster import ClusterPlaces
    from ...core.server import Server

HERE = "here"


def add_on(parser: argparse.ArgumentParser) -> None:
    """Add `--on` and the certificates that it needs."""
    parser.add_argument(
        "--on", metavar="CLUSTER", help=f"build on a cluster: tls://HOST:8786, or {HERE}"
    )
    add_tls(parser)


def add_tls(parser: argparse.ArgumentParser) -> None:
    for name, what in (("ca-file", "authority"), ("cert", "certificate"), ("key", "key")):
        parser.add_argument(
            f"--tls-{name}", metavar="FILE", help=f"the cluster's {what} (default: the settings')"
        )


def places_of(arguments: argparse.Namespace, server: Server) -> ClusterPlaces | None:
    """Return the cluster that the options or the settings name; None: this machine builds.

    Raises: ClusterError.
    """
    if arguments.on == HERE or (arguments.on is None and server.settings.cluster is None):
        return None
    from ...core.cluster import ClusterPlaces, find_target

    target = find_target(
        server.settings,
        arguments.on,
        ca=arguments.tls_ca_file,
        cert=arguments.tls_cert,
        key=arguments.tls_key,
    )
    return ClusterPlaces(server, target)
