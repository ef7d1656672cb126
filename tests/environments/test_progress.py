"""What pips of many years print, as phases and packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from pysteward.core.environments.pip_progress import PipProgress
from pysteward.core.environments.uv import UvProgress
from tests.support.environment_steps import DirectSteps

PIP_24 = """\
Collecting flask==3.0.0 (from -r requirements.txt (line 1))
  Downloading flask-3.0.0-py3-none-any.whl.metadata (3.6 kB)
  Obtaining dependency information for x from https://index.example/x.whl.metadata
Collecting Jinja2>=3.1.2 (from flask==3.0.0->-r requirements.txt (line 1))
  Using cached jinja2-3.1.6-py3-none-any.whl (134 kB)
Collecting some-thing
  Downloading some_thing-1.2.tar.gz (12.3 MB)
  Installing build dependencies: started
  Installing build dependencies: finished with status 'done'
  Preparing metadata (pyproject.toml): started
Requirement already satisfied: pip in /x (24.1)
Building wheels for collected packages: some-thing
  Building wheel for some-thing (pyproject.toml): started
  Building wheel for some-thing (pyproject.toml): finished with status 'done'
Installing collected packages: MarkupSafe, jinja2, flask, some-thing
Successfully installed flask-3.0.0 jinja2-3.1.6 some-thing-1.2
"""

PIP_9 = """\
Collecting six==1.10.0 (from -r r.txt (line 1))
  Downloading https://index.example/packages/six-1.10.0-py2.py3-none-any.whl
Building wheels for collected packages: PyYAML
  Running setup.py bdist_wheel for PyYAML: started
  Running setup.py bdist_wheel for PyYAML: finished with status 'error'
  Running setup.py install for PyYAML: started
    Running setup.py install for PyYAML: finished with status 'done'
Installing collected packages: six
"""


def _follow(text: str) -> DirectSteps:
    steps = DirectSteps()
    progress = PipProgress(steps, tuple)
    for line in text.splitlines():
        assert progress.line(line)
    return steps


def test_a_new_pip_is_followed() -> None:
    steps = _follow(PIP_24)
    assert steps.phases == [
        ("resolve", "flask"),
        ("download", "flask-3.0.0-py3-none-any.whl.metadata (3.6 kB)"),
        ("resolve", "Jinja2"),
        ("resolve", "some-thing"),
        ("download", "some_thing-1.2.tar.gz (12.3 MB)"),
        ("build", "installing build dependencies"),
        ("build", "preparing metadata"),
        ("build", "some-thing"),
        ("install", "0 of 4"),
    ]
    assert steps.packages == [
        ("flask", None, "found"),
        ("Jinja2", None, "found"),
        ("jinja2", "3.1.6", "cached"),
        ("some-thing", None, "found"),
        ("some_thing", "1.2", "downloading"),
        ("some-thing", None, "building"),
        ("some-thing", None, "built"),
    ]


def test_an_old_pip_is_followed() -> None:
    steps = _follow(PIP_9)
    assert ("download", "six-1.10.0-py2.py3-none-any.whl") in steps.phases
    assert ("six", "1.10.0", "downloading") in steps.packages
    assert [action for _, _, action in steps.packages] == [
        *("found", "downloading", "building", "building", "built")
    ]


def test_raw_progress_is_told_and_not_logged() -> None:
    steps = DirectSteps()
    progress = PipProgress(steps, tuple)
    progress.line("  Downloading numpy-2.0.0-cp312-cp312-manylinux_2_17_x86_64.whl (19.0 MB)")
    assert not progress.line("Progress 4750000 of 19000000")
    assert not progress.line("Progress 4750000 of 0")
    assert steps.phases[-2:] == [
        ("download", "numpy-2.0.0-cp312-cp312-manylinux_2_17_x86_64.whl 25 % of 19.0 MB"),
        ("download", "numpy-2.0.0-cp312-cp312-manylinux_2_17_x86_64.whl 4.8 MB"),
    ]


def test_a_package_s_own_words_are_no_progress() -> None:
    steps = _follow(
        "    note: Collecting flask is fun\nProgress was made\n    Progress 1 of many\n"
    )
    assert steps.phases == []


def test_packages_are_counted_as_their_records_appear(tmp_path: Path) -> None:
    steps = DirectSteps()
    progress = PipProgress(steps, lambda: (tmp_path,))
    _record(tmp_path, "pip-24.0.dist-info")
    progress.tick()
    progress.line("Installing collected packages: click, Flask, old")
    progress.tick()
    _record(tmp_path, "click-8.1.7.dist-info")
    (tmp_path / "flask-3.0.0.dist-info").mkdir()
    progress.tick()
    progress.tick()
    _record(tmp_path, "flask-3.0.0.dist-info")
    _record(tmp_path, "old-1.0-py2.7.egg-info", "installed-files.txt")
    progress.tick()
    assert steps.packages == [
        ("click", "8.1.7", "installed"),
        ("flask", "3.0.0", "installed"),
        ("old", "1.0", "installed"),
    ]
    assert steps.phases == [
        ("install", "0 of 3"),
        ("install", "1 of 3: click"),
        ("install", "2 of 3: flask"),
        ("install", "3 of 3: old"),
    ]


def _record(directory: Path, name: str, last: str = "RECORD") -> None:
    (directory / name).mkdir(exist_ok=True)
    (directory / name / last).touch()


def test_what_was_installed_before_pip_s_words_arrived_is_counted(tmp_path: Path) -> None:
    steps = DirectSteps()
    progress = PipProgress(steps, lambda: (tmp_path,))
    progress.line("Collecting click")
    _record(tmp_path, "click-8.1.7.dist-info")
    progress.line("Installing collected packages: click")
    progress.tick()
    assert ("click", "8.1.7", "installed") in steps.packages


@pytest.mark.parametrize(
    "line", ["x" * 1_000_000, "Downloading " * 50_000, "Collecting " + "-" * 10**6]
)
def test_a_hostile_line_takes_no_time(line: str) -> None:
    steps = DirectSteps()
    assert PipProgress(steps, tuple).line(line)
    assert UvProgress(steps).line(line)


def test_uv_is_followed() -> None:
    steps = DirectSteps()
    progress = UvProgress(steps)
    for line in (
        "Resolved 2 packages in 150ms",
        "Downloading numpy (15.8MiB)",
        "   Building some-thing==1.2",
        "      Built some-thing==1.2",
        "Prepared 2 packages in 14ms",
        "Installed 2 packages in 4ms",
        " + numpy==2.0.0",
        " + some-thing==1.2 (from file:///x)",
    ):
        assert progress.line(line)
    assert steps.phases == [
        ("download", "2 packages"),
        ("download", "numpy (15.8MiB)"),
        ("build", "some-thing"),
        ("install", "0 of 2"),
    ]
    assert steps.packages == [
        ("numpy", None, "downloading"),
        ("some-thing", None, "building"),
        ("some-thing", None, "built"),
        ("numpy", "2.0.0", "installed"),
        ("some-thing", "1.2", "installed"),
    ]
