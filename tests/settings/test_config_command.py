"""`pysteward config`, as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.processes import Confinement
from pysteward.core.settings import load
from pysteward.tui.__main__ import main
from pysteward.tui.cli.commands import config

TEXT = "[Python]\nEnabled = true\nExecutable = /opt/a\nWild = 1\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command and returns its exit status, standard output and standard error."""

    def run_it(*arguments: str | Path) -> tuple[int, str, str]:
        status = main(["config", *map(str, arguments)])
        captured = capsys.readouterr()
        return int(status), captured.out, captured.err

    return run_it


def test_show_says_where_every_setting_comes_from(run: Any, gcfg: Any) -> None:
    file = gcfg(TEXT)
    status, out, err = run("show", "--config", file)
    assert status == 0
    rows = [line.split() for line in out.splitlines()]
    assert rows[0] == ["Settings:", str(file), "(gcfg)"]
    assert ["enabled", "true", "line", "2"] in rows
    assert ["executables", "/opt/a", "line", "3"] in rows
    assert ["version-matching", "major-minor", "default"] in rows
    assert err == f"warning: {file}:4: Wild is no setting of [Python]\n"


def test_show_is_one_document_with_json(run: Any, gcfg: Any) -> None:
    file = gcfg(TEXT)
    shown = json.loads(run("show", "--json", "--config", file)[1])
    assert (shown["file"], shown["format"]) == (str(file), "gcfg")
    assert shown["settings"]["enabled"] is True
    assert shown["settings"]["executables"] == ["/opt/a"]
    assert shown["settings"]["version_matching"] == "major-minor"
    assert shown["settings"]["prohibited_packages"] == []
    assert shown["settings"]["run_as"] is None
    assert [(item["line"], item["message"]) for item in shown["warnings"]] == [
        (4, "Wild is no setting of [Python]")
    ]
    assert shown["origins"]["enabled"]["lines"] == [2]
    assert shown["origins"]["installer"]["set"] is False


