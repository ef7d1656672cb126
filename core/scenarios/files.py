"""Scenario files: opened, saved, and those that come with pysteward."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import ScenarioError
from ..toml_text import decode_toml
from .model import Scenario
from .parser import parse_source
from .writer import dump

_SUFFIX = ".toml"
_LARGEST = 1024 * 1024
_BUILT_IN = Path(__file__).parent / "built_in"
_ORDER = (
    "exact",
    "major-minor",
    "nearest",
    "policies",
    "constraints",
    "pre-releases",
    "retirement",
)
"""The built-in scenarios in the order of teaching."""


def load(path: str | Path) -> Scenario:
    """Read a scenario file. Raises ScenarioError with file, line and column."""
    file = Path(path)
    try:
        with open(file, "rb") as stream:
            data = stream.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ScenarioError(f"cannot be read: {reason}", file=file) from None
    if len(data) > _LARGEST:
        raise ScenarioError("is too large to be a scenario (more than 1 MiB)", file=file)
    source = decode_toml(data, file, ScenarioError)
    return parse_source(source, file.name.removesuffix(_SUFFIX))


def save(scenario: Scenario, path: str | Path) -> None:
    """Write a scenario file, in place of the one that is there: all of it or nothing.

    Raises ScenarioError where that is not possible.
    """
    import tempfile

    file = Path(path)
    data = dump(scenario).encode("utf-8")
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".scenario-", dir=file.parent)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fchmod(stream.fileno(), _mode(file))
                os.fsync(stream.fileno())
            os.replace(temporary, file)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise ScenarioError(f"cannot be written: {error.strerror}", file=file) from None


def built_in() -> tuple[Scenario, ...]:
    """Return the scenarios that come with pysteward, in the order of teaching."""
    return tuple(load(_BUILT_IN / f"{name}{_SUFFIX}") for name in _ORDER)


def find(name_or_path: str) -> Scenario:
    """Return a file by its path, or else a built-in scenario by its name.

    Raises ScenarioError, which lists the names, where there is neither.
    """
    if name_or_path in _ORDER and not os.path.lexists(name_or_path):
        return load(_BUILT_IN / f"{name_or_path}{_SUFFIX}")
    if "/" not in name_or_path and not os.path.lexists(name_or_path):
        names = ", ".join(_ORDER)
        raise ScenarioError(
            f"there is no such file, nor a built-in scenario of that name ({names})",
            file=name_or_path,
        )
    return load(name_or_path)


def _mode(file: Path) -> int:
    """Return what the file has, or what a new one gets."""
    try:
        return file.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
