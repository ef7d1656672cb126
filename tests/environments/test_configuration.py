"""pip's configuration in force is what pip itself would say; only what matters is identity."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pysteward.core.environments import Configuration, read_configuration

MESSY = """\
[global]
Index_URL = https://bob:s3cret@index.example/simple
extra-index-url =
    https://one.example/simple
    https://two.example/simple
timeout = 5
# a comment
find-links: /srv/wheels
[install]
timeout: 9
no-binary = :all:
[list]
format = json
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pip.conf"


def _read(file: Path, text: str, **variables: str) -> Configuration:
    file.write_text(text)
    return read_configuration({"PIP_CONFIG_FILE": str(file), **variables})


def test_it_is_what_pip_says_of_itself(file: Path, tmp_path: Path) -> None:
    variables = {"PIP_RETRIES": "7", "XDG_CONFIG_DIRS": str(tmp_path / "xdg")}
    (tmp_path / "xdg" / "pip").mkdir(parents=True)
    (tmp_path / "xdg" / "pip" / "pip.conf").write_text("[global]\npre = 1\ntimeout = 1\n")
    ours = _read(file, MESSY, **variables)
    env = {
        "PATH": os.defpath,
        "HOME": str(tmp_path),
        "PIP_CONFIG_FILE": str(file),
        **variables,
    }
    said = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"],
        env=env,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    # Lines are `section.key='value'`; what counts for `pip install` has the section's precedence.
    theirs: dict[str, str] = {}
    lines = [line.partition("=") for line in said.splitlines()]
    for section in ("global.", "install.", ":env:."):
        for name, _, value in lines:
            if name.startswith(section):
                theirs[name.removeprefix(section)] = value[1:-1].replace("\\n", "\n")
    theirs.pop("config-file", None)
    assert {option.key: option.value for option in ours.options} == theirs


def test_a_command_s_own_section_goes_before_the_general_one(file: Path) -> None:
    assert _read(file, MESSY).value("timeout") == "9"


def test_a_variable_of_the_build_environment_goes_before_every_file(file: Path) -> None:
    read = _read(file, MESSY, PIP_TIMEOUT="11")
    assert read.value("timeout") == "11"


def test_no_file_at_all_is_read_where_that_is_said() -> None:
    read = read_configuration({"PIP_CONFIG_FILE": os.devnull})
    assert read.files == ()
    assert read.digest == ""


def test_an_empty_value_is_no_value_as_with_pip(file: Path) -> None:
    assert _read(file, "[global]\nindex-url =\n").value("index-url") is None


def test_what_is_in_force_is_shown_without_secrets(file: Path) -> None:
    shown = "\n".join(_read(file, MESSY).lines())
    assert "s3cret" not in shown
    assert "index-url = https://bob:****@index.example/simple" in shown
    assert f"({file} [global])" in shown
    assert "extra-index-url = https://one.example/simple https://two.example/simple" in shown


def test_a_file_that_pip_cannot_read_is_told_and_not_raised(file: Path) -> None:
    read = _read(file, "index-url = without a section\n")
    assert len(read.problems) == 1
    assert str(file) in "\n".join(read.lines())


def _digest(file: Path, *lines: str, **variables: str) -> str:
    return _read(file, "[global]\n" + "\n".join(lines) + "\n", **variables).digest


@pytest.mark.parametrize(
    "line",
    [
        "cert = /etc/ssl/other.pem",
        "client-cert = /etc/ssl/client.pem",
        "proxy = http://proxy.example:3128",
        "timeout = 99",
        "retries = 9",
        "trusted-host = index.example",
        "progress-bar = off",
        "quiet = 1",
        "cache-dir = /var/cache/pip",
        "disable-pip-version-check = true",
    ],
)
def test_how_an_index_is_reached_is_no_part_of_an_identity(file: Path, line: str) -> None:
    assert _digest(file, line) == _digest(file)


@pytest.mark.parametrize(
    "line",
    [
        "index-url = https://index.example/simple",
        "extra-index-url = https://index.example/simple",
        "find-links = /srv/wheels",
        "no-index = true",
        "pre = true",
        "no-binary = :all:",
        "only-binary = :all:",
        "prefer-binary = true",
        "constraint = /etc/pip/constraints.txt",
        "require-hashes = true",
        "use-deprecated = legacy-resolver",
        "something-new = 1",
    ],
)
def test_what_decides_about_packages_is_part_of_an_identity(file: Path, line: str) -> None:
    assert _digest(file, line) != _digest(file)


def test_a_rotated_password_is_no_part_of_an_identity(file: Path) -> None:
    old, new = (
        _digest(file, f"index-url = https://bob:{word}@index.example/simple")
        for word in ("old", "new")
    )
    assert old == new


def test_what_a_constraints_file_says_is_part_of_an_identity(file: Path, tmp_path: Path) -> None:
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("flask<3\n")
    before = _digest(file, f"constraint = {constraints}")
    constraints.write_text("flask<4\n")
    assert _digest(file, f"constraint = {constraints}") != before


def test_a_compiler_s_flags_are_part_of_an_identity_and_a_proxy_is_not(file: Path) -> None:
    assert _digest(file, CFLAGS="-O0") != _digest(file)
    assert _digest(file, https_proxy="http://proxy.example", HTTPS_PROXY="x") == _digest(file)


def test_a_token_of_the_build_environment_may_be_rotated(file: Path) -> None:
    assert _digest(file, FEED_TOKEN="old") == _digest(file, FEED_TOKEN="new")
