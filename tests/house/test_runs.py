"""How tests are run: which size leaves out what, what is repeated, which skips are failures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import skips

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SAMPLE = """
import pathlib, pytest

@pytest.fixture
def server(): pass

def test_plain(): pass
def test_that_builds(server): pass
@pytest.mark.slow
def test_slow(): pass
@pytest.mark.full
def test_full(): pass
"""
LATE = """
import pathlib, pytest

@pytest.fixture
def server(): pass

def late():
    mark = pathlib.Path(__file__).with_suffix(".once")
    is_late = not mark.exists()
    mark.touch()
    assert not is_late

@pytest.mark.terminal
def test_it({fixture}): late()
"""


def outcome(
    directory: Path, text: str, *options: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """What pytest says of one file, with the plugins of these tests."""
    file = directory / "test_sample.py"
    file.write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.sizes"]
    command += ["-p", "tests.support.skips", "-p", "no:cacheprovider", f"--rootdir={directory}"]
    hidden = ("CI", "PYSTEWARD_TESTS", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER")
    environ = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [*command, *options, str(file)],
        cwd=ROOT,
        env={**environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("size", "passed"), [("quick", "1 passed"), ("ci", "3 passed"), ("full", "4 passed")]
)
def test_each_size_leaves_out_less(tmp_path: Path, size: str, passed: str) -> None:
    ended = outcome(tmp_path, SAMPLE, "-W", "ignore", PYSTEWARD_TESTS=size)
    assert ended.stdout.splitlines()[-1].startswith(passed), ended.stdout


def test_what_is_late_at_a_terminal_is_repeated_once(tmp_path: Path) -> None:
    ended = outcome(tmp_path, LATE.format(fixture=""), "-W", "ignore")
    assert "1 passed, 1 rerun" in ended.stdout, ended.stdout


def test_what_builds_is_never_repeated(tmp_path: Path) -> None:
    ended = outcome(tmp_path, LATE.format(fixture="server"), "-W", "ignore")
    assert "1 failed" in ended.stdout, ended.stdout
    assert "rerun" not in ended.stdout


@pytest.mark.parametrize(
    "text",
    [
        "import pytest\ndef test_it(): pytest.skip('no tool')\n",
        "import pytest\npytest.skip('no tool', allow_module_level=True)\n",
        "import pytest\n@pytest.mark.skipif(True, reason='no tool')\ndef test_it(): pass\n",
    ],
    ids=["inside", "module", "mark"],
)
def test_a_skip_without_a_reason_in_the_list_fails_in_ci(tmp_path: Path, text: str) -> None:
    assert outcome(tmp_path, text).returncode in (0, 5)  # 5: nothing was collected
    ended = outcome(tmp_path, text, CI="true")
    assert ended.returncode in (1, 2), ended.stdout
    assert "no tool" in ended.stdout
    assert "skips.txt does not name it" in ended.stdout


def test_a_skip_is_named_by_the_end_of_its_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "skips.txt"
    file.write_text("# why\nrunning/test_r.py::*  there is no R here\n")
    monkeypatch.setattr(skips, "FILE", file)
    assert skips.is_allowed("tests/running/test_r.py::test_one[a]")
    assert not skips.is_allowed("tests/running/test_python.py::test_one")


def test_every_line_of_the_list_gives_a_reason() -> None:
    assert all(skips.allowed(skips.FILE.read_text("utf-8")).values())
