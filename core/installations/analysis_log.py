"""The log of the start-up analysis: each installation given, its version, whether it is usable."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..state import make_directory, write_whole
from .model import Installation

LOG_FILE = "logs/installations.log"


class StartupLog:
    """Collects the lines, each with the time at which it was written."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self._add([text])

    def report(self, installation: Installation) -> None:
        """Say what became of one installation."""
        self._add(verdict_lines(installation))

    def _add(self, texts: Iterable[str]) -> None:
        seconds = time.time()
        local = time.localtime(seconds)
        day, zone = time.strftime("%Y/%m/%d %H:%M:%S", local), time.strftime("%z", local)
        now = f"{day}.{int(seconds % 1 * 1_000_000):06d}{zone}"
        self.lines += [f"{now} {text}" for text in texts]


def summary(installations: Sequence[Installation], runs: int) -> str:
    """Return the last line of the log.

    runs: how many interpreters were run; the others were known.
    """
    usable = sum(installation.usable for installation in installations)
    return (
        f"Python installations usable: {usable} of {len(installations)}; "
        f"interpreters run to find out: {runs}"
    )


def verdict_lines(installation: Installation) -> Iterable[str]:
    """Yield the lines of the log for one installation, without their times."""
    where = installation.executable or installation.path
    if installation.usable:
        has = [
            f"{name} {version}"
            for name, version in (
                ("pip", installation.pip),
                ("virtualenv", installation.virtualenv),
            )
            if version is not None
        ]
        yield (
            f"Python installation: {installation.path} is usable: {where} has version "
            f"{installation.version}" + (f" ({', '.join(has)})" if has else "")
        )
    else:
        version = "" if installation.version is None else f" (version {installation.version})"
        yield f"Python installation: {installation.path}{version} cannot be used"
    for problem in installation.problems:
        word = "Error" if problem.severity == "unusable" else "Warning"
        yield f"  {word} [{problem.code}] {problem.message}"
        if problem.remedy is not None:
            yield f"  Remedy: {problem.remedy}"


def keep_log(lines: Iterable[str], state_dir: Path) -> Path:
    """Write the log of the latest analysis into the state directory; return where.

    Raises OSError where the state directory cannot be written.
    """
    file = state_dir / LOG_FILE
    make_directory(file.parent)
    text = "".join(f"{line}\n" for line in lines)
    write_whole(file, text.encode("utf-8", "backslashreplace"), synced=False)
    return file
