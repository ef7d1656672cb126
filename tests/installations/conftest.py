"""An altered Python for each test, and short ways to ask for the analysis of one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pysteward.core.installations import Installation, analyze
from tests.support.pythons import (
    AlteredPython,
    RealPython,
    alter,
    real_python,
)


@pytest.fixture
def python(tmp_path: Path) -> AlteredPython:
    """A usable Python of the tests' own line, with stand-ins for pip and virtualenv."""
    made = alter(real_python(), tmp_path / "python")
    made.give("pip", "23.2.1", ">=3.7")
    made.give("virtualenv", "20.26.6", ">=3.7")
    return made


@pytest.fixture
def make(tmp_path: Path) -> Callable[[RealPython], AlteredPython]:
    """Makes further ones, of any real Python."""
    made: list[AlteredPython] = []

    def make_one(real: RealPython) -> AlteredPython:
        made.append(alter(real, tmp_path / f"made-{len(made)}"))
        return made[-1]

    return make_one


def analyse_one(path: Path | str, **options: object) -> Installation:
    """The verdict on one installation, its interpreter run."""
    return analyze([str(path)], **options).installations[0]


def codes(installation: Installation) -> list[str]:
    return [problem.code for problem in installation.problems]


def reasons(installation: Installation) -> list[str]:
    return [problem.code for problem in installation.reasons_against]
