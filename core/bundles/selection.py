"""Which files of a directory belong to its bundle: those that the manifest lists, as on Connect,
and what the requirements take from beside them."""

from __future__ import annotations

import os
from pathlib import Path

from ..archives import Limits
from ..errors import BundleError
from ..file_io import open_directory, read_regular
from . import lock_file
from .manifest import NAME, Manifest, read_manifest
from .requirements import parse_requirements


class Selection:
    """Names of files and directories; a directory stands for all that lies in it."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._above = frozenset(
            "/".join(parts[:count])
            for parts in (name.split("/") for name in names)
            for count in range(1, len(parts))
        )

    def takes(self, name: str) -> bool:
        """Whether the file, link or directory of that name belongs to the bundle."""
        if name in self._names or "" in self._names:
            return True
        parts = name.split("/")
        return any("/".join(parts[:count]) in self._names for count in range(1, len(parts)))

    def leads_to_some(self, name: str) -> bool:
        """Whether files that belong to the bundle are expected below that name."""
        return name in self._above


def select_files(directory: Path, limits: Limits) -> Selection | None:
    """Return what belongs to the bundle in a directory.

    None where all files do: the manifest lists none, or cannot be read, which its opening says.
    """
    try:
        data = _read(directory, NAME, limits.read_bytes)
        manifest = None if data is None else read_manifest(data)
    except BundleError:
        return None
    if manifest is None or not manifest.files:
        return None
    listed = {_plain(name) for name in manifest.files}
    return Selection(
        frozenset({NAME, *listed, *_taken_by_requirements(directory, manifest, limits)})
    )


def _taken_by_requirements(directory: Path, manifest: Manifest, limits: Limits) -> set[str]:
    """Return the package file, the files that it includes, and the local paths that they name."""
    name = manifest.package_file or "requirements.txt"
    data = _read(directory, name, limits.requirements_bytes)
    if data is None:
        return {name}
    if lock_file.is_lock_file(name):
        return {name, *lock_file.local_paths(name, data)}

    def read(name: str) -> bytes | None:
        return _read(directory, name, limits.requirements_bytes)

    requirements = parse_requirements(data, name=name, read=read)
    included = {file.name for file in requirements.files}
    named = {line.included for line in requirements.lines() if line.included is not None}
    return {name, *included, *named, *requirements.local_paths(), *requirements.link_paths()}


def _read(directory: Path, name: str, most: int) -> bytes | None:
    """Return the contents of a regular file, reached without a link; None for anything else."""
    try:
        parent = open_directory((directory / name).parent, below=directory)
        try:
            return read_regular(Path(name).name, most, dir_fd=parent)
        finally:
            os.close(parent)
    except (OSError, ValueError):
        return None


def _plain(name: str) -> str:
    """Return a listed name as the file is called: with / also where it was written on Windows."""
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))
