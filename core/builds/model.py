"""A build as its record tells of it, and as the command line's JSON has it (section 7 of the
design): the same document is kept as ``build.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, cast

from ..errors import StateError
from ..frozen import frozen
from .events import BuildOutcome

SCHEMA = 1

OUTCOMES: tuple[BuildOutcome, ...] = ("running", "succeeded", "failed", "cancelled", "interrupted")

Kind = Literal["deploy", "rebuild", "retry", "build-python"]
"""What was asked for. ``build-python``: no content, but an installation from its source."""

KINDS: tuple[Kind, ...] = ("deploy", "rebuild", "retry", "build-python")


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
    folder: its record. started, finished: RFC 3339, UTC.
    skipped: the prohibited packages that were taken out of the requirements.
    reason: of the decision, one sentence. notices: what else had to be said.
    packages: name and version of each in the environment.
    findings: as `diagnose` has them in its JSON, the root cause first.
    """

    id: str
    content: str
    outcome: BuildOutcome
    phase: str
    reused: bool
    python: Python | None
    environment: EnvironmentRef | None
    folder: Path
    started: str
    finished: str | None
    asked: Asked
    considered: tuple[Considered, ...] = ()
    reason: str = ""
    skipped: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    packages: tuple[tuple[str, str], ...] = ()
    findings: tuple[Mapping[str, Any], ...] = ()

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    @property
    def is_running(self) -> bool:
        return self.outcome == "running"


def as_json(build: Build) -> dict[str, Any]:
    """The build as a JSON document."""
    return {
        "schema": SCHEMA,
        "build": build.id,
        "content": build.content,
        "outcome": build.outcome,
        "phase": build.phase,
        "reused": build.reused,
        "python": asdict(build.python) if build.python else None,
        "environment": asdict(build.environment) if build.environment else None,
        "log": str(build.log),
        "started": build.started,
        "finished": build.finished,
        "skipped": list(build.skipped),
        "findings": [dict(finding) for finding in build.findings],
        "reason": build.reason,
        "notices": list(build.notices),
        "packages": [{"name": name, "version": version} for name, version in build.packages],
        "asked": asdict(build.asked),
        "considered": [asdict(line) for line in build.considered],
    }


def from_json(document: object, folder: Path) -> Build:
    """The build of a document that `as_json` made, perhaps elsewhere.

    folder: the record that it was read from. Raises StateError for anything else.
    """
    try:
        top = _object(document)
        if top["schema"] != SCHEMA:
            raise StateError(
                f"the record has schema {top['schema']!r}, this pysteward knows {SCHEMA}: "
                "use a newer one",
                code="record-newer",
                file=folder,
            )
        return Build(
            id=_text(top["build"]),
            content=_text(top["content"]),
            outcome=_outcome(top["outcome"]),
            phase=_text(top["phase"]),
            reused=bool(top["reused"]),
            python=_python(top["python"]),
            environment=_environment(top["environment"]),
            folder=folder,
            started=_text(top["started"]),
            finished=_optional(top["finished"]),
            asked=_asked(top["asked"]),
            considered=tuple(_considered(item) for item in _list(top["considered"])),
            reason=_text(top["reason"]),
            skipped=_texts(top["skipped"]),
            notices=_texts(top["notices"]),
            packages=tuple(_package(item) for item in _list(top["packages"])),
            findings=tuple(_finding(item) for item in _list(top["findings"])),
        )
    except (KeyError, TypeError, ValueError):
        raise StateError(
            "this is no record of a build", code="record-invalid", file=folder
        ) from None


def _python(value: object) -> Python | None:
    if value is None:
        return None
    found = _object(value)
    return Python(_text(found["version"]), _text(found["executable"]), _text(found["rule"]))


def _environment(value: object) -> EnvironmentRef | None:
    if value is None:
        return None
    found = _object(value)
    return EnvironmentRef(_optional(found["id"]), _text(found["path"]))


def _asked(value: object) -> Asked:
    found = _object(value)
    names = ("by", "bundle", "digest", "request", "matching", "creator", "installer")
    texts = {name: _text(found[name]) for name in names}
    return Asked(
        _kind(found["kind"]),
        **texts,
        prohibited=_texts(found["prohibited"]),
        retried=_optional(found["retried"]),
    )


def _considered(value: object) -> Considered:
    found = _object(value)
    return Considered(
        _optional(found["version"]),
        _optional(found["executable"]),
        _text(found["verdict"]),
        _text(found["why"]),
    )


def _package(value: object) -> tuple[str, str]:
    found = _object(value)
    return _text(found["name"]), _text(found["version"])


def _finding(value: object) -> Mapping[str, Any]:
    found = _object(value)
    evidence = [_object(line) for line in _list(found["evidence"])]
    return {
        "code": _text(found["code"]),
        "role": _text(found["role"]),
        "cause": _text(found["cause"]),
        "remedy": _text(found["remedy"]),
        "author_remedy": _optional(found["author_remedy"]),
        "evidence": [
            {
                "source": _text(line["source"]),
                "line": int(cast(int, line["line"])),
                "text": _text(line["text"]),
            }
            for line in evidence
        ],
    }


def _kind(value: object) -> Kind:
    for kind in KINDS:
        if kind == value:
            return kind
    raise ValueError(value)


def _outcome(value: object) -> BuildOutcome:
    for outcome in OUTCOMES:
        if outcome == value:
            return outcome
    raise ValueError(value)


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return cast("dict[str, object]", value)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(value)
    return cast("list[object]", value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _optional(value: object) -> str | None:
    return None if value is None else _text(value)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(item) for item in _list(value))
