"""The log of the start-up analysis, and remedies that are run."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pysteward.core.errors import StewardError
from pysteward.core.installations import (
    Installation,
    analyze,
    keep_log,
    run_remedy,
)
from tests.support.pythons import AlteredPython, RealPython, real_python

from .conftest import analyse_one

Make = Callable[[RealPython], AlteredPython]


def test_the_log_names_each_installation_its_version_and_whether_it_can_be_used(
    python: AlteredPython, tmp_path: Path
) -> None:
    log = analyze([str(python.prefix), str(tmp_path / "nothing")]).log
    assert all(re.match(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d", line) for line in log)
    text = "\n".join(log)
    assert f"Python installation: {python.prefix} is usable" in text
    assert f"has version {python.real.text}" in text
    assert f"Python installation: {tmp_path / 'nothing'} cannot be used" in text
    assert "[path-missing]" in text


def test_the_log_is_kept_in_the_state_directory(python: AlteredPython, tmp_path: Path) -> None:
    analysis = analyze([str(python.prefix)])
    file = keep_log(analysis.log, tmp_path / "state")
    assert file.is_relative_to(tmp_path / "state" / "logs")
    assert file.read_text().splitlines() == list(analysis.log)


def test_each_result_is_handed_over_as_soon_as_it_is_known(
    python: AlteredPython, tmp_path: Path
) -> None:
    told: list[Installation] = []
    paths = [str(python.prefix), str(tmp_path / "nothing")]
    analysis = analyze(paths, on_result=told.append)
    assert [item.path for item in told] == [paths[1], paths[0]]
    assert [item.path for item in analysis.installations] == paths


def test_two_are_run_at_a_time_and_one_that_hangs_does_not_hold_the_others(
    python: AlteredPython, make: Make
) -> None:
    hanging = make(python.real)
    hanging.run_at_start("import time; time.sleep(600)")
    order: list[str] = []
    analyze(
        [str(hanging.prefix), str(python.prefix), str(python.executable)],
        on_result=lambda item: order.append(item.path),
        timeout=3.0,
    )
    assert order[-1] == str(hanging.prefix)


def test_a_remedy_that_is_run_shows_its_lines_and_how_it_ended(python: AlteredPython) -> None:
    argv = (str(python.executable), "-B", "-c", "print('one'); print('two'); raise SystemExit(3)")
    run = run_remedy(argv)
    assert list(run) == ["one", "two"]
    assert run.status == 3


def test_a_remedys_pip_draws_no_progress_and_installs_where_it_is_told(
    python: AlteredPython,
) -> None:
    script = "import os; print(os.environ['PIP_PROGRESS_BAR'], os.environ['PIP_USER'])"
    argv = (str(python.executable), "-B", "-c", script)
    assert list(run_remedy(argv)) == ["off 0"]
    assert list(run_remedy(argv, {"PIP_PROGRESS_BAR": "on"})) == ["on 0"]


def test_a_remedy_that_is_closed_is_ended(python: AlteredPython) -> None:
    argv = (str(python.executable), "-B", "-u", "-c", "print(1); import time; time.sleep(600)")
    run = run_remedy(argv)
    assert next(iter(run)) == "1"
    run.close()
    assert run.status is not None
    assert run.status < 0


def test_a_remedy_that_cannot_be_begun_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StewardError, match="could not be started"):
        run_remedy((str(tmp_path / "nothing"),))


def test_a_distributions_python_is_left_to_its_packages() -> None:
    installation = analyse_one("/usr/bin/python3")
    if installation.interpreter is None or installation.interpreter.origin != "distribution":
        pytest.skip("the distribution has no Python here")
    for problem in installation.problems:
        assert problem.command is None
        if problem.code in ("pip-missing", "virtualenv-missing", "venv-missing"):
            assert "pip install" not in (problem.remedy or "")


def test_an_externally_managed_python_is_not_installed_into(python: AlteredPython) -> None:
    python.take("virtualenv")
    (python.stdlib / "EXTERNALLY-MANAGED").write_text("[externally-managed]\n")
    (problem,) = analyse_one(python.prefix).reasons_against
    assert problem.command is None
    assert "--break-system-packages" in (problem.remedy or "")


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        pytest.param((2, 7), id="2.7", marks=pytest.mark.full),
        pytest.param((3, 6), id="3.6", marks=pytest.mark.full),
        pytest.param((3, 12), id="3.12"),
    ],
)
def test_running_the_remedies_makes_a_bare_python_usable(make: Make, line: tuple[int, int]) -> None:
    made = make(real_python(line))
    # The linked standard library must not be written to.
    quiet = {"PYTHONDONTWRITEBYTECODE": "1", "PIP_NO_COMPILE": "1"}
    for code in ("pip-missing", "virtualenv-missing"):
        problem = next(item for item in analyse_one(made.prefix).problems if item.code == code)
        assert problem.command is None or problem.command[0] == str(made.executable)
        if problem.command is not None:
            run = run_remedy(problem.command, quiet)
            lines = list(run)
            assert run.status == 0, "\n".join(lines)
    installation = analyse_one(made.prefix)
    assert installation.usable, installation.problems
