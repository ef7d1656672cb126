"""Creates an empty environment: by the installation's virtualenv, its venv, or pysteward's own."""

from __future__ import annotations

import sys
from pathlib import Path

from .spec import EnvironmentSpec


def creation_command(spec: EnvironmentSpec, path: Path) -> list[str]:
    """The command that creates the environment; its options come by variables, see `children`.

    A virtualenv of any age creates for the interpreter that runs it, unless told otherwise.
    """
    match spec.creator:
        case "venv":
            return [spec.executable, "-m", "venv", str(path)]
        case "bundled":
            return [sys.executable, "-m", "virtualenv", "--python", spec.executable, str(path)]
        case _:
            return [spec.executable, "-m", "virtualenv", str(path)]


def interpreter_of(path: Path) -> Path:
    """The interpreter of the environment at this path."""
    return path / "bin" / "python"
