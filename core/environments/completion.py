"""The steward's own notes of which environments are complete.

The marker inside an environment could have been written by a package while that was installed. So
what counts is a note beside the environments, in a directory that no build can write and that its
confinement hides: ``<installer>/<X.Y.Z>/.complete/IDENTITY``. It names the marker by its digest and
the list of the environment's files.

Environments that an earlier version made have none. When the directory of the notes is made, all of
them that are complete by the rules of that version get one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from ..file_io import read_regular, replace_file
from ..frozen import frozen
from ..json_values import parse_json
from ..removal import remove_tree
from ..state import DIRECTORY_MODE, FILE_MODE, make_directory
from .ownership import MOST_DEPTH

DIRECTORY = ".complete"

_SCHEMA = 1
_LARGEST_NOTE = 4096
_LARGEST_LIST = 256 * 1024 * 1024
_COMPRESSION = 1  # a list of 10,000 files then takes 2 ms and 150 kB


@frozen
class Completion:
    """What is noted of a complete environment.

    marker: SHA-256 of its marker, in hexadecimal. files: likewise of the list of its files, empty
    where there is none. is_flushed: whether all of it is on disk.
    """

    marker: str
    files: str = ""
    is_flushed: bool = False


def note_completion(path: Path, marker: bytes, files: Iterable[str] = ()) -> None:
    """Note that an environment is complete: on disk when this returns. Raises OSError.

    marker: the text of its marker. files: the names that are in it, relative to it; empty: unknown.
    """
    make_directory(path.parent / DIRECTORY)
    listed = "\0".join(files).encode("utf-8", "surrogateescape")
    packed = zlib.compress(listed, _COMPRESSION) if listed else b""
    if packed:
        replace_file(_list_of(path), packed, mode=FILE_MODE, synced=False)
    _write(
        path,
        Completion(
            hashlib.sha256(marker).hexdigest(),
            hashlib.sha256(packed).hexdigest() if packed else "",
        ),
    )


def note_flushed(path: Path) -> None:
    """Note that all of a complete environment is on disk. Raises OSError."""
    found = completion_of(path)
    if found is not None and not found.is_flushed:
        _write(path, Completion(found.marker, found.files, True))


def completion_of(path: Path) -> Completion | None:
    """Return what is noted of an environment; None where nothing is."""
    try:
        text = read_regular(_note_of(path), _LARGEST_NOTE, owners=_stewards(path))
        document = parse_json(text)
        if document["schema"] != _SCHEMA:
            return None
        return Completion(
            str(document["marker"]), str(document["files"]), document["flushed"] is True
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def forget_completion(path: Path) -> None:
    """Drop the note: the environment is not complete any more. Raises OSError."""
    for file in (_note_of(path), _list_of(path)):
        file.unlink(missing_ok=True)


def files_of(path: Path) -> frozenset[str] | None:
    """Return the names that were in a complete environment; None where that is not known."""
    found = completion_of(path)
    if found is None or not found.files:
        return None
    try:
        packed = read_regular(_list_of(path), _LARGEST_LIST, owners=_stewards(path))
        if hashlib.sha256(packed).hexdigest() != found.files:
            return None
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, _LARGEST_LIST)
    except (OSError, zlib.error):
        return None
    return frozenset(text.decode("utf-8", "surrogateescape").split("\0"))


def keeps_notes(parent: Path) -> bool:
    """Return whether the environments in a directory have notes: an earlier version kept none."""
    return (parent / DIRECTORY).is_dir()


def start_notes(parent: Path, marker_of: Callable[[Path], bytes | None]) -> None:
    """Make the directory of the notes, with one for each environment that is complete so far.

    It is there with all of them or not at all. marker_of: the text of the marker of an environment
    that an earlier version completed; None for any other. Raises OSError.
    """
    if keeps_notes(parent):
        return
    begun = parent / f"{DIRECTORY}.{os.getpid()}"
    remove_tree(begun)
    begun.mkdir()
    begun.chmod(DIRECTORY_MODE)
    for name in os.listdir(parent):
        if not name.startswith(".") and (marker := marker_of(parent / name)) is not None:
            note = Completion(hashlib.sha256(marker).hexdigest(), is_flushed=True)
            replace_file(begun / name, _encoded(note), mode=FILE_MODE)
    try:
        os.rename(begun, parent / DIRECTORY)
    except OSError:
        remove_tree(begun)  # another build was faster
        if not keeps_notes(parent):
            raise


def list_files(path: Path) -> list[str]:
    """Return every name in an environment, relative to it, sorted; directories end with a slash.

    Links are not followed. Raises OSError, also where directories are nested too deep.
    """
    found: list[str] = []
    pending = [("", 0)]
    while pending:
        directory, depth = pending.pop()
        if depth > MOST_DEPTH:
            raise OSError(f"directories in {path} are nested deeper than {MOST_DEPTH} levels")
        with os.scandir(path / directory) as entries:
            for entry in entries:
                name = directory + entry.name
                if entry.is_dir(follow_symlinks=False):
                    name += "/"
                    pending.append((name, depth + 1))
                found.append(name)
    return sorted(found)


def _write(path: Path, note: Completion) -> None:
    replace_file(_note_of(path), _encoded(note), mode=FILE_MODE)


def _encoded(note: Completion) -> bytes:
    document = {
        "schema": _SCHEMA,
        "marker": note.marker,
        "files": note.files,
        "flushed": note.is_flushed,
    }
    return json.dumps(document).encode()


def _note_of(path: Path) -> Path:
    return path.parent / DIRECTORY / path.name


def _list_of(path: Path) -> Path:
    return path.parent / DIRECTORY / f"{path.name}.files"


def _stewards(path: Path) -> set[int]:
    """The users whose notes count: root, and the owner of the directory of the environments."""
    with contextlib.suppress(OSError):
        directory = os.lstat(path.parent / DIRECTORY)
        above = os.stat(path.parent)
        if stat.S_ISDIR(directory.st_mode) and directory.st_uid in (above.st_uid, 0):
            return {above.st_uid, 0}
    return set()
