"""Take content from a Connect server on the command line, and deploy it here."""

from __future__ import annotations

import argparse
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.remotes.connect import (
    PackageDifference,
    Pulled,
    compare_packages,
    find_content,
    pull_bundle,
    read_content,
)
from ...core.server import Server
from .. import messages
from ..messages import ExitCode
from ..output import Output
from .connect_source import open_session
from .connect_tables import content_document

if TYPE_CHECKING:
    from ...core.builds import Build

_PINNED = {
    "lock": "the server's lock",
    "packages": "the packages that are installed there",
    "bundle": "the bundle's own requirements",
}


def show_pulled(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Take content into a new directory; NO when a deploy here fails or its packages differ."""
    with open_session(arguments.name) as session:
        content = find_content(read_content(session.client)[0], arguments.content)
        usual = re.sub(r"[^A-Za-z0-9._-]+", "-", content.name).strip(".-")[:64]
        directory = Path(arguments.output or usual or content.guid)
        pulled = pull_bundle(session.client, content, directory)
    for sentence in pulled.missing:
        messages.note(sentence)
    build = _deployed(pulled, directory.name, server) if arguments.deploy else None
    differences: tuple[PackageDifference, ...] | None = None
    if build is not None and build.outcome == "succeeded" and pulled.packages:
        differences = compare_packages(pulled.packages, build.packages)
    if out.as_json:
        out.document(
            {
                "content": content_document(content),
                "directory": str(pulled.content),
                "bundle": str(pulled.bundle),
                "python": pulled.python,
                "pinned": pulled.pinned,
                "packages": len(pulled.packages),
                "missing": list(pulled.missing),
                "build": None if build is None else build.id,
                "outcome": None if build is None else build.outcome,
                "differences": None
                if differences is None
                else [asdict(each) for each in differences],
            }
        )
    else:
        _show(pulled, build, differences, out)
    failed = build is not None and build.outcome != "succeeded"
    return ExitCode.NO if failed or differences else ExitCode.YES


def _deployed(pulled: Pulled, name: str, server: Server) -> Build:
    """Deploy what was taken, and wait for the end."""
    from ...core.builds import Record, follow, show
    from ...core.content import deploy
    from .build_watch import ignore_hangup, stream

    with ignore_hangup():
        build = deploy(server, str(pulled.content), name)
    if build.is_running:
        stream(follow(Record(build.directory)))
    return show(server.state_dir, build.id)


def _show(
    pulled: Pulled,
    build: Build | None,
    differences: tuple[PackageDifference, ...] | None,
    out: Output,
) -> None:
    out.line(f"{pulled.content}: Python {pulled.python or '-'}, pinned by {_PINNED[pulled.pinned]}")
    out.line(f"  the bundle as it was deployed: {pulled.bundle}")
    if build is None:
        out.line(f"  pysteward deploy {pulled.content} builds it here")
        return
    out.line(f"  build {build.id} {build.outcome}")
    if differences is None:
        return
    if not differences:
        out.line("  its packages are the same as on the server")
        return
    out.table(
        ("PACKAGE", "SERVER", "HERE"),
        [(each.name, each.there or "-", each.here or "-") for each in differences],
    )
