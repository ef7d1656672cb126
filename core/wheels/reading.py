"""What an unpacked wheel installs, as `installer` reads it; what pip would refuse is refused.

Source: the packaging specifications "Binary distribution format" and "Recording installed
projects"; pip's ``operations/install/wheel.py`` for what these leave open.
"""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..file_io import read_regular
from ..package_names import normalize
from ..state import boot_id
from ..times import now
from .model import EntryPoint, StoredFile, StoredWheel, WheelUnfit
from .readback import FileRead

if TYPE_CHECKING:
    from email.message import Message

_LARGEST = 64 * 1024 * 1024
_MADE_FOR_ENTRY_POINT = re.compile(r"(?:\.exe|-script\.py|\.pya)$", re.IGNORECASE)
# pip makes more names of these two for the version of the Python that they are for.
_WITH_VERSIONS = frozenset({"pip", "easy_install"})
# What pip writes itself; RECORD comes last.
_METADATA = ("INSTALLER", "REQUESTED", "direct_url.json", "RECORD")


def read_wheel(sha256: str, file: str, tree: Path, found: Sequence[FileRead]) -> StoredWheel:
    """Return what a wheel installs.

    sha256, file: of its archive. tree: where its files lie. found: they, as read back.
    Raises: WheelUnfit where it is not as the specification has it.
    """
    import installer
    from installer.exceptions import InstallerError
    from installer.records import InvalidRecordEntry

    reader = _Reader(file, tree, found)
    try:
        installer.install(reader.source(), reader.destination(), {})
    except (InstallerError, InvalidRecordEntry, ValueError, AssertionError, csv.Error) as error:
        raise WheelUnfit(f"{file}: {error or type(error).__name__}") from None
    except Exception as error:  # a parser of the standard library, given hostile text
        if isinstance(error, (OSError, WheelUnfit)):
            raise
        raise WheelUnfit(f"{file}: {type(error).__name__}: {error}") from None
    return StoredWheel(
        sha256=sha256,
        directory=tree.parent,
        file=file,
        name=reader.name,
        version=reader.version,
        info=reader.info,
        root=reader.root,
        files=tuple(reader.files),
        scripts=tuple(reader.scripts),
        created=now(),
        boot=boot_id(),
    )


