"""A build without a worker: runs the children of `make` right here and remembers what was told."""

from __future__ import annotations

import os
import select
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


class DirectSteps:
    """Implements core.environments.Steps.

    phases, packages, lines: all that was told, in order. user: run children as this user id.
    """

    def __init__(self, user: int | None = None) -> None:
        self.user = user
        self.phases: list[tuple[str, str]] = []
        self.packages: list[tuple[str, str | None, str]] = []
        self.lines: list[str] = []
        self.commands: list[list[str]] = []

    def phase(
        self, name: str, detail: str = "", *, done: int | None = None, total: int | None = None
    ) -> None:
        self.phases.append((name, detail))

    def log(self, line: str) -> None:
        self.lines.append(line)

    def package(self, name: str, version: str | None, action: str, size: int | None = None) -> None:
        self.packages.append((name, version, action))

    def look(self) -> None:
        pass

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path | None = None,
        input: bytes | None = None,  # noqa: A002 - the name that subprocess has for it
        on_line: Callable[[str], bool] | None = None,
        tick: Callable[[], None] | None = None,
        quiet: bool = False,
    ) -> int:
        self.commands.append(list(argv))
        child = subprocess.Popen(
            argv,
            env=dict(env),
            cwd=cwd or "/",
            stdin=subprocess.DEVNULL if input is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            umask=0o022,
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
        )
        if input is not None:
            child.stdin.write(input)
            child.stdin.close()
        rest = b""
        try:
            while True:
                ready, _, _ = select.select([child.stdout], [], [], 0.1)
                if tick is not None:
                    tick()
                if not ready:
                    continue
                chunk = os.read(child.stdout.fileno(), 65536)
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines if chunk or not rest else [*lines, rest]:
                    text = line.decode("utf-8", "replace").rstrip("\r")
                    if (on_line is None or on_line(text)) and not quiet:
                        self.lines.append(text)
                if not chunk:
                    return child.wait()
        finally:  # whatever a tick or a line raises, nobody goes on behind its back
            child.kill()
            child.wait()
