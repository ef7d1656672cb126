"""`pysteward build-python`: a Python from its source, as a script to read or done step by step."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ....core.errors import UsageError
from ... import messages
from ...app.context import Context
from ...messages import ExitCode
from ...output import Output

if TYPE_CHECKING:
    from ....core.builds import Build
    from ....core.distributions import Distribution


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "version", metavar="VERSION", nargs="?", help="for --script, such as 3.11.9"
    )
    parser.add_argument("--script", action="store_true", help="print what to do as a shell script")
    parser.add_argument(
        "--distribution",
        metavar="NAME",
        help="for --script: debian-12, ubuntu-24.04, rhel-9, sles-15.6 …; the default is this one",
    )
    parser.add_argument("--source", metavar="FILE", help="install from Python-X.Y.Z.tgz or .tar.xz")
    parser.add_argument(
        "--prefix", metavar="DIR", help="where to; the default is /opt/python/X.Y.Z"
    )
    parser.add_argument(
        "--jobs", metavar="N", type=int, help="compilers at once; the default is one a processor"
    )
    parser.add_argument(
        "--optimise",
        "--optimize",
        action="store_true",
        help="by profile: a faster Python, several times the time",
    )
    parser.add_argument("--openssl", metavar="DIR", help="compile with the OpenSSL in this prefix")
    parser.add_argument(
        "--strict", action="store_true", help="refuse where something to compile with is missing"
    )
    parser.add_argument(
        "--add", action="store_true", help="add it to the settings in the end, without asking"
    )
    parser.add_argument(
        "--detach", action="store_true", help="return at once; the build goes on by itself"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")


def run(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    """Print the script, or install."""
    if arguments.script:
        return _script(arguments, out)
    if arguments.source is None:
        raise UsageError("VERSION --script prints the steps, --source FILE does them: say which")
    return _install(arguments, context, out)


def _script(arguments: argparse.Namespace, out: Output) -> ExitCode:
    from ....core.distributions import parse_distribution
    from ....core.source_builds import make_script
    from ....core.versions import PythonVersion, unsupported

    if arguments.version is None or arguments.source is not None:
        raise UsageError("--script needs a VERSION, such as 3.11.9, and no --source")
    version = PythonVersion.parse(arguments.version)
    if (reason := unsupported(version)) is not None:
        raise UsageError(reason, code="below-minimum")
    given = arguments.distribution
    distribution = _this_distribution() if given is None else parse_distribution(given)
    text = make_script(version, distribution, optimised=arguments.optimise)
    if out.as_json:
        out.document({"version": str(version), "distribution": str(distribution), "script": text})
    else:
        out.raw(text)
    return ExitCode.YES


def _this_distribution() -> Distribution:
    from ....core.distributions import this_distribution

    found = this_distribution()
    if found is None:
        raise UsageError("this distribution is not known: name the nearest with --distribution")
    return found


def _install(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    from ....core.source_builds import PythonOptions, build_python
    from ..build_watch import (
        ignore_hangup,
        show_outcome,
        site,
        watch,
    )

    _check(arguments, context)
    with ignore_hangup():
        build = build_python(
            site(context),
            Path(arguments.source),
            PythonOptions(
                prefix=None if arguments.prefix is None else Path(arguments.prefix),
                jobs=arguments.jobs,
                optimised=arguments.optimise,
                openssl=None if arguments.openssl is None else Path(arguments.openssl),
                strict=arguments.strict,
            ),
        )
    if arguments.detach:
        messages.note("once it is installed, add it to the settings: pysteward discover --add PATH")
        return show_outcome(build, out)
    status = watch(context.state_dir, build, out)
    if status is ExitCode.YES:
        _offer(build, arguments, context, out)
    return status


def _check(arguments: argparse.Namespace, context: Context) -> None:
    """Refuse what would only turn out when all is compiled."""
    if arguments.version is not None or arguments.distribution is not None:
        raise UsageError("VERSION and --distribution are for --script: a source has its version")
    if arguments.jobs is not None and not 1 <= arguments.jobs <= 1024:
        raise UsageError("--jobs must be from 1 to 1024")
    if arguments.add and arguments.detach:
        raise UsageError("--add waits for the end: leave out --detach, or use discover --add then")
    if arguments.add and context.settings.file is None:
        raise UsageError("there is no settings file to add to: name one with --config")


def _offer(build: Build, arguments: argparse.Namespace, context: Context, out: Output) -> None:
    """Add the installation to the settings, or offer to."""
    from ....core.builds import show

    ended = show(context.state_dir, build.id)
    file = context.settings.file
    if ended.python is None or file is None:
        return
    from ....core import settings

    edit = settings.add_value(file, "executables", ended.python.executable)
    if not edit.changes:
        messages.note(f"{file} names it already.")
        return
    if out.as_json:
        if not arguments.add:
            return
    else:
        out.line(edit.diff())
    if not arguments.add and not messages.ask(f"Add it to {file}?"):
        messages.note(f"to add it later: pysteward discover --add {ended.python.executable}")
        return
    backup = edit.write()
    messages.note(f"Written to {file} (as it was: {backup}); a running server must be restarted.")
