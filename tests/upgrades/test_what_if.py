"""A change put together: what would be there, and what would be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from pysteward.core.errors import RequestError, SettingsError, UsageError
from pysteward.core.matching import Candidate, Policy, SetEntry
from pysteward.core.settings import default, load
from pysteward.core.upgrades import (
    SettingsChange,
    edits_for,
    propose,
    supposed,
    to_remove,
)
from pysteward.core.versions import PythonVersion
from pysteward.tui.app.tabs.upgrade.model import UpgradeDraft


def real(version: str, unusable: str | None = None) -> SetEntry:
    path = f"/opt/python/{version}"
    candidate = Candidate(PythonVersion.parse(version), f"{path}/bin/python3", unusable)
    return SetEntry(candidate, path)


TODAY = (real("3.8.1"), real("3.8.9"), real("3.11.2"))


def test_a_line_of_versions_is_removed_together() -> None:
    assert to_remove(["3.8"], TODAY) == TODAY[:2]
    assert to_remove(["3.8.9,3.11.2"], TODAY) == TODAY[1:]
    assert to_remove(["/opt/python/3.8.1"], TODAY) == TODAY[:1]


def test_what_is_not_there_cannot_be_removed() -> None:
    with pytest.raises(RequestError, match=r"no installation is a 3\.9"):
        to_remove(["3.9"], TODAY)
    with pytest.raises(UsageError, match="no installation lies at"):
        to_remove(["/opt/other"], TODAY)


def test_hypothetical_and_real_ones_mix_but_only_real_ones_can_be_written() -> None:
    new, imagined = real("3.12.4"), supposed(["3.13.1"])
    both = propose(TODAY, Policy.MAJOR_MINOR, add=(new, *imagined), remove=TODAY[:1])
    assert both.changes == SettingsChange(("/opt/python/3.12.4",), ("/opt/python/3.8.1",))
    assert [str(candidate.version) for candidate in both.after.candidates] == [
        *("3.8.9", "3.11.2", "3.12.4", "3.13.1"),
    ]
    assert "3.13.1" in str(both.why_not_applicable)


def test_an_unusable_one_is_not_added() -> None:
    change = propose(TODAY, Policy.EXACT, add=(real("3.12.4", "pip is missing."),))
    assert change.why_not_applicable == "/opt/python/3.12.4 cannot be used: pip is missing"


def test_a_draft_follows_what_is_there() -> None:
    draft = UpgradeDraft().on(TODAY, Policy.MAJOR_MINOR).switched(0).under(Policy.NEAREST)
    new = real("3.12.4")
    later = draft.with_added([new]).on((*TODAY, new), Policy.MAJOR_MINOR)
    assert len(later.entries) == 4
    assert not later.entries[0].is_on
    assert later.proposal.changes == SettingsChange((), ("/opt/python/3.8.1",), "nearest")
    assert not later.back_to_today().changes_anything


GCFG = """\
; what Connect reads
[Python]
Enabled = true
Executable = /opt/python/3.8.1 ; old
Executable = /opt/python/3.11.2
"""


def test_one_diff_shows_all_that_is_written(tmp_path: Path) -> None:
    file = tmp_path / "rstudio-connect.gcfg"
    file.write_text(GCFG, "utf-8")
    file.chmod(0o600)
    change = SettingsChange(("/opt/python/3.12.4",), ("/opt/python/3.8.1",), "nearest")
    (edit,) = edits_for(load(file), change)
    diff = edit.diff()
    assert "-Executable = /opt/python/3.8.1 ; old" in diff
    assert "+Executable = /opt/python/3.12.4" in diff
    edit.write()
    after = load(file)
    assert after.executables == ("/opt/python/3.11.2", "/opt/python/3.12.4")
    assert after.version_matching == "nearest"
    assert file.read_text("utf-8").startswith("; what Connect reads\n")


def test_each_setting_is_changed_where_it_is_set(tmp_path: Path) -> None:
    gcfg, toml = tmp_path / "connect.gcfg", tmp_path / "pysteward.toml"
    gcfg.write_text(GCFG, "utf-8")
    toml.write_text('[python]\nsettings-from = "connect.gcfg"\nversion-matching = "exact"\n')
    for file in (gcfg, toml):
        file.chmod(0o600)
    edits = edits_for(load(toml), SettingsChange(("/opt/python/3.12.4",), (), "nearest"))
    assert {edit.path.name for edit in edits} == {"connect.gcfg", "pysteward.toml"}
    for edit in edits:
        edit.write()
    after = load(toml)
    assert after.executables[-1] == "/opt/python/3.12.4"
    assert after.version_matching == "nearest"


def test_without_a_file_there_is_nothing_to_change() -> None:
    with pytest.raises(SettingsError, match="no settings file"):
        edits_for(default(()), SettingsChange(matching="nearest"))
