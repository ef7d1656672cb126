"""`pysteward cluster`: the parts of a cluster that builds are sent to."""

from __future__ import annotations

import argparse
import os

from ....core import cluster
from ....core.errors import ClusterError
from ....core.server import Server
from ... import messages
from ...messages import ExitCode
from ...output import Output
from ..cluster_option import add_tls
from . import Verb


def _configure_scheduler(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", metavar="ADDRESS", default="127.0.0.1", help="listen on it (default: 127.0.0.1)"
    )
    parser.add_argument(
        "--port",
        metavar="PORT",
        type=int,
        default=cluster.PORT,
        help=f"listen on it (default: {cluster.PORT}; 0: any)",
    )
    add_tls(parser)


def _scheduler(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    cluster.require_extra()
    certificates = _certificates(arguments, server)
    if certificates is None and not cluster.is_loopback(arguments.host):
        raise ClusterError(
            f"{arguments.host} can be reached from other machines: a scheduler there needs "
            "--tls-ca-file, --tls-cert and --tls-key",
            code="cluster-tls",
        )
    cluster.run_scheduler(
        certificates,
        arguments.host,
        arguments.port,
        lambda address: out.line(f"scheduler at {address}"),
    )
    return ExitCode.YES


def _configure_worker(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scheduler", metavar="SCHEDULER", help="its address, tls://HOST:8786")
    parser.add_argument(
        "--name", metavar="NAME", help="this server's in the cluster (default: its host name)"
    )
    parser.add_argument(
        "--host", metavar="ADDRESS", help="listen on it (default: the one towards the scheduler)"
    )
    parser.add_argument(
        "--jobs", metavar="N", type=int, help="builds at once (default: parallel-builds)"
    )
    add_tls(parser)


def _worker(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    cluster.require_extra()
    certificates = _certificates(arguments, server)
    address = cluster.checked_address(arguments.scheduler, certificates)
    server.prepare_state()
    if server.builds_as_root:
        messages.warn("anyone with a certificate of this cluster runs programs here as root")
    announcement = cluster.announce(server, arguments.name or os.uname().nodename, arguments.jobs)
    cluster.run_worker(server, address, announcement, certificates, arguments.host, out.line)
    return ExitCode.YES


def _certificates(arguments: argparse.Namespace, server: Server) -> cluster.Certificates | None:
    return cluster.find_certificates(
        server.settings,
        ca=arguments.tls_ca_file,
        cert=arguments.tls_cert,
        key=arguments.tls_key,
    )


VERBS = (
    Verb(
        "scheduler",
        "run the scheduler of a cluster: one for all servers",
        _configure_scheduler,
        _scheduler,
        "cluster scheduler --host 10.0.0.1",
    ),
    Verb(
        "worker",
        "let this server build for a cluster; its certificates run programs here",
        _configure_worker,
        _worker,
        "cluster worker tls://10.0.0.1:8786",
    ),
)
