"""Content in the foreground: started for somebody who watches it, until it ends or is ended."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..bundles import open_bundle, unpack
from ..errors import BuildError
from ..findings import Finding
from ..processes import ChildProcess, View, adopt_orphans, run
from ..running import (
    CheckResult,
    Driver,
    NotChecked,
    RunJob,
    content_environment,
    explain_failure,
    files_in,
    make_workplace,
    program_for,
)
from ..safe_text import decode
from ..secrets import KnownSecrets
from ..server import Server
from ..users import User, find_user
from .build_check import RunOptions
from .runs import job_of

_FOREVER = 10.0 * 366 * 86400  # seconds
_LAST_LINES = 2000
_SHORTEST_SECRET = 6
_LONGEST_LINE = 64 * 1024


class ForegroundRun:
    """One run of content in the foreground.

    on_line: gets each line of its output, secrets masked. on_address: gets where it listens.
    look: called some 20 times a second; what it raises ends the run.
    """

    def __init__(
        self,
        server: Server,
        name: str,
        *,
        on_line: Callable[[str], None],
        on_address: Callable[[str], None],
        look: Callable[[], None],
    ) -> None:
        self._server = server
        self._name = name
        self._on_line = on_line
        self._on_address = on_address
        self._look = look
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        self._rest = b""
        self.findings: tuple[Finding, ...] = ()

    def run(self, options: RunOptions, arguments: Sequence[str], port: int = 0) -> bool:
        """Run it until it ends; return whether it ended well, else `findings` says why not.

        Nothing that it has started is left when this returns or raises.
        Raises BuildError (``not-started``), StateError as `check` does, and what `look` raises.
        """
        job = job_of(self._server, self._name, "check", replace(options, has_network=True))
        adopt_orphans()
        with make_workplace() as work:
            return self._run(job, work, arguments, port)

    def _run(self, job: RunJob, work: Path, arguments: Sequence[str], port: int) -> bool:
        user = find_user(job.run_as)
        content = work / "content"
        unpack(open_bundle(job.bundle), content)
        for name in ("home", "tmp", "cache"):
            (work / name).mkdir(0o700)
        if user is not None:
            for name in ("content", "home", "tmp", "cache"):
                _give(work / name, user)
        program = program_for(
            job.app_mode,
            job.entry,
            files_in(content),
            job.modules,
            arguments=arguments,
            timeout=_FOREVER,
        )
        if isinstance(program, NotChecked):
            raise BuildError(program.why, code="not-started")
        driver = Driver(
            program, job.python, timeout=_FOREVER, memory=0, port=port, hold=program.serves
        )
        secrets = KnownSecrets(
            {value for value in job.variables.values() if len(value) >= _SHORTEST_SECRET}
        )

        def on_event(kind: str, _: Mapping[str, Any]) -> None:
            if kind == "listening":
                self._on_address(f"http://127.0.0.1:{driver.port}/")

        def take(data: bytes | None) -> None:
            for line in self._lines(data):
                rest = driver.read(line, on_event)
                if rest is not None:
                    self._last.append(rest)
                    self._on_line(secrets.mask(rest))

        own = (job.environment,) if job.state_dir in job.environment.parents else ()
        run(
            ChildProcess(
                argv=driver.command,
                env=content_environment(job, work),
                build=f"run-{os.getpid()}",
                cwd=content,
                input=driver.job,
                user=user,
                take=take,
                look=self._look,
                tick=None,
                view=View(job.state_dir, (), own),
            )
        )
        if driver.answer is not None and driver.answer.ok:
            return True
        self.findings = self._explained(job, content, secrets)
        return False

    def _lines(self, data: bytes | None) -> list[str]:
        *whole, self._rest = (self._rest + (data or b"")).split(b"\n")
        if data is None or len(self._rest) > _LONGEST_LINE:
            whole, self._rest = [*whole, *filter(None, [self._rest])], b""
        return [decode(line) for line in whole]

    def _explained(self, job: RunJob, content: Path, secrets: KnownSecrets) -> tuple[Finding, ...]:
        from .. import diagnosis

        lines = [secrets.mask(line) for line in self._last]
        log = "\n".join(lines).encode("utf-8", "backslashreplace")
        result = CheckResult("no", "it has ended")
        findings = diagnosis.diagnose_log(log).findings
        return explain_failure(result, job, lines, findings, content, secrets).findings


def _give(directory: Path, user: User) -> None:
    """Give a new directory, and all that is in it, to a user; nothing of theirs runs yet."""
    for parent, _, names in os.walk(directory):
        for path in (parent, *(os.path.join(parent, name) for name in names)):
            os.chown(path, user.uid, user.gid, follow_symlinks=False)
