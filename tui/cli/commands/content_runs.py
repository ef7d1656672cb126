"""The verbs of `pysteward content` that run content: check, render, run.

What runs content is imported late: `content ensure` runs before each use of content.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ....core.server import Server
from ... import messages
from ...messages import ExitCode
from ...output import Output
from . import Verb, add_detach, add_json

if TYPE_CHECKING:
    from ....core.content import BuildCheck, RunOptions


def _check(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Start content and end it; YES only where it starts."""
    from ....core.content import check
    from ..build_watch import ignore_hangup, show_outcome, watch

    options = run_options(arguments)
    with ignore_hangup():
        run = check(server, arguments.name, options)
    if arguments.detach:
        return show_outcome(run, out)
    return watch(server.state_dir, run, out)


def _render(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Write a document as HTML; an environment that is not there is rebuilt first."""
    from ....core.builds import Record
    from ....core.content import render, write_document
    from ..build_watch import ignore_hangup, show_outcome, watch

    options = run_options(arguments)
    if not _is_ready(arguments.name, server, out):
        return ExitCode.NO
    with ignore_hangup():
        run = render(server, arguments.name, options)
    if arguments.detach:
        return show_outcome(run, out)
    status = watch(server.state_dir, run, out)
    if status is ExitCode.YES:
        target = Path(arguments.file or f"{arguments.name}.html")
        file = write_document(Record(run.directory), target)
        if not out.as_json:
            out.line(f"  document     {file}")
    return status


def _is_ready(name: str, server: Server, out: Output) -> bool:
    """Rebuild the environment of content where it is needed; return whether it is there."""
    from ....core.content import check_readiness, ensure
    from ..build_watch import ignore_hangup, show_outcome
    from ..spinner import wait_with_spinner

    installations = server.analysis().installations
    found = check_readiness(server.state_dir, name, installations)
    if found.need is None:
        return True
    messages.note(f"{name}: the environment is rebuilt first: {found.need.why}")
    with ignore_hangup():
        build = ensure(server, name).build
    if build is None:
        return True
    if build.is_running:
        build = wait_with_spinner(build, "rebuilding the environment")
    if build.outcome != "succeeded":
        show_outcome(build, out)
        return False
    return True


def _run(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Run content until it ends, or until Ctrl-C, which ends all of it."""
    import signal

    from ....core.content import ForegroundRun

    if not _is_ready(arguments.name, server, out):
        return ExitCode.NO
    run = ForegroundRun(
        server,
        arguments.name,
        on_line=out.line,
        on_address=lambda address: messages.note(
            f"{arguments.name} listens at {address} (Ctrl-C ends it)"
        ),
        look=lambda: None,
    )
    # A closed terminal, or the system, ends it as Ctrl-C does.
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if run.run(run_options(arguments), arguments.arguments, arguments.port):
        return ExitCode.YES
    from ..build_watch import finding_lines

    for finding in run.findings:
        for line in finding_lines(finding):
            messages.note(line)
    return ExitCode.NO


def add_check(parser: argparse.ArgumentParser) -> None:
    """Add --check, which verbs have that build."""
    parser.add_argument(
        "--check", action="store_true", help="keep the old environment unless it starts in the new"
    )
    parser.add_argument(
        "--use-anyway", action="store_true", help="with --check: take the new one all the same"
    )
    add_env_file(parser)


def check_of(arguments: argparse.Namespace) -> BuildCheck | None:
    """Return the start check that --check asks for; None leaves it to the settings."""
    if not (arguments.check or arguments.use_anyway or arguments.env_file):
        return None
    from ....core.content import BuildCheck

    return BuildCheck(run_options(arguments), use_anyway=arguments.use_anyway)


def run_options(arguments: argparse.Namespace) -> RunOptions:
    """Return the options of a run. Raises SettingsError, UsageError."""
    from ....core.content import RunOptions
    from ....core.errors import UsageError
    from ....core.running import read_env_file
    from ....core.settings import parse_duration, parse_size

    given = {"timeout": parse_duration, "memory": parse_size, "output": parse_size}
    limits: dict[str, float | int] = {}
    for name, parse in given.items():
        text = getattr(arguments, name, None)
        try:
            if text is not None:
                limits[name] = parse(text)
        except ValueError as problem:
            raise UsageError(f"--{name}: {problem}") from None
    file = getattr(arguments, "env_file", None)
    return RunOptions(
        timeout=limits.get("timeout"),
        memory=None if "memory" not in limits else int(limits["memory"]),
        output=None if "output" not in limits else int(limits["output"]),
        has_network=True if getattr(arguments, "network", False) else None,
        variables=None if file is None else read_env_file(Path(file)),
    )


def add_run_options(parser: argparse.ArgumentParser, *, network: bool = True) -> None:
    """Add what every verb has that runs content under limits."""
    add_env_file(parser)
    parser.add_argument("--timeout", metavar="TIME", help="time limit (default: check-timeout)")
    parser.add_argument("--memory", metavar="SIZE", help="memory limit (default: check-memory)")
    parser.add_argument("--output", metavar="SIZE", help="output limit (default: check-output)")
    if network:
        parser.add_argument(
            "--network", action="store_true", help="let it reach the network (check-network)"
        )


def add_env_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--env-file", metavar="FILE", help="give it the variables of this file (NAME=VALUE lines)"
    )


def _configure_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="content name")
    add_run_options(parser)
    add_detach(parser)
    add_json(parser)


def _configure_render(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="content name")
    parser.add_argument("-o", "--file", metavar="FILE", help="output file (default: NAME.html)")
    add_run_options(parser, network=False)
    add_detach(parser)
    add_json(parser)


def _configure_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="content name")
    parser.add_argument(
        "arguments", metavar="ARGS", nargs="*", help="arguments for its program, after --"
    )
    parser.add_argument(
        "--port", type=int, default=0, metavar="N", help="port (default: one that is free)"
    )
    add_env_file(parser)


CHECK = Verb(
    "check",
    "start it in its environment, and say whether it answers",
    _configure_check,
    _check,
    "content check sales-report --env-file sales.env",
)

RENDER = Verb(
    "render",
    "write its notebook or document as HTML",
    _configure_render,
    _render,
    "content render sales-report -o report.html",
)

RUN = Verb(
    "run",
    "run it in the foreground until Ctrl-C",
    _configure_run,
    _run,
    "content run sales-report -- --log-level debug",
)
