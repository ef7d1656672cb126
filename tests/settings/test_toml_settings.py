"""pysteward's own settings file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pysteward.core import toml_text
from pysteward.core.errors import SettingsError
from pysteward.core.settings import load

ALL = """\
[python]
enabled = true
executables = [
    "/opt/python/3.8.1",
    "/opt/python/3.9.5",  # the last one
]
version-matching = "Nearest"
prohibited-packages = ["tensorflow"]
builtin-prohibited-packages = false
environment-management = false
environment-creator = "venv"
installer = "uv"
run-as = "alice"
build-environment = { HTTPS_PROXY = "http://proxy:3128" }
build-timeout = "1h30m"
parallel-builds = 3
state-dir = "state"
state-group = "pythons"
"""


def problem_of(file: Any) -> SettingsError:
    with pytest.raises(SettingsError) as raised:
        load(file)
    return raised.value


def test_every_setting_is_read_with_its_line(toml: Any) -> None:
    file = toml(ALL)
    settings = load(file)
    assert settings.format == "toml"
    assert settings.enabled
    assert settings.executables == ("/opt/python/3.8.1", "/opt/python/3.9.5")
    assert settings.version_matching == "nearest"
    assert settings.effective_prohibited == ("tensorflow",)
    assert not settings.environment_management
    assert (settings.environment_creator, settings.installer) == ("venv", "uv")
    assert (settings.run_as, settings.state_group) == ("alice", "pythons")
    assert dict(settings.build_environment) == {"HTTPS_PROXY": "http://proxy:3128"}
    assert settings.build_timeout == 5400
    assert settings.parallel_builds == 3
    assert settings.state_dir == file.parent / "state"
    assert settings.origins["executables"].lines == (4, 5)
    assert settings.origins["state_group"].line == 18
    assert settings.warnings == ()


@pytest.mark.parametrize(
    ("duration", "seconds"), [("90", 90), ("0.5", 0.5), ('"90m"', 5400), ('"1d 2h 3s"', 93603)]
)
def test_a_timeout_is_seconds_or_a_text_with_units(
    duration: str, seconds: float, toml: Any
) -> None:
    assert load(toml(f"[python]\nbuild-timeout = {duration}\n")).build_timeout == seconds


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        ('enabled = "yes"', 11, "must be true or false, not a string"),
        ('executables = "/opt/a"', 15, "must be a list of strings"),
        ('executables = ["/opt/a", 3]', 26, "must be a string, not a number"),
        ('version-matching = "bogus"', 20, "major-minor, exact, nearest"),
        ("version-matching = 3", 20, "must be one of some names"),
        ('installer = "conda"', 13, "pip, uv"),
        ("build-timeout = 0", 17, "more than 0"),
        ("build-timeout = nan", 17, "more than 0"),
        ("build-timeout = true", 17, "not true or false"),
        ('build-timeout = "soon"', 17, "90m"),
        ("parallel-builds = 0", 19, "from 1"),
        ("parallel-builds = true", 19, "not true or false"),
        ("build-environment = { A = 1 }", 27, "must be a string"),
        ('build-environment = { "A=" = "" }', 30, "no name of an environment variable"),
        ('run-as = "a\\u0000b"', 10, "NUL"),
        ("state-dir = 1979-05-27", 13, "must be a path, not a date or time"),
    ],
)
def test_a_value_of_the_wrong_kind_is_shown_where_it_stands(
    line: str, column: int, said: str, toml: Any
) -> None:
    problem = problem_of(toml(f"# first\n[python]\n{line}\n"))
    assert (problem.line, problem.column) == (3, column)
    assert said in problem.message
    assert problem.source == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[python]\nenabled == true\n", 2),
        ("[python]\n[python]\n", 2),
        ("[python]\nenabled = [", 2),
        ("python = 3\n", 1),
        ("[[python]]\n", 1),
    ],
)
def test_a_bad_syntax_is_shown_where_it_stands(text: str, line: int, toml: Any) -> None:
    problem = problem_of(toml(text))
    assert problem.line == line
    assert problem.column is not None
    assert problem.source == text.splitlines()[line - 1]


def test_a_key_of_very_many_parts_is_refused_at_once(toml: Any) -> None:
    # tomllib's time grows with the square of the parts: this one would take minutes.
    assert "parts" in problem_of(toml("a." * 120_000 + "b = 1\n")).message


def test_bytes_that_are_no_utf_8_are_shown_where_they_stand(toml: Any) -> None:
    problem = problem_of(toml(b'[python]\nrun-as = "\xff"\n'))
    assert (problem.line, problem.column) == (2, 11)


def test_unknown_keys_are_warnings_with_their_lines(toml: Any) -> None:
    text = "installer = 'uv'\n[python]\nexecutable = []\nwild = 1\n[other]\nx = 1\n"
    said = [(item.line, item.message) for item in load(toml(text)).warnings]
    assert said == [
        (1, "installer is not read: it belongs under [python]"),
        (3, "executable is no setting: executables may be meant"),
        (4, "wild is no setting"),
        (5, "other is not read"),
    ]


def test_the_table_may_be_written_inline_or_with_dots(toml: Any) -> None:
    assert load(toml("python = { enabled = true }\n")).enabled
    settings = load(toml("python.enabled = true\npython.installer = 'uv'\n"))
    assert (settings.enabled, settings.installer) == (True, "uv")
    assert settings.origins["installer"].line == 2


def test_a_connect_file_lends_its_settings_and_the_own_ones_win(toml: Any, gcfg: Any) -> None:
    connect = gcfg(
        "[Applications]\nRunAs = alice\n"
        "[Python]\nEnabled = true\nExecutable = /opt/a\nVersionMatching = exact\nWild = 1\n"
    )
    own = toml(
        "[python]\nsettings-from = 'rstudio-connect.gcfg'\nversion-matching = 'nearest'\n"
        "executables = ['/opt/b']\ninstaller = 'uv'\n"
    )
    settings = load(own)
    assert settings.format == "toml"
    assert settings.settings_from == connect
    assert settings.enabled
    assert settings.run_as == "alice"
    assert settings.executables == ("/opt/b",)
    assert settings.version_matching == "nearest"
    assert settings.origins["enabled"].file == connect
    assert settings.origins["installer"].file == own
    assert [(item.file, item.line) for item in settings.warnings] == [(connect, 7)]


def test_an_error_in_the_connect_file_names_that_file(toml: Any, gcfg: Any) -> None:
    connect = gcfg("[Python]\nEnabled = maybe\n")
    problem = problem_of(toml("[python]\nsettings-from = 'rstudio-connect.gcfg'\n"))
    assert (problem.file, problem.line) == (str(connect), 2)


@pytest.mark.parametrize("name", ["missing.gcfg", "pysteward.toml"])
def test_a_connect_file_that_is_none_is_an_error_at_the_line_that_names_it(
    name: str, toml: Any
) -> None:
    own = toml(f"[python]\nsettings-from = '{name}'\n")
    problem = problem_of(own)
    assert (problem.file, problem.line) == (str(own), 2)


@pytest.mark.parametrize("text", [ALL, "[python]\r\nenabled = true\r\n"])
def test_python_3_10_reads_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = toml_text.decode_toml(text.encode(), Path("x.toml"))
    expected = toml_text.parse_toml(source)
    monkeypatch.setattr("sys.version_info", (3, 10, 0))
    assert toml_text.parse_toml(source) == expected
    with pytest.raises(SettingsError) as raised:
        toml_text.parse_toml(toml_text.decode_toml(b"[python]\nenabled == true\n", None))
    assert raised.value.line == 2


@pytest.mark.parametrize(
    ("written", "size"),
    [("1048576", 1 << 20), ('"512MiB"', 512 << 20), ('"2 GiB"', 2 << 30), ('"1g"', 1 << 30)],
)
def test_a_size_is_bytes_or_a_text_with_a_unit(toml: Any, written: str, size: int) -> None:
    assert load(toml(f"[python]\ncheck-memory = {written}\n")).check_memory == size


@pytest.mark.parametrize("written", ["0", "-1", '"much"', "true", "1.5", '"9999999999999999 T"'])
def test_what_is_no_size_is_refused(toml: Any, written: str) -> None:
    with pytest.raises(SettingsError, match="check-memory"):
        load(toml(f"[python]\ncheck-memory = {written}\n"))
