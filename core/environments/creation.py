"""Create an empty environment: by the installation's virtualenv, its venv, or pysteward's own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .spec import EnvironmentSpec


def creation_command(spec: EnvironmentSpec, path: Path) -> list[str]:
    """Return the command that creates the environment; its options come by variables, see
    `child_environment`.

    A virtualenv of any age creates for the interpreter that runs it, unless told otherwise. Where
    an old release is needed, its wheels come first on the path, see `old_virtualenv`.
    """
    executable = canonical_path(spec.executable)
    match spec.creator:
        case "venv":
            return [executable, "-m", "venv", str(path)]
        case "bundled":
            return [sys.executable, "-m", "virtualenv", "--python", executable, str(path)]
        case _:
            return [executable, "-m", "virtualenv", str(path)]


def canonical_path(executable: str) -> str:
    """Return the interpreter's path without symbolic links, as RStudio Connect reports it.

    An environment that was made through a link would change when the link is turned. The links of
    an interpreter within a virtual environment are kept: without them it is the one around it.
    """
    directory, name = os.path.split(executable)
    directory = os.path.realpath(directory)
    path = os.path.join(directory, name)
    is_virtual = os.path.exists(os.path.join(os.path.dirname(directory), "pyvenv.cfg"))
    return path if is_virtual else os.path.realpath(path)


def interpreter_of(path: Path) -> Path:
    """Return the interpreter of the environment at this path."""
    return path / "bin" / "python"
