"""What `pysteward content check` adds to the start of the program that it starts.

    python -m tests.benchmarks.checks [--rounds N]

The content is a WSGI application whose import takes a second of the clock and next to nothing of
the processor. Each round measures, one after the other so that a busy machine is unfair to both:

    by hand   the environment's python with wsgiref, until it has answered a request and is ended
    check     `pysteward content check` of the same: start of the program, worker, confinement,
              record and end included

Promised: a check at most 300 ms longer than by hand. Both clock and processors' time are printed,
as medians of all rounds, and of the differences within each; on a busy machine only the latter says
something.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.request import urlopen

from pysteward.core.builds import find_content
from tests.benchmarks.deploy import Took, run, show, took
from tests.benchmarks.promises import Promise, finish
from tests.support.installation import make_installation
from tests.support.server import SampleServer
from tests.support.wheels import make_wheel

APP = """
import time
time.sleep(1)
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]
"""
SERVE = """
import sys
sys.path.insert(0, ".")
from wsgiref.simple_server import make_server
from app import app
make_server("127.0.0.1", int(sys.argv[1]), app).serve_forever()
"""


class Bench:
    """Content that is deployed, and the same by hand."""

    def __init__(self, directory: Path) -> None:
        python = make_installation(directory / "python").executable
        wheels = directory / "wheels"
        make_wheel(wheels, "alpha")
        self.server = SampleServer(directory / "server", [python], wheels)
        self.server.directory.mkdir()
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(directory / "compiled")
        self.bundle = self.server.bundle("app", "alpha\n", files={"app.py": APP})
        run(self.server.command("deploy", self.bundle), None)
        environment = find_content(self.server.state_dir, "app").environment
        assert environment is not None
        self.program = Path(environment.path) / "bin" / "python"
        self.check()  # compiles, and fills the caches

    def by_hand(self) -> Took:
        return took(self._serve)

    def check(self) -> Took:
        return took(lambda: run(self.server.command("content", "check", "app"), None))

    def _serve(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [self.program, "-c", SERVE, str(port)]
        program = subprocess.Popen(command, cwd=self.bundle, stderr=subprocess.DEVNULL)
        while not _is_open(port):
            time.sleep(0.005)
        with urlopen(f"http://127.0.0.1:{port}/") as answer:
            answer.read()
        program.kill()
        program.wait()


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def main(given: Sequence[str]) -> list[Promise]:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args(given)
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name))
        rounds = [(bench.by_hand(), bench.check()) for _ in range(arguments.rounds)]
    by_hand, check = zip(*rounds, strict=True)
    print(f"{arguments.rounds} rounds, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<12}{'clock':>10}{'processor':>12}  (medians, ms)")
    show("by hand", by_hand)
    show("check", check)
    added = [one - other for one, other in zip(check, by_hand, strict=True)]
    show("added", added)
    more = statistics.median(each.clock for each in added)
    return [Promise("content check, more than the program's own start", more, 300, "ms")]


if __name__ == "__main__":
    finish(main(sys.argv[1:]))
