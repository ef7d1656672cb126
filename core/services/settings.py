"""Settings service: the active settings, and changes to them before they are written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .. import settings
from ..errors import SettingsError
from ..server import Server
from ..users import account_names, group_names

if TYPE_CHECKING:
    from ..settings import Backup, Edit, Settings


class SettingsService:
    """The settings of one server. Methods raise SettingsError."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @property
    def active(self) -> Settings:
        return self._server.settings

    @property
    def label(self) -> str:
        """The settings file, or what is active instead."""
        file = self._server.settings.file
        return str(file) if file else "no settings file"

    def why_not_editable(self) -> str | None:
        """Return why the settings cannot be changed; None where they can."""
        file = self._server.settings.file
        if file is None:
            return "there is no settings file: make one, an empty one will do"
        return settings.why_not_writable(file)

    def propose_set(self, name: str, value: str | Sequence[str]) -> Edit:
        """Return the edit that sets a setting. value: of a list or table, all items."""
        return settings.set_value(self._file, name, value)

    def propose_add(self, name: str, values: Sequence[str]) -> Edit:
        """Return the edit that adds items to a list or table."""
        return settings.add_value(self._file, name, values)

    def propose_remove(self, name: str, value: str | None) -> Edit:
        """Return the edit that removes an item. value: None means the whole setting."""
        return settings.remove_value(self._file, name, None if value is None else [value])

    def backups(self) -> tuple[Backup, ...]:
        """Return the backups of the settings file, the newest first."""
        return settings.list_backups(self._file)

    def propose_restore(self, backup: Path) -> Edit:
        """Return the edit that puts a backup back."""
        return settings.restore_backup(self._file, backup)

    def choices(self, name: str) -> tuple[str, ...]:
        """Return the accounts or groups that a setting can name; empty for other settings."""
        return (
            account_names() if name == "run_as" else group_names() if name == "state_group" else ()
        )

    def changed_on_disk(self) -> bool:
        """Return whether the settings file was changed since it was read."""
        return settings.changed_on_disk(self._server.settings)

    @property
    def _file(self) -> Path:
        file = self._server.settings.file
        if file is None:
            raise SettingsError("there is no settings file to change", code="settings-missing")
        return file
