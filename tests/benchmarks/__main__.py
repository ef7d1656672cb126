"""Run all benchmarks, or those that are named, and print each promise beside its figure.

    python -m tests.benchmarks [NAME…]

It takes about twenty minutes on a machine that does nothing else; on another one the figures of the
clock say little. Each benchmark also runs alone: ``python -m tests.benchmarks.NAME``. The exit
status is 1 where a promise is not kept or could not be measured.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from importlib import import_module

from tests.benchmarks.promises import Promise, show

NAMES = (
    *("deploy", "analysis", "first_paint", "diagnosis", "upgrades", "log_view", "installers"),
    *("connect", "values", "checks"),
)


def main(names: Sequence[str]) -> int:
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"no benchmark is called {unknown[0]}: there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    rows: list[tuple[str, ...]] = []
    are_kept = True
    for name in names or NAMES:
        print(f"--- {name}", flush=True)
        try:
            promises: list[Promise] = import_module(f"tests.benchmarks.{name}").main([])
        except (Exception, SystemExit) as problem:
            traceback.print_exc()
            text = str(problem).partition("\n")[0]
            rows.append((name, f"not measured: {text}", "", "", "NOT KEPT"))
            are_kept = False
            continue
        rows += [(name, *promise.cells) for promise in promises]
        are_kept = are_kept and all(promise.is_kept for promise in promises)
    print()
    show(rows, ("benchmark", "promise", "measured", "at most", ""))
    return 0 if are_kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
