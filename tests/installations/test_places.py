"""What a configured path stands for, before anything is run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pysteward.core.installations import inspect_files

from .conftest import analyse_one, codes

PROGRAM = "#!/bin/sh\n"


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PROGRAM)
    path.chmod(0o755)
    return path


def problem(path: Path | str) -> tuple[str, str, str]:
    (installation,) = inspect_files([str(path)])
    (only,) = installation.problems
    return only.code, only.message, only.remedy or ""


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (("python3", "python", "python2"), "bin/python3"),
        (("python", "python2"), "bin/python"),
        (("python2",), "bin/python2"),
        (("python3",), "bin/python3"),
    ],
)
def test_a_directory_stands_for_python3_else_python_else_python2(
    tmp_path: Path, there: tuple[str, ...], expected: str
) -> None:
    for name in there:
        program(tmp_path / "bin" / name)
    (installation,) = inspect_files([str(tmp_path)])
    assert installation.executable == str(tmp_path / expected)


def test_a_link_is_run_as_it_is_written_and_its_target_shown(tmp_path: Path) -> None:
    real = program(tmp_path / "real" / "python3.9")
    (tmp_path / "second").symlink_to(real)
    (tmp_path / "first").symlink_to("second")
    (installation,) = inspect_files([str(tmp_path / "first")])
    assert installation.executable == str(tmp_path / "first")
    assert installation.target == os.path.realpath(real)


def test_a_path_that_does_not_exist_is_missing(tmp_path: Path) -> None:
    code, message, remedy = problem(tmp_path / "nothing")
    assert code == "path-missing"
    assert str(tmp_path / "nothing") in message
    assert remedy


def test_a_dangling_link_says_where_it_points(tmp_path: Path) -> None:
    (tmp_path / "python").symlink_to("/gone/python3.9")
    code, message, _ = problem(tmp_path / "python")
    assert code == "path-missing"
    assert "/gone/python3.9" in message


def test_a_dangling_link_in_a_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to("python3.9")
    code, message, _ = problem(tmp_path)
    assert code == "no-interpreter"
    assert "bin/python3 is a link to python3.9" in message


def test_links_that_lead_in_a_circle_are_missing(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    code, message, _ = problem(tmp_path / "one")
    assert code == "path-missing"
    assert "circle" in message


def test_a_directory_without_an_interpreter_names_what_it_looked_for(tmp_path: Path) -> None:
    code, message, _ = problem(tmp_path)
    assert code == "no-interpreter"
    assert "bin/python3" in message


def test_a_directory_with_only_a_versioned_interpreter_names_that_one(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "python3.9")
    program(tmp_path / "bin" / "python3.10")
    code, _, remedy = problem(tmp_path)
    assert code == "no-interpreter"
    assert remedy == f"Set Executable = {tmp_path / 'bin' / 'python3.10'}"


def test_a_bin_directory_names_the_interpreter_in_it(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "python3")
    _, _, remedy = problem(tmp_path / "bin")
    assert remedy == f"Set Executable = {tmp_path / 'bin' / 'python3'}"


def test_a_file_without_the_permission_is_not_executable(tmp_path: Path) -> None:
    path = program(tmp_path / "python3")
    path.chmod(0o644)
    code, _, remedy = problem(path)
    assert code == "not-executable"
    assert remedy == f"chmod a+x {path}"


def test_a_named_pipe_is_not_executable(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "python3", 0o755)
    assert problem(tmp_path / "python3")[0] == "not-executable"


@pytest.mark.parametrize("path", ["", "python3", "./bin/python3", "bad\0path"])
def test_only_a_full_path_names_an_installation(path: str) -> None:
    assert problem(path)[0] == "path-missing"


def test_a_problem_of_the_place_is_the_verdict_of_the_analysis_too(tmp_path: Path) -> None:
    installation = analyse_one(tmp_path / "nothing")
    assert codes(installation) == ["path-missing"]
    assert not installation.usable
    assert installation.executable is None
