"""The commands, one file each; none is imported before it is called.

A command's module has ``configure(parser)``, which adds its arguments, and
``run(arguments, context, out) -> ExitCode``.
"""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """Where a command lives and the line that `--help` says of it."""

    module: str
    help: str


COMMANDS = {
    "installations": Command("installations", "which Pythons are configured and usable"),
    "discover": Command("discover", "Pythons on this machine that are not configured"),
    "match": Command("match", "which Python a request would get, and why"),
    "deploy": Command("deploy", "build or reuse a bundle's environment"),
    "content": Command("content", "what was deployed"),
    "builds": Command("builds", "the builds, running ones first"),
    "environments": Command("environments", "the environments and who uses them"),
    "config": Command("config", "show, check and change the settings"),
    "diagnose": Command("diagnose", "why a build failed, from its log"),
    "upgrade": Command("upgrade", "what would move if the installations changed"),
    "build-python": Command("build_python", "a Python from its source: a script, or done"),
    "demo": Command("demo", "the terminal interface on a server that does not exist"),
    "scenario": Command("scenario", "hypothetical installations and requests from a file"),
}
"""Every command by its name, in the order in which `--help` lists them."""
