"""What only the database knows about content, as a file each: ``content/NAME.json``.

With these and the records of builds, a database that is damaged or lost is made again. A file is
written in the transaction that changes the content, before that is committed: after a crash between
the two, the file is the newer one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from ..file_io import open_directory, read_regular, replace_file
from ..frozen import frozen
from ..json_values import as_json, from_json, parse_json
from .directory import FILE_MODE, make_directory
from .rows import BundleRow, ContentRow, EnvironmentRow

DIRECTORY = "content"
_SCHEMA = 1
_UNFINISHED = ".content-"
_LARGEST = 1024 * 1024
_LONGEST_NAME = 180  # bytes; file systems allow 255, and a temporary file has a longer name
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ +,=@~")


@frozen
class ContentFile:
    """One piece of content.

    bundle: its newest. environments: the one that it runs on and the one before that, as far as
    there are any.
    """

    content: ContentRow
    bundle: BundleRow | None
    environments: tuple[EnvironmentRow, ...]
    schema: int = _SCHEMA


def content_file(state_dir: Path, name: str) -> Path:
    """Return the file of one piece of content: its name, percent-encoded; a long one ends in a
    digest."""
    return state_dir / DIRECTORY / _file_name(name)


def write_content_file(state_dir: Path, file: ContentFile) -> None:
    """Write what is known about one piece of content; it is on disk when this returns.

    Raises OSError.
    """
    directory = make_directory(state_dir / DIRECTORY)
    _write(directory / _file_name(file.content.name), file, synced=True)


def remove_content_file(state_dir: Path, name: str) -> None:
    """Remove the file of content that is removed. Raises OSError, UnsafeFileError for a link in
    place of the directory."""
    directory = open_directory(state_dir / DIRECTORY)
    try:
        with suppress(FileNotFoundError):
            os.unlink(_file_name(name), dir_fd=directory)
    finally:
        os.close(directory)


def has_content_files(state_dir: Path) -> bool:
    """Return whether content has files at all: earlier versions wrote none."""
    return (state_dir / DIRECTORY).is_dir()


def write_first_files(state_dir: Path, files: Iterable[ContentFile]) -> None:
    """Write the files of all content of an earlier version: all of them are there afterwards, or
    none. Raises OSError."""
    from ..removal import remove_tree

    directory = state_dir / f"{_UNFINISHED}{os.getpid()}"
    for left in state_dir.glob(f"{_UNFINISHED}*"):
        remove_tree(left)
    make_directory(directory)
    for file in files:
        _write(directory / _file_name(file.content.name), file, synced=False)
    os.sync()  # at once: thousands of files, each synced by itself, take minutes on some disks
    os.rename(directory, state_dir / DIRECTORY)


def read_content_files(state_dir: Path) -> Iterator[tuple[Path, ContentFile | None]]:
    """Yield each file with what it says; None for one that cannot be used."""
    try:
        names = sorted(os.listdir(state_dir / DIRECTORY))
    except OSError:
        return
    for name in names:
        if name.endswith(".json") and not name.startswith("."):
            path = state_dir / DIRECTORY / name
            yield path, _read(path)


def _read(path: Path) -> ContentFile | None:
    try:
        file = from_json(ContentFile, parse_json(read_regular(path, _LARGEST)))
    except (OSError, ValueError):
        return None
    return file if file.schema == _SCHEMA else None


def _write(path: Path, file: ContentFile, *, synced: bool) -> None:
    text = json.dumps(as_json(file), indent=1)
    replace_file(path, text.encode(), mode=FILE_MODE, synced=synced)


def _file_name(name: str) -> str:
    data = name.encode("utf-8", "surrogateescape")
    encoded = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in data)
    if len(encoded) > _LONGEST_NAME:
        import hashlib

        encoded = f"{encoded[:_LONGEST_NAME]}~{hashlib.sha256(data).hexdigest()[:16]}"
    return f"{encoded}.json"
