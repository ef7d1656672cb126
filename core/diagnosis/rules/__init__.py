"""All rules, one module for each kind of failure."""

from __future__ import annotations

from typing import Final

from ..rule import Rule
from . import (
    answers,
    build_messages,
    environments,
    hashes,
    headers,
    interpreters,
    libraries,
    machine,
    network,
    pip_itself,
    programs,
    pythons,
    repositories,
    requirements,
    requirements_files,
    resolution,
    reticulate,
    rust,
    scripts,
    server,
    serving,
    sources,
    starting,
    toolchain,
    versions,
    wheels,
)

# Of the explanations that a line yields, that nearest to the root is taken, and among those the first.
RULES: Final[tuple[Rule, ...]] = (
    *server.RULES,
    *answers.RULES,
    *repositories.RULES,
    *environments.RULES,
    *interpreters.RULES,
    *pip_itself.RULES,
    *starting.RULES,
    *serving.RULES,
    *reticulate.RULES,
    *machine.RULES,
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
    *serving.LAST,
    *scripts.RULES,  # what any script raises: rules that know more come before
)
