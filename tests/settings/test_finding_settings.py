"""Which file is in force, and whether it may be relied on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.errors import SettingsError
from pysteward.core.settings import (
    changed_on_disk,
    default,
    find,
    load,
    loader,
)
from pysteward.core.settings.files import MOST_BYTES
from tests.support.other_users import as_an_ordinary_user, open_directory

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="files of other users need root")


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Every place where settings are looked for, in this test's own directory; nothing is there."""
    system = (tmp_path / "etc" / "pysteward.toml", tmp_path / "etc" / "rstudio-connect.gcfg")
    monkeypatch.setattr(loader, "SYSTEM_WIDE", system)
    return {
        "given": tmp_path / "given.gcfg",
        "variable": tmp_path / "variable.toml",
        "user": tmp_path / "xdg" / "pysteward" / "pysteward.toml",
        "system": system[0],
        "connect": system[1],
    }


def test_the_first_place_wins_and_the_others_follow_in_order(places: dict[str, Path]) -> None:
    for path in places.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    environ = {
        "PYSTEWARD_CONFIG": str(places["variable"]),
        "XDG_CONFIG_HOME": str(places["user"].parents[1]),
    }
    assert find(str(places["given"]), environ) == places["given"]
    assert find(None, environ) == places["variable"]
    del environ["PYSTEWARD_CONFIG"]
    for name in ("user", "system", "connect"):
        assert find(None, environ) == places[name]
        places[name].unlink()
    assert find(None, environ) is None


def test_without_xdg_variables_the_users_own_file_is_under_home(
    places: dict[str, Path], tmp_path: Path
) -> None:
    own = tmp_path / ".config" / "pysteward" / "pysteward.toml"
    own.parent.mkdir(parents=True)
    own.touch()
    assert find(None, {"HOME": str(tmp_path)}) == own
    assert find(None, {"HOME": str(tmp_path), "XDG_CONFIG_HOME": "relative"}) == own


