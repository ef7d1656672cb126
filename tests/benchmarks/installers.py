"""How long it takes to make an environment: by hand, by pysteward, with pip and with uv.

    python -m tests.benchmarks.installers [--rounds N] [--requirements FILE] [PYTHON]

PYTHON is an interpreter that has virtualenv; without one, a copy of the one that runs this is made.
What is measured, each round in turn so that a busy machine is unfair to all alike:

    by hand     ``PYTHON -m virtualenv DIR`` and ``DIR/bin/python -m pip install -r FILE``, with the
                variables that a build would get, caches full, and without pip's look for a newer
                pip, which pysteward saves
    pip, uv     ``make`` of pysteward.core.environments, caches full (warm) and empty (cold)

Printed are the medians of the time on the clock and of the processors' time, and for pip the median
of what pysteward adds to the same round's run by hand: proof, progress, pip's full log, inventory,
dependency check and marker. Promised is at most 5 % or 150 ms, whichever is more, the worker and
the record of a build included; this is the part of `core/environments`. On a busy machine only the
processors' time says something. The real index is used, or what pip's configuration names.
"""

from __future__ import annotations

import argparse
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

from pysteward.core.environments import (
    EnvironmentFailed,
    EnvironmentSpec,
    build_environment,
    choose_installer,
    interpreter_identity,
    location,
    read_configuration,
)
from pysteward.core.processes.variables import Workspace, child_environment
from pysteward.core.versions import PythonVersion
from tests.benchmarks.promises import Promise, finish
from tests.support.environment_steps import DirectSteps
from tests.support.installation import make_installation

FLASK = "flask==3.0.3\n"


@dataclass(frozen=True)
class Took:
    """Seconds: on the clock, and of all processors, those of the children included."""

    clock: float
    processor: float


class Stopwatch:
    def __init__(self) -> None:
        self._clock, self._processor = time.perf_counter(), _processor_time()

    def read(self) -> Took:
        return Took(time.perf_counter() - self._clock, _processor_time() - self._processor)


def _processor_time() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


class Bench:
    """One Python, one list of requirements, and a directory to work in."""

    def __init__(self, directory: Path, python: str, requirements: str) -> None:
        said = subprocess.run(
            [python, "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"],
            check=True,
            capture_output=True,
            text=True,
        )
        self.directory = directory
        self.python = python
        self.version = PythonVersion.parse(said.stdout)
        self.requirements = requirements
        self._count = 0

    def by_hand(self) -> Took:
        home, temporary, cache = (self._fresh(name) for name in ("home", "tmp", "unused"))
        file = home / "requirements.txt"
        file.write_text(self.requirements)
        rooms = Workspace(home, temporary, self.directory / "warm" / "packages")
        env, path = child_environment(rooms, {}), cache / "environment"
        quiet = {"env": env, "check": True, "stdout": subprocess.PIPE, "cwd": home}
        watch = Stopwatch()
        subprocess.run([self.python, "-m", "virtualenv", path], **quiet)
        pip = [path / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", file], **quiet)
        took = watch.read()
        shutil.rmtree(cache)
        return took

    def made(self, installer: str, cache: Path) -> Took:
        configuration = read_configuration({})
        if installer == "uv":
            choice = choose_installer(self.version, configuration, self.requirements)
            if choice.reason is not None:
                sys.exit(f"not measured: {choice.reason}")
        state, work = self._fresh("state"), self._fresh("work")
        spec = EnvironmentSpec(
            executable=self.python,
            interpreter=interpreter_identity(self.python),
            version=self.version,
            requirements=self.requirements,
            configuration=configuration.digest,
            installer=installer,
        )
        steps = DirectSteps()
        watch = Stopwatch()
        outcome = build_environment(
            spec,
            location(state, spec),
            steps,
            work=work,
            cache=cache,
            pip_log=work / "pip.log",
        )
        took = watch.read()
        if isinstance(outcome, EnvironmentFailed):
            sys.exit("\n".join([*steps.lines, outcome.message]))
        shutil.rmtree(state)
        return took

    def warm(self, installer: str) -> Took:
        return self.made(installer, self.directory / "warm")

    def cold(self, installer: str) -> Took:
        cache = self._fresh("cold")
        took = self.made(installer, cache)
        shutil.rmtree(cache)
        return took

    def _fresh(self, name: str) -> Path:
        self._count += 1
        directory = self.directory / f"{name}-{self._count}"
        directory.mkdir()
        return directory


def main(given: Sequence[str]) -> list[Promise]:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("python", metavar="PYTHON", nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requirements", type=Path)
    arguments = parser.parse_args(given)
    requirements = arguments.requirements.read_text() if arguments.requirements else FLASK
    with tempfile.TemporaryDirectory() as directory:
        copied = Path(directory, "python")
        python = arguments.python or str(make_installation(copied).executable)
        bench = Bench(Path(directory), python, requirements)
        (bench.directory / "warm").mkdir()
        runs: dict[str, Callable[[], Took]] = {
            "by hand, warm": bench.by_hand,
            "pip, warm": lambda: bench.warm("pip"),
            "uv, warm": lambda: bench.warm("uv"),
            "pip, cold": lambda: bench.cold("pip"),
            "uv, cold": lambda: bench.cold("uv"),
        }
        for name in ("pip, warm", "uv, warm"):  # fills the caches, compiles our own modules
            runs[name]()
        times: dict[str, list[Took]] = {name: [] for name in runs}
        for _ in range(arguments.rounds):
            for name, run in runs.items():
                times[name].append(run())
    print(f"{'':<14} {'clock':>8} {'processors':>11}")
    for name, taken in times.items():
        clock = statistics.median(took.clock for took in taken)
        processor = statistics.median(took.processor for took in taken)
        print(f"{name:<14} {clock:6.2f} s {processor:9.2f} s")
    pairs = list(zip(times["pip, warm"], times["by hand, warm"], strict=True))
    clock = statistics.median(made.clock - hand.clock for made, hand in pairs)
    processor = statistics.median(made.processor - hand.processor for made, hand in pairs)
    print(f"{'added to pip':<14} {clock * 1000:5.0f} ms {processor * 1000:8.0f} ms")
    by_hand = statistics.median(took.clock for took in times["by hand, warm"])
    allowed = max(150.0, by_hand * 1000 * 0.05)
    return [Promise("an environment by pip, more than by hand", clock * 1000, allowed, "ms")]


if __name__ == "__main__":
    finish(main(sys.argv[1:]))
