"""Lock files of PEP 751 (``pylock.toml``) as package files: what they install from the bundle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from ..archives import resolve_inside
from ..errors import BundleError


def is_lock_file(name: str | None) -> bool:
    """Whether the package file is a lock file: ``pylock.toml`` or ``pylock.NAME.toml``."""
    return name is not None and bool(re.fullmatch(r"(?:.*/)?pylock(?:\.[^./]+)?\.toml", name))


def local_paths(name: str, data: bytes) -> tuple[str, ...]:
    """Return the files and directories of the bundle that a lock file names by ``path``.

    Such a path is relative to the lock file. What is not TOML names none: the installer says so.
    """
    # Late: most package files are not lock files, and a reused deploy is over in no time.
    from ..toml_text import decode_toml, parse_toml

    try:
        document = parse_toml(decode_toml(data, None, BundleError))
    except BundleError:
        return ()
    paths = (resolve_inside(name, path) for path in _paths(document))
    return tuple(dict.fromkeys(path for path in paths if path))


def _paths(document: dict[str, Any]) -> Iterator[str]:
    for package in _tables(document.get("packages")):
        sources = [package.get("archive"), package.get("directory"), package.get("sdist")]
        for source in [*sources, *_tables(package.get("wheels"))]:
            path = cast("dict[str, object]", source).get("path") if _is_table(source) else None
            if isinstance(path, str):
                yield path


def _tables(found: object) -> list[dict[str, Any]]:
    items = cast("list[object]", found) if isinstance(found, list) else []
    return [cast("dict[str, Any]", item) for item in items if _is_table(item)]


def _is_table(found: object) -> bool:
    return isinstance(found, dict)
