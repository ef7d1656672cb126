"""`content ensure` and `content rollback`: the environment of content before its use."""

from __future__ import annotations

from pathlib import Path

from ...core.builds import Build
from ...core.content import Readiness, check_readiness, roll_back
from .. import messages
from ..app.context import Context
from ..messages import ExitCode
from ..output import Output


def show_ensured(context: Context, name: str, out: Output) -> ExitCode:
    """Write the path of the environment, after a rebuild where one is needed.

    Ctrl-C leaves the build running.
    """
    ensured = check_readiness(context.state_dir, name, context.analysis().installations)
    if ensured.need is not None:
        ensured = _start(context, name)
    path, build = ensured.path, ensured.build
    if build is not None and ensured.need is not None:
        messages.note(f"{name} is rebuilt: {ensured.need.why}")
        build, path = _wait(context, build, path)
    if out.as_json:
        out.document(_document(ensured, build, path))
    elif path is not None:
        out.line(str(path))
    if path is None and build is not None:
        causes = [finding["cause"] for finding in build.findings if finding["role"] == "cause"]
        messages.note(
            f"build {build.id} {build.outcome}{': ' if causes else ''}{''.join(causes[:1])}"
        )
    return ExitCode.NO if path is None else ExitCode.YES


def show_put_back(context: Context, name: str, out: Output) -> ExitCode:
    """Switch content back to its previous environment, and write which that is."""
    content = roll_back(context.state_dir, name)
    assert content.environment is not None
    assert content.python is not None
    if out.as_json:
        out.document(
            {
                "content": name,
                "environment": {"id": content.environment.id, "path": content.environment.path},
                "python": content.python.version,
            }
        )
    else:
        out.line(f"{name} is on Python {content.python.version} again: {content.environment.path}")
        out.line("It stays there until it is deployed or rebuilt.")
    return ExitCode.YES


def _start(context: Context, name: str) -> Readiness:
    from ...core.content import ensure
    from .build_watch import ignore_hangup, site

    with ignore_hangup():
        return ensure(site(context), name)


def _wait(context: Context, build: Build, path: Path | None) -> tuple[Build, Path | None]:
    """Wait for the build; returns it with the path that it made."""
    from ...core.builds import Record, follow, show
    from .build_watch import stream

    if build.is_running:
        stream(follow(Record(build.folder)))
        build = show(context.state_dir, build.id)
    if build.outcome == "succeeded" and build.environment is not None:
        return build, Path(build.environment.path)
    return build, path


def _document(ensured: Readiness, build: Build | None, path: Path | None) -> dict[str, object]:
    content = ensured.content
    python = build.python if build is not None else content.python
    return {
        "content": content.name,
        "path": None if path is None else str(path),
        "rebuilt": build is not None,
        "why": None if ensured.need is None else ensured.need.why,
        "build": None if build is None else build.id,
        "outcome": "succeeded" if build is None else build.outcome,
        "python": None if python is None else python.version,
        "findings": [] if build is None else [dict(finding) for finding in build.findings],
    }
