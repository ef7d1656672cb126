"""Keep a bundle, so that its content can be built again when its author's copy is gone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from .. import archives
from ..archives import EntryKind
from ..errors import BundleError
from .bundle import Bundle, Member, digest_of
from .sources import ArchiveSource, as_bundle_errors, changed

if TYPE_CHECKING:
    from ..archives import ArchiveMember, ArchiveWriter

DIRECTORY = "bundles"
_SUFFIXES = (".tar.gz", ".tar")


def stored_bundle(state_dir: Path, digest: str) -> Path | None:
    """Return the path of the stored bundle with that digest, or None where it is not stored."""
    paths = (state_dir / DIRECTORY / f"{digest}{suffix}" for suffix in _SUFFIXES)
    return next((path for path in paths if path.exists()), None)


def store_bundle(bundle: Bundle, directory: str | Path) -> Path:
    """Store a copy in a directory, made if missing, and return its path, named by the digest.

    An archive is copied byte for byte; a directory is packed, the same files always into the same
    archive: sorted, without times and owners. What is there already is not written again. The
    copy is complete or absent, whatever happens meanwhile, and opens as the same bundle.

    Raises BundleError where the bundle has changed since it was opened or the copy cannot be
    written.
    """
    target = Path(directory)
    try:
        target.mkdir(parents=True, exist_ok=True)
        kept = target / f"{bundle.digest}{_suffix(bundle)}"
        if not kept.exists():
            _write(bundle, kept)
    except OSError as error:
        raise BundleError(
            f"the bundle cannot be kept: {error.strerror or error}",
            code="bundle-unwritable",
            file=target,
        ) from None
    return kept


def _suffix(bundle: Bundle) -> str:
    source = bundle.source
    return ".tar" if isinstance(source, ArchiveSource) and not source.is_gzip else ".tar.gz"


def _write(bundle: Bundle, kept: Path) -> None:
    import tempfile

    descriptor, temporary = tempfile.mkstemp(prefix=".bundle-", dir=kept.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            source = bundle.source
            if isinstance(source, ArchiveSource):
                _copy(source, stream)
            else:
                _pack(bundle, stream)
            stream.flush()
            os.fchmod(stream.fileno(), 0o640)
            os.fsync(stream.fileno())
        os.replace(temporary, kept)
    except BaseException:
        os.unlink(temporary)
        raise
    _sync_directory(kept.parent)


def _copy(source: ArchiveSource, target: BinaryIO) -> None:
    import shutil

    with source.open() as stream:
        before = os.fstat(stream.fileno())
        shutil.copyfileobj(stream, target, 1024 * 1024)
        after = os.fstat(stream.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise changed(source.path)


def _pack(bundle: Bundle, target: BinaryIO) -> None:
    """Write the files of a directory as an archive that does not depend on when and by whom."""
    packed: dict[str, Member] = {}
    with as_bundle_errors(bundle.path), archives.write_archive(target, level=1) as archive:
        for incoming in bundle.source.members(bundle.limits):
            if incoming.kind is EntryKind.LINK:
                # Kept as what it is, so that a build from the copy says the same about it.
                archive.add_link(incoming.name, incoming.target)
            elif incoming.kind is EntryKind.FILE:
                packed[incoming.name] = _pack_file(bundle, incoming, archive)
    if digest_of(packed) != bundle.digest:
        raise changed(bundle.path)


def _pack_file(bundle: Bundle, incoming: ArchiveMember, archive: ArchiveWriter) -> Member:
    # The size comes before the contents, so it is the one that was seen when the bundle was opened;
    # a file that has grown or shrunk since has another digest, and is refused.
    member = bundle.members.get(incoming.name)
    if member is None:
        raise changed(bundle.path)
    digest = archive.add_file(
        incoming.name, member.size, incoming.chunks, executable=incoming.executable
    )
    return Member(incoming.name, member.size, incoming.executable, digest)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
