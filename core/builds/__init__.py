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

from .events import PHASES, Event, Finished, Lines, Notice, Outcome, Package, Phase, Waiting
from .model import Asked, Build, Considered, Environment, Python, as_json
from .record import Record

if TYPE_CHECKING:
    from .changes import changes_since
    from .deploying import deploy, rebuild, retry
    from .exporting import OpenRecord, export, open_record
    from .finish import Ending, finish, row_of
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
    from .record import create as create_record
    from .site import Site, user_name
    from .starting import start
    from .steps import BuildSteps, Ended
    from .working import Workbench, enter

__all__ = [
    "PHASES",
    "Asked",
    "Build",
    "Considered",
    "Content",
    "Environment",
    "Event",
    "Finished",
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
    "as_json",
    "cancel",
    "changes_since",
    "deploy",
    "export",
    "find",
    "find_content",
    "follow",
    "kept_bundle",
    "list_builds",
    "list_content",
    "open_record",
    "rebuild",
    "remove_build",
    "remove_content",
    "retry",
    "show",
    "user_name",
]

_LATE = {
    name: module
    for module, names in {
        "changes": ("changes_since",),
        "deploying": ("deploy", "rebuild", "retry"),
        "site": ("Site", "user_name"),
        "exporting": ("OpenRecord", "export", "open_record"),
        "following": ("follow",),
        "kept": ("kept_bundle",),
        "listing": (
            *("Content", "cancel", "find", "find_content", "list_builds", "list_content"),
            *("remove_build", "remove_content", "show"),
        ),
    }.items()
    for name in names
}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_LATE[name]}", __name__), name)
