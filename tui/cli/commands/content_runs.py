"""The verbs of `pysteward content` that run content: check.

What runs content is imported late: `content ensure` runs before each use of content.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ....core.server import Server
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


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add what every verb has that runs content under limits."""
    add_env_file(parser)
    parser.add_argument("--timeout", metavar="TIME", help="time limit (default: check-timeout)")
    parser.add_argument("--memory", metavar="SIZE", help="memory limit (default: check-memory)")
    parser.add_argument("--output", metavar="SIZE", help="output limit (default: check-output)")
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


CHECK = Verb(
    "check",
    "start it in its environment, and say whether it answers",
    _configure_check,
    _check,
    "content check sales-report --env-file sales.env",
)
