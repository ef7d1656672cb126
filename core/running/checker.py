"""Start content as its server would, ask it, and say whether it starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from ..findings import Finding
from ..processes import Workspace, child_environment, memory_of_descendants
from ..settings import size_text
from .driver import Answer, Driver
from .job import RunJob, RunLimits
from .programs import (
    NotChecked,
    Program,
    files_in,
    missing_file,
    program_for,
    python_block,
    renderer_for,
)
from .results import CheckResult

_CELL = re.compile(r"pysteward: cell \d{1,6} of \d{1,6}")


class Runner(Protocol):
    """What a check asks of the worker that it runs in."""

    def phase(self, name: str, detail: str = "") -> None: ...

    def log(self, line: str) -> None: ...

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path | None = None,
        input: bytes | None = None,  # noqa: A002 - the name that subprocess has for it
        on_line: Callable[[str], bool] | None = None,
        tick: Callable[[], None] | None = None,
        on_output: Callable[[int], None] | None = None,
    ) -> int: ...


class LimitReached(Exception):
    """A run has used more than it may. code: of the finding."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Watch:
    """Watches the memory and the output of a run; raises LimitReached."""

    def __init__(self, limits: RunLimits) -> None:
        self._limits = limits
        self._output = 0

    def look_at_memory(self) -> None:
        if memory_of_descendants() > self._limits.memory:
            raise LimitReached(
                f"it used more than {size_text(self._limits.memory)} of memory (check-memory)",
                "out-of-memory",
            )

    def count_output(self, size: int) -> None:
        self._output += size
        if self._output > self._limits.output:
            raise LimitReached(
                f"it printed more than {size_text(self._limits.output)} (check-output)",
                "content-failed",
            )


def content_environment(job: RunJob, work: Path) -> dict[str, str]:
    """Return the variables that content gets: those of its server, and its own.

    work: the directory of this run, with HOME and temporary files.
    """
    rooms = Workspace(home=work / "home", temporary=work / "tmp", cache=work / "cache")
    variables = child_environment(rooms, job.interpreter_variables)
    variables |= {
        "PATH": f"{job.environment / 'bin'}:{variables['PATH']}",
        "PYTHONUNBUFFERED": "1",
        "PYTHONFAULTHANDLER": "1",  # where content stands when it is ended
        "PYTHONDONTWRITEBYTECODE": "1",
        "RETICULATE_PYTHON": str(job.python),
        # The names by which content knows Connect (Posit Connect's user guide, "Environment
        # variables").
        "RSTUDIO_PRODUCT": "CONNECT",
        "POSIT_PRODUCT": "CONNECT",
        **job.variables,
    }
    return variables


