"""Make one environment, at its final path, from nothing to complete."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..installations import locate, replaceable
from ..processes import Workspace, child_environment
from ..removal import ASIDE, remove_completely, remove_or_put_aside
from ..state import lacks_space, make_directory, open_file, what_is_full, write_whole
from ..times import now
from ..users import User, find_user
from ..wheels import WheelUnfit
from .build_cache import prepare_caches, take_back_seeds
from .completion import list_files, start_notes
from .creation import creation_command, interpreter_of
from .installer import Installation, fetch_wheels, install, prove
from .inventory import InstalledPackage, read_inventory
from .lock_conditions import conditions_of
from .marker import LOCK_NAME, Marker, invalidate, marker_before_notes, remove_markers, write_marker
from .old_virtualenv import fetch_virtualenv, needed_release
from .ownership import (
    give,
    let_through_to,
    take_over,
)
from .pip_configuration import read_configuration
from .results import EnvironmentBuilt, EnvironmentFailed
from .runner import Runner
from .self_test import SelfTest
from .spec import EnvironmentSpec, effective_lines, state_dir_of

if TYPE_CHECKING:
    from ..lockfiles import Conditions, Lock
    from .store_installer import StoreOptions


def build_environment(
    spec: EnvironmentSpec,
    path: Path,
    steps: Runner,
    *,
    work: Path,
    cache: Path,
    pip_log: Path,
    bundle: Path | None = None,
    requirements_file: Path | None = None,
    build_environment: Mapping[str, str] | None = None,
    run_as: str | None = None,
    prohibited: tuple[str, ...] = (),
    conditions: Conditions | None = None,
    lock: Lock | None = None,
    index_options: tuple[str, ...] = (),
    wheels: StoreOptions | None = None,
) -> EnvironmentBuilt | EnvironmentFailed:
    """Build the environment; the caller holds its lock (`hold`).

    spec: what to make. path: where, see `location`; what lies there is cleared first.
    work: an existing directory of this build, for its HOME and temporary files; the caller removes
        it.
    cache: what builds share, see `steward_cache`; this one only reads from it.
    pip_log: where pip writes all that it knows, passwords included (old pips): it is made readable
        for its owner only, and the caller masks it before anything else reads it.
    bundle: the directory that relative paths in the requirements start from.
    requirements_file: what the installer reads, where it is more than the text of the spec: it may
        include other files. Prohibited packages have been removed from all of them.
    build_environment: the setting of that name. run_as: the user of `Steps.run`, where that is
        another; the finished environment is not writable for it.
    prohibited: names that are reported if they came in as a dependency.
    conditions: what its lock is made under; None: what the spec says, and nobody's build.
    lock: what to install; None: what the requirements resolve to.
    index_options: the lines of the requirements that say where packages come from.
    wheels: the store that a lock is installed from; None: pip or uv installs it.

    Whatever `steps` raises passes through. Nothing is complete but what `Made` is returned for;
    whatever else there was is removed, so that a full disk is not kept full by it.
    """
    owner = find_user(run_as)
    making = _Making(spec, path, steps, owner, prohibited, conditions or conditions_of(spec))
    try:
        task = installation(
            spec,
            path,
            work=work,
            cache=cache,
            pip_log=pip_log,
            bundle=bundle,
            requirements_file=requirements_file,
            build_environment=build_environment or {},
            owner=owner,
        )
        outcome = making.run(replace(task, lock=lock, index_options=index_options, wheels=wheels))
    except OSError as error:
        making.clear()
        return _failed_by_system(making.step, error)
    except BaseException:
        making.clear()
        raise
    if isinstance(outcome, EnvironmentFailed):
        making.clear()
    return outcome


def installation(
    spec: EnvironmentSpec,
    path: Path,
    *,
    work: Path,
    cache: Path,
    pip_log: Path,
    bundle: Path | None,
    requirements_file: Path | None,
    build_environment: Mapping[str, str],
    owner: User | None,
) -> Installation:
    """Return a run of the installer, with the directories that it works in; see
    `build_environment`. Raises OSError."""
    rooms = _rooms(work, cache, owner, state_dir_of(path))
    return Installation(
        spec=spec,
        path=path,
        rooms=rooms,
        env=child_environment(rooms, build_environment),
        configuration=read_configuration(build_environment),
        directory=bundle or rooms.home,
        file=requirements_file,
        log=pip_log,
        run_as=owner.name if owner else None,
        steward_cache=cache,
        user=owner,
    )


class _Making:
    """The steps in their order. step: the one at work."""

    def __init__(
        self,
        spec: EnvironmentSpec,
        path: Path,
        steps: Runner,
        owner: User | None,
        prohibited: tuple[str, ...],
        conditions: Conditions,
    ) -> None:
        self.step = "prepare"
        self._begun = False
        self._spec = spec
        self._path = path
        self._steps = steps
        self._owner = owner
        self._prohibited = prohibited
        self._conditions = conditions

    def run(self, task: Installation) -> EnvironmentBuilt | EnvironmentFailed:
        if refused := self._refused():
            return refused
        self._prepare(task.log)
        for line in task.configuration.lines():
            self._steps.log(line)
        failed = self._create(task)
        if failed is not None:
            return failed
        # Up to here only the installation's own programs have run, and no package's code.
        take_back_seeds(task.rooms.cache, task.steward_cache, self._owner)
        self.step = "install"
        if task.wheels is not None and task.lock is not None and task.requirements:
            built = self._from_store(task, task.wheels, task.lock)
            if built is not None:
                return built
        installed = install(task, self._steps)
        if isinstance(installed, EnvironmentFailed):
            return installed
        self.step = "inventory"
        return self._take_stock(task, installed)

    def _from_store(
        self, task: Installation, options: StoreOptions, lock: Lock
    ) -> EnvironmentBuilt | EnvironmentFailed | None:
        """Install the lock from the store of wheels; None where pip or uv has to install it."""
        from .store_installer import StoreInstallation

        proof = prove(task, self._steps)
        if isinstance(proof, EnvironmentFailed):
            return proof
        is_ours = self._owner is None

        def take() -> None:
            nonlocal is_ours
            if not is_ours:
                is_ours = True
                take_over(self._path)

        def fetch(missing: Lock, directory: Path) -> None:
            fetch_wheels(task, self._steps, missing, directory)

        with StoreInstallation(task, self._steps, options, fetch) as installation:
            try:
                installation.run(lock, proof, take)
            except WheelUnfit as error:
                reason = error.message
            except FileNotFoundError as error:
                reason = f"{error.filename} is gone from the store"  # verify finds that, too
            else:
                self.step = "inventory"
                return self._take_stock(task, proof, installation.wheels)
        self._steps.log(f"pysteward: {task.spec.installer} installs, not the store: {reason}")
        if installation.has_begun:
            self._prepare(task.log)
            return self._create(task)
        return None

    def _refused(self) -> EnvironmentFailed | None:
        """Root runs no interpreter that another user could replace, as far as it runs it itself."""
        if os.geteuid() != 0 or self._owner is not None:
            return None
        problem = replaceable(locate(self._spec.executable))
        if problem is None:
            return None
        return EnvironmentFailed("prepare", "replaceable", f"{problem.message} {problem.remedy}")

    def clear(self) -> None:
        """Remove what was started; what cannot be removed has no marker and is nothing."""
        if self._begun:
            remove_or_put_aside(self._path, state_dir_of(self._path) / ASIDE)

    def _prepare(self, pip_log: Path) -> None:
        make_directory(self._path.parent)
        if self._owner is not None:
            let_through_to(self._path.parent, state_dir_of(self._path))
        start_notes(self._path.parent, marker_before_notes)
        invalidate(self._path)  # before anything else goes: a kill may come in between
        self._begun = True
        remove_or_put_aside(self._path, state_dir_of(self._path) / ASIDE)
        self._path.mkdir(0o755)
        self._path.chmod(0o755)
        os.close(open_file(pip_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        if self._owner is not None:
            give(self._path, self._owner.uid, self._owner.gid)
            give(pip_log, self._owner.uid, self._owner.gid)

    def _create(self, task: Installation) -> EnvironmentFailed | None:
        self.step = "create"
        self._steps.phase("create", str(self._path))
        env = self._creator_variables(task)
        if isinstance(env, EnvironmentFailed):
            return env
        command = creation_command(self._spec, self._path)
        self._steps.log("$ " + " ".join(command))
        try:
            status = self._steps.run(command, env=env, cwd=task.rooms.home)
        except (FileNotFoundError, PermissionError, NotADirectoryError) as error:
            return EnvironmentFailed(
                "create",
                "interpreter-cannot-start",
                f"{command[0]} cannot be started: {error.strerror}",
            )
        if status != 0:
            return EnvironmentFailed(
                "create",
                "creation-failed",
                f"{self._spec.creator} could not create the environment (exit status {status})",
                status,
            )
        if not os.access(interpreter_of(self._path), os.X_OK):
            return EnvironmentFailed(
                "prove",
                "environment-broken",
                f"{self._spec.creator} reported success but there is no interpreter in"
                f" {self._path}",
                status,
            )
        return None

    def _creator_variables(self, task: Installation) -> dict[str, str] | EnvironmentFailed:
        """Return the variables of the creator: another virtualenv runs where ours is too new."""
        release = needed_release(self._spec)
        if release is None:
            return task.env
        wheels = fetch_virtualenv(release, task, self._steps)
        if isinstance(wheels, EnvironmentFailed):
            return wheels
        return {**task.env, "PYTHONPATH": os.pathsep.join(map(str, wheels))}

    def _take_stock(
        self, task: Installation, proof: SelfTest, wheels: tuple[str, ...] = ()
    ) -> EnvironmentBuilt | EnvironmentFailed:
        """Make the environment complete. wheels: of the store, that it was made of."""
        from .dependencies import (
            Target,
            absent,
            brought_in,
            check,
        )

        self._steps.phase("inventory")
        if self._owner is not None and not wheels:
            take_over(self._path)  # what the store has was never another user's
        remove_markers(self._path)  # a package may have written some
        distributions = read_inventory(proof.directories)
        target = Target(proof.version, proof.platform, proof.implementation)
        required = effective_lines(self._spec.requirements)
        missing = absent(required, distributions, target)
        if missing:
            return EnvironmentFailed(
                "inventory",
                "installation-failed",
                f"{self._spec.installer} reported success but did not install"
                f" {', '.join(missing)}: look for target, user, prefix or dry-run in its"
                " configuration",
                0,
            )
        findings = (
            *check(distributions, target),
            *brought_in(distributions, self._prohibited, target),
        )
        for finding in findings:
            self._steps.log(f"WARNING: {finding.cause}")
        lock, text = self._write_lock(task, proof, distributions)
        marker = Marker(
            identity=self._path.name,
            executable=self._spec.executable,
            interpreter=self._spec.interpreter,
            python=str(self._spec.version),
            creator=self._spec.creator,
            installer=self._spec.installer,
            installer_version=proof.pip or _pip_version(distributions),
            requirements=required,
            packages=tuple((item.name, item.version) for item in distributions),
            complaints=tuple(finding.cause for finding in findings),
            created=now(),
            lock=hashlib.sha256(text.encode()).hexdigest(),
            locked=lock.digest,
            wheels=wheels,
        )
        write_marker(self._path, marker, list_files(self._path))
        return EnvironmentBuilt(self._path, marker, findings, text)

    def _write_lock(
        self, task: Installation, proof: SelfTest, distributions: Sequence[InstalledPackage]
    ) -> tuple[Lock, str]:
        """Put the environment's lock in place; returns it with its text."""
        from ..lockfiles import write_lock
        from .lock_maker import make_lock

        version = proof.pip or _pip_version(distributions)
        is_pip = self._spec.installer == "pip"
        conditions = replace(self._conditions, installer_version=version if is_pip else "")
        if task.lock is not None:
            lock = replace(task.lock, conditions=conditions)
        else:
            lock = make_lock(task, self._steps, conditions, distributions)
        text = write_lock(lock)
        remove_completely(self._path / LOCK_NAME)  # a package may have put something there
        write_whole(self._path / LOCK_NAME, text.encode())
        return lock, text


def _pip_version(distributions: Sequence[InstalledPackage]) -> str:
    """Return the version of the environment's pip; empty without one."""
    return next((each.version for each in distributions if each.key == "pip"), "")


def _rooms(work: Path, steward: Path, owner: User | None, state_dir: Path) -> Workspace:
    """Make the build's directories, its cache among them; steward: the cache that builds share."""
    rooms = Workspace(
        home=work / "home",
        temporary=work / "tmp",
        cache=work / "cache",
    )
    for directory in (work, steward.parent):
        make_directory(directory)
        if owner is not None:
            let_through_to(directory, state_dir)
    for room in (rooms.home, rooms.temporary):
        room.mkdir(0o700, exist_ok=True)
        if owner is not None:
            give(room, owner.uid, owner.gid)
    prepare_caches(steward, rooms.cache, owner)
    return rooms


def _failed_by_system(step: str, error: OSError) -> EnvironmentFailed:
    if lacks_space(error):
        reason = what_is_full(error.filename or os.curdir)
        return EnvironmentFailed(step, "no-space", f"{reason}: {error}")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return EnvironmentFailed(step, "not-permitted", f"the system does not permit it: {error}")
    return EnvironmentFailed(step, "system-error", f"the system refused: {error}")
