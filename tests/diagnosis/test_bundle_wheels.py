"""Wheels that a bundle's requirements name by path: refused for their name, as installers do."""

from __future__ import annotations

from pathlib import Path

import pytest

from pysteward.core.diagnosis.bundles import Server, diagnose_bundle
from pysteward.core.matching import Candidate, Policy
from pysteward.core.versions import PythonVersion
from tests.support.bundles import write_bundle

SERVER = Server((Candidate(PythonVersion.parse("3.11.7"), "/opt/python"),), Policy.EXACT)


def _causes(bundle: Path) -> list[str]:
    found = diagnose_bundle(bundle, SERVER).findings
    return [each.code for each in found if each.role == "cause"]


@pytest.mark.parametrize(
    ("tags", "fits"),
    [
        ("py3-none-any", True),
        ("py2.py3-none-any", True),
        ("py38-none-any", True),
        ("cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64", True),
        ("cp39-abi3-linux_x86_64", True),
        ("py2-none-any", False),
        ("py312-none-any", False),
        ("cp310-cp310-linux_x86_64", False),
        ("cp312-abi3-linux_x86_64", False),
        ("cp311-cp311-win_amd64", False),
        ("cp311-cp311-macosx_11_0_arm64", False),
    ],
)
@pytest.mark.parametrize("form", ["./{}", "own @ https://files.example/{}#sha256=ab"])
def test_a_wheel_is_judged_by_its_name(tmp_path: Path, tags: str, fits: bool, form: str) -> None:
    name = f"own-1.0-{tags}.whl"
    bundle = write_bundle(tmp_path / "app", form.format(name), python="3.11.7", files={name: b""})
    assert _causes(bundle) == ([] if fits else ["wheel-wrong-platform"])


def test_a_wheel_under_a_marker_is_not_judged(tmp_path: Path) -> None:
    text = "./own-1.0-py3-none-win_amd64.whl ; sys_platform == 'win32'\n"
    files = {"own-1.0-py3-none-win_amd64.whl": b""}
    assert _causes(write_bundle(tmp_path / "app", text, python="3.11.7", files=files)) == []
