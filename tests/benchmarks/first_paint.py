"""How soon the first page stands on the screen, beside the text of an empty Textual app.

    python -m tests.benchmarks.first_paint [ROUNDS]

Both run in a pseudo-terminal of 80x24, in turn; what counts is the median of the ratios of each
round. At most 1.6 is promised, whatever the number of installations.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.promises import Promise, finish
from tests.support.terminal import PYSTEWARD, terminal

MARK = 1.6
_EMPTY = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("READY")

Empty().run()
"""


def seconds_until(program: tuple[str, ...], arguments: list[str], *wanted: str) -> float:
    """From the start of a program until all of these are on its screen."""
    begun = time.perf_counter()
    with terminal(arguments, program=program) as shown:
        for text in wanted:
            shown.child.expect_exact(text, timeout=60)
        return time.perf_counter() - begun


def settings(directory: Path, count: int) -> Path:
    """Settings that name so many installations, this Python among them."""
    file = directory / f"{count}.gcfg"
    lines = [f"Executable = {sys.executable}", *(f"Executable = /p/{n}" for n in range(1, count))]
    file.write_text("\n".join(["[Python]", "Enabled = true", *lines]) + "\n")
    return file


def main(given: Sequence[str]) -> list[Promise]:
    rounds = int(given[0]) if given else 11
    promises: list[Promise] = []
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        for count in (9, 1000):
            file = settings(directory, count)
            arguments = ["--config", str(file), "--state-dir", str(directory / "state")]
            last = f"/p/{min(count - 1, 7)}"
            pairs: list[tuple[float, float]] = []
            for _ in range(rounds):
                empty = seconds_until((sys.executable, "-c", _EMPTY), [], "READY")
                ours = seconds_until(
                    PYSTEWARD, arguments, "pysteward", "Installations", last, "Quit"
                )
                pairs.append((empty, ours))
            ratio = statistics.median(ours / empty for empty, ours in pairs)
            empty, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
            print(
                f"{count:>5} installations: {ours * 1000:.0f} ms; an empty app: "
                f"{empty * 1000:.0f} ms; ratio {ratio:.2f}"
            )
            what = f"first page with {count:,} installations, against an empty app"
            promises.append(Promise(what, ratio, MARK, "times"))
    return promises


if __name__ == "__main__":
    finish(main(sys.argv[1:]))
