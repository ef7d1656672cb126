"""The mark in a prefix that a Python is being installed into, or whose installation was cut off."""

from __future__ import annotations

import os
from dataclasses import replace

from .model import Installation, Problem

UNFINISHED_MARK = ".pysteward-unfinished"
"""The file's name. It is there from before the first file is installed until all is checked."""


def with_mark(installation: Installation) -> Installation:
    """Return the same, unusable where its prefix bears the mark."""
    if installation.target is None:
        return installation
    prefix = os.path.dirname(os.path.dirname(installation.target))
    if not os.path.lexists(os.path.join(prefix, UNFINISHED_MARK)):
        return installation
    problem = Problem(
        "unfinished",
        f"The Python in {prefix} is still being installed, or its installation was cut off.",
        "pysteward builds list  # shows whether it runs; else repeat that pysteward build-python",
        "unusable",
    )
    return replace(installation, problems=(problem, *installation.problems))
