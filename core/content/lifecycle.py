"""Deploy content, builds it again, or tries a build once more: from a bundle to a build that is
finished, because all was there already, or to one that a worker has started."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..builds import Build, BuildPlaces, Content, Python, find, find_content, list_builds
from ..bundles import stored_bundle
from ..errors import BuildError, StateError
from ..processes import find_confinement
from ..server import Server
from .build_check import BuildCheck
from .deployment import Deployment
from .replacement import Replacement, find_replacement

if TYPE_CHECKING:
    from ..bundles import Bundle
    from ..settings import Settings
    from .lock_choice import Resolving


def deploy(
    server: Server,
    bundle: str | Path,
    content: str | None = None,
    *,
    check: BuildCheck | None = None,
    all_files: bool = False,
    confirm: Callable[[str], bool] | None = None,
    resolving: Resolving = "if-needed",
    on: BuildPlaces | None = None,
) -> Build:
    """Make or update a piece of content from a bundle.

    content: its name; None: the bundle's. check: the start check of the build; None: as the
    settings say. resolving: whether requirements may be resolved, must be, or must not; see
    `Resolving`. all_files: also those of a directory that the manifest does not list.
    confirm: asked, with a sentence, before content from another path is replaced under the
    bundle's name; None where nobody can be asked: then that is a notice, and an error where app
    mode or entry point differ.
    Returns the build, finished if a complete environment was there or nothing matches, else
    running, on its own.

    Raises BundleError for the bundle, BuildError (``python-disabled``, ``content-name``,
    ``content-other``, ``not-confirmed``) for what may not be built, StateError where the state
    directory cannot be written.
    """
    from ..bundles import open_bundle

    opened = open_bundle(bundle, all_files=all_files)
    if opened.needs_python:
        _refuse_disabled(server.settings)
    name = opened.name if content is None else _checked_name(content)
    given = os.path.abspath(opened.path)
    replaced = find_replacement(server, name, opened, given)
    deployment = Deployment(
        server, "deploy", name, opened, given=given, check=check, resolving=resolving, on=on
    )
    if replaced is not None and (content is not None or replaced.is_same_origin):
        deployment.replaces = replaced.sentence
    elif replaced is not None:
        deployment.notices += _agree_to(replaced, confirm)
    return deployment.run()


def _agree_to(replaced: Replacement, confirm: Callable[[str], bool] | None) -> list[str]:
    """Return what is to be said of a replacement. Raises: BuildError where it may not happen."""
    hint = "for other content give a name with --content"
    if confirm is not None:
        if confirm(f"{replaced.sentence[0].upper()}{replaced.sentence[1:]}. Go on?"):
            return [replaced.sentence]
        raise BuildError(f"nothing was deployed; {hint}", code="not-confirmed")
    if replaced.difference is not None:
        raise BuildError(
            f"{replaced.sentence}: give --content {replaced.content} to replace it all the same, "
            "another name for other content",
            code="content-other",
        )
    return [f"{replaced.sentence}; {hint}"]


def rebuild(
    server: Server,
    content: str,
    *,
    afresh: bool = False,
    check: BuildCheck | None = None,
    resolving: Resolving = "if-needed",
    on: BuildPlaces | None = None,
) -> Build:
    """Build deployed content again, with the Python that was chosen when it was deployed.

    Only if that is gone or unusable it is matched again, and both facts are told.

    afresh: make its environment again even if it is complete. check: as in `deploy`. What it
    installs is the lock that the content runs on, unless `resolving` says otherwise. on: as in
    `deploy`.
    Raises as `deploy`, and StateError (``content-unknown``) where there is no such content.
    """
    _refuse_disabled(server.settings)
    found = find_content(server.state_dir, content)
    bundle = _kept_bundle(server, found.bundle)
    return Deployment(
        server,
        "rebuild",
        content,
        bundle,
        given=str(bundle.path),
        kept=_kept_python(server, found),
        afresh=afresh,
        check=check,
        resolving=resolving,
        on=on,
    ).run()


def retry(server: Server, build: str, *, on: BuildPlaces | None = None) -> Build:
    """Build once more what a build was asked to: the same bundle, the same Python if it still can.

    Raises as `rebuild`, and StateError (``build-unknown``, ``build-running``, ``build-of-python``).
    """
    _refuse_disabled(server.settings)
    old = find(server.state_dir, build).build()
    if old.asked.kind == "build-python":
        raise StateError(
            f"build {old.id} installed a Python: run pysteward build-python once more",
            code="build-of-python",
        )
    if old.is_running:
        raise StateError(f"build {old.id} still runs: cancel it first", code="build-running")
    bundle = _kept_bundle(server, old.asked.digest)
    return Deployment(
        server,
        "retry",
        old.content,
        bundle,
        given=old.asked.bundle,
        kept=old.python,
        retried=old.id,
        on=on,
    ).run()


def _kept_python(server: Server, content: Content) -> Python | None:
    """Return the Python that was chosen for the newest bundle of content.

    That is the Python it runs on, unless a later bundle has not been built yet.
    """
    rows = list_builds(server.state_dir, content=content.name)
    of_bundle = [row for row in rows if row.bundle == content.bundle]
    environment = content.environment.id if content.environment else None
    if (
        environment is None
        or content.put_back is not None
        or any(row.environment == environment and row.outcome == "succeeded" for row in of_bundle)
    ):
        return content.python
    first = min(of_bundle, key=lambda row: row.id, default=None)
    if first is None or first.python is None or first.executable is None or first.rule is None:
        return None
    return Python(first.python, first.executable, first.rule)


def _refuse_disabled(settings: Settings) -> None:
    if not settings.enabled:
        raise BuildError(
            "Python content is disabled: set Enabled = true in section [Python]",
            code="python-disabled",
            file=settings.file,
        )
    if settings.confinement == "required":
        found = find_confinement()
        if not found.is_whole:
            raise BuildError(
                f"nothing is built: confinement is required, and {found.reason}; "
                'install bubblewrap, or set confinement = "auto"',
                code="confinement-missing",
                file=settings.file,
            )


def _checked_name(name: str) -> str:
    if not name.strip() or len(name) > 200 or not name.isprintable() or "/" in name:
        raise BuildError(
            f"{name[:200]!r} cannot be the name of content: use 1 to 200 printable characters "
            "without a slash",
            code="content-name",
        )
    return name


def _kept_bundle(server: Server, digest: str) -> Bundle:
    from ..bundles import open_bundle

    path = stored_bundle(server.state_dir, digest)
    if path is not None:
        return open_bundle(path)
    raise StateError(
        "the bundle is no longer there: deploy it again", code="bundle-gone", file=server.bundles
    )
