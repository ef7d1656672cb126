"""A lock from what an installer itself says: pip's installation report, or a lock of uv."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit, urlunsplit

from ..errors import LockError
from ..package_names import normalize
from ..secrets import mask_secrets
from .model import Conditions, Lock

if TYPE_CHECKING:
    from packaging.pylock import Package

CREATED_BY = "pysteward"


def lock_of_report(
    report: Any,
    conditions: Conditions,
    directory: Path,
    *,
    markers: Sequence[str] = (),
) -> Lock:
    """Return the lock of what pip has installed.

    report: pip's installation report (its documentation, version 1), or an object of that form.
    directory: the bundle's directory; what lies in it is named by its path from there.
    markers: the environments that the lock is for, as PEP 508 markers.
    Raises: LockError where the report is not one.
    """
    from packaging.markers import Marker
    from packaging.pylock import Package, Pylock, PylockValidationError
    from packaging.specifiers import SpecifierSet
    from packaging.version import InvalidVersion, Version

    packages: list[Package] = []
    unlocked: list[tuple[str, str]] = []
    try:
        for item in report["install"]:
            name = normalize(str(item["metadata"]["name"]))
            version = str(item["metadata"]["version"])
            source = _source(item, directory)
            if source is None:
                unlocked.append((name, version))
                continue
            document = {"name": name, **source}
            if not _is_invalid(version):
                document["version"] = version
            try:
                packages.append(Package._from_dict(document))  # pyright: ignore[reportPrivateUsage]
            except PylockValidationError:
                unlocked.append((name, version))
        minor = ".".join(conditions.python.split(".")[:2])
        pylock = Pylock(
            lock_version=Version("1.0"),
            environments=[Marker(marker) for marker in markers] or None,
            requires_python=SpecifierSet(f"=={minor}.*"),
            created_by=CREATED_BY,
            packages=sorted(packages, key=lambda each: each.name),
        )
    except (KeyError, TypeError, AttributeError, ValueError, InvalidVersion) as error:
        raise LockError(f"the installer's report is not one: {error!r}") from None
    return Lock(pylock, conditions, tuple(sorted(unlocked)))


def without_users(package: Package) -> Package:
    """Return a package of another program's lock whose addresses have no user part."""

    def clean(place: Any) -> Any:
        if place is None or place.url is None:
            return place
        return replace(place, url=without_user(place.url))

    wheels = package.wheels and [clean(each) for each in package.wheels]
    index = package.index and without_user(package.index)
    sdist, archive, vcs = clean(package.sdist), clean(package.archive), clean(package.vcs)
    return replace(package, wheels=wheels, index=index, sdist=sdist, archive=archive, vcs=vcs)


def _is_invalid(version: str) -> bool:
    from packaging.version import InvalidVersion, Version

    try:
        Version(version)
    except InvalidVersion:
        return True
    return False


def _source(item: Mapping[str, Any], directory: Path) -> dict[str, Any] | None:
    """Return where a package came from, as PEP 751 writes it; None where that is not known."""
    origin: Mapping[str, Any] = item["download_info"]
    address = str(origin["url"])
    below = {"subdirectory": str(origin["subdirectory"])} if origin.get("subdirectory") else {}
    if "vcs_info" in origin:
        info = origin["vcs_info"]
        revision = info.get("requested_revision")
        wanted = {"requested-revision": str(revision)} if revision else {}
        place = {"type": str(info["vcs"]), "url": without_user(address), **wanted}
        return {"vcs": {**place, "commit-id": str(info["commit_id"]), **below}}
    if "dir_info" in origin:
        editable = {"editable": True} if origin["dir_info"].get("editable") else {}
        return {"directory": {"path": _path(address, directory), **editable, **below}}
    hashes = _hashes(origin.get("archive_info") or {})
    if not hashes:
        return None
    if urlsplit(address).scheme == "file" and _is_below(address, directory):
        place = {"path": _path(address, directory)}
    else:
        place = {"url": without_user(address)}
    if item.get("is_direct"):
        return {"archive": {**place, "hashes": hashes, **below}}
    name = unquote(urlsplit(address).path.rpartition("/")[2])
    file = {"name": name, **place, "hashes": hashes}
    return {"wheels": [file]} if name.endswith(".whl") else {"sdist": file}


def _hashes(info: Mapping[str, Any]) -> dict[str, str]:
    found: Any = info.get("hashes")
    if found:
        return {str(kind): str(value) for kind, value in found.items()}
    kind, _, value = str(info.get("hash") or "").partition("=")  # before pip 23
    return {kind: value} if value else {}


def _is_below(address: str, directory: Path) -> bool:
    inside = os.path.join(os.path.realpath(directory), "")
    return unquote(urlsplit(address).path).startswith((inside, os.path.join(str(directory), "")))


def _path(address: str, directory: Path) -> str:
    """Return a local address as a path, from the bundle's directory where it lies in that."""
    path = unquote(urlsplit(address).path)
    for top in (str(directory), os.path.realpath(directory)):
        if path.rstrip("/") == top:
            return "."
        if path.startswith(os.path.join(top, "")):
            return os.path.relpath(path, top)
    return path


def without_user(address: str) -> str:
    """Return an address without its user part and fragment, and without secrets in its query."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    query = "" if parts.query and mask_secrets(address) != address else parts.query
    return mask_secrets(urlunsplit((parts.scheme, host, parts.path, query, "")))
