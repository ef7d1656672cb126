"""Changes in place: which lines change, how, and how the file is written."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.errors import SettingsError
from pysteward.core.settings import (
    add_value,
    convert,
    load,
    remove_value,
    set_value,
    write_new,
)

CONNECT = """\
; The server's own settings
[Server]
Address = "http://x;y"

[Python]
  Enabled = false ; not yet
  Executable = /opt/python/3.8.1
  Executable = "/opt/my python" # quoted

; LDAP comes last
[LDAP "main"]
Executable = /not/ours
"""


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (("enabled", "yes"), "Enabled = false ;", "Enabled = true ;"),
        (
            ("VersionMatching", "EXACT"),
            '"/opt/my python" # quoted\n',
            '"/opt/my python" # quoted\n  VersionMatching = exact\n',
        ),
        (
            ("Executable", ["/opt/python/3.8.1", "/b;c"]),
            '"/opt/my python" # quoted',
            '"/b;c" # quoted',
        ),
        (("executables", ["/opt/my python"]), "  Executable = /opt/python/3.8.1\n", ""),
        (
            ("run-as", "alice"),
            "Executable = /not/ours\n",
            "Executable = /not/ours\n\n[Applications]\nRunAs = alice\n",
        ),
    ],
)
def test_a_gcfg_file_changes_in_the_lines_that_must(
    change: tuple[str, Any], old: str, new: str, gcfg: Any
) -> None:
    assert set_value(gcfg(CONNECT), *change).after.decode() == CONNECT.replace(old, new)


def test_an_added_executable_is_written_like_the_last_one(gcfg: Any) -> None:
    after = add_value(gcfg(CONNECT), "executables", ["/opt/a", "/opt/a", "/opt/my python"]).after
    line = '  Executable = "/opt/my python" # quoted\n'
    assert after.decode() == CONNECT.replace(line, line + '  Executable = "/opt/a"\n')


@pytest.mark.parametrize(
    ("text", "name", "value", "expected"),
    [
        ("[Python]\r\nEnabled\r\n", "enabled", False, "[Python]\r\nEnabled = false\r\n"),
        ("[Python]\r\nRunAs=\r\n[Applications]\r\nRunAs =\r\n", "run-as", "a",
         "[Python]\r\nRunAs=\r\n[Applications]\r\nRunAs =a\r\n"),
        ("[Python]\nEnabled=no", "run-as", "a",
         "[Python]\nEnabled=no\n\n[Applications]\nRunAs = a"),
        ("[Applications]\nRunAs = a\\\n", "enabled", True,
         "[Applications]\nRunAs = a\\\n\n\n[Python]\nEnabled = true"),
        ("[Python]\nEnabled = n\\\n  o ; x\n", "enabled", True, None),
        ("[Python]\nEnabled = n\\\no ; x\n", "enabled", True, "[Python]\nEnabled = true ; x\n"),
        ("[Python]\nEnabled = no\n[Python]\nEnabled = 0;x\n", "enabled", True,
         "[Python]\nEnabled = no\n[Python]\nEnabled = true;x\n"),
        ("[python]", "VersionMatching", "nearest", "[python]\nVersionMatching = nearest"),
        ("\ufeff[python]\n", "Executable", ["a\"b\\c\td\ne"],
         "\ufeff[python]\nExecutable = \"a\\\"b\\\\c\\td\\ne\"\n"),
        ("[python]\nProhibitedPackage = a\n", "builtin-prohibited-packages", False,
         "[python]\nProhibitedPackage\nProhibitedPackage = a\n"),
        ("[python]\nProhibitedPackage = a\nProhibitedPackage\n", "builtin-prohibited-packages",
         True, "[python]\n"),
    ],
)  # fmt: skip
def test_every_manner_of_writing_is_kept(
    text: str, name: str, value: Any, expected: str | None, gcfg: Any
) -> None:
    file = gcfg(text)
    if expected is None:
        assert set_value(file, name, value).after == text.replace("n\\\n  o", "true").encode()
    else:
        assert set_value(file, name, value).after.decode() == expected


def test_what_is_so_already_is_not_written_again(gcfg: Any) -> None:
    file = gcfg("[Python]\nEnabled = YES\nVersionMatching = Exact\n")
    edits = [set_value(file, "enabled", True), set_value(file, "version-matching", "exact")]
    assert not any(edit.changes for edit in edits)
    assert [edit.write() for edit in edits] == [None, None]
    assert os.listdir(file.parent) == [file.name]


def test_setting_a_value_cures_a_file_in_which_it_is_bad(gcfg: Any) -> None:
    edit = set_value(gcfg("[Python]\nEnabled = maybe\n"), "enabled", True)
    assert edit.after == b"[Python]\nEnabled = true\n"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("enabled", "maybe", "neither true nor false"),
        ("version-matching", "bogus", "major-minor"),
        ("run-as", "a\rb", "carriage return"),
        ("run-as", "a\0b", "NUL"),
        ("run-as", "\udcff", "no Unicode"),
        ("installer", "uv", "a .gcfg file cannot hold installer"),
        ("wild", "1", "is no setting"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_before_anything_is_written(
    name: str, value: str, said: str, gcfg: Any
) -> None:
    file = gcfg(CONNECT)
    with pytest.raises(SettingsError, match=said):
        set_value(file, name, value).write()
    assert file.read_text() == CONNECT
    assert os.listdir(file.parent) == [file.name]


def test_a_removed_item_must_have_been_there(gcfg: Any) -> None:
    file = gcfg(CONNECT)
    with pytest.raises(SettingsError, match="nothing to remove"):
        remove_value(file, "executables", "/opt/other")
    with pytest.raises(SettingsError, match="holds one value"):
        remove_value(file, "enabled", "true")


def test_removing_a_setting_brings_its_default_back(gcfg: Any) -> None:
    file = gcfg("[Python]\nProhibitedPackage = a\nProhibitedPackage\nProhibitedPackage = b\n; x\n")
    assert remove_value(file, "ProhibitedPackage").after == b"[Python]\n; x\n"


TOML = """\
# Ours
[python]
enabled = true   # since May
executables = [
    "/opt/a",  # the first
    "/opt/b",
]

