"""What is kept of a Connect server between two runs: for one user, and never the only truth.

bundles/ID.tar.gz     manifest and requirements of a bundle; a bundle never changes
jobs/GUID.json        the jobs of content as they were last read, and what was found in their logs
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Mapping
from pathlib import Path

from ...archives import write_archive
from ...errors import RemoteError
from ...file_io import read_regular, replace_file
from .settings import ConnectServer

_LARGEST_NOTE = 16 * 1024 * 1024


class Cache:
    """The directory of one server. Everything in it may be removed at any time.

    directory: made when something is first written, for its owner alone.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @classmethod
    def of(cls, server: ConnectServer) -> Cache:
        """Return the usual place (XDG Base Directory Specification); another address is another
        server."""
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        address = hashlib.sha256(server.url.encode()).hexdigest()[:12]
        return cls(Path(base) / "pysteward" / "connect" / f"{server.name}-{address}")

    def bundle(self, bundle: str) -> Path | None:
        """Return the kept part of a bundle, as an archive; None where it was not read yet."""
        path = self._bundle_path(bundle)
        return path if path.is_file() else None

    def keep_bundle(self, bundle: str, files: Mapping[str, bytes]) -> Path:
        """Keep these files of a bundle. Returns the archive's path. Raises RemoteError."""
        packed = io.BytesIO()
        with write_archive(packed, level=1) as archive:
            for name, data in files.items():
                archive.add_file(name, len(data), [data])
        path = self._bundle_path(bundle)
        self._write(path, packed.getvalue())
        return path

    def note(self, guid: str) -> bytes | None:
        """Return what was written down about the jobs of content; None where nothing was."""
        try:
            return read_regular(self._note_path(guid), _LARGEST_NOTE)
        except OSError:
            return None

    def keep_note(self, guid: str, data: bytes) -> None:
        """Write that down. Raises RemoteError."""
        self._write(self._note_path(guid), data)

    def _bundle_path(self, bundle: str) -> Path:
        return self.directory / "bundles" / f"{bundle}.tar.gz"

    def _note_path(self, guid: str) -> Path:
        return self.directory / "jobs" / f"{guid}.json"

    def _write(self, path: Path, data: bytes) -> None:
        """Write a file whole; it need not outlive a power failure."""
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            replace_file(path, data, mode=0o600, synced=False)
        except OSError as problem:
            raise RemoteError(
                f"what was read cannot be kept: {problem.strerror}; set XDG_CACHE_HOME to a "
                "directory that can be written",
                code="remote-cache",
                file=problem.filename or path,
            ) from None
