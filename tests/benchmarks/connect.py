"""How soon a Connect server with 10,000 pieces of content is answered for.

    python -m tests.benchmarks.connect [CONTENT [PACKAGES]]

Content is listed over TLS by a server of our own in a process of its own; PACKAGES are those of
each piece (10). Promised: a first answer within 2 s after the last byte of the list.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from pysteward.core.matching import Matcher, Policy, hypothetical
from pysteward.core.remotes.connect import (
    ConnectClient,
    ConnectServer,
    affected,
    read_inventory,
    simulate_change,
)
from pysteward.core.versions import PythonVersion
from tests.benchmarks.promises import Promise, finish
from tests.support import connect_server as served

LIST = "/__api__/v1/content"
PACKAGES = "/__api__/v1/packages"
PYTHONS = ("3.8.18", "3.9.18", "3.10.13", "3.11.6", "3.12.1")


def serve(directory: Path, count: int, packages: int, there: Connection) -> None:
    """Serve until told to end; then tell when the last byte of each list was sent."""
    server = served.ConnectServer(directory)
    server.pythons = [(version, "Local", "", True) for version in PYTHONS]
    for number in range(count):
        item = served.Content(
            number,
            f"app-{number}",
            title=f"Application number {number}",
            python=PYTHONS[number % len(PYTHONS)],
            bundle_id=str(number),
            packages=[(f"package-{each}", "1.2.3") for each in range(packages)],
            more={"description": "x" * 300, "vanity_url": None, "access_type": "acl"},
        )
        server.add(item)
    with served.running(server):
        asked = served.Request("GET", LIST, {"include": ["owner"]}, {})
        api = served.Api(server, "admin", "administrator", asked)
        server.raw[LIST] = api.answer()[0]
        rows = [row for item in server.content for row in api._packages(item)]
        page = {"results": rows, "current_page": 1, "total": len(rows)}
        server.raw[PACKAGES] = json.dumps(page).encode()
        there.send((server.port, len(server.raw[LIST]), len(server.raw[PACKAGES])))
        while there.recv() == "sent":
            there.send(server.sent)


def main(given: Sequence[str]) -> list[Promise]:
    numbers = [int(argument) for argument in given]
    count, packages = numbers + [10_000, 10][len(numbers) :]
    waited: list[float] = []
    gc.set_threshold(50_000)  # as the program does
    with tempfile.TemporaryDirectory() as name:
        here, there = multiprocessing.Pipe()
        directory = Path(name)
        process = multiprocessing.Process(target=serve, args=(directory, count, packages, there))
        process.start()
        port, listed, packed = here.recv()
        print(
            f"{count:,} pieces of content ({listed / 1e6:.1f} MB), packages {packed / 1e6:.1f} MB"
        )
        configured = ConnectServer(
            "bench", f"https://localhost:{port}", Path("unused"), ca=directory / "ca.pem"
        )
        for _ in range(3):
            with ConnectClient(configured, served.ADMINISTRATOR) as client:
                begun = time.monotonic()
                inventory = read_inventory(client)
                read = time.monotonic()
                today = inventory.candidates()
                after = (*today[1:], hypothetical(PythonVersion(3, 13, 1)))
                policy = Policy.MAJOR_MINOR
                found = simulate_change(
                    inventory, Matcher(today, policy), Matcher(after, policy), {}
                )
                moved = len(affected(inventory, after))
                ended = time.monotonic()
            here.send("sent")
            sent = here.recv()
            waited.append(ended - max(sent[LIST], sent[PACKAGES]))
            print(
                f"  first answer {waited[-1]:.2f} s after the last "
                f"byte of both lists, {ended - sent[LIST]:.2f} s after that of content "
                f"({read - begun:.2f} s to read, {ended - read:.2f} s to simulate; "
                f"{len(found.simulation.changes):,} changes, {moved:,} bundles to read)"
            )
        here.send("end")
        process.join(10)
    what = f"first answer on {count:,} pieces of content, after the lists"
    return [Promise(what, statistics.median(waited), 2, "s")]


if __name__ == "__main__":
    finish(main(sys.argv[1:]))
