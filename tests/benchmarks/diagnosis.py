"""The time and memory that the diagnosis of 100 MB takes: `python tests/benchmarks/diagnosis.py`.

The promise is 3 seconds and 100 MB. Each kind of log is read in a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DATA = Path(__file__).parents[1] / "data" / "failures"

READ = """
import io, sys, time
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
print(f"{took:5.2f} s  {peak / 1024:4.0f} MB  {diagnosis.outcome}")
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


def main() -> None:
    for name, lines in KINDS.items():
        done = subprocess.run(
            [sys.executable, "-c", READ], input=lines, capture_output=True, check=True
        )
        print(f"{name:20} {done.stdout.decode().strip()}")


if __name__ == "__main__":
    main()
