"""Unpack a bundle into a new directory, as hostile as it may be."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

from ..archives import (
    ArchiveMember,
    EntryKind,
    Limits,
    Tree,
    make_directory,
    open_root,
    write_file,
)
from ..errors import BundleError
from .bundle import Bundle, Member, digest_of
from .sources import as_bundle_errors, changed


class UnpackReport(NamedTuple):
    """What became of a bundle's members.

    files, bytes: what was written.
    skipped: links, by name, that were not created.
    warnings: a line for each of these and for whatever else is odd.
    """

    files: int
    bytes: int
    skipped: tuple[str, ...]
    warnings: tuple[str, ...]


def unpack(bundle: Bundle, destination: str | Path, limits: Limits | None = None) -> UnpackReport:
    """Write a bundle's files into a directory that does not exist yet or is empty.

    Every file and directory is created anew below `destination`, no link is created or followed on
    the way, and of the modes only "executable" is taken over (0644 or 0755 within the umask).

    Raises BundleError where the bundle is refused, has changed since it was opened, or cannot be
    written; what was written until then is removed.
    """
    target = Path(destination)
    try:
        created = _make_directory(target)
    except OSError as error:
        raise _unwritable(target, error) from None
    try:
        return _Unpacking(bundle, target).run(limits or bundle.limits)
    except BaseException:
        _clear(target, remove=created)
        raise


class _Unpacking:
    """One run; every path is walked from the destination's descriptor, without following links."""

    def __init__(self, bundle: Bundle, target: Path) -> None:
        self.bundle = bundle
        self.target = target
        self.tree = Tree()
        self.written: dict[str, Member] = {}
        self.skipped: list[str] = []

    def run(self, limits: Limits) -> UnpackReport:
        root = open_root(self.target)
        try:
            with as_bundle_errors(self.bundle.path):
                for incoming in self.bundle.source.members(limits):
                    self._take(root, incoming)
        finally:
            os.close(root)
        if digest_of(self.written) != self.bundle.digest:
            raise changed(self.bundle.path)
        return UnpackReport(
            files=len(self.written),
            bytes=sum(member.size for member in self.written.values()),
            skipped=tuple(self.skipped),
            warnings=tuple(self.tree.warnings),
        )

    def _take(self, root: int, incoming: ArchiveMember) -> None:
        if incoming.kind is EntryKind.LINK:
            self.tree.add_link(incoming.name, incoming.target)
            self.skipped.append(incoming.name)
            return
        self.tree.add(incoming.name, incoming.kind)
        try:
            if incoming.kind is EntryKind.DIRECTORY:
                make_directory(root, incoming.name)
            else:
                size, digest = write_file(root, incoming)
                member = Member(incoming.name, size, incoming.executable, digest)
                self.written[incoming.name] = member
        except OSError as error:
            raise _unwritable(self.target / incoming.name, error) from None


def _make_directory(target: Path) -> bool:
    """Return whether it had to be made. Raises BundleError where something is in it."""
    try:
        target.mkdir(parents=True)
    except FileExistsError:
        if not stat.S_ISDIR(os.lstat(target).st_mode) or next(target.iterdir(), None) is not None:
            raise BundleError(
                "is not an empty directory: a bundle is unpacked into a new one", file=target
            ) from None
        return False
    return True


def _clear(target: Path, *, remove: bool) -> None:
    import shutil

    if remove:
        shutil.rmtree(target, ignore_errors=True)
        return
    for entry in os.scandir(target):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            os.unlink(entry.path)


def _unwritable(path: Path, error: OSError) -> BundleError:
    return BundleError(
        f"cannot be unpacked: {error.strerror or error}", code="bundle-unwritable", file=path
    )
