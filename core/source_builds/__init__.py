"""A Python from its source: what to do, as a script to read, or done as a build like any other.

    script(PythonVersion.parse("3.11.9"), parse_distribution("ubuntu-22.04"))
    build = build_python(site, Path("Python-3.11.9.tgz"), Wanted(Path("/opt/python/3.11.9")))

The build is followed, cancelled, listed and exported with ``builds``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .distributions import Distribution, distribution_of, parse_distribution, this_distribution
from .recipe import configure_options, openssl_for, prefix_for
from .script import script

if TYPE_CHECKING:
    from .archive import Source, inspect
    from .asking import Wanted, build_python
    from .machine import Lack, lack

__all__ = [
    "Distribution",
    "Lack",
    "Source",
    "Wanted",
    "build_python",
    "configure_options",
    "distribution_of",
    "inspect",
    "lack",
    "openssl_for",
    "parse_distribution",
    "prefix_for",
    "script",
    "this_distribution",
]

_LATE = {
    **dict.fromkeys(("Source", "inspect"), "archive"),
    **dict.fromkeys(("Wanted", "build_python"), "asking"),
    **dict.fromkeys(("Lack", "lack"), "machine"),
}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_LATE[name]}", __name__), name)
