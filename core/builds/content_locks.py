"""The lock that content runs on: a copy beside the environments, so that it outlives the
environment and the records of builds.

``<state>/locks/pylock.DIGEST.toml``, DIGEST being of the content's name.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from ..environments import LOCK_NAME, lock_text
from ..file_io import read_regular
from ..state import make_directory, write_whole
from .record import Record

_LARGEST = 16 * 1024 * 1024


def content_lock(state_dir: Path, content: str) -> str | None:
    """Return the text of the lock that content runs on; None where there is none."""
    return _read(_file(state_dir, content))


def build_lock(record: Record) -> str | None:
    """Return the text of the lock that a build has left; None where it has not."""
    return _read(record.directory / LOCK_NAME)


def put_build_lock(record: Record, text: str) -> None:
    """Leave a lock in the record of a build. Raises OSError."""
    write_whole(record.directory / LOCK_NAME, text.encode(), synced=False)


def put_content_lock(state_dir: Path, content: str, environment: Path) -> None:
    """Keep the lock of the environment that content runs on from now on. Raises OSError."""
    text = lock_text(environment)
    if text is None:
        drop_content_lock(state_dir, content)
    else:
        put_lock_text(state_dir, content, text)


def put_lock_text(state_dir: Path, content: str, text: str) -> None:
    """Keep this lock for content. Raises OSError."""
    file = _file(state_dir, content)
    if text != _read(file):
        make_directory(file.parent)
        write_whole(file, text.encode())


def drop_content_lock(state_dir: Path, content: str) -> None:
    """Remove the lock of content that is removed, or runs on an environment without one."""
    with contextlib.suppress(FileNotFoundError):
        _file(state_dir, content).unlink()


def _file(state_dir: Path, content: str) -> Path:
    name = hashlib.sha256(content.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return state_dir / "locks" / f"pylock.{name}.toml"


def _read(file: Path) -> str | None:
    try:
        return read_regular(file, _LARGEST).decode()
    except (OSError, UnicodeDecodeError):
        return None