class _Reader:
    """One wheel. files, scripts, root: what `installer` finds."""

    def __init__(self, file: str, tree: Path, found: Sequence[FileRead]) -> None:
        self._file = file
        self._tree = tree
        self._found = {each.name: each for each in found}
        self.files: list[StoredFile] = []
        self.scripts: list[EntryPoint] = []
        self.info = self._info()
        self.root = "platlib"
        self.name, self.version = self._named()
        self._rows = self._record()

    def _info(self) -> str:
        tops = {name.partition("/")[0] for name in self._found if "/" in name}
        infos = [name for name in tops if name.endswith(".dist-info")]
        if len(infos) != 1:
            raise WheelUnfit(f"{self._file} has {len(infos)} directories of metadata")
        stem = infos[0].removesuffix(".dist-info")
        others = {name for name in tops if name.endswith(".data")} - {f"{stem}.data"}
        if others:
            raise WheelUnfit(f"{self._file} has a directory {others.pop()!r}")
        return infos[0]

    def _named(self) -> tuple[str, str]:
        from installer.utils import parse_metadata_file

        headers: Message = parse_metadata_file(self._text("METADATA"))
        name, version = str(headers["Name"] or ""), str(headers["Version"] or "")
        stem = self.info.removesuffix(".dist-info").rpartition("-")[0]
        names = {normalize(each) for each in (name, stem, self._file.partition("-")[0])}
        if len(names) != 1 or not version:
            raise WheelUnfit(f"{self._file} is named otherwise than its metadata")
        return name, version

    def _text(self, name: str) -> str:
        if f"{self.info}/{name}" not in self._found:
            raise WheelUnfit(f"{self._file} has no {name}")
        try:
            return read_regular(self._tree / self.info / name, _LARGEST).decode("utf-8")
        except UnicodeDecodeError:
            raise WheelUnfit(f"{name} of {self._file} is not UTF-8") from None

    def _record(self) -> dict[str, tuple[str, str]]:
        """Return the hash and size of each file in RECORD, compared with the files themselves."""
        rows: dict[str, tuple[str, str]] = {}
        for row in csv.reader(io.StringIO(self._text("RECORD"), newline="")):
            if len(row) != 3 or row[0] in rows:
                raise WheelUnfit(f"RECORD of {self._file} has a row that is not one: {row!r:.200}")
            rows[row[0]] = (row[1], row[2])
        for name, (digest, size) in rows.items():
            file = self._found.get(name)
            if file is None:
                raise WheelUnfit(f"RECORD of {self._file} names {name!r:.200}, which is not in it")
            is_its_own = name == f"{self.info}/RECORD"
            if not is_its_own and (
                (digest and digest.rstrip("=") != _digest(file.sha256))
                or (size and size != str(file.size))
            ):
                raise WheelUnfit(f"RECORD of {self._file} has another hash for {name!r:.200}")
        return rows

    def source(self) -> Any:
        """Return the wheel as a source of `installer`."""
        from installer.sources import WheelSource

        reader = self

        class Source(WheelSource):
            @property
            def dist_info_dir(self) -> str:
                return reader.info

            @property
            def data_dir(self) -> str:
                return f"{reader.info.removesuffix('.dist-info')}.data"

            @property
            def dist_info_filenames(self) -> list[str]:
                start = f"{reader.info}/"
                return [
                    name.removeprefix(start) for name in reader._found if name.startswith(start)
                ]

            def read_dist_info(self, filename: str) -> str:
                return reader._text(filename)

            def get_contents(self) -> Iterator[Any]:
                data = f"{self.data_dir}/"  # installed last, so that its files win
                ordered = sorted(reader._found, key=lambda name: (name.startswith(data), name))
                for name in ordered:
                    file = reader._found[name]
                    # What is compiled already is compiled anew.
                    if "__pycache__" not in name.split("/") and not name.endswith((".pyc", ".pyo")):
                        row = reader._rows.get(name, ("", ""))
                        yield (name, *row), file, file.is_executable

        name, _, version = self.info.removesuffix(".dist-info").rpartition("-")
        return Source(name, version)

    def destination(self) -> Any:
        """Return what takes the files that `installer` hands out, without copying any."""
        from installer.destinations import WheelDestination
        from installer.records import RecordEntry

        reader = self

        class Destination(WheelDestination):
            def write_script(self, name: str, module: str, attr: str, section: Any) -> RecordEntry:
                reader._add_script(EntryPoint(name, module, attr, section))
                return RecordEntry(name, None, None)

            def write_file(
                self, scheme: Any, path: Any, stream: Any, is_executable: bool
            ) -> RecordEntry:
                reader._add_file(scheme, str(path), stream)
                return RecordEntry(str(path), None, None)

            def finalize_installation(self, scheme: Any, record_file_path: str, records: Any):
                reader.root = scheme

        return Destination()

    def _add_script(self, script: EntryPoint) -> None:
        parts = [*script.module.split("."), *script.attribute.split(".")]
        if "/" in script.name or not script.name.strip() or script.name in (".", ".."):
            raise WheelUnfit(f"{self._file} has a script named {script.name!r}")
        if not all(map(str.isidentifier, parts)) or not script.name.isprintable():
            raise WheelUnfit(f"{self._file} has a script that calls nothing: {script!r:.300}")
        if script.name in _WITH_VERSIONS:
            raise WheelUnfit(f"{self._file} has a script that pip makes more of: {script.name}")
        self.scripts.append(script)

    def _add_file(self, scheme: str, path: str, file: FileRead) -> None:
        if path in {f"{self.info}/{name}" for name in _METADATA}:
            return
        if scheme == "scripts":
            if "/" in path:
                raise WheelUnfit(f"{self._file} has a script in a directory: {path!r:.200}")
            made = {script.name for script in self.scripts}
            if _MADE_FOR_ENTRY_POINT.sub("", path) in made:
                return
        digest, size = self._rows.get(file.name, ("", ""))
        self.files.append(
            StoredFile(
                scheme=scheme,
                path=path,
                source=file.name,
                is_executable=file.is_executable,
                names_python=scheme == "scripts" and file.begin == b"#!python",
                digest=digest,
                size=size,
                sha256=file.sha256,
            )
        )


def _digest(sha256: str) -> str:
    """Return a hash as RECORD writes it."""
    encoded = base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode("ascii")
    return f"sha256={encoded.rstrip('=')}"
