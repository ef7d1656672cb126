"""How quick the log viewer is, in a real pseudo-terminal, against what it is measured by.

    python -m tests.benchmarks.log_view [--lines N] [--rounds N] [--skip-open] [--skip-stream]
        [--skip-slow-line]

    open     from the start of the program to the last line of a log of a million lines on the
             screen, and memory then: the viewer, Textual's own Log, an empty app. Promised: 0.3 s
             and 60 MB over the empty app
    jump     from a key to the line on the screen: to the beginning and to the end
    search   a word that stands at the end of the log, one in every thousandth line and one in
             every line, and the errors and warnings: the processor time of a scan, against a file
             scan in the same process, which is reading the file once and looking for the bytes;
             also against one that ignores case, as a search in small letters does. Wanted: 1.5
             times for a rare word. Then the same through the terminal, from the key to the answer
    stream   a file that grows by 200,000 lines a second: the time from a key press to its answer
             (95th percentile promised: 50 ms), beside that on a log that stands still, and whether
             every line was counted
    slow     the same on a line of 20 kB/s whose terminal answers DECRQM when it gets there, at
             120x40 and at 80x24 (medians promised: 300 and 60 ms)

Everything is measured at the terminal's end of the line; rounds alternate, so that a busy machine
is unfair to all alike.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks.promises import Promise, finish

ROOT = Path(__file__).resolve().parents[2]
OURSELVES = (sys.executable, "-m", "tests.benchmarks.log_view")
QUESTION, ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
LINE = "  copying build/lib/module/file_{:07d}.py -> build/bdist.linux-x86_64/wheel/./module, too\n"
ERROR = (
    "ERROR: Failed building wheel for package {:07d}; the line is as long as all of the others\n"
)


# The programs that are measured, each in a process of its own.


def _viewer(path: str) -> None:
    from textual.widgets import Static

    from tests.app_log.stage import Stage

    class Measured(Stage):
        """With a counter that a key advances, and the terminal's answers passed on."""

        BINDINGS = [("x", "count", "")]  # noqa: RUF012 - merged with those of the stage

        def compose(self):
            yield Static("ready", id="count")
            yield from super().compose()

        def action_count(self) -> None:
            self.presses = getattr(self, "presses", 0) + 1
            self.query_one("#count", Static).update(f"<{self.presses}>")

        def on_terminal_supports_synchronized_output(self) -> None:
            self.panel.terminal_answered()

    Measured(Path(path), live=True).run()


def _textual_log(path: str) -> None:
    from textual.app import App
    from textual.widgets import Log

    class Theirs(App[None]):
        def compose(self):
            yield Log()

        def on_mount(self) -> None:
            with open(path, encoding="utf-8", errors="replace") as file:
                self.query_one(Log).write_lines(file)

    Theirs().run()


def _empty(_path: str) -> None:
    from textual.app import App
    from textual.widgets import Static

    class Empty(App[None]):
        def compose(self):
            yield Static("nothing at all")

    Empty().run()


def _grow(path: str, seconds: str) -> None:
    """Append 200,000 lines a second, in bursts of 20 ms."""
    began, written = time.monotonic(), 0
    with open(path, "a") as file:
        while (now := time.monotonic() - began) < float(seconds):
            due = int(now * 200_000)
            file.write("".join(LINE.format(n) for n in range(written, due)))
            file.flush()
            written = due
            time.sleep(0.02)
        file.write(f"the last of {written:,} lines\n")


PROGRAMS = {"viewer": _viewer, "log": _textual_log, "empty": _empty}


class Line:
    """A program at the other end of a line, perhaps a slow one.

    rate: bytes a second that the line carries; None: as many as there are.
    """

    def __init__(
        self, program: str, path: Path, size: tuple[int, int], rate: float | None = None
    ) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [*OURSELVES, "--program", program, str(path)],
            cwd=ROOT,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
        )
        os.close(slave)
        self.rate = rate
        self.seen = b""
        self._budget = 0.0
        self._looked = time.monotonic()

    def until(self, holds: Callable[[bytes], bool], seconds: float = 60) -> float:
        """Read until what was written holds something; returns the moment."""
        end = time.monotonic() + seconds
        while not holds(self.seen):
            if time.monotonic() > end:
                raise SystemExit(f"never came: {self.seen[-300:]!r}")
            self._read(0.05)
        return time.monotonic()

    def rest(self, seconds: float) -> None:
        """Go on reading for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read(0.02)

    def _read(self, patience: float) -> None:
        most = 65536
        if self.rate is not None:
            now = time.monotonic()
            self._budget = min(self._budget + (now - self._looked) * self.rate, 400.0)
            self._looked = now
            most = int(self._budget)
            if most < 100:
                time.sleep(0.003)
                return
        if select.select([self.master], [], [], patience)[0]:
            data = os.read(self.master, most)
            self._budget -= len(data)
            before = self.seen.count(QUESTION)
            self.seen += data
            for _ in range(self.seen.count(QUESTION) - before):
                os.write(self.master, ANSWER)

    def press(self, keys: bytes) -> None:
        self.seen = b""
        os.write(self.master, keys)

    @property
    def memory(self) -> float:
        """Megabytes that the program has in memory."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)


