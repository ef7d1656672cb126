"""Have pip fetch the release of virtualenv that still serves an old Python.

pysteward's own virtualenv makes environments for the Pythons that it carries a pip for. For older
ones an older release is run in its place, by the same interpreter, from its wheels: these and their
hashes are named in the program's own files, and nothing else is run.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from ..file_io import read_regular
from ..findings import Finding
from ..frozen import frozen
from ..installations import fetched_release, requirements_for, wheels_of
from .installer import Installation
from .results import EnvironmentFailed
from .runner import Runner
from .spec import EnvironmentSpec

_LARGEST = 64 * 1024 * 1024


@frozen
class _Wheel:
    """One line of what is fetched: a name as files have it, a version, a hash."""

    name: str
    version: str
    sha256: str


def needed_release(spec: EnvironmentSpec) -> str | None:
    """Return the release of virtualenv that has to be fetched for this environment; None where the
    one that is there will do.
    """
    return fetched_release(spec.version.line) if spec.creator == "bundled" else None


def fetch_virtualenv(
    release: str, task: Installation, steps: Runner
) -> tuple[Path, ...] | EnvironmentFailed:
    """Return the wheels that the release runs from, fetched by pip where the cache has not all.

    They lie below the directory in the build's cache that becomes part of the steward's before any
    package's code runs. Raises OSError.
    """
    directory = task.rooms.cache / "virtualenv" / "releases"
    wanted = list(_wheels(wheels_of(release)))
    found = [_find(directory, wheel) for wheel in wanted]
    line = f"{task.spec.version.major}.{task.spec.version.minor}"
    steps.log(f"pysteward: environments of Python {line} are made by virtualenv {release}")
    if None in found:
        status, reason = _download(release, directory, task, steps)
        found = [_find(directory, wheel) for wheel in wanted]
        if status != 0 or None in found:
            return _unavailable(release, task.spec, status, reason)
    return tuple(path for path in found if path is not None)


def _wheels(text: str) -> Iterator[_Wheel]:
    for line in text.splitlines():
        if not line.startswith("#"):
            named, _, digest = line.partition(" --hash=sha256:")
            name, _, version = named.partition("==")
            yield _Wheel(name.replace("-", "_"), version, digest)


def _find(directory: Path, wheel: _Wheel) -> Path | None:
    """Return where a wheel lies; one with another hash is taken away.

    The build's cache holds links, and virtualenv in a wheel finds its own files only where its path
    has none.
    """
    for path in directory.glob(f"{wheel.name}-{wheel.version}-*.whl"):
        with contextlib.suppress(OSError):
            if (
                hashlib.sha256(read_regular(path, _LARGEST, follow=True)).hexdigest()
                == wheel.sha256
            ):
                return path.resolve()
            path.unlink()
    return None


def _download(release: str, directory: Path, task: Installation, steps: Runner) -> tuple[int, str]:
    """Run pip under the configuration that builds have; returns its status and its last error."""
    from virtualenv.seed.wheels.embed import get_embed_wheel

    line = f"{sys.version_info.major}.{sys.version_info.minor}"
    pip = get_embed_wheel("pip", line)
    if pip is None:
        raise OSError(f"this virtualenv brings no pip for Python {line}")
    errors = [""]

    def watch(text: str) -> bool:
        if text.startswith("ERROR: "):
            errors.append(text.removeprefix("ERROR: ")[:300])
        return True

    file = task.write(task.rooms.home / f"virtualenv-{release}.txt", wheels_of(release))
    options = ("--no-deps", "--only-binary=:all:", "--require-hashes", "--progress-bar=off")
    command = [sys.executable, "-I", os.path.join(pip.path, "pip"), "download"]
    command += ["--no-input", "--disable-pip-version-check", "--no-cache-dir", *options]
    command += ["--dest", str(directory), "-r", str(file)]
    steps.log(f"$ {' '.join(command)}")
    status = steps.run(command, env=task.env, cwd=task.rooms.home, on_line=watch)
    return status, errors[-1]


def _unavailable(
    release: str, spec: EnvironmentSpec, status: int, reason: str
) -> EnvironmentFailed:
    line = f"{spec.version.major}.{spec.version.minor}"
    cause = f"Python {line} needs virtualenv {release}, which pip could not fetch"
    why = f": {reason.rstrip('.')}" if reason else ""
    argv = (spec.executable, "-m", "pip", "install", *requirements_for(spec.version))
    finding = Finding(
        "virtualenv-missing",
        "cause",
        f"{cause}{why}.",
        "Name an index that has it (index-url) or a directory of its wheels (find-links) in pip's "
        'configuration; README says under "Without internet" how that directory is made. Or put '
        f"a virtualenv into the installation, {shlex.join(argv)}, and set environment-creator = "
        '"virtualenv".',
        None,
        (),
    )
    return EnvironmentFailed("create", "creation-failed", cause, status, (finding,))
