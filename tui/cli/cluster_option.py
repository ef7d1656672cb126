"""The options of commands that can build on a cluster."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...core.cluster import ClusterPlaces
    from ...core.server import Server

HERE = "here"


def add_on(parser: argparse.ArgumentParser, *, is_long: bool = False) -> None:
    """Add `--on` and the certificates that it needs.

    is_long: the help is long enough without the certificates, which settings name as a rule.
    """
    parser.add_argument(
        "--on", metavar="CLUSTER", help=f"build on a cluster: tls://HOST:8786, or {HERE}"
    )
    add_tls(parser, is_hidden=is_long)


def add_tls(parser: argparse.ArgumentParser, *, is_hidden: bool = False) -> None:
    """Add the options that name certificates. is_hidden: the help does not list them."""
    for name, what in (("ca-file", "authority"), ("cert", "certificate"), ("key", "key")):
        text = f"the cluster's {what} (default: the settings')"
        parser.add_argument(
            f"--tls-{name}", metavar="FILE", help=argparse.SUPPRESS if is_hidden else text
        )


def at_once(places: ClusterPlaces | None, server: Server, jobs: int | None) -> int:
    """Return how many builds a plan begins at the same time.

    On a cluster one more for each place than there are, so that no server waits for the next.
    """
    if jobs is not None:
        return jobs
    if places is None:
        return server.settings.parallel_builds
    return max(1, 2 * sum(worker.places for worker in places.workers))


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