class Checker:
    """One start check.

    runner: the worker's. content: the directory with the content's files, which it may change.
    work: the directory around it.
    """

    def __init__(self, job: RunJob, runner: Runner, content: Path, work: Path) -> None:
        self._job = job
        self._runner = runner
        self._content = content
        self._work = work
        self._failing = ""

    def check(self) -> CheckResult:
        """Start content and ask it; the result has no findings yet.

        Raises what the runner raises: a cancellation, a limit, OSError.
        """
        job, files = self._job, files_in(self._content)
        if (missing := self._missing(files)) is not None:
            return missing
        program = program_for(
            job.app_mode,
            job.entry,
            files,
            job.modules,
            timeout=job.limits.timeout,
        )
        if isinstance(program, NotChecked):
            self._runner.log(f"pysteward: not checked: {program.why}")
            return CheckResult("not-checked", program.why)
        result = self._run(program, "check")
        if result is None:  # R has no reticulate here, so Python alone is looked at
            result = self._run(python_block(job.modules), "check")
        assert result is not None
        return result

    def render(self) -> CheckResult:
        """Write the content's document as OUTPUT in its directory; ``yes`` says that it is there.

        Raises as `check`.
        """
        job, files = self._job, files_in(self._content)
        if (missing := self._missing(files)) is not None:
            return missing
        program = renderer_for(job.app_mode, job.entry, files, timeout=job.limits.timeout)
        if isinstance(program, NotChecked):
            return CheckResult("not-checked", program.why)
        result = self._run(program, "render")
        assert result is not None
        return result

    def _missing(self, files: Collection[str]) -> CheckResult | None:
        file = missing_file(self._job.app_mode, self._job.entry, files)
        if file is None:
            return None
        why = f"it has no file {file}"
        self._runner.log(f"pysteward: not started: {why}")
        return CheckResult("no", why, findings=(_missing_finding(file),))

    def _run(self, program: Program, phase: str) -> CheckResult | None:
        job = self._job
        limits = job.limits
        driver = Driver(program, job.python, timeout=limits.timeout, memory=limits.memory)
        self._runner.phase(phase, program.name)
        self._runner.log(
            f"pysteward: starting {job.entry or 'content'} ({job.app_mode}): {program.name}"
        )

        def on_event(kind: str, facts: Mapping[str, Any]) -> None:
            if kind == "phase":
                self._runner.phase(phase, str(facts.get("detail", ""))[:200])

        def on_line(line: str) -> bool:
            rest = driver.read(line, on_event)
            if _CELL.fullmatch(line):
                self._runner.phase(phase, line.removeprefix("pysteward: "))
            if any(text in line for text in program.failing):
                self._failing = self._failing or line.strip()
            if rest is not None and rest != line:
                self._runner.log(rest)
            return rest == line

        env = content_environment(job, self._work)
        watch = Watch(limits)
        try:
            status = self._runner.run(
                driver.command,
                env=env,
                cwd=self._content,
                input=driver.job,
                on_line=on_line,
                tick=watch.look_at_memory,
                on_output=watch.count_output,
            )
        except LimitReached as limit:
            self._runner.log(f"pysteward: ended: {limit}")
            return CheckResult("no", str(limit), findings=(_limit_finding(limit),))
        answer = driver.answer
        if answer is None:
            answer = Answer("program", False, status=status)
        if answer.unchecked:
            return None
        return _result(answer, program, limits.timeout, self._failing)


def _missing_finding(file: str) -> Finding:
    return Finding(
        "entry-point-missing",
        "cause",
        f"The content is to be started from {file}, and there is no such file.",
        "Send that to the content's author; nothing on this server is wrong.",
        f"Deploy {file} with the content, or correct the entry point.",
        (),
    )


def _limit_finding(limit: LimitReached) -> Finding:
    return Finding(
        limit.code,
        "cause",
        f"The content was ended: {limit}.",
        "Raise the limit in the settings, or with the option of the same name, if content may "
        "take that much.",
        "Load less data when the content starts, and print less.",
        (),
    )


def _result(answer: Answer, program: Program, timeout: float, failing: str) -> CheckResult:
    if answer.ok and failing:
        why = f"it failed while it was asked: {failing[:200]}"
        return CheckResult("no", why, answer.waited_for, answer.not_opened)
    if answer.ok:
        why = "it starts and answers" if program.serves else f"{program.name} ends without an error"
        not_opened = answer.not_opened
        if answer.step == "program" and program.serves:
            why = "it is imported and its lifespan runs"
            not_opened = ("a request: uvicorn is not installed",)
        return CheckResult("yes", why, answer.waited_for, not_opened)
    why = _why(answer, program, timeout)
    return CheckResult("no", why, answer.waited_for, answer.not_opened, is_late=answer.late)


def _why(answer: Answer, program: Program, timeout: float) -> str:
    ended = "" if answer.status is None else f" (exit status {answer.status})"
    if answer.late and answer.step == "listen":
        return f"it did not listen at its port within {timeout:g} seconds"
    if answer.late:
        what = f"GET {answer.path}" if answer.path else program.session_name or program.name
        return f"{what} did not come to an end within {timeout:g} seconds"
    match answer.step:
        case "listen":
            return f"it ended before it listened at its port{ended}"
        case "request" if answer.http is not None:
            return f"GET {answer.path} was answered with HTTP {answer.http}"
        case "request":
            return f"it ended, or closed the connection, while it was asked{ended}"
        case "session":
            return f"{program.session_name} failed{ended}"
        case _:
            return f"{program.name} failed{ended}"
