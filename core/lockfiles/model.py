"""A lock: which files an environment was installed from, and under which conditions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..frozen import frozen

if TYPE_CHECKING:
    from packaging.pylock import Package, Pylock


@frozen
class Conditions:
    """What a lock was made under; under other conditions it does not count.

    python: exact version. platform: operating system, machine and C library.
    installer, installer_version: who resolved. requirements: a digest of what was asked for.
    configuration: `Configuration.digest`. prohibited: the names, sorted. build: who made it.
    """

    python: str
    platform: str
    installer: str
    installer_version: str
    requirements: str
    configuration: str
    prohibited: tuple[str, ...]
    only_wheels: bool = False
    build: str = ""

    def differences(self, now: Conditions) -> Iterator[str]:
        """Yield why a lock that was made under these does not count now, one clause each."""
        if _minor(self.python) != _minor(now.python):
            yield f"it was made for Python {self.python}, this is {now.python}"
        if self.platform != now.platform:
            yield f"it was made on {self.platform}, this is {now.platform}"
        if self.requirements != now.requirements:
            yield "the requirements have changed"
        if self.configuration != now.configuration:
            yield f"the configuration of {now.installer} has changed"
        if self.prohibited != now.prohibited:
            yield "the prohibited packages have changed"
        if self.only_wheels != now.only_wheels:
            yield f"only-wheels is {'on' if now.only_wheels else 'off'} now"


@frozen
class Lock:
    """One lock.

    pylock: the values of PEP 751. conditions: None where another program wrote it.
    unlocked: name and version of each package whose file is not known, so that PEP 751 has no form
        for it: old releases of pip do not tell what they installed from.
    """

    pylock: Pylock
    conditions: Conditions | None = None
    unlocked: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256, hexadecimal, over the packages alone: equal for locks that install the same."""
        digest = hashlib.sha256()
        lines = [*map(_line, self.pylock.packages), *(f"{n} {v}" for n, v in self.unlocked)]
        for line in sorted(lines):
            digest.update(line.encode("utf-8", "surrogateescape") + b"\0")
        return digest.hexdigest()

    @property
    def packages(self) -> tuple[tuple[str, str | None], ...]:
        """Name and version of every package, sorted by name; None where no version is written."""
        known = [
            (str(each.name), None if each.version is None else str(each.version))
            for each in self.pylock.packages
        ]
        return tuple(sorted([*known, *self.unlocked]))


def hashes_of(package: Package) -> tuple[str, ...]:
    """Return the hashes of a package's files, each as ``sha256:…``, sorted."""
    files = [*(package.wheels or ()), *filter(None, (package.sdist, package.archive))]
    return tuple(
        sorted({f"{kind}:{value}" for file in files for kind, value in file.hashes.items()})
    )


def _line(package: Package) -> str:
    direct = [
        f"{place.url or place.path}"
        for place in (package.archive, package.vcs)
        if place is not None
    ]
    if package.directory is not None:
        direct.append(package.directory.path)
    if package.vcs is not None:
        direct.append(package.vcs.commit_id)
    return " ".join([package.name, str(package.version or ""), *hashes_of(package), *direct])


def _minor(version: str) -> tuple[str, ...]:
    return tuple(version.split(".")[:2])