# about other
[other]
x = 1
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (("enabled", False), "enabled = true ", "enabled = false "),
        (("installer", "uv"), "]\n\n#", ']\ninstaller = "uv"\n\n#'),
        (("executables", ["/opt/a", "/opt/b", "/c"]), '/opt/b",\n', '/opt/b",\n    "/c",\n'),
        (("executables", ["/opt/a"]), '    "/opt/b",\n', ""),
        (("build-environment", ["A=1", "B=x=y"]), "]\n\n#",
         ']\nbuild-environment = { A = "1", B = "x=y" }\n\n#'),
        (("build-timeout", "90m"), "]\n\n#", ']\nbuild-timeout = "90m"\n\n#'),
    ],
)  # fmt: skip
def test_a_toml_file_changes_in_the_lines_that_must(
    change: tuple[str, Any], old: str, new: str, newline: str, toml: Any
) -> None:
    after = set_value(toml(TOML.replace("\n", newline)), *change).after.decode()
    assert after == TOML.replace(old, new).replace("\n", newline)


def test_tables_of_variables_are_changed_one_by_one(toml: Any) -> None:
    file = toml("[python]\n[python.build-environment] # ours\nA = '1' # one\nB = '2'\n")
    added = add_value(file, "build-environment", ["B=3", "C=4"]).after.decode()
    assert "[python.build-environment] # ours\nA = '1' # one\n" in added
    assert dict(load(toml(added)).build_environment) == {"A": "1", "B": "3", "C": "4"}
    removed = remove_value(file, "build-environment", ["B", "C"]).after.decode()
    assert removed == "[python]\n[python.build-environment] # ours\nA = '1' # one\n"


def test_a_list_that_comes_from_connect_is_changed_there(toml: Any, gcfg: Any) -> None:
    gcfg(CONNECT)
    file = toml("[python]\nsettings-from = 'rstudio-connect.gcfg'\n")
    with pytest.raises(SettingsError, match=r"is set in .*rstudio-connect\.gcfg"):
        add_value(file, "executables", "/opt/c")
    assert b'executables = ["/opt/c"]' in set_value(file, "executables", ["/opt/c"]).after


def test_a_write_keeps_the_mode_and_a_dated_backup(gcfg: Any) -> None:
    file = gcfg(CONNECT)
    file.chmod(0o640)
    edit = set_value(file, "enabled", True)
    backup = edit.write()
    assert backup is not None
    assert backup.read_text() == CONNECT
    assert backup.name.startswith(f"{file.name}.20")
    assert load(file).enabled
    assert [path.stat().st_mode & 0o7777 for path in (file, backup)] == [0o640, 0o640]
    assert sorted(os.listdir(file.parent)) == sorted([file.name, backup.name])


