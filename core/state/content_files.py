"""What only the database knows of content, as one file each: ``content/NAME.json``.

With these and the records of builds, a lost database is made again. Each file is written whole, in
the same step as the change of the database, before that is committed: after a crash in between the
file is the newer one.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..file_io import parse_json, read_regular, replace_file
from .directory import FILE_MODE, make_folder

FOLDER = "content"
_SCHEMA = 1
_LARGEST = 1024 * 1024
_LONGEST_NAME = 200  # bytes; file systems allow 255


def content_file(state_dir: Path, name: str) -> Path:
    """Return the file of one piece of content: its name, percent-encoded, shortened where it is
    long."""
    encoded = quote(name, safe=" +,=@~").replace(".", "%2E", 1 if name.startswith(".") else 0)
    if len(encoded) > _LONGEST_NAME:
        digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        encoded = f"{encoded[:_LONGEST_NAME]}~{digest}"
    return state_dir / FOLDER / f"{encoded}.json"


def write_content_file(state_dir: Path, name: str, facts: Mapping[str, Any]) -> None:
    """Write what is known of one piece of content; on disk when this returns. Raises OSError.

    facts: rows of the database by their table, as JSON takes them.
    """
    make_folder(state_dir / FOLDER)
    text = json.dumps({"schema": _SCHEMA, "name": name, **facts}, indent=1)
    replace_file(content_file(state_dir, name), text.encode(), mode=FILE_MODE)


def remove_content_file(state_dir: Path, name: str) -> None:
    """Remove the file of content that is forgotten. Raises OSError."""
    content_file(state_dir, name).unlink(missing_ok=True)


def has_content_files(state_dir: Path) -> bool:
    """Return whether content has files at all: an earlier version wrote none."""
    return (state_dir / FOLDER).is_dir()


def read_content_files(state_dir: Path) -> Iterator[tuple[Path, dict[str, Any] | None]]:
    """Yield each file with what it says; None for one that cannot be used."""
    try:
        names = sorted(os.listdir(state_dir / FOLDER))
    except OSError:
        return
    for name in names:
        if name.endswith(".json") and not name.startswith("."):
            yield state_dir / FOLDER / name, _read(state_dir / FOLDER / name)


def _read(file: Path) -> dict[str, Any] | None:
    try:
        document = parse_json(read_regular(file, _LARGEST))
        return document if document["schema"] == _SCHEMA else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