def make_log(path: Path, lines: int) -> None:
    with open(path, "w") as file:
        for start in range(0, lines, 10_000):
            numbers = range(start, min(start + 10_000, lines))
            file.write("".join((LINE if n % 1000 else ERROR).format(n) for n in numbers))


def opening(path: Path, lines: int, rounds: int) -> list[Promise]:
    last = f"file_{lines - 1:07d}".encode()
    wanted = {"empty": b"nothing at all", "viewer": last, "log": last}
    took: dict[str, list[float]] = {name: [] for name in wanted}
    memory: dict[str, list[float]] = {name: [] for name in wanted}
    for _ in range(rounds):
        for name, text in wanted.items():
            line = Line(name, path, (120, 40))
            took[name].append(line.until(lambda seen, text=text: text in seen) - line.began)
            line.rest(3.0)
            memory[name].append(line.memory)
            line.close()
    promises: list[Promise] = []
    for name in wanted:
        over = statistics.median(a - b for a, b in zip(took[name], took["empty"], strict=True))
        more = statistics.median(memory[name]) - statistics.median(memory["empty"])
        print(
            f"open    {name:7} {statistics.median(took[name]):6.3f} s, {over:+6.3f} s and "
            f"{more:+6.1f} MB over the empty app"
        )
        if name == "viewer":
            promises.append(Promise(f"{lines:,} lines opened, over an empty app", over, 0.3, "s"))
            promises.append(Promise("memory then, over an empty app", more, 60, "MB"))
    return promises


def looking_around(path: Path, lines: int) -> None:
    last = f"file_{lines - 1:07d}".encode()
    line = Line("viewer", path, (120, 40))
    line.until(lambda seen: last in seen)
    line.rest(3.0)
    for name, key, text in (("beginning", b"g", b"package 0000000"), ("end", b"G", last)):
        began = time.monotonic()
        line.press(key)
        print(f"jump    {name:9} {line.until(lambda seen, t=text: t in seen) - began:6.3f} s")
        line.rest(0.3)
    file_scan = _file_scan(path, ignoring_case=True)[0]
    line.press(b"g")
    line.rest(0.5)
    line.press(b"/")
    line.rest(0.5)
    for name, keys, text in (
        ("search", f"file_{lines - 1:07d}".encode(), b"1 matching line"),
        ("leave", b"\r", b"1 matching line"),
        ("filter", b"o", b"only errors and warnings"),
    ):
        began = time.monotonic()
        line.press(keys)
        took = line.until(lambda seen, t=text: t in seen) - began
        times = took / file_scan
        print(f"{name:7} {took:6.3f} s, {times:.1f} times a file scan ({file_scan:.3f} s)")
        line.rest(0.5)
    line.close()


def _file_scan(path: Path, *, ignoring_case: bool) -> tuple[float, float]:
    """Read the file once and look for bytes: seconds of the clock, and of the processor."""
    began, worked = time.monotonic(), time.process_time()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 18):
            (chunk.lower() if ignoring_case else chunk).find(b"no such text")
    return time.monotonic() - began, time.process_time() - worked


