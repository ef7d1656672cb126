"""The real virtualenv releases that serve old and new Pythons, and the real index."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from pysteward.core.environments import EnvironmentBuilt
from tests.support.installation import Installation
from tests.support.pythons import real_python

from .conftest import Workshop

pytestmark = [pytest.mark.network, pytest.mark.slow]


@pytest.mark.parametrize(
    ("line", "release"),
    [
        pytest.param((2, 7), "virtualenv==20.15.1", marks=pytest.mark.full),
        pytest.param((2, 7), "virtualenv==16.7.10", marks=pytest.mark.full),
        pytest.param((3, 6), "virtualenv==20.17.1", marks=pytest.mark.full),
        pytest.param((3, 6), "virtualenv==16.7.10", marks=pytest.mark.full),
        pytest.param((3, 12), "virtualenv", marks=pytest.mark.full),
        ((3, 13), "virtualenv"),
    ],
    ids=lambda value: value if isinstance(value, str) else ".".join(map(str, value)),
)
def test_each_python_is_served_by_a_release_that_supports_it(
    line: tuple[int, int], release: str, tmp_path: Path
) -> None:
    real = real_python(line)
    copy = tmp_path / "python"
    shutil.copytree(
        real.prefix,
        copy,
        symlinks=True,
        ignore=shutil.ignore_patterns("test", "tests", "__pycache__", "idlelib", "config-*"),
    )
    executable = copy / "bin" / f"python{line[0]}"
    subprocess.run(
        [executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", release],
        check=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8"},
    )
    shop = Workshop(tmp_path / "state", tmp_path, Installation(copy, real.text), has_network=True)
    made = shop.make(shop.spec("six==1.16.0\n", executable=str(executable)))
    assert isinstance(made, EnvironmentBuilt), (made, shop.steps.lines)
    assert dict(made.packages)["six"] == "1.16.0"
    assert made.findings == ()
    assert ("six", "1.16.0", "installed") in shop.steps.packages
    assert list(made.path.glob("lib/python*/site-packages/**/six.*pyc"))
    said = subprocess.run(
        [made.path / "bin" / "python", "-c", "import six, sys; print(sys.version.split()[0])"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert said.strip() == real.text
