"""The installation of a Python from its source, step by step, within a build."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ..builds import (
    BuildResult,
    EnvironmentRef,
    Python,
    WorkerProcess,
)
from ..environments import take_over
from ..errors import BuildError
from ..findings import Finding
from ..installations import (
    Installation,
    Problem,
    analyze,
    requirements_for,
)
from ..processes import Workspace, child_environment
from ..state import let_through, make_directory, open_file
from ..versions import PythonVersion
from .job import PythonJob
from .prefix import release
from .recipe import configure_options, program_name
from .source import unpack

_PROBE_TIMEOUT = 60.0  # seconds: the first run of an interpreter on a busy machine
_LOOKED_AT = 4096  # characters of a line
_PROGRESS = 2.0  # seconds between two words of how far the compiler is


class Failure(Exception):
    """A step has failed, and so has the build. Its text is the log's last line."""


class Installing:
    """One installation."""

    def __init__(self, worker: WorkerProcess, job: PythonJob) -> None:
        self._writer = worker.writer
        self._steps = worker.runner
        self._job = job
        self._version = PythonVersion.parse(job.version)
        self._prefix = Path(job.prefix)
        self._program = self._prefix / "bin" / program_name(self._version)
        self._work = worker.writer.record.work
        self._rooms = Workspace(self._work / "home", self._work / "tmp", self._work / "cache")
        self._env = {
            **child_environment(self._rooms, job.build_environment),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_WARN_SCRIPT_LOCATION": "1",
            "PIP_ROOT_USER_ACTION": "ignore",
            "PIP_USER": "0",
        }

    def run(self) -> BuildResult:
        """Return all of it. Raises Failure, and what the build's steps raise."""
        self._steps.begin(self._job.time_limit)
        source = self._unpack()
        self._configure(source)
        self._compile(source)
        self._install(source)
        self._add_packages()
        return self._check()

    def _unpack(self) -> Path:
        """Return the directory with the sources, given to the user who compiles."""
        self._steps.phase("unpack", Path(self._job.source).name)
        make_directory(self._work)
        for directory in (self._rooms.home, self._rooms.temporary, self._rooms.cache):
            directory.mkdir()
        os.close(open_file(self._pip_log, os.O_WRONLY | os.O_CREAT, 0o600))
        try:
            left_out = unpack(Path(self._job.source), self._job.digest, self._work / "source")
        except BuildError as error:
            raise Failure(str(error)) from None
        for line in left_out:
            self._steps.log(f"pysteward: {line}")
        if self._job.run_as is not None:
            for directory in (self._work, self._work.parent, self._work.parent.parent):
                let_through(directory)
        self._steps.give(self._work)
        self._steps.give(self._prefix)
        (source,) = (self._work / "source").iterdir()
        return source

    def _configure(self, source: Path) -> None:
        self._steps.phase("configure")
        options = configure_options(
            self._version,
            self._job.prefix,
            openssl=self._job.openssl,
            optimised=self._job.optimised,
        )
        self._do(["/bin/sh", "./configure", *options], source)

    def _compile(self, source: Path) -> None:
        self._steps.phase("compile")
        progress = _Progress(lambda detail: self._steps.phase("compile", detail))
        self._do(["make", f"-j{self._job.jobs}"], source, progress)

    def _install(self, source: Path) -> None:
        self._steps.phase("install", self._job.prefix)
        self._do(["make", "install"], source)
        if not self._program.exists():
            raise Failure(f"make install has made no {self._program}")

    def _add_packages(self) -> None:
        self._steps.phase("packages", "pip, virtualenv")
        if not self._has_pip():
            self._install_pip()
        wanted = requirements_for(self._version)
        status = self._run(self._python("pip", "--log", self._pip_log, "install", *wanted))
        if status != 0:
            # No end: without an index there is none to be had, and the Python is whole. Whether it
            # can be used without, the check says.
            again = shlex.join((str(self._program), "-m", "pip", "install", *wanted))
            self._steps.log(f"pysteward: virtualenv could not be installed; later: {again}")

    def _has_pip(self) -> bool:
        return self._run(self._python("pip", "--version"), quiet=True) == 0

    def _install_pip(self) -> None:
        """By ensurepip, which `make install` has tried; else the wheel that pysteward has."""
        if self._run(self._python("ensurepip", "--upgrade", "--default-pip")) == 0:
            return
        from virtualenv.seed.wheels.embed import get_embed_wheel

        line = f"{self._version.major}.{self._version.minor}"
        wheel = get_embed_wheel("pip", line)
        if wheel is None:
            raise Failure(f"pip cannot be installed: ensurepip failed, and no other fits {line}")
        argv = [str(self._program), f"{wheel.path}/pip", "install", "--no-index", str(wheel.path)]
        self._do(argv, self._work)

    def _check(self) -> BuildResult:
        self._steps.phase("check")
        if self._job.run_as is not None and os.geteuid() == 0:
            take_over(self._prefix, self._job.owner)
        analysis = analyze(
            [str(self._program)],
            creator=self._job.creator,
            run_as=self._job.run_as,
            build_environment=self._job.build_environment,
            timeout=_PROBE_TIMEOUT,
        )
        self._steps.look()
        (found,) = analysis.installations
        problems = [problem for problem in found.problems if problem.code != "unfinished"]
        for problem in problems:
            self._steps.log(f"pysteward: {problem.message}")
            if problem.remedy:
                self._steps.log(f"pysteward:   {problem.remedy}")
        if found.interpreter is None or found.version != self._version:
            raise Failure(f"what was installed is no Python {self._version} that works")
        release(self._prefix)
        return self._ending(found, problems)

    def _ending(self, found: Installation, problems: Sequence[Problem]) -> BuildResult:
        packages = tuple(
            (name, version)
            for name, version in (("pip", found.pip), ("virtualenv", found.virtualenv))
            if version is not None
        )
        place = f"Python {self._version} lies in {self._prefix}"
        if any(problem.severity == "unusable" for problem in problems):
            return BuildResult("failed", (f"pysteward: {place}, whole, but cannot be used yet",))
        self._writer.update(
            python=Python(str(self._version), str(self._program), "source"),
            environment=EnvironmentRef(None, str(self._prefix)),
        )
        return BuildResult(
            "succeeded",
            (f"{place} and can be used",),
            packages=packages,
            findings=tuple(map(_finding_of, problems)),
        )

    @property
    def _pip_log(self) -> Path:
        return self._work / "pip.log"

    def _python(self, module: str, *arguments: str | Path) -> list[str]:
        # -E -s: no other packages than its own; -I came with 3.4.
        return [str(self._program), "-E", "-s", "-m", module, *map(str, arguments)]

    def _do(self, argv: Sequence[str], directory: Path, progress: _Progress | None = None) -> None:
        """Run a program that must succeed."""
        status = self._run(argv, directory, progress)
        if status != 0:
            ended = f"exit status {status}" if status > 0 else f"signal {-status}"
            raise Failure(f"{' '.join(argv[:2])} ended with {ended}")

    def _run(
        self,
        argv: Sequence[str],
        directory: Path | None = None,
        progress: _Progress | None = None,
        *,
        quiet: bool = False,
    ) -> int:
        if not quiet:
            self._steps.log(f"$ {shlex.join(argv)}")
        try:
            return self._steps.run(
                argv,
                env=self._env,
                cwd=directory or self._work,
                on_line=None if progress is None else progress.line,
                quiet=quiet,
            )
        except FileNotFoundError:
            raise Failure(f"{argv[0]} is not installed") from None


class _Progress:
    """How many files have been compiled."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._count = 0
        self._next = 0.0

    def line(self, line: str) -> bool:
        """Take a line of make's output, all of which belongs in the log."""
        compiler, _, rest = line[:_LOOKED_AT].partition(" ")
        if " -c " in rest and ("cc" in compiler or "clang" in compiler):
            self._count += 1
            if time.monotonic() >= self._next:
                self._next = time.monotonic() + _PROGRESS
                self._tell(f"{self._count} files")
        return True


def _finding_of(problem: Problem) -> Finding:
    return Finding(problem.code, "warning", problem.message, problem.remedy or "", None, ())
