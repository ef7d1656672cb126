"""A wheel of the store: what it installs, and where that goes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..errors import StewardError
from ..frozen import frozen

TREE = "tree"
"""The directory of a stored wheel with the files as its archive has them."""


SCHEMES = ("purelib", "platlib", "headers", "scripts", "data")
"""The kinds of places that files of wheels go to."""


class WheelUnfit(StewardError):
    """A wheel that the store does not take: pip installs it, or refuses it in its own words."""

    default_code = "wheel-unfit"


class StoredFile(NamedTuple):
    """One file of a wheel.

    scheme: ``purelib``, ``platlib``, ``headers``, ``scripts`` or ``data``. path: where it goes
    below that. source: its name in the archive.
    is_executable: as pip decides it. names_python: its first line is to name the interpreter.
    digest, size: as the wheel's RECORD has them, empty where it has none.
    sha256: of its content, in hexadecimal.
    """

    scheme: str
    path: str
    source: str
    is_executable: bool
    names_python: bool
    digest: str
    size: str
    sha256: str


class EntryPoint(NamedTuple):
    """A script that is made at the installation. section: ``console`` or ``gui``."""

    name: str
    module: str
    attribute: str
    section: str


@frozen
class StoredWheel:
    """One wheel of the store.

    sha256: of its archive, hexadecimal. directory: where it lies. file: the name of its archive.
    name, version: as its METADATA writes them. info: its ``.dist-info``. root: the scheme of its
    top level. created: RFC 3339, UTC. boot: the run of the machine in which it was stored.
    """

    sha256: str
    directory: Path
    file: str
    name: str
    version: str
    info: str
    root: str
    files: tuple[StoredFile, ...]
    scripts: tuple[EntryPoint, ...]
    created: str
    boot: str

    @property
    def tree(self) -> Path:
        """Where its files lie, as its archive names them."""
        return self.directory / TREE


@frozen
class Bytecode:
    """What one kind of Python compiled the modules of a wheel to.

    directory: where it lies. files: SHA-256 of each file, hexadecimal, by the name of its module in
    the wheel.
    tag: the ending of the files, such as ``cpython-312``.
    """

    directory: Path
    tag: str
    files: dict[str, str]

    def path_of(self, module: str) -> str:
        """Return the name of a module's compiled file, from the directory of the wheel's top
        level."""
        directory, _, file = module.rpartition("/")
        stem = file.rpartition(".")[0]
        return f"{directory}{'/' if directory else ''}__pycache__/{stem}.{self.tag}.pyc"


@frozen
class Compiler:
    """The Python whose bytecode is wanted.

    interpreter: its path, in an environment. tag: ``sys.implementation.cache_tag``. magic: the
    number of its bytecode's format, in hexadecimal.
    """

    interpreter: Path
    tag: str
    magic: str

    @property
    def key(self) -> str:
        """The name of its bytecode in a stored wheel."""
        return f"{self.tag}-{self.magic}"
