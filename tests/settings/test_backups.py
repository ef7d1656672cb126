"""Backups of a settings file: found by their names, newest first, and put back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pysteward.core.errors import SettingsError
from pysteward.core.settings import list_backups, load, restore_backup, set_value

TEXT = '[python]\nenabled = true\nversion-matching = "exact"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pysteward.toml"
    path.write_text(TEXT)
    path.chmod(0o600)
    return path


def test_what_an_edit_leaves_is_listed_and_restored(file: Path) -> None:
    backup = set_value(file, "version-matching", "nearest").write()
    assert backup is not None
    found = list_backups(file)
    assert [each.path for each in found] == [backup]
    assert found[0].size == len(TEXT)
    edit = restore_backup(file, backup)
    assert edit.changes
    edit.write()
    assert file.read_text() == TEXT
    assert load(file).version_matching == "exact"
    assert len(list_backups(file)) == 2, "what was replaced is kept, too"


def test_the_newest_comes_first_and_other_files_do_not_count(file: Path) -> None:
    names = ("20250101T000000Z", "20260101T000000Z-1", "20260101T000000Z", "20269901T000000Z")
    for name in names:
        file.with_name(f"{file.name}.{name}.bak").write_text(TEXT)
    file.with_name("other.toml.20270101T000000Z.bak").write_text(TEXT)
    os.symlink(file, file.with_name(f"{file.name}.20280101T000000Z.bak"))
    os.mkfifo(file.with_name(f"{file.name}.20290101T000000Z.bak"))
    found = [(each.path.name.split(".")[2], each.written) for each in list_backups(file)]
    assert found == [
        ("20260101T000000Z-1", "2026-01-01T00:00:00Z"),
        ("20260101T000000Z", "2026-01-01T00:00:00Z"),
        ("20250101T000000Z", "2025-01-01T00:00:00Z"),
    ]


def test_a_backup_that_holds_no_settings_is_not_restored(file: Path) -> None:
    backup = file.with_name(f"{file.name}.20250101T000000Z.bak")
    backup.write_text("[python\n")
    backup.chmod(0o600)
    with pytest.raises(SettingsError):
        restore_backup(file, backup)
    assert file.read_text() == TEXT
