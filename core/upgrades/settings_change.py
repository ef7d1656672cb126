"""A change of installations and policy as what would be written into the settings."""

from __future__ import annotations

from pathlib import Path

from ..errors import SettingsError
from ..frozen import frozen
from ..settings import (
    Edit,
    Settings,
    add_value,
    remove_value,
    set_value,
)


@frozen
class SettingsChange:
    """What is to be changed.

    add: paths of installations. remove: paths as they are configured. matching: another policy.
    """

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    matching: str | None = None

    def __bool__(self) -> bool:
        return bool(self.add or self.remove or self.matching)

    def __str__(self) -> str:
        parts = [f"add {path}" for path in self.add] + [f"remove {path}" for path in self.remove]
        if self.matching:
            parts.append(f"matching {self.matching}")
        return ", ".join(parts) or "no change of the settings"


def edits_for(settings: Settings, changes: SettingsChange) -> tuple[Edit, ...]:
    """Return the edits that make this change, one for each file, not yet written; none changes
    nothing.

    Each setting is changed in the file that sets it. Raises SettingsError.
    """
    edits: dict[Path, Edit] = {}
    if changes.add:
        file = _file_of(settings, "executables")
        edits[file] = add_value(file, "executables", changes.add)
    if changes.remove:
        file = _file_of(settings, "executables")
        edits[file] = remove_value(file, "executables", changes.remove, after=edits.get(file))
    if changes.matching:
        file = _file_of(settings, "version_matching")
        edits[file] = set_value(file, "version-matching", changes.matching, after=edits.get(file))
    return tuple(edit for edit in edits.values() if edit.changes)


def _file_of(settings: Settings, field: str) -> Path:
    file = settings.origins[field].file or settings.file
    if file is None:
        raise SettingsError(
            "there is no settings file to change: make one, an empty one will do, or name it "
            "with --config",
            code="settings-missing",
        )
    return file
