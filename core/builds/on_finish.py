"""Run the command of ``on-finish`` once a build or a plan has ended: a mail, a message, a hook."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from ..state import open_file
from ..trust import why_replaceable

_SECONDS = 60.0
FILE = "on-finish.txt"


def run_on_finish(
    command: Sequence[str], kind: str, name: str, outcome: str, *, output: Path
) -> None:
    """Run a command with three more arguments, without a shell: kind, id and outcome.

    command: a program by its path or its name, and its arguments; empty runs nothing.
    kind: ``build`` or ``plan``. output: the directory in which what it prints is kept, in
    ``on-finish.txt``. After a minute it is ended. It changes no outcome: what fails stands in that
    file.
    """
    if not command:
        return
    with contextlib.suppress(OSError):
        file = open_file(output / FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        try:
            problem = _run([*command, kind, name, outcome], file)
            if problem is not None:
                os.write(file, f"pysteward: {problem}\n".encode("utf-8", "backslashreplace"))
        finally:
            os.close(file)


def _run(argv: list[str], output: int) -> str | None:
    """Return what went wrong, or None."""
    import shutil
    import subprocess

    from ..processes import BUILD_PATH

    program = shutil.which(argv[0], path=BUILD_PATH)
    if program is None:
        return f"{argv[0]} is not a program"
    if os.geteuid() == 0 and (why := why_replaceable(program)) is not None:
        return f"{program} is not run as root: {why}"
    try:
        done = subprocess.run(
            [program, *argv[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={"PATH": BUILD_PATH, "LANG": "C.UTF-8", "HOME": os.path.expanduser("~")},
            cwd="/",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{program} was ended after {_SECONDS:.0f} seconds"
    except OSError as error:
        return f"{program} cannot be started: {error.strerror}"
    return f"exit status {done.returncode}" if done.returncode else None
