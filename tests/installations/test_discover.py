"""The Pythons that a person would find on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pysteward.core.installations import DiscoveredPython, discover
from tests.support.pythons import AlteredPython


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The variables of somebody whose home is empty."""
    (tmp_path / "home").mkdir()
    return {"HOME": str(tmp_path / "home"), "PATH": ""}


def found(environ: dict[str, str], python: AlteredPython, *configured: str) -> DiscoveredPython:
    all_found = discover(environ, configured)
    (only,) = [item for item in all_found if item.target == str(python.program)]
    return only


@pytest.mark.parametrize(
    ("place", "how"),
    [
        (".pyenv/versions/9.9.9", "pyenv"),
        (".local/share/uv/python/cpython-9.9.9-linux-x86_64-gnu", "uv"),
        ("miniconda3/envs/old", "conda"),
        (".asdf/installs/python/9.9.9", "asdf"),
        (".local/share/mise/installs/python/9.9.9", "mise"),
    ],
)
def test_each_manager_is_looked_into(
    home: dict[str, str], python: AlteredPython, place: str, how: str
) -> None:
    directory = Path(home["HOME"]) / place
    directory.parent.mkdir(parents=True)
    directory.symlink_to(python.prefix)
    item = found(home, python)
    assert item.how == how
    assert str(item.version) == python.real.text
    assert item.path == str(directory / "bin" / "python3")


@pytest.mark.parametrize(
    ("variable", "below", "how"),
    [
        ("PYENV_ROOT", "versions/9.9.9", "pyenv"),
        ("UV_PYTHON_INSTALL_DIR", "cpython-9.9.9", "uv"),
        ("CONDA_PREFIX", "envs/old", "conda"),
    ],
)
def test_a_manager_is_found_where_its_variable_says(
    home: dict[str, str], python: AlteredPython, tmp_path: Path, variable: str, below: str, how: str
) -> None:
    directory = tmp_path / "elsewhere" / below
    directory.parent.mkdir(parents=True)
    directory.symlink_to(python.prefix)
    assert found({**home, variable: str(tmp_path / "elsewhere")}, python).how == how


def test_path_is_searched_and_the_interpreter_named(
    home: dict[str, str], python: AlteredPython
) -> None:
    item = found({**home, "PATH": f":.:{python.prefix / 'bin'}"}, python)
    assert item.how == "PATH"
    assert item.path.startswith(str(python.prefix / "bin" / "python"))


def test_one_python_is_found_once_however_many_ways_lead_to_it(
    home: dict[str, str], python: AlteredPython
) -> None:
    versions = Path(home["HOME"]) / ".pyenv" / "versions"
    versions.mkdir(parents=True)
    (versions / "one").symlink_to(python.prefix)
    (versions / "two").symlink_to(python.prefix)
    assert found({**home, "PATH": str(python.prefix / "bin")}, python).how == "pyenv"


def test_what_is_configured_by_any_path_is_marked(
    home: dict[str, str], python: AlteredPython, tmp_path: Path
) -> None:
    environ = {**home, "PATH": str(python.prefix / "bin")}
    (tmp_path / "link").symlink_to(python.program)
    assert not found(environ, python).is_configured
    assert found(environ, python, str(tmp_path / "link")).is_configured


def test_virtual_environments_are_left_out(home: dict[str, str], python: AlteredPython) -> None:
    (python.prefix / "pyvenv.cfg").write_text("home = /usr/bin\n")
    all_found = discover({**home, "PATH": str(python.prefix / "bin")})
    assert str(python.program) not in [item.target for item in all_found]


def test_shims_are_left_out(home: dict[str, str], tmp_path: Path) -> None:
    shim = tmp_path / "shims" / "python3"
    shim.parent.mkdir()
    shim.write_text("#!/bin/sh\nexec pyenv\n")
    shim.chmod(0o755)
    all_found = discover({**home, "PATH": str(shim.parent)})
    assert str(shim) not in [item.path for item in all_found]


def test_the_python_below_pysteward_itself_is_always_found(home: dict[str, str]) -> None:
    prefixes = [Path(item.target).resolve().parent.parent for item in discover(home)]
    assert Path(sys.base_prefix).resolve() in prefixes


def test_versions_are_listed_as_numbers(home: dict[str, str], python: AlteredPython) -> None:
    import shutil

    versions = Path(home["HOME"]) / ".pyenv" / "versions"
    for name in ("3.10.1", "3.9.1"):
        (versions / name / "bin").mkdir(parents=True)
        shutil.copy2(python.program, versions / name / "bin" / "python3")
    own = [item for item in discover(home) if str(versions) in item.path]
    assert [str(item.version) for item in own] == ["3.9.1", "3.10.1"]
