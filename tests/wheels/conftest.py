"""A store of wheels, and an environment to link them into."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import pytest

from pysteward.core.wheels import Archive, Compiler, Intake, StoredWheel, WheelStore, take_in
from tests.support.environment_steps import DirectSteps

COMPILER = Compiler(Path(sys.executable), sys.implementation.cache_tag or "", MAGIC_NUMBER.hex())
"""The Python that runs the tests."""


@dataclass
class Storing:
    """A store in a directory. refused: what it did not take, by the wheel's name."""

    directory: Path
    store: WheelStore
    steps: DirectSteps = field(default_factory=DirectSteps)
    refused: dict[str, str] = field(default_factory=dict)

    def take(self, wheels: list[Path]) -> list[StoredWheel]:
        """Store wheels; returns those that were taken, in the same order."""
        archives = [archive_of(each) for each in wheels]
        work = self.directory / "work"
        work.mkdir(exist_ok=True)
        intake = Intake(self.store, self.steps, dict(os.environ), work, None, COMPILER)
        stored, refused = take_in(intake, archives)
        self.refused.update(
            {each.file: refused[each.sha256] for each in archives if each.sha256 in refused}
        )
        return [stored[each.sha256] for each in archives if each.sha256 in stored]


def archive_of(wheel: Path) -> Archive:
    return Archive(hashlib.sha256(wheel.read_bytes()).hexdigest(), wheel, wheel.name)


@pytest.fixture
def storing(tmp_path: Path) -> Storing:
    return make_storing(tmp_path)


def make_storing(directory: Path) -> Storing:
    state = directory / "state"
    state.mkdir()
    store = WheelStore(state)
    store.prepare(passable=False)
    return Storing(directory, store)


def run_python(environment: Path, *arguments: str) -> str:
    """Run an environment's interpreter; returns what it prints."""
    command = [str(environment / "bin" / "python"), "-I", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
