"""The program `pysteward`: run a command or open the app, and turn its end into an exit status."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

from ..core.errors import StewardError
from . import messages
from .cli import main as command_line
from .messages import ExitCode
from .output import Output

_OBJECTS_BETWEEN_COLLECTIONS = 50_000


def run() -> NoReturn:
    """Run the program and exit at once.

    Freeing memory that the system frees anyway takes a tenth as long as a reused deploy.
    """
    _open_what_is_closed()
    try:
        try:
            status = main()
        finally:
            _set_interrupts(signal.default_int_handler, signal.SIG_DFL)
    except KeyboardInterrupt:  # while an error was reported
        status = ExitCode.INTERRUPTED
    with suppress(OSError):  # the reader of the output may be gone
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


def _open_what_is_closed() -> None:
    """Open closed standard streams (`>&-`) on the null device.

    Else the next file that is opened gets their number, and the output goes into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8")


def _set_interrupts(before: object, handler: Any) -> None:
    """Change how Ctrl-C is handled, unless something else handles or ignores it."""
    if signal.getsignal(signal.SIGINT) is before:
        signal.signal(signal.SIGINT, handler)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status; see ExitCode.

    arguments: those after the name of the program; None means those of this process.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Most commands end before a collection finds anything, and spent a tenth of their time on it.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    as_json = "--json" in given
    try:
        return _run(given)
    except StewardError as problem:
        return _refuse(problem, as_json)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader, `head` for example, has enough; the rest must not be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except OSError as problem:
        # Not expected by any module: a device error, a directory that vanishes while it is read.
        what = f"the system refuses: {problem.strerror or problem}"
        return _refuse(StewardError(what, code="system", file=problem.filename), as_json)
    except Exception:
        # A mistake of ours: the user gets one line, and a file to send to us.
        return _refuse(StewardError(_bug_report(), code="bug"), as_json)


def _run(given: Sequence[str]) -> int:
    call = command_line.parse(given)
    # All that a command needs to start is imported: from here on Ctrl-C is an exception.
    _set_interrupts(signal.SIG_DFL, signal.default_int_handler)
    ended = command_line.run(call)
    if isinstance(ended, int):
        return ended
    from .launch import launch

    return launch(ended)


def _refuse(problem: StewardError, as_json: bool) -> ExitCode:
    messages.error(problem)
    if as_json:
        Output(as_json=True).document(messages.error_document(problem))
    return ExitCode.USAGE


def _bug_report() -> str:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="pysteward-", suffix=".log", delete=False, errors="backslashreplace"
    ) as report:
        traceback.print_exc(file=report)
    return f"this is a mistake in pysteward; please report it with the file {report.name}"


if __name__ == "__main__":
    run()
