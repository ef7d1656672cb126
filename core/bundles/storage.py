"""Keeps a bundle, so that its content can be built again when its author's copy is gone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ..archives import EntryKind
from ..errors import BundleError
from .bundle import Bundle, Member, digest_of
from .sources import ArchiveSource, changed

if TYPE_CHECKING:
    import tarfile

FOLDER = "bundles"
_SUFFIXES = (".tar.gz", ".tar")


def stored_bundle(state_dir: Path, digest: str) -> Path | None:
    """Return the path of the stored bundle with that digest, or None where it is not stored."""
    paths = (state_dir / FOLDER / f"{digest}{suffix}" for suffix in _SUFFIXES)
    return next((path for path in paths if path.exists()), None)


def store_bundle(bundle: Bundle, folder: str | Path) -> Path:
    """Store a copy in a folder, made if missing, and return its path, named by the digest.

    An archive is copied byte for byte; a folder is packed, the same files always into the same
    archive: sorted, without times and owners. What is there already is not written again. The
    copy is complete or absent, whatever happens meanwhile, and opens as the same bundle.

    Raises BundleError where the bundle has changed since it was opened or the copy cannot be
    written.
    """
    target = Path(folder)
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
    _sync_folder(kept.parent)


def _copy(source: ArchiveSource, target: BinaryIO) -> None:
    import shutil

    with source.open() as stream:
        before = os.fstat(stream.fileno())
        shutil.copyfileobj(stream, target, 1024 * 1024)
        after = os.fstat(stream.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise changed(source.path)


def _pack(bundle: Bundle, target: BinaryIO) -> None:
    """Write the files of a folder as an archive that does not depend on when and by whom."""
    import gzip
    import hashlib
    import tarfile

    packed: dict[str, Member] = {}
    with gzip.GzipFile("", "wb", compresslevel=1, fileobj=target, mtime=0) as zipped:
        for incoming in bundle.source.members(bundle.limits):
            if incoming.kind is EntryKind.LINK:
                # Kept as what it is, so that a build from the copy says the same about it.
                link = _facts(incoming.name, tarfile.SYMTYPE)
                link.linkname = incoming.target
                zipped.write(_header(link))
            if incoming.kind is not EntryKind.FILE:
                continue
            # The size stands before the contents, so it is the one that was seen; a file that
            # has grown or shrunk since does not fit it, and is refused.
            member = bundle.members.get(incoming.name)
            if member is None:
                raise changed(bundle.path)
            facts = _facts(incoming.name, tarfile.REGTYPE)
            facts.mode = 0o755 if incoming.executable else 0o644
            facts.size = member.size
            zipped.write(_header(facts))
            hashed = hashlib.sha256()
            for chunk in incoming.chunks:
                hashed.update(chunk)
                zipped.write(chunk)
            zipped.write(bytes(-member.size % tarfile.BLOCKSIZE))
            packed[incoming.name] = Member(
                incoming.name, member.size, incoming.executable, hashed.hexdigest()
            )
        zipped.write(bytes(2 * tarfile.BLOCKSIZE))
    if digest_of(packed) != bundle.digest:
        raise changed(bundle.path)


def _facts(name: str, kind: bytes) -> tarfile.TarInfo:
    import tarfile

    facts = tarfile.TarInfo(name)
    facts.type = kind
    facts.mode = 0o777 if kind == tarfile.SYMTYPE else 0o644
    return facts


def _header(facts: tarfile.TarInfo) -> bytes:
    import tarfile

    return facts.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
