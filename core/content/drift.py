"""What content would get if its requirements were resolved today, against the lock it runs on.

Nothing is installed, and nothing of the content changes. Source archives are resolved by running
their code, as in a build; so this is confined as a build is.
"""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..builds import Content, content_lock, find_content
from ..environments import (
    EnvironmentFailed,
    EnvironmentSpec,
    Marker,
    complete,
    conditions_of,
    installation,
    interpreter_identity,
    read_configuration,
    resolve_lock,
    steward_cache,
)
from ..errors import StateError
from ..frozen import frozen
from ..lockfiles import Lock, LockChange, compare_locks, read_lock
from ..processes import ChildProcess, View, run
from ..removal import remove_tree
from ..safe_text import decode
from ..secrets import mask_secrets
from ..state import acquire, forget_lock, hold, make_directory
from ..users import User, find_user
from ..versions import PythonVersion

if TYPE_CHECKING:
    from ..bundles import Bundle, InstallRequirements
    from ..server import Server

_LINES = 5


@frozen
class Drift:
    """What would differ for one content item.

    changes: package by package. problem: why nothing can be said; None where it can.
    """

    content: str
    changes: tuple[LockChange, ...] = ()
    problem: str | None = None


def find_drift(server: Server, name: str) -> Drift:
    """Resolve the requirements of content today, and compare with the lock that it runs on.

    Raises: StateError (``content-unknown``); BundleError.
    """
    content = find_content(server.state_dir, name)
    text = content_lock(server.state_dir, name)
    if text is None or content.environment is None:
        return Drift(name, problem="it has no lock")
    path = Path(content.environment.path)
    try:
        with hold(path, shared=True, wait=False) as is_held:
            marker = complete(path) if is_held else None
            if marker is None:
                return Drift(name, problem="its environment is not there, or is being made")
            today = _resolve(server, content, path, marker)
    except OSError as error:
        raise StateError(
            f"nothing can be resolved in the state directory: {error.strerror}",
            code="state-unusable",
            file=error.filename,
        ) from None
    if isinstance(today, EnvironmentFailed):
        return Drift(name, problem=today.message)
    return Drift(name, compare_locks(read_lock(text), today))


def _resolve(
    server: Server, content: Content, path: Path, marker: Marker
) -> Lock | EnvironmentFailed:
    from ..bundles import open_bundle, stored_bundle, wanted

    settings, state_dir = server.settings, server.state_dir
    stored = stored_bundle(state_dir, content.bundle)
    if stored is None:
        return EnvironmentFailed("resolve", "bundle-gone", "its bundle is not kept any more")
    bundle = open_bundle(stored)
    needed = wanted(bundle, settings.effective_prohibited, settings.build_environment)
    owner = find_user(server.run_as)
    parent = make_directory(state_dir / "drift")
    _clear(parent)
    work = Path(tempfile.mkdtemp(dir=parent))
    held = acquire(work)
    cache = steward_cache(state_dir, server.run_as)
    try:
        directory = _unpack(bundle, needed, work / "bundle", owner)
        configuration = read_configuration(settings.build_environment)
        spec = EnvironmentSpec(
            executable=marker.executable,
            interpreter=interpreter_identity(marker.executable),
            version=PythonVersion.parse(marker.python),
            requirements="\n".join(needed.lines),
            configuration=configuration.digest,
            creator=marker.creator,
            installer=marker.installer,
            files=needed.files,
            only_wheels=settings.only_wheels,
        )
        task = installation(
            spec,
            path,
            work=work,
            cache=cache,
            pip_log=work / "pip.log",
            bundle=directory,
            requirements_file=None
            if needed.package_file is None
            else directory / needed.package_file,
            build_environment=settings.build_environment,
            owner=owner,
        )
        _make_log(work / "pip.log", owner)
        view = View(state_dir, (work,), (path, cache))
        steps = _Steps(owner, view if settings.confinement != "off" else None)
        found = resolve_lock(task, steps, conditions_of(spec, settings.effective_prohibited))
        return steps.explain(found) if isinstance(found, EnvironmentFailed) else found
    finally:
        remove_tree(work)
        forget_lock(work)
        if held is not None:
            os.close(held)


def _clear(parent: Path) -> None:
    """Remove what killed runs have left; those at work hold the lock of their directory."""
    for left in parent.iterdir():
        if not left.name.startswith("."):
            with hold(left, wait=False) as is_free:
                if is_free:
                    remove_tree(left)
                    forget_lock(left)


def _unpack(
    bundle: Bundle, needed: InstallRequirements, directory: Path, owner: User | None
) -> Path:
    """Write what the installer reads of a bundle."""
    from ..bundles import unpack

    if needed.files:
        unpack(bundle, directory)
    directory.mkdir(exist_ok=True)
    for name, data in needed.texts.items():
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    if owner is not None:
        for parent, _, names in os.walk(directory):
            for each in (parent, *(os.path.join(parent, name) for name in names)):
                os.chown(each, owner.uid, owner.gid, follow_symlinks=False)
    return directory


def _make_log(file: Path, owner: User | None) -> None:
    file.touch(0o600)
    if owner is not None:
        os.chown(file, owner.uid, owner.gid)


class _Steps:
    """Runs the installer, without a record."""

    def __init__(self, user: User | None, view: View | None) -> None:
        self._user = user
        self._view = view
        self._last: deque[str] = deque(maxlen=_LINES)

    def phase(
        self, name: str, detail: str = "", *, done: int | None = None, total: int | None = None
    ) -> None:
        pass

    def log(self, line: str) -> None:
        pass

    def package(self, name: str, version: str | None, action: str, size: int | None = None) -> None:
        pass

    def look(self) -> None:
        pass

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path | None = None,
        input: bytes | None = None,  # noqa: A002 - the name that subprocess has for it
        on_line: Callable[[str], bool] | None = None,
        tick: Callable[[], None] | None = None,
        quiet: bool = False,
    ) -> int:
        return run(
            ChildProcess(
                argv=argv,
                env=env,
                build="drift",
                cwd=cwd,
                input=input,
                user=self._user,
                take=self._take,
                look=lambda: None,
                tick=tick,
                view=self._view,
            )
        )

    def explain(self, failed: EnvironmentFailed) -> EnvironmentFailed:
        """Add what the installer said last."""
        said = next((line for line in self._last if "ERROR" in line or "error:" in line), "")
        words = f"{failed.message}: {mask_secrets(said)[:300]}" if said else failed.message
        return EnvironmentFailed(failed.step, failed.code, words, failed.status)

    def _take(self, data: bytes | None) -> None:
        if data is not None:
            self._last.extend(line for line in decode(data[-8192:]).splitlines() if line.strip())
