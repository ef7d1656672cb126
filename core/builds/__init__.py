"""Builds: begun, followed, cancelled, repeated; and the records that they leave.

    site = Site(state_dir, settings, run_as, analyse)
    build = deploy(site, "flask.tar.gz")          finished already, or running on its own
    for event in follow(find(state_dir, build.id)):
        …                                         Lines, Phase, Package, Waiting, Notice, Finished

A build runs in a process of its own (`worker`), so it goes on whatever becomes of whoever began it.
All that is known of it stands in its record, a folder that any number of readers may follow. What a
reader needs is here at once; the rest is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .events import Event, Finished, Lines, Notice, Outcome, Package, Phase, Waiting
from .model import Asked, Build, Considered, Environment, Python, as_json
from .record import Record

if TYPE_CHECKING:
    from .changes import changes_since
    from .deploying import deploy, rebuild, retry
    from .ending import Ending
    from .exporting import OpenRecord, export, open_record
    from .finishing import finish, row_of
    from .following import follow
    from .kept import kept_bundle
    from .listing import (
        Content,
        cancel,
        find,
        find_content,
        list_builds,
        list_content,
        remove_build,
        remove_content,
        show,
    )
    from .logout import warning as logout_warning
    from .record import Writer
    from .record import create as create_record
    from .site import Site, user_name
    from .starting import start
    from .steps import BuildSteps, Ended
    from .sweeping import Leftover, leftovers, sweep
    from .working import Workbench, enter

__all__ = [
    "Asked",
    "Build",
    "BuildSteps",
    "Considered",
    "Content",
    "Ended",
    "Ending",
    "Environment",
    "Event",
    "Finished",
    "Leftover",
    "Lines",
    "Notice",
    "OpenRecord",
    "Outcome",
    "Package",
    "Phase",
    "Python",
    "Record",
    "Site",
    "Waiting",
    "Workbench",
    "Writer",
    "as_json",
    "cancel",
    "changes_since",
    "create_record",
    "deploy",
    "enter",
    "export",
    "find",
    "find_content",
    "finish",
    "follow",
    "kept_bundle",
    "leftovers",
    "list_builds",
    "list_content",
    "logout_warning",
    "open_record",
    "rebuild",
    "remove_build",
    "remove_content",
    "retry",
    "row_of",
    "show",
    "start",
    "sweep",
    "user_name",
]

_LATE = {
    name: module
    for module, names in {
        "changes": ("changes_since",),
        "deploying": ("deploy", "rebuild", "retry"),
        "ending": ("Ending",),
        "exporting": ("OpenRecord", "export", "open_record"),
        "finishing": ("finish", "row_of"),
        "following": ("follow",),
        "kept": ("kept_bundle",),
        "listing": (
            *("Content", "cancel", "find", "find_content", "list_builds", "list_content"),
            *("remove_build", "remove_content", "show"),
        ),
        "logout": ("logout_warning",),
        "record": ("Writer", "create_record"),
        "site": ("Site", "user_name"),
        "starting": ("start",),
        "steps": ("BuildSteps", "Ended"),
        "sweeping": ("Leftover", "leftovers", "sweep"),
        "working": ("Workbench", "enter"),
    }.items()
    for name in names
}
_CALLED_THERE = {"create_record": "create", "logout_warning": "warning"}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_LATE[name]}", __name__), _CALLED_THERE.get(name, name))
