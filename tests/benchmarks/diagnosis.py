"""The time and memory that the diagnosis of 100 MB takes.

    python -m tests.benchmarks.diagnosis

The promise is 3 seconds and 100 MB. Each kind of log is read in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.promises import Promise, finish

DATA = Path(__file__).parents[1] / "data" / "failures"

READ = """
import io, json, sys, time
from pysteward.core.diagnosis import diagnose_log

class Endless(io.RawIOBase):
    lines = sys.stdin.buffer.read()
    block = lines * max(1, 1_000_000 // len(lines))
    left = 100_000_000 // len(block)

    def read(self, size=-1):
        self.left -= 1
        return self.block if self.left >= 0 else b""

begun = time.perf_counter()
diagnosis = diagnose_log(Endless())
took = time.perf_counter() - begun
peak = int(dict(l.split(":", 1) for l in open("/proc/self/status"))["VmHWM"].split()[0])
print(json.dumps([took, peak / 1024, diagnosis.outcome]))
"""

KINDS = {
    "a copying build": b"      copying thing/a.py -> build/lib/thing\n" * 1000,
    "compiler commands": b"gcc -Wall -O3 -Werror -fPIC -c src/a.c -o build/src/a.o\n" * 1000,
    "nothing but errors": b"ERROR: x\n" * 1000,
    "empty lines": b"\n" * 1000,
    "progress bars": b"\r   42% |####    | 12.3 kB" * 1000,
    "failures": (DATA / "rust_missing_cryptography_py311.log").read_bytes(),
    "pip's own log": (DATA / "requires_python_excludes_py37.debug.log").read_bytes(),
}


def main(_given: Sequence[str]) -> list[Promise]:
    promises: list[Promise] = []
    for name, lines in KINDS.items():
        done = subprocess.run(
            [sys.executable, "-c", READ], input=lines, capture_output=True, check=True
        )
        seconds, megabytes, outcome = json.loads(done.stdout)
        print(f"{name:20} {seconds:5.2f} s  {megabytes:4.0f} MB  {outcome}")
        promises += [
            Promise(f"{name}, 100 MB of it", seconds, 3, "s"),
            Promise(f"{name}, memory", megabytes, 100, "MB"),
        ]
    return promises


if __name__ == "__main__":
    finish(main(sys.argv[1:]))
