"""Install the requirements into a new environment, after it has proved that it is one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ..frozen import frozen
from ..lockfiles import Lock, requirements_of
from ..processes import Workspace
from ..users import User
from ..wheels import WheelUnfit
from .build_cache import take_back_downloads
from .creation import interpreter_of
from .hidden_output import HiddenOutput
from .package_code import PackageCode
from .pip_configuration import Configuration
from .pip_progress import PipProgress
from .results import EnvironmentFailed
from .runner import Runner
from .self_test import SelfTest, launcher, read_proof
from .source_archives import WITHOUT_WHEEL, source_archive, source_requirement
from .spec import EnvironmentSpec, effective_lines
from .store_installer import StoreOptions

_REPORT_IS_NEW = "--report is currently an experimental option"  # pip 22.2 and 22.3
_NO_SPACE = ("No space left on device", "Disk quota exceeded", "os error 28", "os error 122")


@frozen
class Installation:
    """One run of the installer.

    path: the environment. env: the child's variables. directory: what relative paths in the
    requirements start from. file: what the installer reads; None: the text of the spec.
    log: pip's full log. run_as, user: who runs it, where that is another.
    steward_cache: what builds share.
    lock: what to install, with nothing resolved; None: the requirements.
    index_options: the lines of the requirements that say where packages come from.
    wheels: the store that a lock is installed from; None: pip or uv installs it.
    """

    spec: EnvironmentSpec
    path: Path
    rooms: Workspace
    env: dict[str, str]
    configuration: Configuration
    directory: Path
    file: Path | None
    log: Path
    run_as: str | None
    steward_cache: Path
    user: User | None
    lock: Lock | None = None
    index_options: tuple[str, ...] = ()
    wheels: StoreOptions | None = None

    @property
    def requirements(self) -> tuple[str, ...]:
        """What is asked for; empty where nothing is."""
        return effective_lines(self.spec.requirements)

    @property
    def report(self) -> Path:
        """Where pip writes what it installs."""
        return self.rooms.home / "report.json"

    def write(self, file: Path, text: str) -> Path:
        """Write a file that the installer reads."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        descriptor = os.open(file, flags, 0o600)
        with open(descriptor, "w", encoding="utf-8", errors="surrogateescape") as stream:
            stream.write(text)
        home = self.rooms.home.stat()
        if home.st_uid != os.geteuid():
            os.chown(file, home.st_uid, home.st_gid, follow_symlinks=False)
        return file


def install(task: Installation, steps: Runner) -> SelfTest | EnvironmentFailed:
    """Prove the environment and install; gives its proof, or why there is none."""
    return _Installing(task, steps).run()


def prove(task: Installation, steps: Runner) -> SelfTest | EnvironmentFailed:
    """Prove the environment without its pip; the proof says where it installs what."""
    return _Installing(task, steps).prove()


def fetch_wheels(task: Installation, steps: Runner, lock: Lock, directory: Path) -> None:
    """Have the environment's pip fetch the wheels of a lock by their hashes.

    directory: where they go; the user who runs pip can write it.
    Raises: WheelUnfit where pip fails; it has said why.
    """
    outcome = _Installing(task, steps).fetch(lock, directory)
    if isinstance(outcome, EnvironmentFailed):
        raise WheelUnfit(outcome.message)


