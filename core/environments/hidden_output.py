"""Show what pip hides: given ``--log``, it writes a failed command's output there and only there.

Every pip does so: it takes that log for something that is being looked at. So where it says that a
command has failed, the output is put in from its log, as that pip shows it without ``--log``.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..file_io import open_regular

_MOST_BYTES = 16 * 1024 * 1024
_MOST_LINES = 5000

# What pip prints: since 22 a place where the output would be, before that a line that follows it.
_INSTEAD = re.compile(r"(?P<arrow>.*╰─> )No available output\.")
_AFTERWARDS = re.compile(
    r".*Check the logs for full command output\.|.*failed with error code [0-9]+ in .*"
    r"|\s*(?:ERROR: )?Failed building wheel for .*"
)

# What it writes into the log: a command, its output, and what became of it.
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3} ?")
_COMMAND = re.compile(r"\s*Running command .*")
_GOOD_END = re.compile(r".*: finished with status 'done'")
_BAD_END = re.compile(
    r"\s*(?:ERROR: .* exited with -?[0-9]+|ERROR: Command errored out .*"
    r"|.*: finished with status 'error'|WARNING: Discarding .*|Cleaning up\.\.\."
    r"|Command .* failed with error code .*|(?:ERROR: )?Failed building wheel for .*"
    r"|error: subprocess-exited-with-error|Exception information:)"
)


class HiddenOutput:
    """Follows what one pip prints. log: its full log."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._read_to = 0

    def shown_for(self, line: str) -> tuple[str, ...]:
        """Return what to show for a line that pip has printed: mostly that line alone."""
        if found := _INSTEAD.fullmatch(line):
            if output := self._failed_output():
                return (
                    f"{found['arrow']}[{len(output)} lines of output]",
                    *(f"      {text}" for text in output),
                    "      [end of output]",
                )
        elif _AFTERWARDS.fullmatch(line) and (output := self._failed_output()):
            return (
                f"    Complete output ({len(output)} lines):",
                *(f"    {text}" for text in output),
                f"    {'-' * 40}",
                line,
            )
        return (line,)

    def _failed_output(self) -> list[str]:
        """Return what the next failed command in the log has printed; nothing if there is none."""
        try:
            with open(open_regular(self._log), "rb") as stream:
                size = stream.seek(0, 2)
                self._read_to = stream.seek(max(self._read_to, size - _MOST_BYTES))
                data = stream.read().split(b"\n")
        except OSError:
            return []
        lines = [_TIME.sub("", line.decode("utf-8", "replace"), count=1) for line in data]
        begins = [number for number, line in enumerate(lines) if _COMMAND.fullmatch(line)]
        for begin, end in zip(begins, [*begins[1:], len(lines)], strict=False):
            output, failed = _until_the_end(lines[begin + 1 : end], end == len(lines))
            if failed:
                self._read_to += sum(len(line) + 1 for line in data[: begin + 1])
                return _unindented(output)[-_MOST_LINES:]
        return []


def _until_the_end(lines: list[str], is_last: bool) -> tuple[list[str], bool]:
    """Return a command's output, and whether it has failed.

    is_last: nothing ran after it; then it has failed, even if pip has not written so yet.
    """
    for number, line in enumerate(lines):
        if _GOOD_END.fullmatch(line):
            return lines[:number], False
        if _BAD_END.fullmatch(line):
            return lines[:number], True
    return lines, is_last


def _unindented(lines: list[str]) -> list[str]:
    """Without what pip indents all of them by, and without blank lines at the end."""
    lines = [line.rstrip() for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    common = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return [line[common:] for line in lines]
