"""A build, and its JSON document (section 7 of the design): ``build.json`` in its record, and what
the command line prints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ..errors import StateError
from ..findings import Finding
from ..frozen import frozen
from ..json_values import JsonError, as_json, from_json
from ..running import CheckResult, Starts
from .events import BuildOutcome

SCHEMA = 1

Kind = Literal["deploy", "rebuild", "retry", "build-python", "check", "render"]
"""What was asked for. ``build-python``: no content, but an installation from its source. ``check``,
``render``: a run of content that is built already."""

RUNS = frozenset({"check", "render"})
"""The kinds that build nothing."""


@frozen
class Python:
    """The installation that was chosen, and the rule that chose it."""

    version: str
    executable: str
    rule: str


@frozen
class EnvironmentRef:
    """Where the packages are. id: None where they are the installation's own, unmanaged."""

    id: str | None
    path: str


@frozen
class Considered:
    """One installation's line in the decision."""

    version: str | None
    executable: str | None
    verdict: str
    why: str


@frozen
class Asked:
    """What was asked, and under which settings.

    by: the user. bundle: the path as given; digest: of what it held.
    request: the version or constraint. retried: the build that this one repeats. Of an installation
    from its source, bundle is the source archive; matching, creator and installer are empty.
    """

    kind: Kind
    by: str
    bundle: str
    digest: str
    request: str
    matching: str
    creator: str
    installer: str
    prohibited: tuple[str, ...]
    retried: str | None = None


@frozen
class Build:
    """One build.

    phase: the last one that began. reused: whether a complete environment was there already.
    directory: its record. started, finished: RFC 3339, UTC.
    skipped: the prohibited packages that were taken out of the requirements.
    reason: of the decision, one sentence. notices: what else had to be said.
    packages: name and version of each in the environment.
    findings: the root cause first.
    check: what a start check found out; None where content was not started.
    use_anyway: content takes the new environment though it does not start in it.
    server: of a cluster, that makes or has made it, and has its environment; None: this one.
    """

    id: str
    content: str
    outcome: BuildOutcome
    phase: str
    reused: bool
    python: Python | None
    environment: EnvironmentRef | None
    directory: Path
    started: str
    finished: str | None
    asked: Asked
    considered: tuple[Considered, ...] = ()
    reason: str = ""
    skipped: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    packages: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    check: CheckResult | None = None
    use_anyway: bool = False
    server: str | None = None

    @property
    def starts(self) -> Starts | None:
        """Whether its content starts; None where that was not asked."""
        return None if self.check is None else self.check.starts

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of the build and of the start check that it made."""
        if self.check is None or self.is_run:
            return self.findings
        return (*self.findings, *self.check.findings)

    @property
    def is_run(self) -> bool:
        """Whether it is a run of content, and builds nothing."""
        return self.asked.kind in RUNS

    @property
    def log(self) -> Path:
        return self.directory / "log.txt"

    @property
    def is_running(self) -> bool:
        return self.outcome == "running"


def build_as_json(build: Build) -> dict[str, Any]:
    """Return the build as a JSON document."""
    members: dict[str, Any] = as_json(build)
    members["id"], members["directory"] = build.id, str(build.log)
    members["packages"] = [{"name": name, "version": version} for name, version in build.packages]
    members["starts"] = build.starts
    named = {_NAMES.get(name, name): member for name, member in members.items()}
    return {"schema": SCHEMA, **named}


def build_from_json(document: object, directory: Path) -> Build:
    """Return the build of a document that `build_as_json` made, perhaps elsewhere.

    directory: the record that it was read from.
    Raises: StateError (record-newer, record-invalid).
    """
    try:
        members = from_json(Mapping[str, Any], document)
        if members.get("schema") != SCHEMA:
            raise StateError(
                f"the record has schema {members.get('schema')!r}, this pysteward knows {SCHEMA}: "
                "use a newer one",
                code="record-newer",
                file=directory,
            )
        packages = from_json(tuple[_Package, ...], members.get("packages"))
        own = {name: members[key] for name, key in _NAMES.items() if key in members}
        return from_json(
            Build,
            {
                **members,
                **own,
                "directory": str(directory),
                "packages": [list(each) for each in packages],
            },
        )
    except JsonError as error:
        raise StateError(
            f"not a build record: {error}", code="record-invalid", file=directory
        ) from None


class _Package(NamedTuple):
    """One package, as the document has it."""

    name: str
    version: str


_NAMES = {"id": "build", "directory": "log"}  # fields whose member has another name
