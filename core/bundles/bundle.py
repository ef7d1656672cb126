"""A bundle: content's files as they arrive, and what its manifest says of them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from ..archives import ArchiveMember, EntryKind, Limits, Tree
from ..errors import BundleError
from ..frozen import frozen
from .manifest import NAME, Manifest, read_manifest
from .requirements import Requirements, parse_requirements
from .selection import select_files
from .sources import (
    ArchiveSource,
    BundleSource,
    DirectorySource,
    as_bundle_errors,
    unreadable,
)


class BundleKind(str, Enum):
    """How the bundle arrived."""

    DIRECTORY = "folder"
    ARCHIVE = "archive"


class Member(NamedTuple):
    """A file of the bundle. size: in bytes; sha256: of its contents, in hexadecimal."""

    name: str
    size: int
    executable: bool
    sha256: str


@frozen
class Bundle:
    """What was found in a bundle. Nothing of it has been written anywhere.

    path: what was opened, the directory for a manifest's path.
    name: the content's name unless another is given.
    members: the files, by name.
    links: symbolic and hard links with their targets; they are never created nor followed.
    warnings: what is odd and does no harm, one line each.
    left_out: how many files of a directory are not in the bundle: the manifest lists none of them.
    digest: SHA-256 over names, contents and executable bits of all files: the same for a directory
        and an archive that hold the same.
    """

    path: Path
    kind: BundleKind
    name: str
    manifest: Manifest
    members: Mapping[str, Member]
    links: Mapping[str, str]
    warnings: tuple[str, ...]
    digest: str
    limits: Limits = field(repr=False)
    source: BundleSource = field(repr=False, compare=False)
    small: Mapping[str, bytes] = field(repr=False, compare=False)
    left_out: int = 0

    @property
    def size(self) -> int:
        """Bytes of all files together, unpacked."""
        return sum(member.size for member in self.members.values())

    @property
    def needs_python(self) -> bool:
        """Whether this content runs Python: its manifest says so, or its R code calls it."""
        manifest = self.manifest
        if manifest.needs_python or not manifest.uses_reticulate:
            return manifest.needs_python
        from .reticulate import uses_reticulate

        return uses_reticulate(self)

    @property
    def package_file(self) -> str | None:
        """Where the requirements are; None for content that lists no packages.

        What the manifest says, else ``requirements.txt``, the clients' usual name, if it is there.
        """
        if self.manifest.package_file is not None:
            return self.manifest.package_file
        usual = "requirements.txt"
        has_it = usual in self.members or usual in self.links
        return usual if has_it and self.manifest.needs_python else None

    def requirements_bytes(self) -> bytes:
        """Return the package file as it is; empty where there is none.

        Raises BundleError where the manifest names a file that is not in the bundle.
        """
        name = self.package_file
        if name is None:
            return b""
        if name not in self.members and not self._is_behind_link(name):
            raise self.manifest.error(
                "python.package_manager.package_file",
                f"{name!r} is not in the bundle",
                code="requirements-file-missing",
            )
        return self.read(name, self.limits.requirements_bytes)

    def check_package_manager(self) -> None:
        """Raise BundleError where the author's package manager is one that is not supported."""
        manager = self.manifest.package_manager
        if manager not in (None, "none", "pip", "uv"):
            raise self.manifest.error(
                "python.package_manager.name",
                f"{manager!r} is not supported: deploy with pip's requirements.txt",
            )

    def requirements(self, variables: Mapping[str, str] | None = None) -> Requirements:
        """Return the requirements with the files that they include.

        variables: what ``${NAME}`` stands for, as the build's environment has it.

        Raises BundleError where a file that pip would read is missing, a link, or outside.
        """
        self.check_package_manager()
        data = self.requirements_bytes()
        name = self.package_file
        if name is None:
            return Requirements(())
        requirements = parse_requirements(
            data, name=name, read=self._read_included, variables=variables
        )
        requirements.raise_problem(self.path)
        for path in requirements.local_paths():
            self._refuse_link(path)
        return requirements

    def read(self, name: str, most: int | None = None) -> bytes:
        """Return the contents of one file of at most `most` bytes, else of what the limits allow.

        Raises BundleError where it is absent, a link, too large, or has changed.
        """
        most = self.limits.read_bytes if most is None else most
        if name in self.small:
            return self.small[name]
        self._refuse_link(name)
        member = self.members.get(name)
        if member is None:
            raise BundleError(f"{name!r} is not in the bundle", file=self.path)
        if member.size > most:
            raise BundleError(f"{name!r} is too large ({member.size:,} bytes)", file=self.path)
        with as_bundle_errors(self.path):
            for incoming in self.source.members(self.limits):
                if incoming.name == name:
                    return b"".join(incoming.chunks)
        raise BundleError(f"{name!r} is no longer in the bundle", file=self.path)

    def _read_included(self, name: str) -> bytes | None:
        if name in self.members or self._is_behind_link(name):
            return self.read(name, self.limits.requirements_bytes)
        return None

    def _refuse_link(self, name: str) -> None:
        if self._is_behind_link(name):
            raise BundleError(
                f"{name!r} is a link, which is not followed: put the file itself into the bundle",
                file=self.path,
            )

    def _is_behind_link(self, name: str) -> bool:
        parts = name.split("/")
        return any("/".join(parts[:count]) in self.links for count in range(1, len(parts) + 1))


