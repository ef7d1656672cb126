"""Python build service: build a Python from its source archive."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from .. import builds, source_builds
from ..distributions import this_distribution
from ..errors import BuildError, StateError
from ..frozen import frozen
from ..server import Server
from ..source_builds import PythonOptions, PythonSource
from ..versions import unsupported

if TYPE_CHECKING:
    from ..builds import Build
    from ..installations import Installation


@frozen
class Recipe:
    """How a Python would be built and installed.

    options: of configure. missing: one sentence for each build dependency that this machine lacks,
    with the command that installs it. script: the same steps by hand; None where the distribution
    is not known.
    """

    source: PythonSource
    prefix: Path
    options: tuple[str, ...]
    missing: tuple[str, ...]
    script: str | None


class PythonBuildService:
    """Builds of Pythons on one server. Methods raise StewardError and may block."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def recipe(self, archive: Path, prefix: Path | None) -> Recipe:
        """Read a source archive whole, and return how its Python would be built.

        prefix: None means the usual one of that version.
        """
        source = source_builds.inspect(archive)
        reason = unsupported(source.version)
        if reason is not None:
            raise BuildError(reason, code="below-minimum", file=archive)
        version, here = source.version, this_distribution()
        place = prefix or Path(source_builds.prefix_for(version))
        variables = self._server.settings.build_environment
        missing = source_builds.find_missing(version, openssl=None, variables=variables)
        script = None
        if here is not None:
            script = source_builds.make_script(version, here, prefix=PurePosixPath(place))
        return Recipe(
            source,
            place,
            source_builds.configure_options(version, str(place)),
            tuple(missing.sentences(version, here)),
            script,
        )

    def build(self, archive: Path, options: PythonOptions) -> Build:
        """Start the build."""
        return source_builds.build_python(self._server, archive, options)

    def unadopted(self, installations: Iterable[Installation]) -> tuple[Build, ...]:
        """Return the builds whose Python is not among the installations, the newest first.

        installations: those that the settings name.
        """
        state_dir = self._server.state_dir
        if not state_dir.is_dir():
            return ()
        named = {os.path.realpath(each.executable or each.path) for each in installations}
        found: dict[str, Build] = {}
        for row in builds.list_builds(state_dir):
            executable = row.executable
            if row.outcome != "succeeded" or executable is None or executable in found:
                continue
            if not os.path.exists(executable) or os.path.realpath(executable) in named:
                continue
            try:
                build = builds.show(state_dir, row.id)
            except StateError:
                continue
            if build.asked.kind == "build-python":
                found[executable] = build
        return tuple(found.values())
