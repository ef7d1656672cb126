"""`pysteward build-python`: build a Python from source, or print a script that does."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ....core.errors import UsageError
from ....core.server import Server
from ... import messages
from ...messages import ExitCode
from ...output import Output
from . import Verb, add_detach, add_json

if TYPE_CHECKING:
    from ....core.builds import Build
    from ....core.distributions import Distribution


def _configure_script(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("version", metavar="VERSION", help="version, such as 3.11.9")
    parser.add_argument(
        "--distribution",
        metavar="NAME",
        help="target distribution, such as debian-12 or rhel-9 (default: this machine's)",
    )
    _add_optimize(parser)
    add_json(parser)


def _configure_install(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "archive", metavar="ARCHIVE", help="source archive (Python-X.Y.Z.tgz or .tar.xz)"
    )
    parser.add_argument(
        "--prefix", metavar="DIR", help="installation prefix (default: /opt/python/X.Y.Z)"
    )
    parser.add_argument(
        "--jobs", metavar="N", type=int, help="parallel compile jobs (default: number of CPUs)"
    )
    _add_optimize(parser)
    parser.add_argument("--openssl", metavar="DIR", help="build against the OpenSSL in this prefix")
    parser.add_argument(
        "--strict", action="store_true", help="fail if a build dependency is missing"
    )
    parser.add_argument(
        "--add", action="store_true", help="add the new Python to the settings without asking"
    )
    add_detach(parser)
    add_json(parser)


def _add_optimize(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--optimize",
        action="store_true",
        help="profile-guided optimization: faster Python, much longer build",
    )


def _script(arguments: argparse.Namespace, _server: Server, out: Output) -> ExitCode:
    from ....core.distributions import parse_distribution
    from ....core.source_builds import make_script
    from ....core.versions import PythonVersion, end_of_life, unsupported

    version = PythonVersion.parse(arguments.version)
    if (reason := unsupported(version)) is not None:
        raise UsageError(reason, code="below-minimum")
    given = arguments.distribution
    distribution = _this_distribution() if given is None else parse_distribution(given)
    if end_of_life(version) is None:
        messages.warn(
            f"Python {version} is not known here: the steps are those of the newest known"
        )
    if not distribution.is_known:
        messages.warn(f"{distribution} is not known here: its packages may be called otherwise")
    text = make_script(version, distribution, optimised=arguments.optimize)
    if out.as_json:
        out.document({"version": str(version), "distribution": str(distribution), "script": text})
    else:
        out.raw(text)
    return ExitCode.YES


def _this_distribution() -> Distribution:
    from ....core.distributions import this_distribution

    found = this_distribution()
    if found is None:
        raise UsageError("this distribution is not known; name the nearest one with --distribution")
    return found


def _install(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    from ....core.source_builds import PythonOptions, build_python
    from ..build_watch import (
        ignore_hangup,
        show_outcome,
        watch,
    )

    _check(arguments, server)
    with ignore_hangup():
        build = build_python(
            server,
            Path(arguments.archive),
            PythonOptions(
                prefix=None if arguments.prefix is None else Path(arguments.prefix),
                jobs=arguments.jobs,
                optimised=arguments.optimize,
                openssl=None if arguments.openssl is None else Path(arguments.openssl),
                strict=arguments.strict,
            ),
        )
    if arguments.detach:
        messages.note("when it is installed, add it to the settings: pysteward discover --add PATH")
        return show_outcome(build, out)
    status = watch(server.state_dir, build, out)
    if status is ExitCode.YES:
        _offer(build, arguments, server, out)
    return status


def _check(arguments: argparse.Namespace, server: Server) -> None:
    """Refuse at the start what would fail after the build."""
    if arguments.jobs is not None and not 1 <= arguments.jobs <= 1024:
        raise UsageError("--jobs must be from 1 to 1024")
    if arguments.add and arguments.detach:
        raise UsageError(
            "--add waits for the end of the build; leave out --detach, or use discover --add later"
        )
    if arguments.add and server.settings.file is None:
        raise UsageError("there is no settings file to add to; name one with --config")


def _offer(build: Build, arguments: argparse.Namespace, server: Server, out: Output) -> None:
    """Add the new installation to the settings, or ask whether to."""
    from ....core.builds import show

    ended = show(server.state_dir, build.id)
    file = server.settings.file
    if ended.python is None or file is None:
        return
    from ....core import settings

    edit = settings.add_value(file, "executables", ended.python.executable)
    if not edit.changes:
        messages.note(f"{file} lists it already.")
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


VERBS = (
    Verb(
        "script",
        "print the steps as a shell script",
        _configure_script,
        _script,
        "build-python script 3.11.9 --distribution debian-12",
    ),
    Verb(
        "install",
        "build and install from a source archive",
        _configure_install,
        _install,
        "build-python install Python-3.11.9.tgz --add",
    ),
)
