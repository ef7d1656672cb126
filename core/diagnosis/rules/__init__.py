"""All rules, one module for each kind of failure."""

from __future__ import annotations

from typing import Final

from ..rule import Rule
from . import (
    build_messages,
    environments,
    hashes,
    headers,
    interpreters,
    libraries,
    machine,
    network,
    programs,
    pythons,
    repositories,
    requirements,
    requirements_files,
    resolution,
    rust,
    scripts,
    server,
    sources,
    toolchain,
    versions,
    wheels,
)

# Of the stories that a line yields, that nearest to the root is taken, and among those the first.
RULES: Final[tuple[Rule, ...]] = (
    *server.RULES,
    *repositories.RULES,
    *machine.RULES,
    *environments.RULES,
    *interpreters.RULES,
    *resolution.RULES,
    *versions.RULES,
    *network.RULES,
    *wheels.RULES,
    *requirements_files.RULES,
    *requirements.RULES,
    *hashes.RULES,
    *pythons.RULES,
    *build_messages.RULES,
    *toolchain.RULES,
    *headers.RULES,
    *libraries.RULES,
    *programs.RULES,
    *rust.RULES,
    *sources.RULES,
    *scripts.RULES,  # what any script raises: whoever knows more of it comes before
)