def test_the_current_directory_is_never_looked_into(
    places: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("pysteward.toml", "rstudio-connect.gcfg"):
        (tmp_path / name).touch()
    (tmp_path / "pysteward").mkdir()
    (tmp_path / "pysteward" / "pysteward.toml").touch()
    assert find(None, {"XDG_CONFIG_HOME": "", "HOME": "."}) is None


def test_a_file_that_was_named_is_taken_even_if_it_is_not_there(tmp_path: Path) -> None:
    missing = find(str(tmp_path / "missing.gcfg"), {})
    assert missing is not None
    with pytest.raises(SettingsError) as raised:
        load(missing)
    assert raised.value.code == "settings-missing"


def test_the_embedded_default_is_enabled_and_builds_with_the_bundled_virtualenv() -> None:
    settings = default(["/opt/python/3.11"])
    assert (settings.file, settings.format) == (None, "default")
    assert settings.enabled
    assert settings.executables == ("/opt/python/3.11",)
    assert settings.environment_creator == "bundled"
    assert all(origin.is_default for origin in settings.origins.values())
    assert not changed_on_disk(settings)


def test_a_change_is_noticed_and_a_touch_is_none(toml: Any, gcfg: Any) -> None:
    connect = gcfg("[Python]\nEnabled\n")
    settings = load(toml("[python]\nsettings-from = 'rstudio-connect.gcfg'\n"))
    assert not changed_on_disk(settings)
    os.utime(connect, (1, 1))
    assert not changed_on_disk(settings)
    connect.write_text("[Python]\n")
    assert changed_on_disk(settings)
    connect.unlink()
    assert changed_on_disk(settings)


@pytest.mark.parametrize("suffix", [".gcfg", ".toml"])
def test_what_is_no_file_is_refused_at_once(suffix: str, tmp_path: Path) -> None:
    directory, pipe, loop = (tmp_path / f"{name}{suffix}" for name in ("folder", "pipe", "loop"))
    directory.mkdir()
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    for path in (directory, pipe, loop, Path("/dev/null"), Path("/dev/zero"), tmp_path / "a\0b"):
        with pytest.raises(SettingsError) as raised:
            load(path)
        assert raised.value.file is not None


def test_reading_the_largest_file_takes_time_in_proportion(gcfg: Any) -> None:
    line = 'Executable = "/opt/a" b\n'
    count = (MOST_BYTES - 9) // len(line)
    settings = load(gcfg("[Python]\n" + line * count))
    assert settings.origins["executables"].lines == tuple(range(2, count + 2))


def test_a_huge_file_is_refused_and_not_read_whole(gcfg: Any) -> None:
    file = gcfg("")
    with file.open("wb") as opened:
        opened.truncate(1 << 40)
    with pytest.raises(SettingsError) as raised:
        load(file)
    assert raised.value.code == "settings-too-large"
    with file.open("wb") as opened:
        opened.write(b"#" * MOST_BYTES)
    assert load(file).executables == ()


def test_an_unreadable_file_says_so() -> None:
    with open_directory() as place:
        file = place / "pysteward.gcfg"
        file.touch(0o600)
        load(file)
        file.chmod(0)
        with as_an_ordinary_user(), pytest.raises(SettingsError) as raised:
            load(file)
    assert raised.value.code == "settings-unreadable"


@AS_ROOT
@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_root_refuses_a_file_that_others_can_write(mode: int, gcfg: Any) -> None:
    file = gcfg("[Python]\n")
    file.chmod(mode)
    with pytest.raises(SettingsError, match="can be written by others") as raised:
        load(file)
    assert raised.value.code == "settings-not-trusted"


@AS_ROOT
def test_root_refuses_a_file_of_another_user(gcfg: Any) -> None:
    file = gcfg("[Python]\n")
    os.chown(file, 12345, 0)
    with pytest.raises(SettingsError, match="belongs to user 12345"):
        load(file)


@AS_ROOT
def test_root_refuses_a_file_that_others_can_replace(gcfg: Any, tmp_path: Path) -> None:
    file = gcfg("[Python]\n")
    tmp_path.chmod(0o777)
    with pytest.raises(SettingsError, match="can be written by others"):
        load(file)
    tmp_path.chmod(0o1777)
    assert load(file).file == file
    os.chown(tmp_path, 12345, 0)
    with pytest.raises(SettingsError, match="belongs to user 12345"):
        load(file)


@AS_ROOT
def test_root_refuses_a_link_through_a_directory_of_others(gcfg: Any, tmp_path: Path) -> None:
    file = gcfg("[Python]\n")
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "link.gcfg").symlink_to(file)
    ours = tmp_path / "ours.gcfg"
    ours.symlink_to(theirs / "link.gcfg")
    assert load(ours).format == "gcfg"
    os.chown(theirs, 12345, 0)
    with pytest.raises(SettingsError, match="belongs to user 12345"):
        load(ours)


@AS_ROOT
def test_root_trusts_the_connect_file_no_more_than_its_own(toml: Any, gcfg: Any) -> None:
    gcfg("[Python]\n").chmod(0o666)
    with pytest.raises(SettingsError) as raised:
        load(toml("[python]\nsettings-from = 'rstudio-connect.gcfg'\n"))
    assert raised.value.code == "settings-not-trusted"
    assert raised.value.line == 2


def test_reading_a_gcfg_file_imports_nothing_that_it_does_not_need(gcfg: Any) -> None:
    program = (
        "import sys; from pysteward.core.settings import load; load(sys.argv[1]);"
        "print(*sorted({'tomllib', 'tomlkit', 'packaging', 'difflib', 'tempfile', 'subprocess',"
        " 'json', 'pysteward.core.settings.editor'} & set(sys.modules)))"
    )
    command = [sys.executable, "-I", "-c", program, str(gcfg("[Python]\nEnabled\n"))]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout == "\n"