def searching(path: Path, lines: int, rounds: int) -> list[Promise]:
    from pysteward.tui.app.log.file import LogFile
    from pysteward.tui.app.log.line_index import LineIndex
    from pysteward.tui.app.log.matchers import LevelMatcher, Matcher, NeedleMatcher
    from pysteward.tui.app.log.scan import Scan
    from pysteward.tui.app.log.search_text import Needle
    from pysteward.tui.terminal.display import Display

    def matcher_of(text: str) -> NeedleMatcher:
        return NeedleMatcher(Needle(text), Display().lines)

    matchers: dict[str, Matcher] = {
        "rare, small letters": matcher_of(f"file_{lines - 1:07d}"),
        "rare, a capital": matcher_of("No such text"),
        "every 1000th line": matcher_of("package"),
        "every line": matcher_of("too"),
        "errors and warnings": LevelMatcher(),
    }
    file = LogFile(path)
    index = LineIndex(file.read)
    while index.extend(file.size):
        pass
    took: dict[str, list[float]] = {name: [] for name in matchers}
    plain: list[float] = []
    ignoring: list[float] = []
    found: dict[str, int] = {}
    for _ in range(rounds):
        plain.append(_file_scan(path, ignoring_case=False)[1])
        ignoring.append(_file_scan(path, ignoring_case=True)[1])
        for name, matcher in matchers.items():
            scan = Scan(index, matcher, live=False, found=lambda: None)
            began = time.process_time()
            scan.start()
            while not scan.caught_up:
                time.sleep(0.005)
            took[name].append(time.process_time() - began)
            scan.stop()
            found[name] = len(scan.rows)
    for name, seconds in took.items():
        middle = statistics.median(seconds)
        print(
            f"search  {name:19} {middle:6.3f} s, {middle / statistics.median(plain):4.1f} times a "
            f"file scan, {middle / statistics.median(ignoring):4.1f} times one that ignores case; "
            f"{found[name]:,} lines"
        )
    rare = statistics.median(took["rare, a capital"]) / statistics.median(plain)
    return [Promise("search for a rare word, against a file scan", rare, 1.5, "times")]


def streaming(size: tuple[int, int], rate: float | None, seconds: float) -> tuple[float, float]:
    """Seconds from a key to its answer: the median, and the 95th percentile."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "log.txt"
        path.write_text("the first line\n")
        line = Line("viewer", path, size, rate)
        line.until(lambda seen: b"ready" in seen)
        line.rest(1.0)
        still: list[float] = []
        for _ in range(12):
            still.append(_answered(line, len(still) + 1))
        growing = subprocess.Popen([*OURSELVES, "--grow", str(path), str(seconds)], cwd=ROOT)
        line.rest(0.7)
        took: list[float] = []
        while growing.poll() is None:
            took.append(_answered(line, len(still) + len(took) + 1))
        written = path.read_bytes().count(b"\n")
        line.until(lambda seen: f"of {written:,}".encode() in seen, 20)
        line.close()
    middle, most = statistics.median(took), sorted(took)[int(len(took) * 0.95)]
    name = "fast" if rate is None else f"{rate / 1000:.0f} kB/s"
    print(
        f"stream  {size[0]}x{size[1]}, {name}: key answered in "
        f"{middle * 1000:.0f} ms (median), {most * 1000:.0f} ms (95 %), {len(took)} presses; "
        f"{statistics.median(still) * 1000:.0f} ms (median) on one that stands still; "
        f"all {written:,} lines counted"
    )
    return middle, most


def _answered(line: Line, number: int) -> float:
    """Press a key, which is the `number`-th, and return the seconds until its answer."""
    count = f"<{number}>".encode()
    began = time.monotonic()
    line.press(b"x")
    took = line.until(lambda seen: count in seen) - began
    line.rest(0.1 + 0.05 * (number % 3))
    return took


def main(arguments: Sequence[str]) -> list[Promise]:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--skip-open", action="store_true")
    parser.add_argument("--skip-stream", action="store_true")
    parser.add_argument("--skip-slow-line", action="store_true")
    parser.add_argument("--program", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--grow", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.program:
        PROGRAMS[given.program[0]](given.program[1])
        return []
    if given.grow:
        _grow(*given.grow)
        return []
    promises: list[Promise] = []
    if not given.skip_open:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "log.txt"
            make_log(path, given.lines)
            print(f"a log of {given.lines:,} lines, {path.stat().st_size / 1e6:.0f} MB")
            promises += opening(path, given.lines, given.rounds)
            promises += searching(path, given.lines, given.rounds)
            looking_around(path, given.lines)
    if not given.skip_stream:
        _, most = streaming((120, 40), None, 10)
        promises.append(Promise("key on a growing log, 95 %", most * 1000, 50, "ms"))
    if not given.skip_slow_line:
        for size, limit in (((120, 40), 300), ((80, 24), 60)):
            middle, _ = streaming(size, 20_000, 15)
            what = f"key on a growing log, 20 kB/s, {size[0]}x{size[1]}, median"
            promises.append(Promise(what, middle * 1000, limit, "ms"))
    return promises


if __name__ == "__main__":
    finish(main(sys.argv[1:]))
