"""The commands: one module for each noun, imported only when that noun is called.

A module has ``VERBS``, a tuple of Verb; a noun without verbs has one verb without a name.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ....core.content import Resolving
    from ....core.server import Server
    from ...output import Output
    from ...start import Start

Configure = Callable[[argparse.ArgumentParser], object]
Run = Callable[["argparse.Namespace", "Server", "Output"], "int | Start"]


class Verb(NamedTuple):
    """One thing that a noun can do.

    name: empty for the only verb of a noun without verbs.
    help: lower case, verb first, no period.
    configure: adds its arguments to a parser.
    run: does it; returns an exit status, or what the app is to open with.
    example: a command line, without the name of the program.
    """

    name: str
    help: str
    configure: Configure
    run: Run
    example: str


class Noun(NamedTuple):
    """What the program knows of a noun before it imports the noun's module.

    default: the verb that the bare noun stands for; None where a verb must be given.
    is_rare: whether the help of the program only names it.
    """

    module: str
    help: str
    default: str | None = ""
    is_rare: bool = False

    def verbs(self) -> dict[str, Verb]:
        """Import the module and return its verbs by name, in the order of the help."""
        module = import_module(f".{self.module}", __package__)
        return {verb.name: verb for verb in module.VERBS}


NOUNS = {
    "installations": Noun("installations", "list the configured Pythons and check each one"),
    "discover": Noun("discover", "find Pythons on this machine that are not configured"),
    "match": Noun("match", "show which Python a request gets, and why"),
    "deploy": Noun("deploy", "deploy a bundle: build or reuse its environment"),
    "content": Noun("content", "list and manage deployed content", "list"),
    "builds": Noun("builds", "list and manage builds", "list"),
    "runs": Noun(
        "runs", "list and manage start checks and renders of content", "list", is_rare=True
    ),
    "environments": Noun("environments", "list, verify and prune environments", "list"),
    "wheels": Noun("wheels", "list, verify and prune stored wheels", "list", is_rare=True),
    "config": Noun("config", "show, check and change the settings", None),
    "diagnose": Noun("diagnose", "explain why a build failed"),
    "upgrade": Noun("upgrade", "plan and apply a change of installations", "plan"),
    "build-python": Noun(
        "build_python", "build and install a Python from source", None, is_rare=True
    ),
    "report": Noun("report", "write a text about this server for someone else", is_rare=True),
    "repair": Noun("repair", "make the database again where it is damaged or lost", is_rare=True),
    "scenario": Noun("scenario", "run a matching scenario", "run", is_rare=True),
    "servers": Noun("servers", "show all servers that ssh leads to, a row each", is_rare=True),
    "cluster": Noun("cluster", "run a part of a cluster that builds", None, is_rare=True),
    "connect": Noun("connect", "read Posit Connect servers", None, is_rare=True),
    "demo": Noun("demo", "open the terminal interface on a demo server", is_rare=True),
    "completion": Noun("completion", "print a shell completion script", is_rare=True),
}
"""Every noun by its name, in the order in which `--help` lists them."""


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add --json, which nearly every verb has."""
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def add_detach(parser: argparse.ArgumentParser) -> None:
    """Add --detach, which every verb has that starts builds."""
    parser.add_argument(
        "--detach", action="store_true", help="start it in the background and return"
    )


def add_resolving(parser: argparse.ArgumentParser) -> None:
    """Add --locked and --refresh, which every verb has that builds content."""
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--locked", action="store_true", help="install the content's lock or fail; resolve nothing"
    )
    either.add_argument(
        "--refresh", action="store_true", help="resolve afresh, whatever is locked or built"
    )


def resolving_of(arguments: argparse.Namespace) -> Resolving:
    """Return whether requirements may be resolved."""
    return "never" if arguments.locked else "always" if arguments.refresh else "if-needed"
