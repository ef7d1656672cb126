"""Installs the requirements into a new environment, after it has proved that it is one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from .children import Rooms
from .creation import interpreter_of
from .progress import PipProgress
from .proof import Proof, launcher, read_proof
from .results import Failed
from .spec import EnvironmentSpec, effective_lines
from .steps import Steps

_NO_SPACE = ("No space left on device", "Disk quota exceeded", "Errno 28]", "Errno 122]")


@dataclass(frozen=True, slots=True)
class Installation:
    """One run of the installer.

    path: the environment. env: the child's variables. folder: what relative paths in the
    requirements start from. file: what the installer reads; None: the text of the spec.
    log: pip's full log.
    """

    spec: EnvironmentSpec
    path: Path
    rooms: Rooms
    env: dict[str, str]
    folder: Path
    file: Path | None
    log: Path


def install(task: Installation, steps: Steps) -> Proof | Failed:
    """Prove the environment and install; gives its proof, or why there is none."""
    return _Pip(task, steps).run()


class _Pip:
    """One run of pip, and what was seen of it."""

    def __init__(self, task: Installation, steps: Steps) -> None:
        self._task = task
        self._steps = steps
        self._proof_file = task.rooms.home / "proof.json"
        self._proof: Proof | None = None
        self._progress = PipProgress(steps, self._folders)
        self._no_space = False

    def run(self) -> Proof | Failed:
        task, steps = self._task, self._steps
        requirements = requirements_file(task)
        arguments = pip_arguments(requirements, task.log) if requirements else []
        interpreter = interpreter_of(task.path)
        steps.phase("resolve")
        if arguments:
            steps.log(f"$ {interpreter} -m pip {' '.join(arguments)}")
        command = launcher(
            interpreter,
            task.path,
            task.spec.version,
            self._proof_file,
            # An environment without requirements needs a pip that runs all the same.
            arguments or ["--version"],
            raw_progress=bool(arguments),
        )
        status = steps.run(
            command,
            env=task.env,
            cwd=task.folder,
            on_line=self._line,
            tick=self._progress.tick,
        )
        self._progress.tick()
        proof = self._read()
        if proof is None or proof.complaint is not None:
            why = "its interpreter does not run" if proof is None else proof.complaint
            return Failed(
                "prove",
                "environment-broken",
                f"{task.spec.creator} reported success but made an environment that cannot be"
                f" used: {why}",
                status,
            )
        if status != 0:
            return self._failed(status)
        return proof

    def _failed(self, status: int) -> Failed:
        if self._no_space:
            return Failed("install", "no-space", "the disk is full", status)
        ended = f"was killed by signal {-status}" if status < 0 else f"exit status {status}"
        return Failed(
            "install",
            "installation-failed",
            f"pip could not install the requirements ({ended})",
            status,
        )

    def _line(self, line: str) -> bool:
        self._no_space = self._no_space or any(mark in line for mark in _NO_SPACE)
        return self._progress.line(line)

    def _folders(self) -> tuple[Path, ...]:
        proof = self._read()
        return proof.folders if proof else ()

    def _read(self) -> Proof | None:
        """The proof, read once and as soon as it is there: later on packages run as well."""
        if self._proof is None:
            self._proof = read_proof(self._proof_file, self._task.path)
        return self._proof


def pip_arguments(requirements: Path, log: Path) -> list[str]:
    """What pip is called with: nothing that overrides its configuration."""
    return [
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--log",
        str(log),
        "-r",
        str(requirements),
    ]


def requirements_file(task: Installation) -> Path | None:
    """The file that the installer reads; None where nothing is required."""
    if not effective_lines(task.spec.requirements):
        return None
    if task.file is not None:
        return task.file
    file = task.rooms.home / "requirements.txt"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "w", encoding="utf-8", errors="surrogateescape") as stream:
        stream.write(task.spec.requirements.rstrip() + "\n")
    home = task.rooms.home.stat()
    if home.st_uid != os.geteuid():
        os.chown(file, home.st_uid, home.st_gid, follow_symlinks=False)
    return file