def test_two_writes_in_one_second_keep_two_backups(gcfg: Any) -> None:
    file = gcfg(CONNECT)
    backups = {set_value(file, "enabled", value).write() for value in (True, False, True)}
    assert len(backups) == 3


def test_what_a_link_points_to_is_written_and_the_link_stays(gcfg: Any, tmp_path: Path) -> None:
    file = gcfg(CONNECT)
    link = tmp_path / "link.gcfg"
    link.symlink_to(file.name)
    set_value(link, "enabled", True).write()
    assert link.is_symlink()
    assert load(file).enabled


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_write_keeps_the_owner(gcfg: Any) -> None:
    file = gcfg(CONNECT)
    os.chown(file, 0, 12345)
    backup = set_value(file, "enabled", True).write()
    assert backup is not None
    assert [path.stat().st_gid for path in (file, backup)] == [12345, 12345]


def test_a_file_that_changed_meanwhile_is_not_written(gcfg: Any) -> None:
    file = gcfg(CONNECT)
    edit = set_value(file, "enabled", True)
    file.write_text("[Python]\n")
    with pytest.raises(SettingsError) as raised:
        edit.write()
    assert raised.value.code == "settings-changed"
    assert file.read_text() == "[Python]\n"
    assert os.listdir(file.parent) == [file.name]


READ_ONLY = """
import os, sys
from pysteward.core.settings import SettingsError, set_value
# Once as root, so that all is imported: the interpreter may be where others cannot read.
set_value(sys.argv[2], "enabled", True).write()
if os.geteuid() == 0:
    os.setgid(12345); os.setuid(12345)
edit = set_value(sys.argv[1], "enabled", True)
try:
    edit.write()
except SettingsError as problem:
    print(problem.code)
"""


@pytest.mark.parametrize("read_only", ["file", "folder"])
def test_what_may_not_be_written_is_not_replaced(read_only: str, gcfg: Any) -> None:
    # Not under tmp_path: pytest keeps other users out of it.
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name) / "etc"
        directory.mkdir()
        file = directory / "a.gcfg"
        file.write_text(CONNECT)
        Path(name).chmod(0o755)
        if os.geteuid() == 0:
            for path in (file, directory):
                os.chown(path, 12345, 12345)
        file.chmod(0o444 if read_only == "file" else 0o644)
        directory.chmod(0o555 if read_only == "folder" else 0o755)
        command = [sys.executable, "-c", READ_ONLY, str(file), str(gcfg(CONNECT))]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        directory.chmod(0o755)
        assert ended.stdout.strip() == "settings-not-writable"
        assert file.read_text() == CONNECT


def test_a_diff_shows_what_changes(gcfg: Any) -> None:
    lines = set_value(gcfg(CONNECT), "enabled", True).diff().splitlines()
    changed = [line for line in lines[2:] if line[0] in "+-"]
    assert changed == ["-  Enabled = false ; not yet", "+  Enabled = true ; not yet"]


def test_gcfg_converts_to_toml_and_says_what_is_lost(gcfg: Any, toml: Any) -> None:
    file = gcfg(CONNECT + "[Python]\nWild = 1\nProhibitedPackage\n")
    text, notes = convert(file, "toml")
    settings, converted = load(file), load(toml(text))
    assert converted.executables == settings.executables
    assert converted.effective_prohibited == settings.effective_prohibited == ()
    assert any("Server, LDAP" in note for note in notes)
    assert any("Wild" in note for note in notes)


def test_toml_converts_to_gcfg_and_back(gcfg: Any, toml: Any) -> None:
    file = toml(
        "[python]\nenabled = true\nexecutables = ['/a b', '/c;d', ' e', '']\nrun-as = 'alice'\n"
        "prohibited-packages = ['x']\nbuiltin-prohibited-packages = false\ninstaller = 'uv'\n"
    )
    text, notes = convert(file, "gcfg")
    assert notes[-1] == "a .gcfg file cannot hold installer"
    converted = load(gcfg(text))
    assert converted.executables == ("/a b", "/c;d", " e", "")
    assert (converted.run_as, converted.effective_prohibited) == ("alice", ("x",))
    again = load(toml(convert(gcfg(text), "toml")[0], "again.toml"))
    assert again.executables == converted.executables


def test_a_conversion_never_overwrites(gcfg: Any, tmp_path: Path) -> None:
    file = gcfg(CONNECT)
    with pytest.raises(SettingsError, match="is there already"):
        write_new(file, "")
    write_new(tmp_path / "new.toml", "[python]\n")
    assert not load(tmp_path / "new.toml").enabled
