"""The backups that edits leave beside a settings file: listed, and put back."""

from __future__ import annotations

import os
import re
from datetime import datetime, timezone
from pathlib import Path

from ..errors import SettingsError
from ..frozen import frozen
from .edit import Edit
from .files import read
from .loader import loads

_MOST_LISTED = 200


@frozen
class Backup:
    """One backup. written: when it was made, RFC 3339, UTC. size: in bytes."""

    path: Path
    written: str
    size: int


def list_backups(file: Path) -> tuple[Backup, ...]:
    """Return the backups of a settings file, the newest first.

    Raises: SettingsError where the directory cannot be read.
    """
    target = Path(os.path.realpath(file))
    # As `edit` names them: NAME.20250115T091402Z.bak, with -1, -2 where a second has several.
    named = re.compile(rf"{re.escape(target.name)}\.(\d{{8}}T\d{{6}}Z)(?:-(\d+))?\.bak")
    found: list[tuple[str, int, Backup]] = []
    try:
        with os.scandir(target.parent) as entries:
            for entry in entries:
                match = named.fullmatch(entry.name)
                if match is None or not entry.is_file(follow_symlinks=False):
                    continue
                moment = _moment(match[1])
                if moment is not None:
                    backup = Backup(Path(entry.path), moment, entry.stat().st_size)
                    found.append((match[1], int(match[2] or 0), backup))
    except OSError as problem:
        raise SettingsError(
            f"the backups cannot be listed: {problem.strerror}",
            code="settings-not-readable",
            file=target.parent,
        ) from None
    found.sort(key=lambda each: each[:2], reverse=True)
    return tuple(backup for *_, backup in found[:_MOST_LISTED])


def restore_backup(file: Path, backup: Path) -> Edit:
    """Return the edit that puts a backup back, not yet written.

    Raises: SettingsError, also where the backup holds no valid settings.
    """
    path = Path(os.path.abspath(file))
    content = read(backup).content
    loads(path, content)
    return Edit(path, read(path).content, content)


def _moment(stamp: str) -> str | None:
    try:
        found = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        return None
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")
