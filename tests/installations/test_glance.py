"""What is shown at once, before any interpreter has run."""

from __future__ import annotations

import subprocess
import time

import pytest

from pysteward.core.installations import inspect_files
from tests.support.pythons import AlteredPython, RealPython, real_pythons


@pytest.mark.parametrize("real", real_pythons(), ids=lambda real: real.text)
def test_the_version_is_read_without_running_it(
    real: RealPython, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    (installation,) = inspect_files([str(real.prefix)])
    assert str(installation.version) == real.text
    assert not installation.verified


def test_pip_and_virtualenv_are_read_from_the_names_of_their_metadata(
    python: AlteredPython,
) -> None:
    (installation,) = inspect_files([str(python.prefix)])
    assert (installation.pip, installation.virtualenv) == ("23.2.1", "20.26.6")
    assert installation.venv


def test_without_headers_the_version_is_found_in_the_program(python: AlteredPython) -> None:
    (python.prefix / "include").unlink()
    for library in (python.real.prefix / "lib").glob("libpython*.so*"):
        (python.prefix / "lib" / library.name).symlink_to(library)
    (installation,) = inspect_files([str(python.prefix)])
    assert str(installation.version) == python.real.text


def test_it_keeps_the_order_and_the_paths_as_configured(python: AlteredPython) -> None:
    paths = ["/nothing/b", str(python.prefix), "/nothing/a", str(python.executable)]
    assert [installation.path for installation in inspect_files(paths)] == paths


def test_it_is_quick(python: AlteredPython) -> None:
    paths = [str(python.prefix)] * 9
    inspect_files(paths)
    began = time.perf_counter()
    inspect_files(paths)
    assert time.perf_counter() - began < 0.1
