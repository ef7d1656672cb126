"""Unpack wheels and compile their modules, confined, and take what came of it into the store."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from ..frozen import frozen
from ..removal import remove_tree
from ..users import User
from .model import Bytecode, Compiler, StoredWheel, WheelUnfit
from .readback import read_back
from .reading import read_wheel
from .store import WheelStore

MOST_FILES = 200_000
"""Files of one wheel."""

MOST_BYTES = 20 << 30
"""Bytes of one wheel's files together."""


class ChildRunner(Protocol):
    """What runs a program confined, see `environments.Runner`."""

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
    ) -> int: ...


@frozen
class Archive:
    """One wheel to take in. sha256: of its bytes, which the caller has compared.

    path: the file; only the caller can write it. file: the name that it was published under.
    """

    sha256: str
    path: Path
    file: str


@frozen
class Intake:
    """How wheels are taken in.

    work: an existing directory of the caller's, on the store's file system, which the confined
    program sees. user: who runs that, where it is another. compiler: whose bytecode is made.
    on_count: gets the number of wheels that have been unpacked, and of modules compiled.
    """

    store: WheelStore
    runner: ChildRunner
    env: Mapping[str, str]
    work: Path
    user: User | None
    compiler: Compiler
    on_count: Callable[[int, int], None] = lambda wheels, modules: None


def take_in(
    intake: Intake, archives: Sequence[Archive], known: Sequence[StoredWheel] = ()
) -> tuple[dict[str, StoredWheel], dict[str, str]]:
    """Store wheels, and the bytecode of these and of known ones that have none yet.

    The caller holds the locks of all of them alone, see `WheelStore.directory`.
    Returns those that were stored by their SHA-256, and why the others were refused.
    Raises: OSError; WheelUnfit where the program that unpacks was ended.
    """
    area = intake.work / f"wheels-{os.urandom(4).hex()}"
    area.mkdir(0o700)
    try:
        if intake.user is not None:
            os.chown(area, intake.user.uid, intake.user.gid, follow_symlinks=False)
        return _take_in(intake, area, archives, known)
    finally:
        remove_tree(area)


def _take_in(
    intake: Intake, area: Path, archives: Sequence[Archive], known: Sequence[StoredWheel]
) -> tuple[dict[str, StoredWheel], dict[str, str]]:
    jobs = {each.sha256: each for each in archives}
    old = {each.sha256: each for each in known}
    refused = _run(intake, area, jobs, old)
    stored: dict[str, StoredWheel] = {}
    for sha256, archive in jobs.items():
        if sha256 in refused:
            continue
        tree = area / "trees" / sha256
        try:
            wheel = read_wheel(sha256, archive.file, tree, read_back(tree))
            files = _read_bytecode(wheel, area / "code" / sha256, intake.compiler)
        except WheelUnfit as error:
            refused[sha256] = error.message
            continue
        wheel = replace(wheel, directory=intake.store.directory(sha256))
        intake.store.add(wheel, tree)
        intake.store.add_bytecode(wheel, intake.compiler, files, area / "code" / sha256)
        stored[sha256] = wheel
    for sha256, wheel in old.items():
        files = _read_bytecode(wheel, area / "code" / sha256, intake.compiler)
        intake.store.add_bytecode(wheel, intake.compiler, files, area / "code" / sha256)
    return stored, refused


def _run(
    intake: Intake, area: Path, jobs: Mapping[str, Archive], old: Mapping[str, StoredWheel]
) -> dict[str, str]:
    """Run the program; returns what it has refused, and why."""
    trees, code = area / "trees", area / "code"
    job = {
        "unpack": [
            {"wheel": str(each.path), "target": str(trees / name), "id": name}
            for name, each in jobs.items()
        ],
        "compile": [
            *(_compile(trees / name, None, code / name) for name in jobs),
            *(_compile(each.tree, modules_of(each), code / name) for name, each in old.items()),
        ],
        "most_files": MOST_FILES,
        "most_bytes": min(MOST_BYTES, intake.store.free_space()),
    }
    refused: dict[str, str] = {}
    failures: list[OSError] = []
    counts = [0, 0]

    def line(text: str) -> bool:
        try:
            what, *rest = json.loads(text)
            if what == "refused":
                refused[str(rest[0])] = str(rest[1])[:500]
            elif what == "error":
                failures.append(OSError(int(rest[0]), str(rest[1])))
            else:
                counts[what == "compiled"] += rest[0] if what == "compiled" else 1
                intake.on_count(*counts)
        except (ValueError, TypeError, IndexError):
            return True  # the interpreter's own words: an error
        return False

    source = Path(__file__).with_name("_unpack.py").read_text("utf-8")
    status = intake.runner.run(
        [str(intake.compiler.interpreter), "-I", "-S", "-B", "-c", source],
        env=intake.env,
        cwd=intake.work,
        input=json.dumps(job).encode(),
        on_line=line,
    )
    if failures:
        raise failures[0]
    if status != 0:
        ended = f"signal {-status}" if status < 0 else f"status {status}"
        raise WheelUnfit(f"the program that unpacks wheels ended with {ended}")
    return refused


def _compile(source: Path, modules: Sequence[str] | None, target: Path) -> dict[str, object]:
    return {"source": str(source), "modules": modules, "target": str(target)}


def modules_of(wheel: StoredWheel) -> list[str]:
    """Return the names of the modules that are compiled, in the wheel's archive."""
    return [
        each.source
        for each in wheel.files
        if each.scheme in ("purelib", "platlib") and each.source.endswith(".py")
    ]


def _read_bytecode(wheel: StoredWheel, directory: Path, compiler: Compiler) -> dict[str, str]:
    """Return the SHA-256 of each compiled module; all else in the directory is removed."""
    directory.mkdir(exist_ok=True, parents=True)
    found = {each.name: each.sha256 for each in read_back(directory)}
    none = Bytecode(directory, compiler.tag, {})
    wanted = {none.path_of(module): module for module in modules_of(wheel)}
    for name in found.keys() - wanted.keys():
        (directory / name).unlink()
    return {wanted[name]: digest for name, digest in found.items() if name in wanted}
