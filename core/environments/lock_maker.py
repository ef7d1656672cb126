"""The lock of what was just installed, from what the installer tells."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from ..errors import LockError
from ..file_io import blocks, open_regular, read_regular
from ..json_values import parse_json
from ..lockfiles import Conditions, Lock, lock_of_report, read_lock, without_users
from ..package_names import normalize
from .inventory import InstalledPackage
from .lock_conditions import lock_markers

if TYPE_CHECKING:
    from .installer import Installation
    from .runner import Runner

_LARGEST = 64 * 1024 * 1024
_SEEDS = frozenset({"pip", "setuptools", "wheel", "pkg-resources"})
_FILE = re.compile(rb"(?:Downloading|Using cached|Found) (?:\S*/)?([^/\s#]{1,300})")
_LINK = re.compile(rb"(https?://[^\s#]{1,2000}/([^/\s#]{1,300}))#sha256=([0-9a-f]{64})")


def make_lock(
    task: Installation,
    steps: Runner,
    conditions: Conditions,
    distributions: Sequence[InstalledPackage],
) -> Lock:
    """Return the lock of the environment that was just made; what is not known is unlocked in it.

    conditions: without the installer's version. distributions: all that is installed.
    """
    markers = lock_markers(conditions.python)
    if not task.requirements:
        return lock_of_report({"install": []}, conditions, task.directory, markers=markers)
    if task.spec.installer == "uv":
        return _by_uv(task, steps, conditions, distributions)
    report = read_report(task.report)
    if report is None:
        report = _without_report(task, distributions)
    try:
        return lock_of_report(report, conditions, task.directory, markers=markers)
    except LockError as error:
        steps.log(f"pysteward: only versions are locked: {error}")
        items = [_item(each.name, each.version, {"url": ""}) for each in distributions]
        return lock_of_report({"install": items}, conditions, task.directory, markers=markers)


def read_report(file: Path) -> object | None:
    """Return pip's report; None where it wrote none, as releases before 22.2, or an unreadable
    one."""
    try:
        return parse_json(read_regular(file, _LARGEST))
    except (OSError, ValueError):
        return None


def _item(name: str, version: str, origin: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return one package as pip's report has it."""
    return {"metadata": {"name": name, "version": version}, "download_info": origin, **more}


def _without_report(
    task: Installation, distributions: Sequence[InstalledPackage]
) -> dict[str, Any]:
    """Return what an old pip tells, in the form of a report: its log names files and their hashes,
    where the index gives any."""
    try:
        log = read_regular(task.log, _LARGEST)
    except OSError:
        log = b""
    used = {found[1] for found in _FILE.finditer(log)}
    known = {found[2]: found for found in _LINK.finditer(log) if found[2] in used}
    items: list[dict[str, Any]] = []
    for each in _installed(distributions):
        origin: dict[str, Any] = {"url": ""}
        for file, found in known.items():
            if _is_file_of(file.decode("utf-8", "replace"), each):
                hashes = {"sha256": found[3].decode()}
                address = found[1].decode("utf-8", "replace")
                origin = {"url": address, "archive_info": {"hashes": hashes}}
        items.append(_item(each.name, each.version, origin))
    return {"install": items}


def _installed(distributions: Sequence[InstalledPackage]) -> Iterator[InstalledPackage]:
    """Yield what is not part of every new environment."""
    return (each for each in distributions if each.version and each.key not in _SEEDS)


def _is_file_of(file: str, package: InstalledPackage) -> bool:
    name, _, rest = file.partition(f"-{package.version}")
    return bool(rest) and normalize(name) == package.key


def _by_uv(
    task: Installation,
    steps: Runner,
    conditions: Conditions,
    distributions: Sequence[InstalledPackage],
) -> Lock:
    """Have uv tell the files of what it has installed; it still has their hashes."""
    from .uv import find_uv, uv_lock_command, uv_variables

    direct: list[dict[str, Any]] = []
    pinned: list[InstalledPackage] = []
    for each in _installed(distributions):
        origin = _direct_url(each, task.directory)
        if origin is None:
            pinned.append(each)
        else:
            direct.append(_item(each.name, each.version, origin, is_direct=True))
    source, target = task.rooms.home / "installed.txt", task.rooms.home / "pylock.toml"
    uv, known = find_uv(task.run_as), None
    if pinned and uv is not None:
        lines = (*task.index_options, *(f"{each.name}=={each.version}" for each in pinned))
        task.write(source, "".join(f"{line}\n" for line in lines))
        command = uv_lock_command(uv, task.path, task.configuration, source, target)
        shared = task.run_as is None
        env = uv_variables(task.env, task.configuration, task.rooms.cache, shared=shared)
        if steps.run(command, env=env, cwd=task.directory, quiet=True) == 0:
            known = _read_lock(target)
    items = [*direct]
    if known is None:
        items += [_item(each.name, each.version, {"url": ""}) for each in pinned]
    markers = lock_markers(conditions.python)
    lock = lock_of_report({"install": items}, conditions, task.directory, markers=markers)
    if known is None:
        return lock
    packages = (*map(without_users, known.pylock.packages), *lock.pylock.packages)
    ordered = tuple(sorted(packages, key=lambda each: each.name))
    return replace(lock, pylock=replace(lock.pylock, packages=ordered))


def _read_lock(file: Path) -> Lock | None:
    try:
        return read_lock(read_regular(file, _LARGEST))
    except (OSError, LockError):
        return None


def _direct_url(package: InstalledPackage, directory: Path) -> dict[str, Any] | None:
    """Return what PEP 610 records of a package that was named by address or path; None of others.

    uv gives no hash of a local file; if that lies in the bundle, it is made here.
    """
    try:
        origin: Any = parse_json(read_regular(package.info / "direct_url.json", 65536))
        address = str(origin["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    parts = urlsplit(address)
    info = origin.get("archive_info")
    if parts.scheme == "file" and info is not None and not info.get("hashes"):
        path = unquote(parts.path)
        if path.startswith(os.path.join(os.path.realpath(directory), "")):
            origin["archive_info"] = {"hashes": {"sha256": _sha256(path)}}
    result: dict[str, Any] = json.loads(json.dumps(origin))
    return result


def _sha256(path: str) -> str:
    digest = hashlib.sha256()
    descriptor = open_regular(path)
    try:
        for block in blocks(descriptor, 1 << 40):
            digest.update(block)
    finally:
        os.close(descriptor)
    return digest.hexdigest()
