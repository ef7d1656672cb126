"""Make what is dear once for a whole run, though several processes run its tests."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def make_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a directory that `make` has filled, in this process or in another of the same run.

    Nobody may change what is in it. name: its own among all that is shared.
    """
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # pytest-xdist gives each worker a directory of its own below it
    directory = base / f"shared-{name}"
    with open(base / f"shared-{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (directory / ".made").exists():
            shutil.rmtree(directory, ignore_errors=True)  # of one that failed
            directory.mkdir()
            make(directory)
            (directory / ".made").touch()
    return directory