def test_show_and_check_say_what_confines_builds_and_what_does_not_hold(
    run: Any, gcfg: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = gcfg(TEXT)
    for verb in ("show", "check"):
        told = json.loads(run(verb, "--config", file, "--json")[1])["confinement"]
        assert set(told) == {"tool", "reason", "does_not_hold"}
        assert bool(told["tool"]) is not bool(told["does_not_hold"])
    nothing = Confinement(None, reason="bubblewrap is not installed")
    monkeypatch.setattr(config, "find_confinement", lambda: nothing)
    assert (
        "Builds are confined by: nothing (bubblewrap is not installed)"
        in run("show", "--config", file)[1]
    )
    said = run("check", "--config", file)[2]
    assert "daemon" in said
    assert "not confined (bubblewrap is not installed)" in said


def test_show_masks_variables_that_are_named_as_secret(run: Any, toml: Any) -> None:
    file = toml(
        "[python]\nsecret-variables = ['licence']\n"
        "build-environment = { LICENCE = '0123456789', OTHER = 'shown' }\n"
    )
    for arguments in (["show"], ["show", "--json"]):
        _, out, _ = run(*arguments, "--config", file)
        assert "0123456789" not in out
        assert "shown" in out


def test_how_many_builds_are_kept_is_checked(run: Any, toml: Any) -> None:
    file = toml("[python]\nenabled = true\n")
    assert run("set", "keep-builds", "20  90d", "--config", file)[0] == 0
    assert 'keep-builds = "20 90d"' in file.read_text()
    status, _, err = run("set", "keep-builds", "many", "--config", file)
    assert status == 2
    assert "such as 20, 90d or 20 90d" in err


def test_show_masks_passwords(run: Any, toml: Any) -> None:
    file = toml("[python]\nbuild-environment = { P = 'http://me:hunter2@proxy', A_TOKEN = 'x1' }\n")
    for arguments in (["show"], ["show", "--json"]):
        _, out, _ = run(*arguments, "--config", file)
        assert "http://me:****@proxy" in out
        assert "hunter2" not in out
        assert "x1" not in out


def test_check_is_a_yes_for_a_file_that_can_be_used(run: Any, gcfg: Any) -> None:
    file = gcfg(TEXT)
    assert run("check", "--config", file)[:2] == (0, f"{file}: can be used; 1 warning\n")
    assert json.loads(run("check", "--config", file, "--json")[1])["valid"] is True


def test_check_shows_the_line_with_a_caret(run: Any, gcfg: Any) -> None:
    file = gcfg("[Python]\n  Enabled = maybe\n")
    status, out, err = run("check", "--config", file)
    assert (status, out) == (2, "")
    first, line, caret = err.splitlines()
    assert first.startswith(f"pysteward: {file}:2:13: Enabled: 'maybe' is neither true nor false")
    assert caret.index("^") == line.index("maybe")


def test_check_answers_with_the_error_document_with_json(run: Any, gcfg: Any) -> None:
    file = gcfg("[Python]\n%\n")
    status, out, _ = run("check", "--json", "--config", file)
    problem = json.loads(out)["error"]
    assert status == 2
    assert (problem["file"], problem["line"], problem["column"]) == (str(file), 2, 1)
    assert problem["message"].startswith("illegal character U+0025 '%'")


def test_a_change_shows_its_diff_and_names_the_backup(run: Any, gcfg: Any) -> None:
    file = gcfg(TEXT)
    status, out, err = run("add", "--config", file, "Executable", "/opt/b", "/opt/c")
    assert status == 0
    assert "+Executable = /opt/b\n+Executable = /opt/c\n" in out
    assert load(file).executables == ("/opt/a", "/opt/b", "/opt/c")
    (backup,) = file.parent.glob("*.bak")
    assert str(backup) in err
    assert backup.read_text() == TEXT


def test_a_dry_run_writes_nothing(run: Any, gcfg: Any) -> None:
    file = gcfg(TEXT)
    _, out, _ = run("set", "--dry-run", "--json", "--config", file, "enabled", "no")
    shown = json.loads(out)
    assert (shown["changed"], shown["written"], shown["backup"]) == (True, False, None)
    assert "-Enabled = true\n+Enabled = false\n" in shown["diff"]
    assert file.read_text() == TEXT


def test_a_change_that_is_none_says_so(run: Any, gcfg: Any) -> None:
    file = gcfg(TEXT)
    assert run("set", "--config", file, "enabled", "yes")[1] == f"{file}: nothing to change\n"


def test_remove_takes_items_or_the_whole_setting_away(run: Any, gcfg: Any) -> None:
    file = gcfg(TEXT)
    run("remove", "--config", file, "executables", "/opt/a")
    run("remove", "--config", file, "enabled")
    assert file.read_text() == "[Python]\nWild = 1\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["wild"],
        ["set", "enabled"],
        ["set", "enabled", "yes", "no"],
        ["set", "wild", "1"],
        ["set", "installer", "uv"],
        ["remove", "executables", "/opt/other"],
        ["convert", "--to", "json"],
    ],
)
def test_bad_usage_is_one_line_and_status_2(arguments: list[str], run: Any, gcfg: Any) -> None:
    gcfg(TEXT)
    file = gcfg(TEXT)
    given = [*arguments[:1], "--config", file, *arguments[1:]] if arguments else []
    status, out, err = run(*given)
    assert (status, out) == (2, "")
    assert err.startswith("pysteward: ")
    assert err.count("\n") == 1


def test_convert_prints_the_other_format_or_writes_a_new_file(
    run: Any, gcfg: Any, tmp_path: Path
) -> None:
    file = gcfg(TEXT)
    _, out, err = run("convert", "--config", file)
    assert out.startswith("[python]\nenabled = true\n")
    assert "Wild" in err
    new = tmp_path / "new.toml"
    assert run("convert", "--config", file, "--output", new)[0] == 0
    assert load(new).executables == ("/opt/a",)
    assert run("convert", "--config", file, "--output", new)[0] == 2
