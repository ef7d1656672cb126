"""Install stored wheels into an environment, as pip would, by links.

Scripts of entry points, RECORD and the files beside it are written; all else is linked.
Source: the packaging specification "Recording installed projects"; pip's
``operations/install/wheel.py`` for the order, in which the later file of one name wins.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..file_io import write_all
from ..frozen import frozen
from .linker import Linker
from .model import SCHEMES, Bytecode, StoredFile, StoredWheel, WheelUnfit

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@frozen
class Layout:
    """Where an environment has what, as its own interpreter says (sysconfig).

    environment: its directory; all others are in it. headers: without the name of the package.
    interpreter: what the first lines of scripts name.
    """

    environment: Path
    purelib: Path
    platlib: Path
    headers: Path
    scripts: Path
    data: Path
    interpreter: Path


@frozen
class Placement:
    """One wheel to install.

    is_requested: whether it was asked for, and not brought in by another.
    direct_url: the text of its ``direct_url.json`` (PEP 610); None where it is from an index.
    """

    wheel: StoredWheel
    bytecode: Bytecode
    is_requested: bool = False
    direct_url: str | None = None


class _Link(NamedTuple):
    source: str
    sha256: str
    is_bytecode: bool = False


class _Text(NamedTuple):
    data: bytes
    mode: int


def assemble(
    placements: Sequence[Placement],
    layout: Layout,
    linker: Linker,
    *,
    installer: str,
    on_placed: Callable[[Placement], None] = lambda placement: None,
) -> None:
    """Install wheels into an environment that has been taken over.

    installer: what stands in INSTALLER. on_placed: called after each.
    Raises: WheelUnfit, before anything is installed, where the order of the wheels would decide
    what is in a file, or a file of the environment would be replaced; OSError.
    """
    plans = [_Plan(each, layout, installer) for each in placements]
    _check(plans, layout)
    made = {str(layout.environment)}
    for plan in plans:
        plan.carry_out(linker, made)
        on_placed(plan.placement)


def _check(plans: Sequence[_Plan], layout: Layout) -> None:
    """Raise WheelUnfit where two wheels have different files of one name, or the environment has
    one already. What two wheels have in common is left to the first."""
    known: dict[str, tuple[str, str]] = {}
    for plan in plans:
        name = plan.placement.wheel.name
        for target, link in list(plan.links.items()):
            # The same module may be compiled to different bytes, which mean the same.
            digest = "bytecode" if link.is_bytecode else link.sha256
            other = known.setdefault(target, (digest, name))
            if other == (digest, name):
                continue
            if other[0] != digest:
                raise _clash(target, layout, name, other[1])
            del plan.links[target]
        for target in plan.texts:
            other = known.setdefault(target, ("", name))
            if other[1] != name:
                raise _clash(target, layout, name, other[1])
    directories: set[str] = set()
    for target in known:
        directory = target.rpartition("/")[0]
        while directory not in directories and len(directory) > len(str(layout.environment)):
            if directory in known:
                raise _clash(directory, layout, known[target][1], known[directory][1])
            directories.add(directory)
            directory = directory.rpartition("/")[0]
    there = _files_in(str(layout.environment))
    for target in known.keys() & there:
        raise _clash(target, layout, known[target][1], "the environment itself")


def _clash(target: str, layout: Layout, one: str, other: str) -> WheelUnfit:
    name = os.path.relpath(target, layout.environment)
    return WheelUnfit(f"{one} and {other} both have {name}")


def _files_in(directory: str) -> set[str]:
    found: set[str] = set()
    pending = [directory]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    found.add(entry.path)
    return found


class _Plan:
    """What one wheel brings. links, texts: by path, the files that are linked and written."""

    def __init__(self, placement: Placement, layout: Layout, installer: str) -> None:
        self.placement = placement
        self._layout = layout
        wheel = placement.wheel
        self._tree = str(wheel.tree)
        self._places = {scheme: str(self._directory(scheme)) for scheme in SCHEMES}
        self._lib = self._places[wheel.root]
        self.links: dict[str, _Link] = {}
        self.texts: dict[str, _Text] = {}
        self._rows: list[tuple[str, str, str]] = []
        for file in wheel.files:
            self._add(file)
        self._add_scripts()
        self._add_bytecode()
        self._add_metadata(installer)

    def _directory(self, scheme: str) -> Path:
        directory: Path = getattr(self._layout, scheme)
        return directory / self.placement.wheel.name if scheme == "headers" else directory

    def _add(self, file: StoredFile) -> None:
        target = f"{self._places[file.scheme]}/{file.path}"
        if file.names_python:
            source = Path(self._tree, file.source)
            data = _with_interpreter(source, self._layout.interpreter)
            self._write(target, data, 0o755 if file.is_executable else 0o644)
            return
        self.links[target] = _Link(f"{self._tree}/{file.source}", file.sha256)
        self._rows.append((self._name(target), file.digest, file.size))

    def _add_scripts(self) -> None:
        if not self.placement.wheel.scripts:
            return
        from installer.scripts import Script

        interpreter = str(self._layout.interpreter)
        for each in self.placement.wheel.scripts:
            script = Script(each.name, each.module, each.attribute, each.section)  # type: ignore[arg-type]
            name, data = script.generate(interpreter, "posix")
            self._write(f"{self._layout.scripts}/{name}", data, 0o755)

    def _add_bytecode(self) -> None:
        bytecode = self.placement.bytecode
        compiled = str(bytecode.directory)
        for file in self.placement.wheel.files:
            digest = bytecode.files.get(file.source)
            if digest is None or file.scheme not in ("purelib", "platlib"):
                continue
            directory = self._places[file.scheme]
            module = self.links.get(f"{directory}/{file.path}")
            if module is None or module.source != f"{self._tree}/{file.source}":
                continue  # a later file of the wheel has its place
            target = f"{directory}/{bytecode.path_of(file.path)}"
            source = f"{compiled}/{bytecode.path_of(file.source)}"
            self.links[target] = _Link(source, digest, is_bytecode=True)
            self._rows.append((self._name(target), "", ""))

    def _add_metadata(self, installer: str) -> None:
        wheel = self.placement.wheel
        info = f"{self._lib}/{wheel.info}"
        self._write(f"{info}/INSTALLER", installer.encode(), 0o644)
        if self.placement.direct_url is not None:
            self._write(f"{info}/direct_url.json", self.placement.direct_url.encode(), 0o644)
        if self.placement.is_requested:
            self._write(f"{info}/REQUESTED", b"", 0o644)
        self._rows.append((f"{wheel.info}/RECORD", "", ""))
        text = io.StringIO(newline="")
        csv.writer(text).writerows(sorted(self._rows))
        data = text.getvalue().encode("utf-8", "surrogateescape")
        self.texts[f"{info}/RECORD"] = _Text(data, 0o644)  # last: it says that all is there

    def _write(self, target: str, data: bytes, mode: int) -> None:
        self.links.pop(target, None)
        self.texts[target] = _Text(data, mode)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        self._rows.append((self._name(target), f"sha256={digest}", str(len(data))))

    def _name(self, target: str) -> str:
        """Return a file's name in RECORD: from the directory that ``.dist-info`` lies in."""
        inside = f"{self._lib}/"
        if target.startswith(inside):
            return target[len(inside) :]
        return os.path.relpath(target, self._lib)

    def carry_out(self, linker: Linker, made: set[str]) -> None:
        """Make the files. made: directories that are there."""
        for target, link in self.links.items():
            _make_directory(target.rpartition("/")[0], made)
            linker.place(link.source, target)
        for target, text in self.texts.items():
            _make_directory(target.rpartition("/")[0], made)
            _write(target, text)


def _make_directory(directory: str, made: set[str]) -> None:
    if directory in made:
        return
    _make_directory(directory.rpartition("/")[0], made)
    try:
        os.mkdir(directory, 0o755)
        os.chmod(directory, 0o755)
    except FileExistsError:
        if not os.path.isdir(directory):
            raise
    made.add(directory)


def _write(target: str, text: _Text) -> None:
    descriptor = os.open(target, _FLAGS, 0o600)
    try:
        write_all(descriptor, text.data)
        os.fchmod(descriptor, text.mode)
    finally:
        os.close(descriptor)


def _with_interpreter(file: Path, interpreter: Path) -> bytes:
    """Return a script whose first line names an interpreter; it names ``python`` in the wheel."""
    _, _, rest = file.read_bytes().partition(b"\n")
    return b"#!" + os.fsencode(interpreter) + b"\n" + rest


def targets_of(placement: Placement, layout: Layout) -> Iterator[tuple[str, str]]:
    """Yield each file of an environment that was linked, with the SHA-256 that it has in the
    store."""
    plan = _Plan(placement, layout, "")
    yield from ((target, link.sha256) for target, link in plan.links.items())
