"""The program `pysteward`: finds the command, runs it, turns its end into an exit status."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

from ..core import __version__
from ..core.errors import StewardError, UsageError
from . import messages
from .app.context import Context
from .cli.commands import COMMANDS
from .messages import ExitCode
from .output import Output

_OBJECTS_BETWEEN_COLLECTIONS = 50_000


def run() -> NoReturn:
    """The program: one command, and then an end at once.

    Taking the interpreter apart, whose memory is given back anyway, would take a tenth as long as
    a reused deploy.
    """
    _open_what_is_closed()
    status = main()
    with suppress(OSError):  # what was ours to write is written; its reader may be gone
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


def _open_what_is_closed() -> None:
    """What is written to a closed stream (`>&-`) goes nowhere; else it would go into the next file
    that is opened and gets its number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status; see ExitCode."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Most commands end before a collection would find anything, and spent a tenth of their time
    # on it.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    as_json = "--json" in given
    try:
        return _run(given)
    except StewardError as problem:
        return _refuse(problem, as_json)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader, `head` for example, has enough; what is left must not be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except OSError as problem:
        # What no module foresaw: a device error, a folder that vanishes while it is read.
        what = f"the system refuses: {problem.strerror or problem}"
        return _refuse(StewardError(what, code="system", file=problem.filename), as_json)
    except Exception:
        # A mistake of ours: the user gets one line, and a file to send to us.
        return _refuse(StewardError(_bug_report(), code="bug"), as_json)


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


def _run(given: list[str]) -> int:
    # Wherever they stand: before the command, behind it, or behind what it does.
    common = _Parser(add_help=False)
    _add_common(common)
    everywhere, rest = common.parse_known_args(given)
    context = Context(everywhere.config, everywhere.state_dir)
    arguments = _parser(rest).parse_args(rest)
    if arguments.command is None:
        return import_module(".cli.commands.interface", __package__).run(
            arguments, context, Output(as_json=False)
        )
    module = import_module(f".cli.commands.{COMMANDS[arguments.command].module}", __package__)
    return module.run(arguments, context, Output(getattr(arguments, "json", False)))


class _Help(argparse.HelpFormatter):
    """As wide as the terminal; argparse imports shutil to find that out, whoever asks for help."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_width())


def _width() -> int:
    """The columns for help, as argparse counts them."""
    told = os.environ.get("COLUMNS", "")
    columns = int(told) if told.isdecimal() else 0
    if not columns:
        with suppress(OSError):  # it is no terminal
            columns = os.get_terminal_size(1).columns
    return (columns or 80) - 2


class _Parser(argparse.ArgumentParser):
    """Reports bad usage as every other error is reported."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, formatter_class=_Help, allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")


def _parser(given: list[str]) -> argparse.ArgumentParser:
    """The parser; it knows all commands only where none of them is called."""
    parser = _Parser(
        prog="pysteward",
        description="Every Python on this server: usable or not, which one content gets and why.",
    )
    parser.add_argument("--version", action="version", version=f"pysteward {__version__}")
    _add_common(parser)
    commands = parser.add_subparsers(
        dest="command",
        metavar="COMMAND",
        parser_class=_Parser,
        title="commands",
        prog=parser.prog,  # found out by itself, that costs a help page
    )
    called = given[0] if given and given[0] in COMMANDS else None
    for name in COMMANDS if called is None else (called,):
        text = COMMANDS[name].help
        sub = commands.add_parser(name, help=text, description=text)
        if name == called:
            import_module(f".cli.commands.{COMMANDS[name].module}", __package__).configure(sub)
            _add_common(sub)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", metavar="FILE", help="the settings file")
    parser.add_argument("--state-dir", metavar="DIR", help="where content and builds are kept")


if __name__ == "__main__":
    run()
