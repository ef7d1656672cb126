"""Names of packages, as PEP 503 compares them."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[-_.]+")


def normalize(name: str) -> str:
    """Return a name in the form in which two names of one package are equal."""
    return _SEPARATORS.sub("-", name).lower()
