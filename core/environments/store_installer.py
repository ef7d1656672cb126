"""Install a lock from the store of wheels: what is missing is fetched by pip and stored first.

Where anything does not fit, `WheelUnfit` is raised, before anything is installed, and pip installs
as without a store. So the store never fails a build that would succeed without it.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..file_io import blocks, open_regular, write_all
from ..frozen import frozen
from ..lockfiles import Lock
from ..state import acquire
from ..wheels import (
    Archive,
    Bytecode,
    Compiler,
    Intake,
    Layout,
    Linker,
    Links,
    Placement,
    StoredWheel,
    WheelStore,
    WheelUnfit,
    assemble,
    take_in,
)
from .creation import interpreter_of
from .inventory import read_inventory
from .self_test import SelfTest
from .wheel_choice import WheelNeed, choose_wheels

if TYPE_CHECKING:
    from .installer import Installation
    from .runner import Runner

_LARGEST = 8 << 30  # bytes of one archive
_PAUSE = 0.05  # seconds between two looks at a lock
_HEADERS = "include/site/python{}"
_UV_WRITES = "uv"
_PIP_WRITES = "pip\n"


@frozen
class StoreOptions:
    """How the store of wheels is used. links: as the setting ``wheel-links``."""

    store: WheelStore
    links: Links = "auto"


@frozen
class StoreCounts:
    """Where the wheels of an environment came from."""

    stored: int = 0
    fetched: int = 0

    def __str__(self) -> str:
        total = self.stored + self.fetched
        packages = "1 package" if total == 1 else f"{total} packages"
        return f"{packages}: {self.stored} from the store, {self.fetched} fetched"


class StoreInstallation:
    """One installation from the store. The locks of its wheels are held until it is closed.

    fetch: has pip fetch the wheels of a lock into a directory; raises WheelUnfit.
    wheels: SHA-256 of those that were installed. has_begun: whether the environment was changed.
    """

    def __init__(
        self,
        task: Installation,
        steps: Runner,
        options: StoreOptions,
        fetch: Callable[[Lock, Path], None],
    ) -> None:
        self._task = task
        self._steps = steps
        self._options = options
        self._store = options.store
        self._fetch = fetch
        self._locks = ExitStack()
        self.wheels: tuple[str, ...] = ()
        self.has_begun = False
        self.counts = StoreCounts()

    def __enter__(self) -> StoreInstallation:
        return self

    def __exit__(self, *_: object) -> None:
        self._locks.close()

    def run(self, lock: Lock, proof: SelfTest, before_linking: Callable[[], None]) -> None:
        """Install a lock into an environment that nothing has been installed into.

        proof: with the paths of the environment. before_linking: called once all is there.
        Raises: WheelUnfit; OSError; what the runner raises.
        """
        task = self._task
        layout, compiler = layout_of(task.path, proof), _compiler(task.path, proof)
        needs = choose_wheels(lock, task.requirements, proof, task.directory)
        needs = self._without_seeds(needs, proof)
        self._store.prepare(passable=task.user is not None)
        for need in sorted(needs, key=lambda each: each.sha256):
            self._hold(self._store.directory(need.sha256), shared=True)
        found = self._complete(lock, needs, compiler)
        self.has_begun = True
        before_linking()
        total = len(needs)
        self._steps.phase("install", f"0 of {total}", done=0, total=total)
        done = 0

        def placed(placement: Placement) -> None:
            nonlocal done
            done += 1
            wheel = placement.wheel
            self._steps.package(wheel.name, wheel.version, "installed")
            if done == total or not done % 16:
                detail = f"{done} of {total}: {wheel.name}"
                self._steps.phase("install", detail, done=done, total=total)

        placements = [
            Placement(*found[each.sha256], each.is_requested, each.direct_url) for each in needs
        ]
        linker = Linker(self._options.links)
        writes = _UV_WRITES if task.spec.installer == "uv" else _PIP_WRITES
        assemble(placements, layout, linker, installer=writes, on_placed=placed)
        self.wheels = tuple(sorted(each.sha256 for each in needs))
        how = {"reflink": "reflinks", "hard link": "hard links", "copy": "copies"}[linker.method]
        self._steps.log(f"Installed {self.counts}; by {how}")

    def _without_seeds(self, needs: Sequence[WheelNeed], proof: SelfTest) -> tuple[WheelNeed, ...]:
        """Leave out what a new environment has already; pip replaces other versions of it."""
        seeds = {each.key: each.version for each in read_inventory(proof.directories)}
        for need in needs:
            name, version = str(need.package.name), str(need.package.version)
            if name in seeds and seeds[name] != version:
                raise WheelUnfit(f"{name} {version} replaces the {seeds[name]} of the environment")
        return tuple(each for each in needs if str(each.package.name) not in seeds)

    def _hold(self, path: Path, *, shared: bool) -> None:
        """Take a lock, and keep it to the end. Locks are taken in one order, so that no two builds
        wait for one another."""
        while (descriptor := acquire(path, shared=shared, wait=False)) is None:
            self._steps.look()
            time.sleep(_PAUSE)
        self._locks.callback(os.close, descriptor)

    def _complete(
        self, lock: Lock, needs: Sequence[WheelNeed], compiler: Compiler
    ) -> dict[str, tuple[StoredWheel, Bytecode]]:
        """Return every wheel with its bytecode; what is missing is made."""
        found = self._look(needs, compiler)
        self.counts = StoreCounts(len(found))
        missing = sorted({each.sha256 for each in needs} - found.keys())
        if missing:
            # Another build may be making one: the first to come makes it, the others wait.
            for sha256 in missing:
                self._hold(self._store.making_of(sha256), shared=False)
            self._hold(self._store.making, shared=True)
            found = self._look(needs, compiler)
            self.counts = StoreCounts(len(found))
            self._make(lock, [each for each in needs if each.sha256 not in found], compiler)
            found = self._look(needs, compiler)
        for need in needs:
            if need.sha256 not in found:
                raise WheelUnfit(f"{need.file} could not be stored")
        return found

    def _look(
        self, needs: Sequence[WheelNeed], compiler: Compiler
    ) -> dict[str, tuple[StoredWheel, Bytecode]]:
        found: dict[str, tuple[StoredWheel, Bytecode]] = {}
        for need in needs:
            wheel = self._store.find(need.sha256)
            if wheel is not None and self._store.is_settled(wheel):
                bytecode = self._store.bytecode(wheel, compiler.key)
                if bytecode is not None:
                    found[need.sha256] = (wheel, bytecode)
        return found

    def _make(self, lock: Lock, needs: Sequence[WheelNeed], compiler: Compiler) -> None:
        """Fetch and store wheels, and compile those that are stored for other Pythons."""
        known = {each.sha256: self._store.find(each.sha256) for each in needs}
        old = [wheel for wheel in known.values() if wheel and self._store.is_settled(wheel)]
        new = [each for each in needs if each.sha256 not in {wheel.sha256 for wheel in old}]
        total = len(new)
        archives = self._fetched(lock, new) if new else []
        if not archives and not old:
            return

        def count(wheels: int, modules: int) -> None:
            detail = f"{wheels} of {total} unpacked, {modules} modules compiled"
            self._steps.phase("store", detail, done=min(wheels, total), total=total)

        count(0, 0)
        intake = Intake(
            store=self._store,
            runner=self._steps,
            env=self._task.env,
            work=self._task.rooms.home.parent,
            user=self._task.user,
            compiler=compiler,
            on_count=count,
        )
        _, refused = take_in(intake, archives, old)
        self.counts = StoreCounts(self.counts.stored + len(old), len(archives))
        for reason in refused.values():
            raise WheelUnfit(reason)

    def _fetched(self, lock: Lock, needs: Sequence[WheelNeed]) -> list[Archive]:
        """Return the archives of wheels, each compared with its hash."""
        task = self._task
        directory = task.rooms.home / "fetched"
        remote = [each for each in needs if each.local is None]
        if remote:
            directory.mkdir(0o700)
            if task.user is not None:
                os.chown(directory, task.user.uid, task.user.gid, follow_symlinks=False)
            packages = [each.package for each in remote]
            self._fetch(replace(lock, pylock=replace(lock.pylock, packages=packages)), directory)
        kept = task.rooms.home.parent / f"archives-{os.urandom(4).hex()}"
        kept.mkdir(0o755)
        archives: list[Archive] = []
        for need in needs:
            source = need.local or directory / need.file
            target = kept / f"{need.sha256}.whl"
            try:
                found = _copy(source, target)
            except FileNotFoundError:
                raise WheelUnfit(f"{need.file} was not fetched") from None
            if found != need.sha256:
                raise WheelUnfit(f"{need.file} has another hash than the lock says")
            archives.append(Archive(need.sha256, target, need.file))
        return archives


def layout_of(path: Path, proof: SelfTest) -> Layout:
    """Return where an environment has what. Raises: WheelUnfit where it is not laid out as usual.

    proof: with its paths.
    """
    real = Path(os.path.realpath(path))
    found: dict[str, Path] = {}
    for name in ("purelib", "platlib", "scripts", "data"):
        place = proof.paths.get(name)
        inside = Path(os.path.realpath(place)) if place else Path("/")
        if inside != real and real not in inside.parents:
            raise WheelUnfit(f"its {name} is not in the environment")
        found[name] = inside
    if not {found["purelib"], found["platlib"]} <= set(proof.directories) or found["data"] != real:
        raise WheelUnfit("the environment is not laid out as usual")
    minor = ".".join(re.findall("[0-9]+", proof.version)[:2])
    return Layout(
        environment=real,
        purelib=found["purelib"],
        platlib=found["platlib"],
        scripts=found["scripts"],
        data=real,
        headers=real / _HEADERS.format(minor),
        interpreter=interpreter_of(path),
    )


def _compiler(path: Path, proof: SelfTest) -> Compiler:
    if proof.implementation != "cpython" or not proof.cache_tag or not proof.magic:
        raise WheelUnfit(f"Python {proof.version} has no bytecode that can be stored")
    return Compiler(interpreter_of(path), proof.cache_tag, proof.magic)


def _copy(source: Path, target: Path) -> str:
    """Copy a file that another user may have written; returns the SHA-256 of the copy."""
    digest = hashlib.sha256()
    descriptor = open_regular(source)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        written = os.open(target, flags, 0o644)
        try:
            for block in blocks(descriptor, _LARGEST):
                digest.update(block)
                write_all(written, block)
            os.fchmod(written, 0o444)
        finally:
            os.close(written)
    finally:
        os.close(descriptor)
    return digest.hexdigest()
