"""How long a simulation takes: 100,000 pieces of content on 50 installations.

    python -m tests.benchmarks.upgrades [CONTENT] [INSTALLATIONS]

The baseline is SQLite handing over the same rows as plain tuples, which whoever simulates must
wait for. Printed are medians and the ratio. Less than a second is promised for all.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pysteward.core.matching import Matcher, Policy, hypothetical
from pysteward.core.state.database import open_database
from pysteward.core.state.directory import DATABASE
from pysteward.core.upgrades import (
    changed,
    deployed,
    simulate,
)
from pysteward.core.versions import PythonVersion
from tests.benchmarks.promises import Promise, finish

_ROUNDS = 5
_LIMIT = 1000  # milliseconds


def fill(state_dir: Path, content: int, versions: list[PythonVersion]) -> None:
    """Deploy so much content: each on its Python, every third by a constraint."""
    open_database(state_dir).close()
    connection = sqlite3.connect(state_dir / DATABASE)
    connection.execute("INSERT INTO bundles VALUES ('digest', 'bundle', 1, '')")
    connection.executemany(
        "INSERT INTO content (name, bundle, request, python, executable, rule, build, created, "
        "updated) VALUES (?, 'digest', ?, ?, ?, 'exact', '', '', '')",
        (
            (
                f"content-{number:06}",
                f">={v.major}.{v.minor}"
                if number % 3 == 0
                else f"{v.major}.{v.minor}.{number % 9}",
                str(v),
                f"/opt/python/{v}/bin/python3",
            )
            for number in range(content)
            for v in (versions[number % len(versions)],)
        ),
    )
    connection.commit()
    connection.close()


def median(work: Callable[[], object]) -> float:
    """Seconds, of some rounds."""
    took: list[float] = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def main(arguments: Sequence[str]) -> list[Promise]:
    content = int(arguments[0]) if arguments else 100_000
    count = int(arguments[1]) if len(arguments) > 1 else 50
    versions = [PythonVersion(3, 4 + number // 5, number % 5) for number in range(count)]
    candidates = tuple(type(hypothetical(v))(v, f"/opt/python/{v}/bin/python3") for v in versions)
    before = Matcher(candidates, Policy.MAJOR_MINOR)
    gone = set(versions[::7])
    added = [hypothetical(PythonVersion(3, 20, 1)), hypothetical(PythonVersion(3, 5, 9))]
    after = Matcher(changed(candidates, added, gone), Policy.NEAREST)
    with tempfile.TemporaryDirectory() as directory:
        state_dir = Path(directory)
        fill(state_dir, content, versions)

        def rows() -> object:
            connection = sqlite3.connect(state_dir / DATABASE)
            try:
                return connection.execute("SELECT * FROM content ORDER BY name").fetchall()
            finally:
                connection.close()

        def all_of_it() -> object:
            subjects, _ = deployed(state_dir)
            simulation = simulate(subjects, before, after)
            return simulation.counts, simulation.moves

        baseline, took = median(rows), median(all_of_it)
    print(f"{content:,} pieces of content, {count} installations")
    print(f"  the rows alone         {baseline * 1000:7.0f} ms")
    print(f"  read and simulated     {took * 1000:7.0f} ms   {took / baseline:.1f} times")
    return [Promise(f"{content:,} pieces of content", took * 1000, _LIMIT, "ms")]


if __name__ == "__main__":
    finish(main(sys.argv[1:]))
