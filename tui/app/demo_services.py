"""Content, environments and builds of the demonstration: one server, the same on all tabs.

The three builds were recorded; their paths are the demonstration's, and their waits shorter.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from ...core.builds import BuildEntry, Content, EnvironmentRef, Python, Record, row_of
from ...core.content import ContentStatus, RebuildReason, TodaysMatching, Urgency, rollback_target
from ...core.environments import Defect, Environment, Marker, Usage
from ...core.errors import StateError, StewardError
from ...core.services import (
    BuildService,
    ContentService,
    DiagnosisInput,
    DiagnosisService,
    EnvironmentService,
    Verified,
)
from .demo_content import SUBJECTS

if TYPE_CHECKING:
    from ...core.builds import Build, Estimate
    from ...core.bundles import Bundle
    from ...core.installations import Installation
    from ...core.server import Server
    from ...core.services import Examination
    from ...core.upgrades import Subject

STATE = Path(__file__).with_name("demo_state")
"""Holds records of builds, as a state directory does, and nothing else."""

_DAY = "2025-01-{:02}T{:02}:{:02}:00.000Z"
_ROOT = "/var/lib/pysteward/environments/pip"
_DAMAGED = "stock-dashboard"
_SHARED = {"weather-feed": "energy-map", "tax-model": "quarterly-report"}
"""Content that uses the environment of other content."""

_WEB = (("flask", "3.0.3"), ("jinja2", "3.1.4"), ("gunicorn", "22.0.0"), ("requests", "2.32.3"))
_DATA = (("numpy", "1.26.4"), ("pandas", "2.2.2"), ("python-dateutil", "2.9.0"), ("pytz", "2024.1"))
_MODEL = (*_DATA, ("scikit-learn", "1.5.1"), ("scipy", "1.13.1"), ("joblib", "1.4.2"))
_PACKAGES = {
    "dashboard": (*_DATA, ("dash", "2.17.1"), ("plotly", "5.22.0")),
    "api": (("fastapi", "0.111.0"), ("pydantic", "2.7.4"), ("uvicorn", "0.30.1")),
    "model": _MODEL,
    "forecast": _MODEL,
    "report": (*_DATA, ("openpyxl", "3.1.4"), ("nbconvert", "7.16.4")),
    "notebook": (*_DATA, ("nbconvert", "7.16.4"), ("matplotlib", "3.9.0")),
}
_PIP_SIZE, _PACKAGE_SIZE = 14_500_000, 2_300_000
_LARGE = {"numpy": 64_000_000, "pandas": 71_000_000, "scipy": 138_000_000, "plotly": 58_000_000}


class DemoBuilds(BuildService):
    """The recorded builds; they can be replayed and diagnosed, and nothing can be run."""

    def __init__(self, server: Server, why_not: str) -> None:
        super().__init__(server)
        self._why_not = why_not

    def stamp(self) -> object:
        return 0

    def list(self) -> tuple[BuildEntry, ...]:
        return tuple(BuildEntry(row_of(build)) for build in recorded_builds())

    def count_running(self) -> int:
        return 0

    def record(self, build: str) -> Record:
        if not (STATE / "builds" / build).is_dir():
            raise StateError(
                "the demonstration keeps the records of three builds only", code="build-unknown"
            )
        return Record(STATE / "builds" / build)

    def estimate(self, build: Build) -> Estimate | None:
        return None

    def environment_size(self, build: Build) -> int | None:
        used = build.environment
        sizes = {each.identity: _size_of(each) for each in environments()}
        return sizes.get(used.id) if used is not None and used.id is not None else None

    def cancel(self, build: str) -> bool:
        return self._refuse()

    def retry(self, build: str) -> Build:
        return self._refuse()

    def remove(self, build: str, *, force: bool = False) -> None:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise StewardError(f"Nothing is run: {self._why_not}.")


class DemoDiagnosis(DiagnosisService):
    """Knows the recorded builds."""

    def examine(self, subject: DiagnosisInput) -> Examination:
        if subject.build is not None:
            directory = STATE / "builds" / subject.build
            subject = DiagnosisInput(path=directory, name=subject.title)
        return super().examine(subject)


class DemoContent(ContentService):
    """The content of the demonstration; what is said of it follows from the installations."""

    def list(self, installations: Sequence[Installation] | None) -> tuple[ContentStatus, ...]:
        known = installations or ()
        today = TodaysMatching(known, self._server.settings.version_matching) if known else None
        broken = {each.executable: each for each in known if each.verified and not each.usable}
        found: list[ContentStatus] = []
        for item in sorted(map(_content, SUBJECTS), key=lambda each: each.name):
            reason = broken.get(item.python.executable) if item.python is not None else None
            need = None
            if reason is not None:
                why = " ".join(problem.message for problem in reason.reasons_against)
                need = RebuildReason(
                    Urgency.BROKEN, f"its Python {reason.version} is unusable: {why}"
                )
            would_get = today.would_get(item) if today is not None else None
            found.append(ContentStatus(item, (), need, would_get, rollback_target(item)))
        return tuple(found)

    def packages(self, found: Content) -> tuple[tuple[str, str], ...]:
        used = found.environment.id if found.environment is not None else None
        marker = next((each.marker for each in environments() if each.identity == used), None)
        return marker.packages if marker is not None else ()

    def last_run(self, name: str) -> Build | None:
        return None

    def bundle(self, name: str) -> Bundle:
        raise StateError("the demonstration keeps no bundles", code="bundle-gone")


class DemoEnvironments(EnvironmentService):
    """The environments of the demonstration."""

    def list(self) -> tuple[Environment, ...]:
        return environments()

    def sizes(self, chosen: Sequence[Environment]) -> Usage:
        sizes = {each.path: _size_of(each) for each in chosen}
        total = sum(sizes.values())
        return Usage(sizes, total * 7 // 10, total * 7 // 10)

    def verify(self, chosen: Sequence[Environment]) -> Generator[Verified]:
        for each in chosen:
            yield Verified(each, _DEFECTS if _DAMAGED in each.used_by else ())


_DEFECTS = (
    Defect("package-changed", "plotly is 5.21.0; it was installed as 5.22.0", "plotly"),
    Defect(
        "file-missing",
        "dash/deps/polyfill@7.min.js is missing; it belongs to dash 2.17.1",
        "dash",
        "dash/deps/polyfill@7.min.js",
    ),
)


@lru_cache(maxsize=1)
def recorded_builds() -> tuple[Build, ...]:
    """Return the builds that have a record, the newest first; none from a zip file."""
    directory = STATE / "builds"
    names = sorted(each.name for each in directory.iterdir()) if directory.is_dir() else []
    return tuple(Record(directory / name).build() for name in reversed(names))


@lru_cache(maxsize=1)
def environments() -> tuple[Environment, ...]:
    """Return all environments, last used first."""
    found: dict[str, list[Subject]] = {}
    for subject in SUBJECTS:
        if subject.kept is not None:
            found.setdefault(_SHARED.get(subject.name, subject.name), []).append(subject)
    used = [_environment(name, users) for name, users in found.items()]
    return tuple(sorted((*used, _unused()), key=lambda each: each.last_used or "", reverse=True))


def _environment(name: str, users: Sequence[Subject]) -> Environment:
    python = users[0].kept
    assert python is not None
    number = [each.name for each in SUBJECTS].index(name)
    created = _DAY.format(2 + number % 9, 8 + number % 8, number * 3)
    recorded = next((each for each in recorded_builds() if each.content == name), None)
    packages = recorded.packages if recorded is not None and recorded.packages else _packages(name)
    identity = _identity(name)
    if recorded is not None and recorded.packages and recorded.environment is not None:
        identity, created = recorded.environment.id or identity, recorded.finished or created
    version = str(python.version)
    return _made(
        identity,
        version,
        python.executable or "",
        packages,
        created,
        tuple(each.name for each in users),
    )


def _unused() -> Environment:
    return _made(
        _identity("old-etl"),
        "3.9.18",
        "/opt/python/3.9.18/bin/python3",
        (*_DATA, ("sqlalchemy", "1.4.52")),
        "2024-11-04T10:12:00.000Z",
        (),
    )


def _made(
    identity: str,
    version: str,
    executable: str,
    packages: Sequence[tuple[str, str]],
    created: str,
    users: tuple[str, ...],
) -> Environment:
    marker = Marker(
        identity=identity,
        executable=executable,
        interpreter=executable,
        python=version,
        creator="virtualenv",
        installer="pip",
        installer_version="24.0",
        requirements=tuple(f"{name}=={version}" for name, version in packages),
        packages=tuple(packages),
        complaints=(),
        created=created,
    )
    path = Path(_ROOT, version, identity)
    return Environment(
        identity, path, "pip", version, executable, "complete", created, created, users, marker
    )


def _content(subject: Subject) -> Content:
    """Content as it is recorded; a failed build leaves it where it was."""
    recorded = next((each for each in recorded_builds() if each.content == subject.name), None)
    number = [each.name for each in SUBJECTS].index(subject.name)
    day = _DAY.format(2 + number % 9, 8 + number % 8, number * 3)
    python = subject.kept
    owner = _SHARED.get(subject.name, subject.name)
    used = next((each for each in environments() if owner in each.used_by), None)
    is_recorded = recorded is not None
    return Content(
        name=subject.name,
        request=subject.request.text,
        python=None
        if python is None
        else Python(str(python.version), python.executable or "", _rule(subject)),
        environment=None if used is None else EnvironmentRef(used.identity, str(used.path)),
        build=recorded.id if is_recorded else f"20250110-{80000 + number:06}000-{number:04x}",
        outcome=recorded.outcome if is_recorded else "succeeded" if python else "failed",
        bundle=f"{number:064x}",
        created=_DAY.format(2, 8, number),
        updated=recorded.started if is_recorded else day,
    )


def _rule(subject: Subject) -> str:
    """Return the rule that chose its Python."""
    if not subject.request.text[0].isdigit():
        return "latest"
    is_same = subject.kept is not None and subject.request.text == str(subject.kept.version)
    return "exact" if is_same else "least-greater"


def _packages(name: str) -> tuple[tuple[str, str], ...]:
    kind = name.rpartition("-")[2]
    return tuple(sorted((("pip", "24.0"), *_PACKAGES.get(kind, _WEB))))


def _identity(name: str) -> str:
    """Return 22 letters that are always the same for a name."""
    import base64
    import hashlib

    digest = hashlib.sha256(name.encode()).digest()
    return base64.b64encode(digest, altchars=b"xy").decode()[:22]


def _size_of(environment: Environment) -> int:
    packages = environment.marker.packages if environment.marker is not None else ()
    return _PIP_SIZE + sum(_LARGE.get(name, _PACKAGE_SIZE) for name, _ in packages)
