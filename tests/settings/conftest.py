"""What the tests of settings share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]


@pytest.fixture
def gcfg(tmp_path: Path) -> Write:
    """Writes a .gcfg file and returns its path."""

    def write(text: str | bytes, name: str = "rstudio-connect.gcfg") -> Path:
        return _written(tmp_path / name, text)

    return write


@pytest.fixture
def toml(tmp_path: Path) -> Write:
    """Writes a .toml file and returns its path."""

    def write(text: str | bytes, name: str = "pysteward.toml") -> Path:
        return _written(tmp_path / name, text)

    return write


def _written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    # Whatever the umask: as root a file that others may write is refused.
    path.chmod(0o644)
    return path
