"""`deploy` builds what `diagnose` finds sound, and fails of what `diagnose` names: real builds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import SampleServer
from tests.support.wheels import make_wheel

PIP = {"name": "pip", "package_file": "requirements.txt"}
CASES: dict[str, tuple[str | bytes, dict[str, Any]]] = {
    "plain": ("alpha\n", {}),
    "list of conda": ("# conda\nalpha=1.0=py311_0\nbeta=1.0=py311_0\n", {}),
    "commented": ("# nothing\n\nbeta  # that\n", {}),
    "byte-order mark": ("\ufeffalpha\n", {}),
    "in quotes": ("'alpha'\n", {}),
    "one equals sign": ("alpha=1.0\n", {}),
    "utf-16": ("alpha\n".encode("utf-16"), {}),
    "wheel of the bundle": ("./own-1.0-py2.py3-none-any.whl\n", {}),
    "wheel for another Python": ("./own-1.0-cp36-cp36m-win_amd64.whl\n", {}),
    "missing wheel": ("./gone-1.0-py3-none-any.whl\n", {}),
    "of the author's disk": ("alpha @ file:///C:/Users/me/alpha-1.0-py3-none-any.whl\n", {}),
    "not on the index": ("gamma\n", {}),
    "no such version": ("alpha==9\n", {}),
    "contradiction": ("alpha==1.0\nalpha==2.0\n", {}),
    "missing include": ("-r base.txt\nalpha\n", {}),
    "prohibited": ("appnope\nalpha\n", {}),
    "option of another program": ("--no-such-option\nalpha\n", {}),
    "marker of another system": ("gamma; sys_platform == 'win32'\nalpha\n", {}),
    "constraint": ("alpha\n", {"environment": {"python": {"requires": ">=3.9"}}}),
    "unmet constraint": ("alpha\n", {"environment": {"python": {"requires": "<3"}}}),
    "manager none": (
        "-r missing.txt\n",
        {"python": {"version": "3.8.1", "package_manager": {**PIP, "name": "none"}}},
    ),
    "no package file": (
        "alpha\n",
        {"python": {"version": "3.8.1", "package_manager": {**PIP, "package_file": "no.txt"}}},
    ),
    "static": ("", {"python": None, "metadata": {"appmode": "static"}}),
}
_SAMPLE = ("plain", "list of conda")


def _answers(server: SampleServer, bundle: Path) -> tuple[list[str], list[str], str]:
    """The codes of the causes that `diagnose` and `deploy` name, and what both printed."""
    said = [
        server.run("diagnose", bundle, "--probe", "--json"),
        server.run("deploy", bundle, "--content", "app", "--json", timeout=600),
    ]
    printed = "\n".join(each.stdout + each.stderr for each in said)
    diagnosed, deployed = (json.loads(each.stdout) for each in said)
    return _causes(diagnosed), _causes(deployed) or _refused(deployed), printed


def _causes(document: Mapping[str, Any]) -> list[str]:
    return [each["code"] for each in document.get("findings", ()) if each["role"] == "cause"]


def _refused(document: Mapping[str, Any]) -> list[str]:
    return [document["error"]["code"]] if "error" in document else []


@pytest.mark.parametrize(
    "name",
    [name if name in _SAMPLE else pytest.param(name, marks=pytest.mark.full) for name in CASES],
)
def test_a_build_ends_as_its_bundle_was_diagnosed(server: SampleServer, name: str) -> None:
    requirements, manifest = CASES[name]
    own = make_wheel(server.packages.parent / "own", "own")
    wheels = {own.name: own.read_bytes(), "own-1.0-cp36-cp36m-win_amd64.whl": own.read_bytes()}
    files = {**wheels, "requirements.txt": requirements}
    bundle = server.bundle("app", "", python="3.8.0", files=files)
    document = json.loads((bundle / "manifest.json").read_text()) | manifest
    (bundle / "manifest.json").write_text(json.dumps(document))
    diagnosed, deployed, printed = _answers(server, bundle)
    assert (diagnosed == []) == (deployed == []), printed
    assert not deployed or deployed[0] in diagnosed, printed
