"""What the requirements resolve to today, asked of the installer of an environment; nothing is
installed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import LockError
from ..file_io import read_regular
from ..lockfiles import Conditions, Lock, lock_of_report, read_lock, without_users
from .creation import interpreter_of
from .installer import Installation, pip_arguments, requirements_file
from .lock_conditions import lock_markers
from .lock_maker import read_report
from .results import EnvironmentFailed
from .runner import Runner
from .self_test import launcher, read_proof
from .source_archives import source_requirement

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST = 16 * 1024 * 1024


def resolve_lock(
    task: Installation, steps: Runner, conditions: Conditions
) -> Lock | EnvironmentFailed:
    """Return the lock that a build would leave today.

    task: its path is a complete environment of the same Python, whose installer is asked.
    Code ``cannot-resolve``: its pip is too old to say what it would install (before 22.2).
    """
    steps.phase("resolve")
    markers = lock_markers(conditions.python)
    file = requirements_file(task)
    if file is None:
        return lock_of_report({"install": []}, conditions, task.directory, markers=markers)
    if task.spec.only_wheels:
        refused = source_requirement(task.requirements, task.directory)
        if refused is not None:
            return refused
    only_wheels = ["--only-binary=:all:"] if task.spec.only_wheels else []
    if task.spec.installer == "uv":
        return _with_uv(task, steps, conditions, file)
    proof = task.rooms.home / "proof.json"
    command = launcher(
        interpreter_of(task.path),
        task.path,
        task.spec.version,
        proof,
        [*pip_arguments(file, task.log), "--dry-run", "--ignore-installed", *only_wheels],
        report=task.report,
    )
    status = steps.run(command, env=task.env, cwd=task.directory)
    facts = read_proof(proof, task.path)
    numbers = (facts.pip or "" if facts else "").split(".")[:2]
    if [int(part) for part in numbers if part.isdigit()] < [22, 2]:
        return EnvironmentFailed(
            "resolve", "cannot-resolve", "this pip cannot say what it would install", status
        )
    report = read_report(task.report)
    if status != 0 or report is None:
        return _failed("pip", status)
    try:
        return lock_of_report(report, conditions, task.directory, markers=markers)
    except LockError as error:
        return EnvironmentFailed("resolve", "installation-failed", error.message, status)


def _with_uv(
    task: Installation, steps: Runner, conditions: Conditions, file: Path
) -> Lock | EnvironmentFailed:
    from .uv import find_uv, uv_resolve_command, uv_variables

    uv = find_uv(task.run_as)
    if uv is None:
        return EnvironmentFailed("resolve", "installation-failed", "uv is not there any more")
    target = task.rooms.home / "pylock.toml"
    command = uv_resolve_command(uv, task.path, task.configuration, file, target)
    command += ["--only-binary=:all:"] if task.spec.only_wheels else []
    env = uv_variables(task.env, task.configuration, task.rooms.cache, shared=task.run_as is None)
    status = steps.run(command, env=env, cwd=task.directory)
    if status != 0:
        return _failed("uv", status)
    try:
        found = read_lock(read_regular(target, _LARGEST))
    except (OSError, LockError) as error:
        return EnvironmentFailed("resolve", "installation-failed", f"uv's lock: {error}", status)
    empty = lock_of_report(
        {"install": []}, conditions, task.directory, markers=lock_markers(conditions.python)
    )
    packages = tuple(map(without_users, found.pylock.packages))
    return replace(empty, pylock=replace(empty.pylock, packages=packages))


def _failed(installer: str, status: int) -> EnvironmentFailed:
    ended = f"killed by signal {-status}" if status < 0 else f"exit status {status}"
    return EnvironmentFailed(
        "resolve",
        "installation-failed",
        f"{installer} could not resolve the requirements ({ended})",
        status,
    )
