"""`pysteward installations` and `pysteward discover`, as they are run from a shell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support.pythons import AlteredPython

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def config(tmp_path: Path, python: AlteredPython) -> Path:
    """A server's settings with one installation that can be used."""
    file = tmp_path / "rstudio-connect.gcfg"
    file.write_text(f"; ours\n[Python]\nEnabled = true\nExecutable = {python.executable}\n")
    return file


@pytest.fixture
def run(tmp_path: Path, config: Path) -> Run:
    """Runs a command with those settings, a state directory and a home of its own."""
    (tmp_path / "home").mkdir()

    def run_command(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pysteward.tui", "--config", str(config)]
        environ: Mapping[str, str] = {"HOME": str(tmp_path / "home"), "PATH": os.defpath}
        return subprocess.run(
            [*command, "--state-dir", str(tmp_path / "state"), *arguments],
            env={**environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return run_command


def test_all_usable_is_yes(run: Run, python: AlteredPython) -> None:
    done = run("installations")
    assert done.returncode == 0, done.stderr
    assert python.real.text in done.stdout
    assert "1 of 1 can be used." in done.stdout


def test_one_unusable_is_no_and_its_problem_and_remedy_are_shown(
    run: Run, python: AlteredPython
) -> None:
    python.take("virtualenv")
    done = run("installations")
    assert done.returncode == 1
    assert "[virtualenv-missing]" in done.stdout
    assert "-m pip install virtualenv" in done.stdout


def test_json_is_one_document_with_the_fields_that_others_rely_on(
    run: Run, config: Path, python: AlteredPython
) -> None:
    with config.open("a") as file:
        file.write("Executable = /nothing/there\n")
    done = run("installations", "--json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert document["config"] == str(config)
    assert document["matching"] == "major-minor"
    usable, missing = document["installations"]
    assert usable == usable | {
        "path": str(python.executable),
        "executable": str(python.executable),
        "version": python.real.text,
        "usable": True,
        "pip": "23.2.1",
        "virtualenv": "20.26.6",
    }
    assert missing["version"] is None
    assert missing["usable"] is False
    (problem,) = missing["problems"]
    assert set(problem) == {"code", "message", "remedy", "severity"}
    assert (problem["code"], problem["severity"]) == ("path-missing", "unusable")


def test_the_log_is_shown_on_request_and_kept_anyway(run: Run, tmp_path: Path) -> None:
    assert "Python installation" not in run("installations").stderr
    kept = (tmp_path / "state" / "logs" / "installations.log").read_text()
    assert "is usable" in kept
    assert "Python installation" in run("installations", "--log").stderr


def test_no_cache_asks_every_interpreter_again(
    run: Run, python: AlteredPython, tmp_path: Path
) -> None:
    counter = tmp_path / "counter"
    python.run_at_start(f"open({str(counter)!r}, 'a').write('x')")
    run("installations", "--no-cache")
    run("installations")
    assert counter.read_text().count("x") in (1, 2)
    before = counter.read_text()
    run("installations")
    assert counter.read_text() == before
    run("installations", "--no-cache")
    assert len(counter.read_text()) == len(before) + 1


def test_control_signs_of_a_path_reach_no_terminal(run: Run, config: Path) -> None:
    with config.open("a") as file:
        file.write("Executable = /nothing/\x1b[31mred\n")
    assert "\x1b" not in run("installations").stdout


def test_disabled_python_is_said_and_analysed_all_the_same(run: Run, config: Path) -> None:
    config.write_text(config.read_text().replace("Enabled = true", "Enabled = false"))
    done = run("installations")
    assert done.returncode == 0
    assert "Enabled is false" in done.stderr


def test_discover_lists_and_marks_what_is_configured(run: Run, python: AlteredPython) -> None:
    done = run("discover", "--json", PATH=str(python.prefix / "bin"))
    assert done.returncode == 0, done.stderr
    found = {item["target"]: item for item in json.loads(done.stdout)["found"]}
    assert found[str(python.program)]["configured"] is True
    assert found[str(python.program)]["how"] == "PATH"
    assert any(not item["configured"] for item in found.values())


def test_discover_adds_what_is_asked_for_and_touches_nothing_else(
    run: Run, config: Path, python: AlteredPython, tmp_path: Path
) -> None:
    (tmp_path / "other").symlink_to(python.prefix)
    before = config.read_text()
    done = run("discover", "--add", str(tmp_path / "other"))
    assert done.returncode == 0, done.stderr
    after = config.read_text()
    assert after.startswith(before.rstrip("\n"))
    assert f"Executable = {tmp_path / 'other'}" in after
    assert f"+Executable = {tmp_path / 'other'}" in done.stdout


def test_discover_adds_all_that_is_new(run: Run, config: Path) -> None:
    done = run("discover", "--add", "--json")
    assert done.returncode == 0, done.stderr
    added = json.loads(done.stdout)["added"]
    assert added
    assert all(f"Executable = {path}" in config.read_text() for path in added)
    again = run("discover", "--add", "--json")
    assert json.loads(again.stdout)["added"] == []


def test_discover_adds_nothing_where_there_is_no_interpreter(run: Run, config: Path) -> None:
    before = config.read_text()
    done = run("discover", "--add", "/nothing/there")
    assert done.returncode == 2
    assert "/nothing/there" in done.stderr
    assert config.read_text() == before
