"""Content that a deploy would replace: when and from where its last bundle came, and whether the
new one is of another kind."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..builds import find, find_content, list_builds
from ..bundles import stored_bundle
from ..errors import BundleError, StateError
from ..frozen import frozen
from ..server import Server

if TYPE_CHECKING:
    from ..bundles import Bundle, Manifest


@frozen
class Replacement:
    """Content of the name that a bundle is deployed under.

    deployed: when its last bundle came (RFC 3339, UTC). origin: the path that was given for it;
    None where no record says so any more.
    is_same_origin: whether the new bundle comes from that path.
    difference: how the two differ in what they are, a clause; None where they do not.
    """

    content: str
    deployed: str
    origin: str | None
    is_same_origin: bool
    difference: str | None

    @property
    def sentence(self) -> str:
        where = "" if self.origin is None else f" from {self.origin}"
        what = "" if self.difference is None else f" ({self.difference})"
        return f"this updates content {self.content!r}{what}, last deployed {self.deployed}{where}"


def find_replacement(server: Server, name: str, bundle: Bundle, given: str) -> Replacement | None:
    """Return what a deploy of this bundle under this name replaces; None where it is new.

    given: the bundle's path, absolute.
    """
    if not server.state_dir.is_dir():
        return None
    try:
        content = find_content(server.state_dir, name)
    except StateError:
        return None
    deployed, origin = content.deployed, content.origin
    if deployed is None:
        deployed, origin = _last_deploy(server, name) or (content.updated, None)
    is_same = origin is not None and os.path.realpath(origin) == os.path.realpath(given)
    difference = None if is_same else _difference(server, content.bundle, bundle)
    return Replacement(name, deployed, origin, is_same, difference)


def _last_deploy(server: Server, name: str) -> tuple[str, str] | None:
    """Return when and from where content was deployed last, as its records have it."""
    for row in list_builds(server.state_dir, content=name):
        try:
            asked = find(server.state_dir, row.id).read().asked
        except StateError:
            continue
        if asked.kind == "deploy":
            return row.started, asked.bundle
    return None


def _difference(server: Server, digest: str, bundle: Bundle) -> str | None:
    """Return how app mode or entry point differ from the bundle that content has; None where that
    is not kept any more."""
    from ..bundles import open_bundle

    path = stored_bundle(server.state_dir, digest)
    if path is None:
        return None
    try:
        before = open_bundle(path).manifest
    except BundleError:
        return None
    for what, old, new in (
        ("app mode", before.appmode, bundle.manifest.appmode),
        ("entry point", _entry_point(before), _entry_point(bundle.manifest)),
    ):
        if old != new:
            return f"its {what} is {old or 'none'}, this bundle's {new or 'none'}"
    return None


def _entry_point(manifest: Manifest) -> str | None:
    return manifest.entrypoint or manifest.primary_rmd or manifest.primary_html