def open_bundle(
    path: str | Path, limits: Limits | None = None, *, all_files: bool = False
) -> Bundle:
    """Look through a bundle once: a directory, its ``manifest.json``, or a ``.tar.gz`` or ``.tar``.

    all_files: of a directory, also take files that the manifest does not list; without it only
    those that the requirements name.

    Nothing is unpacked. Raises BundleError, in one line, for what is not a bundle, is hostile, or
    has a manifest that cannot be used.
    """
    limits = limits or Limits()
    given = Path(path)
    try:
        is_directory = given.is_dir()
        exists = is_directory or os.path.lexists(given)
    except (OSError, ValueError) as error:
        raise BundleError(f"cannot be read: {error}", file=given) from None
    if not exists:
        raise BundleError("there is no such file or directory", file=given)
    if not is_directory and given.name == NAME:
        given, is_directory = given.parent, True
    if is_directory:
        selection = None if all_files else select_files(given, limits)
        source: BundleSource = DirectorySource(given, selection)
        kind = BundleKind.DIRECTORY
    else:
        source = ArchiveSource(given)
        kind = BundleKind.ARCHIVE
    try:
        with as_bundle_errors(given):
            return _look_through(source, kind, limits)
    except OSError as error:
        raise unreadable(given, error) from None


# Files up to this size are kept while the bundle is open: the manifest, the requirements and what
# they include are read from memory, whatever they are called and wherever in an archive they are.
_SMALL = 64 * 1024
_SMALL_TOTAL = 8 * 1024 * 1024


def _look_through(source: BundleSource, kind: BundleKind, limits: Limits) -> Bundle:
    tree = Tree()
    members: dict[str, Member] = {}
    links: dict[str, str] = {}
    small: dict[str, bytes] = {}
    room = _SMALL_TOTAL
    for incoming in source.members(limits):
        if incoming.kind is EntryKind.LINK:
            tree.add_link(incoming.name, incoming.target)
            links[incoming.name] = incoming.target
            continue
        tree.add(incoming.name, incoming.kind)
        if incoming.kind is EntryKind.FILE:
            keep = limits.read_bytes if incoming.name == NAME else min(_SMALL, room)
            member, content = _take(incoming, keep)
            members[incoming.name] = member
            if content is not None:
                small[incoming.name] = content
                room -= len(content)
    left_out = source.left_out if isinstance(source, DirectorySource) else 0
    manifest = read_manifest(
        _manifest_bytes(members, links, small), file=_manifest_file(source, kind)
    )
    return Bundle(
        path=source.path,
        kind=kind,
        name=_content_name(source.path, kind),
        manifest=manifest,
        members=members,
        links=links,
        warnings=(*tree.warnings, *_left_out(left_out)),
        digest=digest_of(members),
        limits=limits,
        source=source,
        small=small,
        left_out=left_out,
    )


def _left_out(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    files = "1 file" if count == 1 else f"{count:,} files"
    verb, them = ("stays", "it") if count == 1 else ("stay", "them")
    return (
        f"{files} that the manifest does not list {verb} out of the bundle "
        f"(deploy --all-files takes {them})",
    )


def _take(incoming: ArchiveMember, keep: int) -> tuple[Member, bytes | None]:
    """Return a file's facts, and its contents where they have at most `keep` bytes."""
    hashed = hashlib.sha256()
    kept: list[bytes] = []
    size = 0
    for chunk in incoming.chunks:
        hashed.update(chunk)
        size += len(chunk)
        if size <= keep:
            kept.append(chunk)
    member = Member(incoming.name, size, incoming.executable, hashed.hexdigest())
    return member, b"".join(kept) if size <= keep else None


def digest_of(members: Mapping[str, Member]) -> str:
    """SHA-256 over all files, whatever the order and the way in which they arrived."""
    hashed = hashlib.sha256()
    for name in sorted(members):
        member = members[name]
        mode = "x" if member.executable else "-"
        line = f"{member.sha256} {mode} {name}\0"
        hashed.update(line.encode("utf-8", "surrogateescape"))
    return hashed.hexdigest()


def _manifest_bytes(
    members: Mapping[str, Member], links: Mapping[str, str], small: Mapping[str, bytes]
) -> bytes:
    if NAME in small:
        return small[NAME]
    if NAME in members:
        raise BundleError(f"{NAME}: is too large to be a manifest ({members[NAME].size:,} bytes)")
    if NAME in links:
        raise BundleError(f"{NAME}: is a link, which is not followed: put the file itself there")
    deeper = [name for name in members if name.count("/") == 1 and name.endswith(f"/{NAME}")]
    hint = f"; it is in {deeper[0]!r}, so pack that directory's contents" if deeper else ""
    raise BundleError(f"{NAME}: is missing: a bundle has one at its top{hint}")


def _manifest_file(source: BundleSource, kind: BundleKind) -> str:
    return str(source.path / NAME if kind is BundleKind.DIRECTORY else source.path)


def _content_name(path: Path, kind: BundleKind) -> str:
    name = path.name
    if kind is BundleKind.DIRECTORY and name in ("", ".", ".."):
        name = path.resolve().name
    elif kind is BundleKind.ARCHIVE:
        name = re.sub(r"(?:\.tar\.gz|\.tgz|\.tar)$", "", name, flags=re.IGNORECASE)
    name = re.sub(r"[^\w.-]+", "-", name, flags=re.ASCII).strip(".-")
    return name[:64] or "content"
