"""Read a lock file, written by any program."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from ..errors import LockError
from ..json_values import JsonError, from_json
from .model import Conditions, Lock

LARGEST = 16 * 1024 * 1024
"""Bytes of a lock file that are read."""

_MOST_PACKAGES = 10_000


def read_lock(data: bytes | str, file: str | Path | None = None) -> Lock:
    """Return the lock of a ``pylock.toml``.

    file: where it stands, for messages.
    Raises: LockError (``lock-invalid``) for what is not one, is too large, or has another version.
    """
    from packaging.pylock import Pylock, PylockUnsupportedVersionError, PylockValidationError

    document = _parsed(data, file)
    packages: Any = document.get("packages")
    if isinstance(packages, list) and len(cast("list[Any]", packages)) > _MOST_PACKAGES:
        raise LockError(f"a lock of more than {_MOST_PACKAGES} packages", file=file)
    try:
        pylock = Pylock.from_dict(document)
    except PylockUnsupportedVersionError as error:
        raise LockError(f"{error}: use a newer pysteward", file=file) from None
    except (PylockValidationError, RecursionError) as error:
        raise LockError(f"not a lock as PEP 751 has it: {error}", file=file) from None
    tool: Mapping[str, Any] = pylock.tool or {}
    if not isinstance(tool.get("pysteward"), Mapping):
        return Lock(pylock)
    own: Mapping[str, Any] = tool["pysteward"]
    try:
        members = {name.replace("-", "_"): value for name, value in own.items()}
        conditions = from_json(Conditions, members)
        unlocked = from_json(tuple[tuple[str, str], ...], own.get("unlocked", []))
    except JsonError as error:
        raise LockError(
            f"[tool.pysteward] is not as pysteward writes it: {error}", file=file
        ) from None
    return Lock(pylock, conditions, unlocked)


def _parsed(data: bytes | str, file: str | Path | None) -> dict[str, Any]:
    if len(data) > LARGEST:
        raise LockError(f"larger than {LARGEST >> 20} MiB", file=file)
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
        if sys.version_info >= (3, 11):
            import tomllib

            return tomllib.loads(text)
        import tomlkit

        return tomlkit.parse(text).unwrap()
    except RecursionError:
        raise LockError("nested too deeply", file=file) from None
    except ValueError as error:  # of a byte that is not UTF-8 as well as of both parsers
        raise LockError(f"not TOML: {error}", file=file) from None
