"""What the database says of content once a build of it has begun."""

from __future__ import annotations

from ..builds import Build, Python, row_of
from ..state import BundleRow, ContentRow, Database


def record_content(
    store: Database, bundle: BundleRow, build: Build, *, needs_python: bool = True
) -> None:
    """Write that a build of content has begun, with its bundle; within a transaction."""
    store.put_bundle(bundle)
    store.put_build(row_of(build))
    before = next(iter(store.content(build.content)), None)
    store.put_content(content_row(build, before, needs_python=needs_python))


def content_row(build: Build, before: ContentRow | None, *, needs_python: bool) -> ContentRow:
    """Return the row of content whose build has begun. before: its row until now.

    Content stays on the environment and the Python that it runs on until a build succeeded.
    """
    is_unmanaged = build.environment is not None and build.environment.id is None
    runs = before is not None and before.environment is not None and needs_python
    runs = runs and not is_unmanaged
    python = _python_of(before) if runs else build.python
    is_deploy = build.asked.kind == "deploy"
    return ContentRow(
        name=build.content,
        bundle=build.asked.digest,
        request=build.asked.request,
        python=python.version if python else None,
        executable=python.executable if python else None,
        rule=python.rule if python else None,
        environment=before.environment if before and needs_python else None,
        put_back=before.put_back if before and runs else None,
        origin=build.asked.bundle if is_deploy or before is None else before.origin,
        deployed=build.started if is_deploy or before is None else before.deployed,
        build=build.id,
        created=build.started,
        updated=build.started,
    )


def _python_of(row: ContentRow | None) -> Python | None:
    """Return the Python that content runs on."""
    if row is None or row.python is None or row.executable is None or row.rule is None:
        return None
    return Python(row.python, row.executable, row.rule)
