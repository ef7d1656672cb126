"""The directory of stored wheels.

    <state>/wheels/<sha256>/wheel.json          what it installs; written before the whole appears
    <state>/wheels/<sha256>/tree/               its files, read-only
    <state>/wheels/<sha256>/<tag>-<magic>/      its bytecode for one kind of Python, likewise
    <state>/wheels/<sha256>/<tag>-<magic>.json  written last: bytecode without it does not count
    <state>/wheels/<sha256>/….flushed           that part of it is on disk
    <state>/wheels/.built/KEY                   the wheel that a source archive was built to
    <state>/wheels/.new/                        what is being made

A wheel is moved to its place as a whole, so no interruption leaves half of one there. After a power
cut, one that had not been flushed may have lost data: it is taken again only once its files have
been compared.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from ..file_io import read_regular, replace_file
from ..json_values import parse_json
from ..removal import ASIDE, Remainder, remove_tree
from ..state import FILE_MODE, boot_id, let_through, make_directory
from .model import TREE, Bytecode, Compiler, EntryPoint, StoredFile, StoredWheel

_SCHEMA = 1
_LARGEST = 256 * 1024 * 1024
_HEX = frozenset("0123456789abcdef")
_NOTE = "wheel.json"
_FLUSHED = ".flushed"
_NEW = ".new"
_BUILT = ".built"


class WheelStore:
    """The stored wheels of a state directory."""

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir
        self.root = state_dir / "wheels"

    def prepare(self, *, passable: bool) -> None:
        """Make the directory where there is none. passable: another user, who builds, may go
        through. Raises OSError."""
        make_directory(self.root)
        if passable:
            let_through(self.root)

    def names(self) -> tuple[str, ...]:
        """Return the SHA-256 of each stored wheel, sorted."""
        try:
            return tuple(sorted(filter(is_sha256, os.listdir(self.root))))
        except FileNotFoundError:
            return ()

    def directory(self, sha256: str) -> Path:
        """Return where a wheel lies, or would lie."""
        return self.root / sha256

    def find(self, sha256: str) -> StoredWheel | None:
        """Return a stored wheel; None where it is not there, or not as the store writes it."""
        directory = self.directory(sha256)
        try:
            document = parse_json(read_regular(directory / _NOTE, _LARGEST, owners=self._owners()))
            if document["schema"] != _SCHEMA:
                return None
            return StoredWheel(
                sha256=sha256,
                directory=directory,
                file=document["file"],
                name=document["name"],
                version=document["version"],
                info=document["info"],
                root=document["root"],
                files=tuple(StoredFile(*each) for each in document["files"]),
                scripts=tuple(EntryPoint(*each) for each in document["scripts"]),
                created=document["created"],
                boot=document["boot"],
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def is_settled(self, wheel: StoredWheel) -> bool:
        """Return whether no power cut can have taken anything of a wheel."""
        is_of_this_boot = bool(wheel.boot) and wheel.boot == boot_id()
        return is_of_this_boot or (wheel.directory / f"{TREE}{_FLUSHED}").exists()

    def bytecode(self, wheel: StoredWheel, key: str) -> Bytecode | None:
        """Return a wheel's bytecode for one kind of Python that no power cut can have harmed.

        key: `Compiler.key`.
        """
        return self.read_bytecode(wheel, key, settled=True)

    def read_bytecode(
        self, wheel: StoredWheel, key: str, *, settled: bool = False
    ) -> Bytecode | None:
        """Return a wheel's bytecode; None where there is none. settled: only where it is sure."""
        note = wheel.directory / f"{key}.json"
        try:
            document = parse_json(read_regular(note, _LARGEST, owners=self._owners()))
            if document["schema"] != _SCHEMA:
                return None
            files = {str(name): str(digest) for name, digest in document["files"].items()}
            is_of_this_boot = bool(document["boot"]) and document["boot"] == boot_id()
            is_settled = is_of_this_boot or (wheel.directory / f"{key}{_FLUSHED}").exists()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return (
            Bytecode(wheel.directory / key, key.rpartition("-")[0], files)
            if is_settled or not settled
            else None
        )

    def kinds(self, wheel: StoredWheel) -> tuple[str, ...]:
        """Return for which kinds of Python a wheel has bytecode, sorted."""
        try:
            found = os.listdir(wheel.directory)
        except OSError:
            return ()
        notes = (name.removesuffix(".json") for name in found if name.endswith(".json"))
        return tuple(sorted(name for name in notes if f"{name}.json" != _NOTE))

    def make_room(self) -> Path:
        """Return a new empty directory, for what will be moved into the store. Raises OSError."""
        parent = make_directory(self.making)
        path = parent / f"{os.getpid()}-{os.urandom(6).hex()}"
        path.mkdir(0o755)
        path.chmod(0o755)
        return path

    def add(self, wheel: StoredWheel, tree: Path) -> StoredWheel:
        """Move a wheel's files into the store; the caller holds its lock alone.

        tree: they, read-only and of their final owner, on the same file system. Raises OSError.
        """
        room = self.make_room()
        try:
            os.rename(tree, room / TREE)
            document = {
                "schema": _SCHEMA,
                **{name: getattr(wheel, name) for name in ("file", "name", "version", "info")},
                **{name: getattr(wheel, name) for name in ("root", "created", "boot")},
                "files": wheel.files,
                "scripts": wheel.scripts,
            }
            _write(room / _NOTE, document)
            target = self.directory(wheel.sha256)
            if os.path.lexists(target):
                self.put_aside(wheel.sha256)
            os.rename(room, target)
        finally:
            remove_tree(room)
        return wheel

    def add_bytecode(
        self, wheel: StoredWheel, compiler: Compiler, files: dict[str, str], tree: Path
    ) -> Bytecode:
        """Move a wheel's bytecode into the store; the caller holds the wheel's lock alone.

        files: SHA-256 of each by its module. tree: they, as for `add`. Raises OSError.
        """
        key = compiler.key
        (wheel.directory / f"{key}.json").unlink(missing_ok=True)
        remove_tree(wheel.directory / key)
        os.rename(tree, wheel.directory / key)
        (wheel.directory / f"{key}{_FLUSHED}").unlink(missing_ok=True)
        note = {"schema": _SCHEMA, "boot": boot_id(), "files": files}
        _write(wheel.directory / f"{key}.json", note)
        return Bytecode(wheel.directory / key, compiler.tag, files)

    def put_aside(self, sha256: str) -> None:
        """Move what lies at a wheel's place away, so that it is made again. Raises OSError.

        Environments keep their links to it.
        """
        aside = make_directory(self._state_dir / ASIDE)
        os.rename(self.directory(sha256), aside / f"wheel-{sha256[:16]}-{os.urandom(4).hex()}")

    def built(self, key: str) -> str | None:
        """Return the SHA-256 of the wheel that was built under a key; None where none was."""
        try:
            name = read_regular(self.root / _BUILT / key, 64, owners=self._owners()).decode("ascii")
        except (OSError, UnicodeDecodeError):
            return None
        return name if is_sha256(name) else None

    def note_built(self, key: str, sha256: str) -> None:
        """Note which wheel was built under a key. Raises OSError."""
        directory = make_directory(self.root / _BUILT)
        replace_file(directory / key, sha256.encode(), mode=FILE_MODE, synced=False)

    def note_flushed(self, wheels: Iterable[str]) -> None:
        """Note that all of these wheels is on disk; the caller has synced. Never raises."""
        for sha256 in wheels:
            with contextlib.suppress(OSError):
                directory = self.directory(sha256)
                for note in [each for each in os.listdir(directory) if each.endswith(".json")]:
                    part = TREE if note == _NOTE else note.removesuffix(".json")
                    (directory / f"{part}{_FLUSHED}").touch()

    def making_of(self, sha256: str) -> Path:
        """Return what a build locks, alone, while it makes a wheel; others wait for that."""
        return self.root / f"{sha256}.new"

    @property
    def making(self) -> Path:
        """Where wheels are made; a build that makes some holds its lock, shared."""
        return self.root / _NEW

    def clear(self) -> tuple[Remainder, ...]:
        """Remove what is left where wheels are made; the caller holds its lock alone.

        Returns what cannot be removed.
        """
        try:
            names = os.listdir(self.making)
        except FileNotFoundError:
            return ()
        return tuple(filter(None, [remove_tree(self.making / name) for name in names]))

    def forget_built(self, sha256s: Iterable[str]) -> None:
        """Drop the notes of wheels that are gone. Never raises."""
        gone = set(sha256s)
        with contextlib.suppress(OSError):
            for key in os.listdir(self.root / _BUILT):
                if self.built(key) in gone:
                    (self.root / _BUILT / key).unlink(missing_ok=True)

    def free_space(self) -> int:
        """Return the bytes that are free where the store lies."""
        return shutil.disk_usage(self._state_dir).free

    def _owners(self) -> set[int]:
        return {os.geteuid(), 0, os.stat(self.root).st_uid}


def is_sha256(name: str) -> bool:
    """Return whether a text is a SHA-256 in hexadecimal."""
    return len(name) == 64 and _HEX.issuperset(name)


def _write(path: Path, document: object) -> None:
    data = json.dumps(document, separators=(",", ":")).encode("utf-8", "surrogatepass")
    replace_file(path, data, mode=FILE_MODE, synced=False)
