"""Take content from a Connect server, to build it here as it is there.

DIR/bundle.tar.gz            the active bundle, as it was deployed
DIR/requirements.txt.lock    the server's lock, where it has one
DIR/packages.txt             the packages that are installed on the server
DIR/content/                 the bundle with the server's Python and packages, to be deployed
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from ...bundles import Bundle, open_bundle, unpack
from ...errors import RemoteError
from ...frozen import frozen
from ...package_names import normalize
from . import reading
from .client import ConnectClient
from .model import Lock, RemoteContent, RemotePackage

_PACKAGE_FILE = "requirements.txt"
_MADE_WITH = frozenset({"pip", "setuptools", "wheel"})


@frozen
class Pulled:
    """What was taken. content: the directory to deploy. bundle: the archive as deployed.

    pinned: where the exact versions are from: ``lock``, ``packages``, or ``bundle`` where the
        server tells none.
    missing: sentences about what the server did not give.
    """

    content: Path
    bundle: Path
    python: str | None
    packages: tuple[RemotePackage, ...]
    pinned: str
    missing: tuple[str, ...]


@frozen
class PackageDifference:
    """A package that is not the same on both sides; None where it is not installed."""

    name: str
    there: str | None
    here: str | None


def pull_bundle(client: ConnectClient, item: RemoteContent, directory: Path) -> Pulled:
    """Take the active bundle of content into a new directory.

    Raises RemoteError, BundleError for a bundle that is none, and RemoteError (remote-pull) where
    the directory is there already or cannot be written.
    """
    if item.bundle is None:
        raise RemoteError(
            f"{item.label} was never deployed: there is no bundle", code="remote-not-found"
        )
    try:
        directory.mkdir(parents=True)
    except FileExistsError:
        raise RemoteError(
            "is there already: give a new directory with --output",
            code="remote-pull",
            file=directory,
        ) from None
    except OSError as problem:
        raise _unwritable(directory, problem) from None
    try:
        return _pull(client, item, item.bundle, directory)
    except OSError as problem:
        raise _unwritable(directory, problem) from None


def _pull(client: ConnectClient, item: RemoteContent, bundle: str, directory: Path) -> Pulled:
    archive = directory / "bundle.tar.gz"
    with open(archive, "wb") as file:
        reading.download_bundle(client, item.guid, bundle, file)
    missing: list[str] = []
    _check_md5(client, item, bundle, archive, missing)
    lock = reading.read_lock(client, item.guid)
    packages = _packages(client, item, missing)
    if lock is not None:
        (directory / "requirements.txt.lock").write_text(lock.text, encoding="utf-8")
    else:
        missing.append("the server has no lock for it")
    if packages:
        (directory / "packages.txt").write_text(_pins(packages), encoding="utf-8")
    python = str(item.python) if item.python else None
    if python is None:
        missing.append("the server chose no Python for it: the bundle's own request stays")
    content = directory / "content"
    unpack(open_bundle(archive), content)
    text, pinned = _requirements(lock, packages)
    _pin(open_bundle(content), content, python, text)
    return Pulled(content, archive, python, packages, pinned, tuple(missing))


def compare_packages(
    there: Sequence[RemotePackage], here: Sequence[tuple[str, str]]
) -> tuple[PackageDifference, ...]:
    """Return the packages that differ, by name.

    here: names and versions, as installed. What an environment is made with (pip and its kin) is
    left out where one side does not list it.
    """
    theirs = {normalize(package.name): package.version for package in there}
    ours = {normalize(name): version for name, version in here}
    return tuple(
        PackageDifference(name, theirs.get(name), ours.get(name))
        for name in sorted(theirs.keys() | ours.keys())
        if theirs.get(name) != ours.get(name)
        and not (name in _MADE_WITH and None in (theirs.get(name), ours.get(name)))
    )


def _packages(
    client: ConnectClient, item: RemoteContent, missing: list[str]
) -> tuple[RemotePackage, ...]:
    try:
        return reading.read_packages(client, item.guid)
    except RemoteError as problem:
        if not (problem.is_absent or problem.is_denied):
            raise
        missing.append("the server does not say which packages are installed")
        return ()


def _check_md5(
    client: ConnectClient, item: RemoteContent, bundle: str, archive: Path, missing: list[str]
) -> None:
    """Compare the archive with what the server says of it. Raises RemoteError."""
    listed = {each.id: each for each in reading.read_bundles(client, item.guid)}
    told = listed[bundle].md5 if bundle in listed else None
    if told is None:
        missing.append("the server does not say the checksum of the bundle")
        return
    found = _md5(archive)
    if found != told.lower():
        raise RemoteError(
            f"the bundle that arrived has the MD5 {found}, not {told}: pull it again",
            code="remote-answer",
            file=archive,
        )


def _md5(archive: Path) -> str:
    """Return what Connect tells of a bundle; it finds damage, not an attack."""
    summed = hashlib.md5(usedforsecurity=False)
    with open(archive, "rb") as file:
        while block := file.read(1 << 20):
            summed.update(block)
    return summed.hexdigest()


def _pins(packages: Sequence[RemotePackage]) -> str:
    return "".join(f"{package.name}=={package.version}\n" for package in packages)


def _requirements(lock: Lock | None, packages: Sequence[RemotePackage]) -> tuple[str | None, str]:
    if lock is not None:
        return lock.text, "lock"
    return (_pins(packages), "packages") if packages else (None, "bundle")


def _pin(bundle: Bundle, directory: Path, python: str | None, requirements: str | None) -> None:
    """Make the directory ask for exactly the server's Python and packages."""
    document: dict[str, object] = json.loads(bundle.read("manifest.json"))
    if python is not None and bundle.manifest.has_python:
        _object(document, "python")["version"] = python
        _object(_object(document, "environment"), "python").pop("requires", None)
    if requirements is not None:
        name = bundle.package_file or _PACKAGE_FILE
        data = requirements.encode()
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(data)
        checksum = hashlib.md5(data, usedforsecurity=False).hexdigest()
        if files := _object(document, "files"):  # a manifest that lists nothing leaves nothing out
            files[name] = {"checksum": checksum}
    text = json.dumps(document, indent=2)
    (directory / "manifest.json").write_text(text, encoding="utf-8", errors="replace")


def _object(document: dict[str, object], name: str) -> dict[str, object]:
    """Return an object of the manifest; one that stands alone where there is none."""
    found = document.get(name)
    return cast("dict[str, object]", found) if isinstance(found, dict) else {}


def _unwritable(directory: Path, problem: OSError) -> RemoteError:
    return RemoteError(
        f"cannot be written: {problem.strerror or problem}",
        code="remote-pull",
        file=problem.filename or directory,
    )
