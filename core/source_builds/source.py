"""A source archive: read as hostile, looked through before anything begins, unpacked in the worker.

The members come from the reader that bundles come from. Python's own archives hold nothing but
files and directories below one directory; a link is never created, and one that leads out refuses
all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..archives import (
    ArchiveMember,
    ArchiveReader,
    EntryKind,
    Limits,
    Tree,
    make_directory,
    open_archive,
    open_root,
    resolve_inside,
    write_file,
)
from ..errors import ArchiveError, BuildError, RequestError
from ..file_io import UnsafeFileError
from ..frozen import frozen
from ..versions import PythonVersion

LIMITS = Limits(total_bytes=2 * 1024**3, members=60_000, expansion=100)
"""Python 3.14 has some 5,500 files of 130 MB in an archive of 30 MB."""

_HEADER = "Include/patchlevel.h"
_LARGEST_HEADER = 64 * 1024
_PY_VERSION = re.compile(rb'^#define\s+PY_VERSION\s+"([^"]{1,40})"', re.MULTILINE)


@frozen
class PythonSource:
    """A source archive that was looked through. digest: SHA-256 of the file.

    top: the directory that holds everything, such as ``Python-3.11.9``.
    """

    path: Path
    digest: str
    version: PythonVersion
    top: str


def inspect(path: Path) -> PythonSource:
    """Look through a source archive, whole. Raises BuildError for what is none."""
    tree, header = Tree(), b""
    tops: set[str] = set()
    has_configure = False
    with _opened(path) as archive:
        for member in _members(archive, tree):
            top, _, inside = member.name.partition("/")
            tops.add(top)
            if member.kind is EntryKind.FILE:
                has_configure = has_configure or inside == "configure"
                if inside == _HEADER and member.size <= _LARGEST_HEADER:
                    header = b"".join(member.chunks)
        digest = archive.digest()
    if len(tops) != 1 or not has_configure or not header:
        raise _none(path)
    return PythonSource(path, digest, _version(header, path), tops.pop())


def unpack(path: Path, digest: str, directory: Path) -> tuple[str, ...]:
    """Write an archive's files into a new directory that only this process may write to.

    Returns a line for each link that was left out. Raises BuildError where the archive is no longer
    the one that was looked through, or is refused, and OSError.
    """
    left_out = list[str]()
    directory.mkdir()
    written: list[Path] = []
    root = open_root(directory)
    try:
        with _opened(path) as archive:
            for member in _members(archive, Tree()):
                if member.kind is EntryKind.DIRECTORY:
                    make_directory(root, member.name)
                elif member.kind is EntryKind.LINK:
                    left_out.append(f"left out the link {member.name} (to {member.target})")
                else:
                    write_file(root, member)
                    written.append(directory / member.name)
            if archive.digest() != digest:
                raise BuildError(
                    "the source archive changed since it was asked for",
                    code="source-changed",
                    file=path,
                )
    finally:
        os.close(root)
    # make remakes what is older than its sources, for which old versions need another Python; the
    # order in which files were written must not make them so.
    moment = os.stat(directory).st_mtime
    for file in written:
        os.utime(file, (moment, moment))
    return tuple(left_out)


def _members(archive: ArchiveReader, tree: Tree) -> Iterator[ArchiveMember]:
    """Yield the members, each checked against the others; a link that leads out refuses the
    archive."""
    for member in archive.members():
        if member.kind is EntryKind.LINK and resolve_inside(member.name, member.target) is None:
            raise ArchiveError(
                f"the link {member.name[:120]!r} leads out of the archive: it is refused", "hostile"
            )
        tree.add(member.name, member.kind)
        yield member


@contextmanager
def _opened(path: Path) -> Generator[ArchiveReader]:
    """The archive; what is wrong with it is raised as BuildError."""
    try:
        with open_archive(path, LIMITS, formats=("gzip", "xz"), hashed=True) as archive:
            yield archive
    except ArchiveError as error:
        code = f"source-{error.kind}"
        raise BuildError(error.message, code=code, file=path) from None
    except UnsafeFileError:
        raise _none(path) from None


def _version(header: bytes, path: Path) -> PythonVersion:
    found = _PY_VERSION.search(header)
    if found is not None:
        try:
            return PythonVersion.parse(found[1].decode("ascii", "replace"))
        except RequestError:
            pass
    raise _none(path)


def _none(path: Path) -> BuildError:
    return BuildError(
        "this is no source archive of a Python: give a Python-X.Y.Z.tgz or .tar.xz as python.org "
        "has them",
        code="source-invalid",
        file=path,
    )
