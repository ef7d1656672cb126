"""How long the start-up analysis takes: against bare starts, warm, and beside its relatives.

    python -m tests.benchmarks.analysis [--rounds N] [PYTHON…]

The Pythons are those given, else all that `discover` finds and this machine can run, at most nine.
What is measured, each round in turn so that a busy machine is unfair to all alike:

    bare    starting the interpreters with ``-E -s -B -c pass``, two at a time
    cold    the analysis of the same, without a cache, in a process that runs already
    warm    the same with a cache that holds, no interpreter started; also the first one of a
            process, which pays for what is done once
    uv      ``uv python list --only-installed``, the whole process, its cache empty and full
    python-discovery   ``PythonInfo.from_exe`` for each, its cache empty and full

Printed are the median of each and, for cold, the median of the ratios to the bare starts of the
same round: at most 2.5 is promised, and 5 ms for warm. uv and python-discovery are there for
orientation: neither looks for pip or virtualenv, nor knows Python 2.7.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pysteward.core.installations import analyze, discover
from tests.benchmarks.promises import Promise, finish

MOST = 9
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
# What is measured in a process of its own; each prints the seconds that its work took.
FIRST_ANALYSIS = """
import sys, time
from pathlib import Path
from pysteward.core.installations import analyze
began = time.perf_counter()
analyze(sys.argv[2:], cache=Path(sys.argv[1]))
print(time.perf_counter() - began)
"""
PYTHON_DISCOVERY = """
import sys, time
from pathlib import Path
from python_discovery import DiskCache, PythonInfo
began = time.perf_counter()
for python in sys.argv[2:]:
    PythonInfo.from_exe(python, DiskCache(Path(sys.argv[1])), raise_on_error=False)
print(time.perf_counter() - began)
"""


def bare(pythons: Sequence[str]) -> None:
    waiting = list(pythons)
    running: dict[int, subprocess.Popen[bytes]] = {}
    while waiting or running:
        while waiting and len(running) < 2:
            child = subprocess.Popen([waiting.pop(0), "-E", "-s", "-B", "-c", "pass"])
            running[child.pid] = child
        pid, status = os.wait()
        running.pop(pid).returncode = status


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def in_a_process(source: str, pythons: Sequence[str], cache: Path) -> float:
    said = subprocess.run(
        [sys.executable, "-c", source, cache, *pythons],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return float(said.stdout)


def measure(pythons: Sequence[str], rounds: int, directory: Path) -> dict[str, list[float]]:
    """Seconds of each measurement, by its name."""
    times: dict[str, list[float]] = {}
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    ours = directory / "cache"
    time.sleep(0.1)
    analyze(pythons, cache=ours)

    def take(name: str, value: float) -> None:
        times.setdefault(name, []).append(value)

    for _ in range(rounds):
        take("bare", seconds(lambda: bare(pythons)))
        take("cold", seconds(lambda: analyze(pythons)))
        take("warm", seconds(lambda: analyze(pythons, cache=ours)))
        take("warm, first of a process", in_a_process(FIRST_ANALYSIS, pythons, ours))
        theirs = Path(tempfile.mkdtemp(dir=directory))
        for state in ("cold", "warm"):
            if uv is not None:
                environ = {**os.environ, "UV_CACHE_DIR": str(theirs / "uv")}
                environ["PATH"] = ":".join(str(Path(python).parent) for python in pythons)
                command = [uv, "python", "list", "--only-installed", "--offline"]
                listing = seconds(
                    lambda command=command, environ=environ: subprocess.run(
                        command, env=environ, **QUIET, check=True
                    )
                )
                take(f"uv, {state}", listing)
            other = in_a_process(PYTHON_DISCOVERY, pythons, theirs / "discovery")
            take(f"python-discovery, {state}", other)
    return times


def main(given: Sequence[str]) -> list[Promise]:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("pythons", nargs="*", metavar="PYTHON")
    arguments = parser.parse_args(given)
    pythons = arguments.pythons or [found.path for found in discover(os.environ)]
    able = [item for item in analyze(pythons).installations if item.interpreter is not None]
    pythons = [str(item.executable) for item in able][-MOST:]
    print(f"{len(pythons)} interpreters: {', '.join(str(item.version) for item in able[-MOST:])}")
    with tempfile.TemporaryDirectory() as directory:
        times = measure(pythons, arguments.rounds, Path(directory))
    for name, values in times.items():
        print(f"{name:<26}{statistics.median(values) * 1000:8.1f} ms", end="")
        print(f"   (best {min(values) * 1000:.1f})")
    ratios = [cold / start for cold, start in zip(times["cold"], times["bare"], strict=True)]
    warm = statistics.median(times["warm"]) * 1000
    return [
        Promise("without a cache, against bare starts", statistics.median(ratios), 2.5, "times"),
        Promise("with a cache", warm, 5, "ms"),
    ]


if __name__ == "__main__":
    finish(main(sys.argv[1:]))
