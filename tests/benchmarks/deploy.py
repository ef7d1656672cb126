"""What `pysteward deploy` adds to the commands that a person would type.

    python -m tests.benchmarks.deploy [--rounds N] [--packages N] [--requirements FILE] [PYTHON]

PYTHON is an interpreter that has virtualenv; without one, a copy of the one that runs this is made.
Each round measures, one after the other so that a busy machine is unfair to all alike:

    by hand   ``PYTHON -m virtualenv DIR`` and ``DIR/bin/python -m pip install -r FILE``, with the
              variables that a build gets and a full cache
    deploy    `pysteward deploy` of a bundle with the same requirements, start of the program,
              matching, worker, record, checks and inventory included
    reuse     the same again, now that the environment is there
    python    ``python -c pass`` and `pysteward --version`, for orientation

Promised: deploy at most 5 % or 150 ms longer than by hand, whichever is more; reuse under 150 ms;
--version at most 60 ms more than ``python -c pass``. The packages are small wheels in a directory,
so that no network is in it; or those of FILE, from the index that pip's configuration names. Both
clock and processors' time are printed, as medians; on a busy machine only the latter says
something, and it counts both processors.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pysteward.core.processes.variables import Workspace, child_environment
from tests.benchmarks.promises import Promise, finish
from tests.support.installation import make_installation
from tests.support.server import SampleServer
from tests.support.wheels import make_wheel


@dataclass(frozen=True)
class Took:
    """Milliseconds: on the clock, and of all processors."""

    clock: float
    processor: float

    def __sub__(self, other: Took) -> Took:
        return Took(self.clock - other.clock, self.processor - other.processor)


class Bench:
    """A server, and the same by hand."""

    def __init__(self, directory: Path, python: Path, packages: int, file: Path | None) -> None:
        wheels = directory / "wheels"
        names = [f"package{number}" for number in range(packages)]
        for name in names:
            files = {f"{name}/part{part}.py": f"VALUE = {part}\n" * 50 for part in range(20)}
            make_wheel(wheels, name, files=files)
        self.directory = directory
        self.python = python
        # As installed: compiled once, whatever the caller's shell says.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(directory / "compiled")
        index = {"PIP_NO_INDEX": "0"} if file else {}
        self.server = SampleServer(directory / "server", [python], wheels, environment=index)
        self.server.directory.mkdir()
        requirements = file.read_text() if file else "".join(f"{name}\n" for name in names)
        self.bundle = self.server.bundle("app", requirements)
        self.requirements = self.bundle / "requirements.txt"
        self.deploy()  # fills the caches

    def by_hand(self) -> Took:
        place = self.directory / "by-hand"
        shutil.rmtree(place, ignore_errors=True)
        rooms = Workspace(
            place / "home", place / "tmp", self.server.state_dir / "cache" / "packages"
        )
        for room in (rooms.home, rooms.temporary):
            room.mkdir(parents=True)
        settings = self.server.configured.settings
        env = child_environment(rooms, settings.build_environment)
        made = place / "environment"
        pip = [made / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check"]

        def work() -> None:
            run([self.python, "-m", "virtualenv", made], env)
            run([*pip, "--no-input", "-r", self.requirements], env)

        return took(work)

    def deploy(self) -> Took:
        for path in self.server.state_dir.glob("environments/*/*/*"):
            if not path.name.startswith("."):
                shutil.rmtree(path)
        took_it = self._pysteward("deploy", self.bundle)
        wait_for_workers(self.server.state_dir)
        return took_it

    def reuse(self) -> Took:
        return self._pysteward("deploy", self.bundle)

    def version(self) -> Took:
        return self._pysteward("--version")

    def nothing(self) -> Took:
        return took(lambda: run([sys.executable, "-c", "pass"], None))

    def _pysteward(self, *arguments: str | Path) -> Took:
        command = self.server.command(*arguments)
        return took(lambda: run(command, None))


def run(command: list[str | Path], env: dict[str, str] | None) -> None:
    subprocess.run(
        command,
        check=True,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def took(work: Callable[[], None]) -> Took:
    os.sync()  # what another has written is not to be waited for
    clock, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took((time.perf_counter() - clock) * 1000, processor * 1000)


def wait_for_workers(state_dir: Path) -> None:
    """A worker tidies up and syncs when its build is over: that must not disturb the next run."""
    from pysteward.core.builds import list_builds
    from pysteward.core.builds.record import Record

    for row in list_builds(state_dir):
        while Record(state_dir / "builds" / row.id).is_alive():
            time.sleep(0.05)
    time.sleep(0.2)


def main(given: Sequence[str]) -> list[Promise]:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--packages", type=int, default=5)
    parser.add_argument("--requirements", type=Path)
    parser.add_argument("python", nargs="?", type=Path)
    arguments = parser.parse_args(given)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        python = arguments.python or make_installation(directory / "python").executable
        bench = Bench(directory, python, arguments.packages, arguments.requirements)
        measures = (bench.by_hand, bench.deploy, bench.reuse, bench.version, bench.nothing)
        rounds = [[measure() for measure in measures] for _ in range(arguments.rounds)]
    columns = list(zip(*rounds, strict=True))
    what = arguments.requirements or f"{arguments.packages} packages"
    print(f"{arguments.rounds} rounds, {what}, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<12}{'clock':>10}{'processor':>12}  (medians, ms)")
    for measure, column in zip(measures, columns, strict=True):
        show(measure.__name__, column)
    by_hand, deploy, reuse, version, nothing = columns
    print("paired differences")
    added = [one - other for one, other in zip(deploy, by_hand, strict=True)]
    show("deploy", added)
    allowed = max(150.0, 0.05 * statistics.median(one.clock for one in by_hand))
    ratio = statistics.median(d.clock / h.clock for d, h in zip(deploy, by_hand, strict=True))
    print(f"  ratio {ratio:.3f}")
    show("reuse", [one - other for one, other in zip(reuse, nothing, strict=True)])
    started = [one - other for one, other in zip(version, nothing, strict=True)]
    show("--version", started)
    return [
        Promise("deploy, more than by hand", _clock(added), allowed, "ms"),
        Promise("deploy that reuses", _clock(reuse), 150, "ms"),
        Promise("--version, more than python -c pass", _clock(started), 60, "ms"),
    ]


def show(name: str, column: Sequence[Took]) -> None:
    processor = statistics.median(took.processor for took in column)
    print(f"{name:<12}{_clock(column):>10.0f}{processor:>12.0f}")


def _clock(column: Sequence[Took]) -> float:
    return statistics.median(took.clock for took in column)


if __name__ == "__main__":
    finish(main(sys.argv[1:]))
