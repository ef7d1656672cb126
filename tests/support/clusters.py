"""A cluster of a test: a scheduler and workers on loopback, with certificates of their own."""

from __future__ import annotations

import ipaddress
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.server import SampleServer
from tests.support.waiting import wait_for

_OPENSSL = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")


class Authority:
    """Signs certificates of one cluster."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self.directory = directory
        self.ca = directory / "ca.pem"
        self._sign("ca", "ca.pem", "ca.key", [])

    def options(self, name: str) -> list[str]:
        """Return the options that name a certificate of this cluster; it is made where needed."""
        cert, key = self.directory / f"{name}.pem", self.directory / f"{name}.key"
        if not cert.exists():
            by = ["-CA", str(self.ca), "-CAkey", str(self.directory / "ca.key")]
            self._sign(name, cert.name, key.name, by)
        return [f"--tls-ca-file={self.ca}", f"--tls-cert={cert}", f"--tls-key={key}"]

    def _sign(self, name: str, cert: str, key: str, by: Sequence[str]) -> None:
        options = [*by, "-nodes", "-days", "2", "-subj", f"/CN={name}", "-out", cert]
        argv = [*_OPENSSL, *options, "-keyout", key]
        subprocess.run(argv, cwd=self.directory, check=True, stderr=subprocess.DEVNULL, timeout=60)
        (self.directory / key).chmod(0o600)


class SampleCluster:
    """Use it through `running`. address: of the scheduler."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.authority = Authority(directory / "certificates")
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.address = ""

    def start_scheduler(self, port: int = 0, *more: str) -> None:
        argv = ["cluster", "scheduler", f"--port={port}", *self.authority.options("scheduler")]
        self._start("scheduler", [sys.executable, "-m", "pysteward.tui", *argv, *more])
        said = self._wait_until_says("scheduler", "scheduler at ")
        self.address = said.partition("scheduler at ")[2].partition("\n")[0]

    def start_worker(self, name: str, server: SampleServer, *more: str) -> None:
        """Start a worker and wait until it has joined."""
        options = [f"--name={name}", "--jobs=2", *self.authority.options(name), *more]
        self._start(name, server.command("cluster", "worker", self.address, *options))
        self._wait_until_says(name, ": joined")

    def options(self) -> list[str]:
        """Return the options of a command that builds on this cluster."""
        return [f"--on={self.address}", *self.authority.options("client")]

    def said(self, name: str) -> str:
        """Return what a part of the cluster has written."""
        return "".join((self.directory / f"{name}.{kind}").read_text() for kind in ("out", "err"))

    def kill(self, name: str) -> None:
        """End a part of the cluster as a crash would."""
        self.end(name, signal.SIGKILL)

    def end(self, name: str, number: int = signal.SIGTERM) -> None:
        process = self.processes.pop(name)
        process.send_signal(number)
        process.wait(60)

    def _wait_until_says(self, name: str, text: str) -> str:
        def look() -> bool:
            assert self.processes[name].poll() is None, self.said(name)
            return text in self.said(name)

        wait_for(look, lambda: f"{name}: {self.said(name)}")
        return self.said(name)

    def _start(self, name: str, argv: Sequence[str]) -> None:
        output = self.directory / f"{name}.out"
        with open(output, "wb") as out, open(self.directory / f"{name}.err", "wb") as err:
            self.processes[name] = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True
            )


@contextmanager
def running(directory: Path) -> Iterator[SampleCluster]:
    """Give a cluster with a scheduler; whatever is started in it is ended."""
    directory.mkdir(parents=True, exist_ok=True)
    cluster = SampleCluster(directory)
    try:
        cluster.start_scheduler()
        yield cluster
    finally:
        for name in [*cluster.processes]:
            cluster.kill(name)


def listening(process: int) -> set[tuple[str, int]]:
    """Return the addresses and ports that a process listens at (proc(5), tcp and tcp6)."""
    inodes = set()
    for name in os.listdir(f"/proc/{process}/fd"):
        target = os.readlink(f"/proc/{process}/fd/{name}")
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{process}/net/{table}").read_text().splitlines()[1:]:
            cells = line.split()
            if cells[3] == "0A" and cells[9] in inodes:  # TCP_LISTEN
                host, _, port = cells[1].partition(":")
                found.add((_address(host), int(port, 16)))
    return found


def _address(text: str) -> str:
    words = [bytes.fromhex(text[at : at + 8])[::-1] for at in range(0, len(text), 8)]
    return str(ipaddress.ip_address(b"".join(words)))
