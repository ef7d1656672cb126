"""Environment service: list, verify, rebuild and prune the environments of a server."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .. import builds, content, environments
from ..errors import StateError, StewardError
from ..frozen import frozen
from ..server import Server
from ..state import open_database

if TYPE_CHECKING:
    from ..builds import Build, Orphan
    from ..environments import Criteria, Defect, Environment, PrunePlan, Removal, Removed, Usage
    from ..removal import Remainder
    from ..versions import PythonVersion


@frozen
class Verified:
    """One environment compared with how it was made.

    defects: what differs; nothing is compared while it is being built.
    """

    environment: Environment
    defects: tuple[Defect, ...]

    @property
    def is_building(self) -> bool:
        return self.environment.state == "building"


@frozen
class RebuildStart:
    """One content item whose environment is to be rebuilt.

    build: None where it could not start: problem says why. content: None where no content uses
    the environment.
    """

    environment: Environment
    content: str | None = None
    build: Build | None = None
    problem: StewardError | None = None


class EnvironmentService:
    """The environments of one server. Methods raise StewardError and may block."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def list(self) -> tuple[Environment, ...]:
        """Return all environments, last used first."""
        with open_database(self._server.state_dir) as store:
            return environments.list_environments(self._server.state_dir, store)

    def show(self, ids: Sequence[str]) -> tuple[Environment, ...]:
        """Return the environments with these ids, or unique prefixes of them.

        Raises: StateError (``environment-unknown``).
        """
        known = self.list()
        return tuple(dict.fromkeys(_one(given, known) for given in ids))

    def lock(self, given: str) -> tuple[Environment, str]:
        """Return an environment with the text of its lock.

        given: its id, or a unique prefix.
        Raises: StateError (``environment-unknown``, ``no-lock``).
        """
        (environment,) = self.show([given])
        text = environments.lock_text(environment.path)
        if text is None:
            raise StateError(
                f"environment {environment.identity} has no lock: {_why_no_lock(environment)}",
                code="no-lock",
            )
        return environment, text

    def sizes(self, chosen: Sequence[Environment]) -> Usage:
        """Return the disk usage of environments; files that several share count once in all."""
        return environments.measure([each.path for each in chosen])

    def verify(self, chosen: Sequence[Environment]) -> Generator[Verified]:
        """Compare environments with how they were made, one after the other."""
        versions = self._versions()
        for environment in chosen:
            yield Verified(environment, tuple(environments.verify(environment, versions)))

    def rebuild(self, chosen: Sequence[Environment]) -> Generator[RebuildStart]:
        """Start to rebuild all content that uses these environments.

        The first build of an environment makes it, the others wait and reuse it.
        """
        for environment in chosen:
            if not environment.used_by:
                yield RebuildStart(environment)
            for number, name in enumerate(environment.used_by):
                try:
                    build = content.rebuild(self._server, name, afresh=number == 0)
                    yield RebuildStart(environment, name, build)
                except StewardError as problem:
                    yield RebuildStart(environment, name, problem=problem)

    def prune_plan(self, criteria: Criteria) -> tuple[PrunePlan, tuple[Orphan, ...]]:
        """Return what pruning would remove, and the files of killed builds; removes nothing.

        criteria: those about missing Pythons get the configured interpreters from the settings.
        """
        if criteria.python_gone:
            criteria = replace(criteria, configured=frozenset(self._versions()))
        state_dir = self._server.state_dir
        with open_database(state_dir) as store:
            found = environments.list_environments(state_dir, store)
            plan = environments.plan_prune(found, criteria, time.time())
            return plan, tuple(builds.find_orphans(state_dir, store))

    def remove(
        self, removals: Sequence[Removal], *, include_used: bool = False
    ) -> Generator[Removed]:
        """Remove environments, one after the other. include_used: also those that content uses."""
        with open_database(self._server.state_dir) as store:
            yield from environments.prune(removals, store, even_used=include_used)

    def clear(self) -> tuple[tuple[Orphan, ...], tuple[Remainder, ...]]:
        """Remove the files that killed builds and interrupted removals left.

        Return those of killed builds, and what could not be removed.
        """
        remainders = environments.clear_removed(self._server.state_dir)
        return tuple(builds.clean_up(self._server.state_dir)), tuple(remainders)

    def _versions(self) -> dict[str, PythonVersion]:
        """Return the versions of the configured interpreters by their real paths."""
        return {
            os.path.realpath(each.target): each.version
            for each in self._server.analysis().installations
            if each.target is not None and each.version is not None
        }


def _why_no_lock(environment: Environment) -> str:
    if environment.state != "complete":
        return f"it is {environment.state}"
    if environment.marker is not None and environment.marker.lock:
        return "the file in it was changed; rebuild it with environments rebuild"
    return "an earlier version made it; it gets one when it is made again (content rebuild --force)"


def _one(given: str, known: Sequence[Environment]) -> Environment:
    found = [each for each in known if each.identity.startswith(given)]
    exact = [each for each in found if each.identity == given]
    if len(exact or found) == 1:
        return (exact or found)[0]
    what = "is the prefix of several environments" if found else "is not an environment"
    raise StateError(
        f"{given!r} {what}; pysteward environments lists them", code="environment-unknown"
    )
