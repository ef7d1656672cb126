"""The pip that answers for Pythons that need not be here: unpacked, run, and ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from ..errors import StateError
from ..processes import Workspace, child_environment
from ..users import User, find_user

TIME_LIMIT = 900.0
"""Seconds after which a run is given up."""

_OWN = Path(__file__).with_name("_pip_for.py")


class Interrupted(Exception):
    """All runs were ended, and this was one."""


class Pip:
    """A pip, any number of runs of it at once, and the end of all of them.

    directory: holds the package pip. environment: all variables that it gets.
    user: who runs it; None: the user who runs pysteward.
    """

    def __init__(
        self, directory: Path, environment: Mapping[str, str], user: User | None = None
    ) -> None:
        self._directory = directory
        self._environment = dict(environment)
        self._user = user
        self._lock = Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._has_ended = False

    def give(self, directory: Path) -> None:
        """Give a directory and what is in it to the user who runs pip."""
        if self._user is not None:
            for path in (directory, *directory.rglob("*")):
                os.chown(path, self._user.uid, self._user.gid)

    def run(
        self, arguments: Sequence[str], markers: Mapping[str, str], directory: Path
    ) -> tuple[int, bytes] | None:
        """Run it in a directory; its exit status and all that it said, None where it took too long.

        markers: PEP 508's variables, as far as they differ from those of this Python.
        Raises OSError where it cannot be started, Interrupted where it was ended.
        """
        told = json.dumps(markers)
        command = [sys.executable, "-I", str(_OWN), str(self._directory), told, *arguments]
        process = self._start(command, directory)
        try:
            said, _ = process.communicate(timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self._finish(process)
        if self._has_ended:
            raise Interrupted
        return process.returncode, said

    def end(self) -> None:
        """End every run, with all that it has started, and let no other begin."""
        with self._lock:
            self._has_ended = True
            for process in self._running:
                _kill(process)

    def _start(self, command: list[str], directory: Path) -> subprocess.Popen[bytes]:
        user = self._user
        with self._lock:
            if self._has_ended:
                raise Interrupted
            process = subprocess.Popen(
                command,
                cwd=directory,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for us: we end it, so that nothing of it is taken for an answer.
                start_new_session=True,
                umask=0o022,
                user=None if user is None else user.uid,
                group=None if user is None else user.gid,
                extra_groups=None if user is None else user.groups,
            )
            self._running.add(process)
        return process

    def _finish(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._running.discard(process)
        _kill(process)
        process.communicate()


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def prepared(
    cache: Path, build_environment: Mapping[str, str], run_as: str | None
) -> Generator[Pip]:
    """A pip that is ready, for as long as the ``with`` lasts; whatever still runs then is ended.

    cache: a directory for what it downloads, which later runs use again. build_environment: the
    setting of that name. run_as: who runs it where pysteward is root.

    Raises StateError where that user cannot run it, SettingsError where there is no such user.
    """
    user = find_user(run_as)
    with TemporaryDirectory(prefix="pysteward-") as directory:
        home = Path(directory)
        downloads = home / "cache" if user is not None else cache
        environment = child_environment(Workspace(home, home, downloads), build_environment)
        pip = Pip(unpacked_pip(home), environment, user)
        pip.give(home)
        if user is not None:
            _insist_that_it_runs(pip, user, home)
        try:
            yield pip
        finally:
            pip.end()


def _insist_that_it_runs(pip: Pip, user: User, home: Path) -> None:
    """The other user may be kept out of the directory that pysteward itself lies in."""
    try:
        run = pip.run(["--version"], {}, home)
    except OSError as error:
        run = (1, str(error).encode())
    if run is None or run[0] != 0:
        raise StateError(
            f"the preflight cannot run as {user.name}: that user must be able to run "
            f"{sys.executable} and to read {_OWN.parent}",
            code="preflight-not-permitted",
        )


def unpacked_pip(directory: Path) -> Path:
    """Return the pip that virtualenv brings along, newer than those of old installations.

    It is unpacked, because from its wheel Python would compile it at every start.
    Raises OSError.
    """
    from virtualenv.seed.wheels.embed import get_embed_wheel

    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    wheel = get_embed_wheel("pip", version)
    if wheel is None:
        raise OSError(f"this virtualenv brings no pip for Python {version}")
    place = directory / wheel.path.stem
    with zipfile.ZipFile(wheel.path) as archive:
        archive.extractall(place)
    return place
