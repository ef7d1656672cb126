"""The demonstration: a server that does not exist, with what goes wrong on those that do.

It needs no Python but its own, no settings and no state; nothing in it is run.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.installations import (
    Analysis,
    Installation,
    Problem,
)
from ...core.server import Server
from ...core.services import OnResult
from ...core.versions import PythonVersion
from .read_only import ReadOnlyBackend
from .session import Session

if TYPE_CHECKING:
    from ...core.services import BuildService, ContentService, DiagnosisService, EnvironmentService
    from ...core.settings import Settings
    from .demo_services import DemoBuilds, DemoContent, DemoEnvironments

_TODAY = date(2025, 1, 15)
_WHY_NOT = "this is the demonstration, its installations do not exist"


class _DemoServer(Server):
    """The server of the demonstration, as a diagnosis asks for it."""

    @cached_property
    def settings(self) -> Settings:
        return _settings()

    @cached_property
    def state_dir(self) -> Path:
        return Path(os.devnull)  # what it has, ``demo_services`` holds

    def analysis(
        self, *, fresh: bool = False, on_result: Callable[[Installation], None] | None = None
    ) -> Analysis:
        return Analysis(INSTALLATIONS, LOG)


class DemoBackend(ReadOnlyBackend):
    """The Source of the demonstration.

    pause: seconds that one installation's analysis seems to take.
    """

    why_read_only: str | None = _WHY_NOT

    def __init__(self, pause: float = 0.05) -> None:
        self._pause = pause

    @cached_property
    def _services(self) -> tuple[DemoContent, DemoBuilds, DemoEnvironments]:
        from .demo_services import DemoBuilds, DemoContent, DemoEnvironments

        server = _DemoServer()
        return DemoContent(server), DemoBuilds(server, _WHY_NOT), DemoEnvironments(server)

    @property
    def content(self) -> ContentService:
        return self._services[0]

    @property
    def builds(self) -> BuildService:
        return self._services[1]

    @property
    def environments(self) -> EnvironmentService:
        return self._services[2]

    def opening(self) -> Session:
        return Session(
            host="connect-1",
            user="trainer",
            settings_label="not real",
            policy="major-minor",
            settings=_settings(),
            today=_TODAY,
            installations=self.glance(),
            kind="Demo",
        )

    def glance(self) -> tuple[Installation, ...]:
        return tuple(replace(each, verified=False, problems=()) for each in INSTALLATIONS)

    def analyze(self, on_result: OnResult, *, fresh: bool) -> Analysis:
        for installation in INSTALLATIONS:
            time.sleep(self._pause)
            on_result(installation)
        return Analysis(INSTALLATIONS, LOG)

    def usage(self) -> dict[str, int]:
        from .demo_content import SUBJECTS

        kept = (subject.kept for subject in SUBJECTS)
        return Counter(python.executable or "" for python in kept if python is not None)

    @property
    def diagnosis(self) -> DiagnosisService:
        from .demo_services import DemoDiagnosis

        return DemoDiagnosis(_DemoServer())


def _settings() -> Settings:
    """As if they came from a server's file."""
    from ...core import settings

    file = Path("/etc/rstudio-connect/rstudio-connect.gcfg")
    default = settings.default(())
    lines = {"enabled": (41,), "version_matching": (42,), "prohibited_packages": (52, 53)}
    places = tuple(range(43, 43 + len(INSTALLATIONS)))
    origins = {field: settings.Origin(file, at) for field, at in lines.items()}
    return replace(
        default,
        file=file,
        format="gcfg",
        executables=tuple(each.path for each in INSTALLATIONS),
        environment_creator="virtualenv",
        prohibited_packages=("tensorflow-gpu", "pywinpty"),
        origins={
            **default.origins,
            **origins,
            "executables": settings.Origin(file, places),
            "environment_creator": settings.Origin(),
        },
    )


def _installation(version: str, *problems: Problem, virtualenv: str | None) -> Installation:
    path = f"/opt/python/{version}"
    executable = f"{path}/bin/python3"
    broken = any(problem.code == "crashes" for problem in problems)
    return Installation(
        path=path,
        executable=executable,
        target=f"{executable}.{version.split('.')[1]}",
        version=PythonVersion.parse(version),
        pip=None if broken else _PIP[version],
        virtualenv=virtualenv,
        venv=not broken,
        problems=problems,
        verified=True,
    )


_PIP = {
    "3.6.15": "21.3.1",
    "3.7.16": "23.3.2",
    "3.8.18": "23.0.1",
    "3.9.18": "23.3.1",
    "3.11.7": "23.3.2",
    "3.12.1": "24.0",
    "3.13.0": "24.3.1",
}


def _past(line: str, day: str) -> Problem:
    return Problem(
        "end-of-life",
        f"Python {line} gets no security fixes since {day}.",
        "Install a supported version and move its content there.",
        "warning",
    )


INSTALLATIONS = (
    _installation("3.6.15", _past("3.6", "2021-12-23"), virtualenv="20.17.1"),
    _installation(
        "3.7.16",
        Problem(
            "crashes",
            "The interpreter does not start: error while loading shared libraries: "
            "libpython3.7m.so.1.0: cannot open shared object file: No such file or directory",
            "echo /opt/python/3.7.16/lib > /etc/ld.so.conf.d/python-3.7.16.conf && ldconfig",
            "unusable",
        ),
        virtualenv=None,
    ),
    _installation(
        "3.8.18",
        Problem(
            "virtualenv-missing",
            "virtualenv is not installed, and environments are created with it.",
            "/opt/python/3.8.18/bin/python3 -m pip install 'virtualenv<20.27'",
            "unusable",
            (
                "/opt/python/3.8.18/bin/python3",
                "-m",
                "pip",
                "install",
                "virtualenv<20.27",
            ),
        ),
        _past("3.8", "2024-10-07"),
        virtualenv=None,
    ),
    _installation("3.9.18", virtualenv="20.25.1"),
    _installation(
        "3.11.7",
        Problem(
            "module-missing",
            "The standard library lacks _sqlite3: it was built without the headers of SQLite.",
            "apt-get install libsqlite3-dev, then build it again",
            "warning",
        ),
        virtualenv="20.25.1",
    ),
    _installation("3.12.1", virtualenv="20.26.6"),
    _installation("3.13.0", virtualenv="20.29.1"),
)


def _log() -> tuple[str, ...]:
    lines: list[str] = []
    for number, each in enumerate(INSTALLATIONS):
        at = f"2025/01/15 09:14:{2 + number // 3:02}"
        word = "is usable" if each.usable else "cannot be used"
        lines.append(f"{at} Python installation: {each.path} (version {each.version}) {word}")
        lines += [f"{at}   [{problem.code}] {problem.message}" for problem in each.problems]
    return tuple(lines)


LOG = _log()
