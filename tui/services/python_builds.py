"""A Python from its source archive: what would be done, having it done, and what came of it.

Everything here may block; the interface calls it in threads of its own (see ``tui.errands``).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ...core.builds import Build, list_builds, show
from ...core.distributions import this_distribution
from ...core.errors import BuildError, StateError
from ...core.frozen import frozen
from ...core.server import Server
from ...core.source_builds import (
    PythonOptions,
    PythonSource,
    build_python,
    configure_options,
    find_missing,
    inspect,
    make_script,
    prefix_for,
)
from ...core.versions import unsupported

if TYPE_CHECKING:
    from ...core.installations import Installation


@frozen
class Recipe:
    """How a Python would be installed.

    options: what configure is given. missing: a sentence each about what this machine lacks, with
    the command that installs it. script: the same by hand; None where the distribution is not
    known.
    """

    source: PythonSource
    prefix: Path
    options: tuple[str, ...]
    missing: tuple[str, ...]
    script: str | None


class PythonBuildService:
    """What can be asked and done. Its methods raise StewardError."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def recipe(self, archive: Path, prefix: Path | None) -> Recipe:
        """Look through an archive, whole, and say what would be done.

        prefix: where to; None: where the guide puts that version.
        """
        source = inspect(archive)
        reason = unsupported(source.version)
        if reason is not None:
            raise BuildError(reason, code="below-minimum", file=archive)
        place = prefix or Path(prefix_for(source.version))
        here = this_distribution()
        variables = self._server.settings.build_environment
        missing = find_missing(source.version, openssl=None, variables=variables)
        return Recipe(
            source,
            place,
            configure_options(source.version, str(place)),
            tuple(missing.sentences(source.version, here)),
            make_script(source.version, here, prefix=PurePosixPath(place)) if here else None,
        )

    def begin(self, recipe: Recipe) -> Build:
        """Install it, by a build like any other."""
        return build_python(self._server, recipe.source.path, PythonOptions(recipe.prefix))

    def installed(self, installations: Iterable[Installation]) -> tuple[Build, ...]:
        """Builds that have installed a Python which none of these installations is, newest first.

        installations: those that the settings name.
        """
        state_dir = self._server.state_dir
        if not state_dir.is_dir():
            return ()
        named = {os.path.realpath(each.executable or each.path) for each in installations}
        found: dict[str, Build] = {}
        for row in list_builds(state_dir):
            executable = row.executable
            if row.outcome != "succeeded" or executable is None or executable in found:
                continue
            if not os.path.exists(executable) or os.path.realpath(executable) in named:
                continue
            try:
                build = show(state_dir, row.id)
            except StateError:
                continue
            if build.asked.kind == "build-python":
                found[executable] = build
        return tuple(found.values())
