"""What makes one environment the same as another."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pysteward.core.environments import (
    EnvironmentSpec,
    identity,
    interpreter_identity,
    location,
)
from pysteward.core.versions import PythonVersion

SPEC = EnvironmentSpec(
    executable="/opt/python/3.12.1/bin/python3",
    interpreter="/opt/python/3.12.1/bin/python3.12",
    version=PythonVersion(3, 12, 1),
    requirements="flask==3.0\nnumpy",
    configuration="",
)


def test_an_identity_is_22_letters_and_digits() -> None:
    assert re.fullmatch(r"[0-9A-Za-z]{22}", identity(SPEC))


def test_an_identity_is_the_same_on_every_machine_and_in_every_release() -> None:
    # Whoever changes this rebuilds every environment of every server.
    assert identity(SPEC) == identity(replace(SPEC)) == "27QQJgJPEwnVSXfya3Pkl7"


@pytest.mark.parametrize(
    "change",
    [
        {"interpreter": "/usr/bin/python3.12"},
        {"version": PythonVersion(3, 12, 2)},
        {"version": PythonVersion(3, 12, 1, "rc1")},
        {"requirements": "flask==3.0"},
        {"requirements": "numpy\nflask==3.0"},
        {"requirements": "flask==3.0 --no-binary flask\nnumpy"},
        {"configuration": "another"},
        {"creator": "venv"},
        {"installer": "uv"},
        {"files": (("vendored.whl", "digest"),)},
    ],
    ids=str,
)
def test_whatever_can_change_a_package_changes_the_identity(change: dict[str, object]) -> None:
    assert identity(replace(SPEC, **change)) != identity(SPEC)


@pytest.mark.parametrize(
    "requirements",
    [
        "flask==3.0\nnumpy\n",
        "flask==3.0\r\nnumpy",
        "# what we need\nflask==3.0   # the web\n\n  numpy  ",
    ],
)
def test_comments_and_space_change_nothing(requirements: str) -> None:
    assert identity(replace(SPEC, requirements=requirements)) == identity(SPEC)


def test_the_way_an_interpreter_is_written_changes_nothing() -> None:
    assert identity(replace(SPEC, executable="/somewhere/else")) == identity(SPEC)


def test_a_rotated_password_changes_nothing() -> None:
    old, new = (
        replace(SPEC, requirements=f"--index-url https://bob:{word}@index.example/simple\nflask")
        for word in ("old", "new")
    )
    assert identity(old) == identity(new)


def test_another_index_changes_the_identity() -> None:
    one, other = (
        replace(SPEC, requirements=f"--index-url https://{host}/simple\nflask")
        for host in ("one.example", "other.example")
    )
    assert identity(one) != identity(other)


@given(st.lists(st.text(alphabet="ab\n#= ", max_size=6), min_size=2, max_size=2))
def test_fields_never_run_into_each_other(parts: list[str]) -> None:
    first, second = parts
    one = replace(SPEC, configuration=first, interpreter=second)
    other = replace(SPEC, configuration=second, interpreter=first)
    assert (identity(one) == identity(other)) == (first == second)


def test_an_environment_lies_under_its_installer_and_its_python() -> None:
    path = location(Path("/state"), SPEC)
    assert path == Path("/state/environments/pip/3.12.1") / identity(SPEC)


def test_two_links_to_one_interpreter_share_environments(tmp_path: Path) -> None:
    (tmp_path / "python3.12").touch()
    for name in ("python3", "python"):
        (tmp_path / name).symlink_to("python3.12")
    assert len({interpreter_identity(str(tmp_path / name)) for name in ("python3", "python")}) == 1
