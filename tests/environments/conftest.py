"""One environment in the making: a specification, its place, and a build that runs right here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.environments import (
    EnvironmentBuilt,
    EnvironmentFailed,
    EnvironmentSpec,
    build_environment,
    interpreter_identity,
    location,
    read_configuration,
)
from pysteward.core.state import hold
from pysteward.core.versions import PythonVersion
from tests.support.environment_steps import DirectSteps
from tests.support.installation import Installation
from tests.support.wheels import served_from

QUICK_SEED = {"VIRTUALENV_SYMLINK_APP_DATA": "1", "VIRTUALENV_NO_SETUPTOOLS": "1"}
"""virtualenv links to the pip that it has unpacked already, in place of copying it each time."""


@dataclass
class Workshop:
    """Where a test's environments are made.

    packages: a directory of wheels that pip is served. has_network: it is served the real index.
    """

    state: Path
    packages: Path
    installation: Installation
    steps: DirectSteps = field(default_factory=DirectSteps)
    build_environment: dict[str, str] = field(default_factory=dict)
    has_network: bool = False
    _builds: int = 0

    def spec(self, requirements: str = "", **changes: Any) -> EnvironmentSpec:
        executable = str(self.installation.executable)
        return replace(
            EnvironmentSpec(
                executable=executable,
                interpreter=interpreter_identity(executable),
                version=PythonVersion.parse(self.installation.version),
                requirements=requirements,
                configuration=read_configuration(self.variables).digest,
            ),
            **changes,
        )

    def path(self, spec: EnvironmentSpec) -> Path:
        return location(self.state, spec)

    @property
    def variables(self) -> Mapping[str, str]:
        served = {} if self.has_network else served_from(self.packages)
        return {**served, **self.build_environment}

    @property
    def work(self) -> Path:
        """The directory of the newest build."""
        return self.state / "builds" / str(self._builds)

    def make(
        self, spec: EnvironmentSpec | str = "", **options: Any
    ) -> EnvironmentBuilt | EnvironmentFailed:
        if isinstance(spec, str):
            spec = self.spec(spec)
        self._builds += 1
        self.work.mkdir(parents=True)
        path = self.path(spec)
        with hold(path):
            return build_environment(
                spec,
                path,
                self.steps,
                work=self.work,
                cache=self.state / "cache",
                pip_log=self.work / "pip.log",
                build_environment=self.variables,
                **options,
            )


@pytest.fixture
def workshop(tmp_path: Path, installation: Installation, seed: Path) -> Workshop:
    """A workshop on the test's own installation; no network."""
    return make_workshop(tmp_path, installation, seed)


def make_workshop(directory: Path, installation: Installation, seed: Path) -> Workshop:
    (directory / "packages").mkdir()
    made = Workshop(directory / "state", directory / "packages", installation)
    made.build_environment.update(QUICK_SEED, VIRTUALENV_OVERRIDE_APP_DATA=str(seed))
    return made