class _Installing:
    """One run of the installer, and what was seen of it."""

    def __init__(self, task: Installation, steps: Runner) -> None:
        self._task = task
        self._steps = steps
        self._proof_file = task.rooms.home / "proof.json"
        self._proof: SelfTest | None = None
        self._no_space = False
        self._unfound = ""

    def run(self) -> SelfTest | EnvironmentFailed:
        install = self._with_uv if self._task.spec.installer == "uv" else self._with_pip
        if self._task.spec.only_wheels:
            refused = source_requirement(self._task.requirements, self._task.directory)
            if refused is not None:
                return refused
        if self._task.lock is None or not self._task.requirements:
            options = ("--only-binary=:all:",) if self._task.spec.only_wheels else ()
            outcome = install(requirements_file(self._task), options)
            return outcome if isinstance(outcome, SelfTest) else self._with_reason(outcome)
        outcome = None
        for file, options in _lock_files(self._task, self._task.lock):
            made = install(file, options)
            if isinstance(made, EnvironmentFailed):
                return _as_lock_failure(made)
            outcome = made
        return outcome if outcome is not None else install(None, ())

    def prove(self) -> SelfTest | EnvironmentFailed:
        """Run the interpreter alone."""
        task = self._task
        status = self._steps.run(self._launcher([]), env=task.env, cwd=task.rooms.home)
        return self._outcome(status)

    def fetch(self, lock: Lock, directory: Path) -> SelfTest | EnvironmentFailed:
        """Have pip fetch the wheels of a lock into a directory."""
        lines = (*self._task.index_options, *requirements_of(lock).hashed)
        file = self._task.write(self._task.rooms.home / "fetched.txt", "\n".join(lines) + "\n")
        arguments = pip_arguments(file, self._task.log, command="wheel")
        options = ("--no-deps", "--require-hashes", "--only-binary=:all:")
        return self._run_pip([*arguments, *options, "--wheel-dir", str(directory)])

    def _with_pip(
        self, requirements: Path | None, options: Sequence[str]
    ) -> SelfTest | EnvironmentFailed:
        arguments = [*pip_arguments(requirements, self._task.log), *options] if requirements else []
        return self._run_pip(arguments)

    def _run_pip(self, arguments: Sequence[str]) -> SelfTest | EnvironmentFailed:
        progress = PipProgress(self._steps, self._directories)
        hidden = HiddenOutput(self._task.log)
        self._steps.phase("resolve")
        if arguments:
            self._log_command([str(interpreter_of(self._task.path)), "-m", "pip", *arguments])

        watch = PackageCode(self._task.path)

        def line(text: str) -> bool:
            self._look_for_full_disk(text)
            watch.line(text)
            if _REPORT_IS_NEW in text:
                return False
            shown = hidden.shown_for(text)
            if len(shown) == 1:
                return progress.line(text)
            for one in shown:
                self._steps.log(one)
            return False

        raw = bool(arguments) and self._task.configuration.value("progress-bar") is None
        status = self._steps.run(
            # Without requirements, what is to be proved is that pip runs all the same.
            self._launcher(arguments or ["--version"], raw_progress=raw),
            env=self._task.env,
            cwd=self._task.directory,
            on_line=line,
            tick=progress.tick,
        )
        progress.tick()
        if status == 0 and not watch.may_have_run():
            take_back_downloads(self._task.rooms.cache, self._task.steward_cache, self._task.user)
        return self._outcome(status)

    def _with_uv(
        self, requirements: Path | None, options: Sequence[str]
    ) -> SelfTest | EnvironmentFailed:
        from .uv import (
            UvProgress,
            find_uv,
            uv_arguments,
            uv_command,
            uv_variables,
        )

        task = self._task
        proved = self.prove()
        if isinstance(proved, EnvironmentFailed) or requirements is None:
            return proved
        uv = find_uv(task.run_as)
        if uv is None:
            return EnvironmentFailed("install", "installation-failed", "uv is not there any more")
        command = [
            *uv_command(uv, task.path, requirements),
            *uv_arguments(task.configuration),
            *options,
        ]
        env = uv_variables(
            task.env, task.configuration, task.rooms.cache, shared=task.run_as is None
        )
        if options:
            env.pop(
                "UV_CONSTRAINT", None
            )  # nothing is resolved, and lines without hash are refused
        progress = UvProgress(self._steps)
        self._steps.phase("resolve")
        self._log_command(command)

        def line(text: str) -> bool:
            self._look_for_full_disk(text)
            return progress.line(text)

        status = self._steps.run(command, env=env, cwd=task.directory, on_line=line)
        return self._outcome(status)

    def _launcher(self, arguments: Sequence[str], *, raw_progress: bool = False) -> list[str]:
        task = self._task
        return launcher(
            interpreter_of(task.path),
            task.path,
            task.spec.version,
            self._proof_file,
            arguments,
            report=task.report if arguments[:1] == ["install"] else None,
            raw_progress=raw_progress,
        )

    def _outcome(self, status: int) -> SelfTest | EnvironmentFailed:
        proof = self._read_proof()
        if proof is None or proof.complaint is not None:
            why = "its interpreter does not run" if proof is None else proof.complaint
            return EnvironmentFailed(
                "prove",
                "environment-broken",
                f"{self._task.spec.creator} reported success but made an environment that cannot"
                f" be used: {why}",
                status,
            )
        if status == 0:
            return proof
        if self._no_space:
            return EnvironmentFailed("install", "no-space", "the disk is full", status)
        ended = f"killed by signal {-status}" if status < 0 else f"exit status {status}"
        installer = self._task.spec.installer
        return EnvironmentFailed(
            "install",
            "installation-failed",
            f"{installer} could not install the requirements ({ended})",
            status,
        )

    def _with_reason(self, failed: EnvironmentFailed) -> EnvironmentFailed:
        """Name the package of which there is only a source archive, where that is the reason."""
        if not self._task.spec.only_wheels or failed.code != "installation-failed":
            return failed
        return source_archive(self._task, failed, self._unfound)

    def _look_for_full_disk(self, line: str) -> None:
        self._no_space = self._no_space or any(mark in line for mark in _NO_SPACE)
        if found := WITHOUT_WHEEL.search(line):
            self._unfound = found["pip"] or found["uv"]

    def _log_command(self, command: Sequence[str]) -> None:
        self._steps.log(f"$ {' '.join(command)}")

    def _directories(self) -> tuple[Path, ...]:
        proof = self._read_proof()
        return proof.directories if proof else ()

    def _read_proof(self) -> SelfTest | None:
        """Return the proof, read once and as soon as it is there: later on packages run as well."""
        if self._proof is None:
            self._proof = read_proof(self._proof_file, self._task.path)
        return self._proof


def pip_arguments(requirements: Path, log: Path, command: str = "install") -> list[str]:
    """Return what pip is called with: nothing that overrides its configuration."""
    return [
        command,
        "--disable-pip-version-check",
        "--no-input",
        "--log",
        str(log),
        "-r",
        str(requirements),
    ]


def requirements_file(task: Installation) -> Path | None:
    """Return the file that the installer reads; None where nothing is required."""
    if not effective_lines(task.spec.requirements):
        return None
    if task.file is not None:
        return task.file
    text = task.spec.requirements.rstrip() + "\n"
    return task.write(task.rooms.home / "requirements.txt", text)


def _lock_files(task: Installation, lock: Lock) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield the files that install a lock, with the options for each.

    Two at most: where one line has a hash, pip wants one for all.
    """
    wanted = requirements_of(lock)
    for name, lines, options in (
        ("locked.txt", wanted.hashed, ("--no-deps", "--require-hashes")),
        ("locked-without-hashes.txt", wanted.plain, ("--no-deps",)),
    ):
        if lines:
            text = "".join(f"{line}\n" for line in (*task.index_options, *lines))
            yield task.write(task.rooms.home / name, text), options


def _as_lock_failure(failed: EnvironmentFailed) -> EnvironmentFailed:
    """Tell that it was the lock which could not be installed, where that may be the reason."""
    if failed.code != "installation-failed" or failed.status is None or failed.status < 0:
        return failed
    return replace(failed, code="lock-not-installable")
