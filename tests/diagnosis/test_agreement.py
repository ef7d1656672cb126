"""`deploy` refuses no bundle that `diagnose` finds sound, and the other way round.

What comes before a build is compared: opening, matching, and what would be installed. Causes that
only a build finds out are left out by an index that is not asked.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pysteward.core.bundles import open_bundle, request_of, wanted
from pysteward.core.diagnosis.bundles import Server, diagnose_bundle
from pysteward.core.errors import BundleError, RequestError
from pysteward.core.matching import Candidate, Policy, match
from pysteward.core.versions import PythonVersion
from tests.support.bundles import BUNDLES, write_bundle

CANDIDATES = tuple(
    Candidate(PythonVersion.parse(version), f"/opt/python/{version}/bin/python3")
    for version in ("3.8.18", "3.9.18", "3.11.7", "3.12.1")
)


def refusal(path: Path) -> str | None:
    """Why deploy ends before it builds; None where it builds, or needs to build nothing."""
    try:
        bundle = open_bundle(path)
        if not bundle.needs_python:
            return None
        decision = match(request_of(bundle), CANDIDATES, Policy.MAJOR_MINOR)
        if decision.selected is None:
            return decision.reason
        if bundle.manifest.wants_packages:
            wanted(bundle, ())
    except (BundleError, RequestError) as problem:
        return str(problem)
    return None


def causes(path: Path) -> list[str]:
    found = diagnose_bundle(path, Server(CANDIDATES, Policy.MAJOR_MINOR)).findings
    return [each.cause for each in found if each.role == "cause"]


@pytest.mark.parametrize("path", sorted(BUNDLES.iterdir()), ids=lambda path: path.name)
def test_they_agree_on_every_bundle_of_clients(path: Path) -> None:
    assert (refusal(path) is None) == (causes(path) == [])


R = {"reticulate": {"Source": "CRAN"}}
PIP = {"name": "pip", "package_file": "requirements.txt"}
OTHERWISE: dict[str, tuple[str, dict[str, object]]] = {
    "plain": ("six\n", {}),
    "commented": ("# nothing\n\nsix  # that\n", {}),
    "byte-order-mark": ("\ufeffsix\n", {}),
    "own package": ("./own\n", {}),
    "index of its own": ("--extra-index-url http://127.0.0.1:9/simple\nsix\n", {}),
    "missing include": ("-r base.txt\n", {}),
    "leads out": ("-r ../../etc/passwd\n", {}),
    "includes itself": ("-r requirements.txt\n", {}),
    "prohibited": ("appnope\nsix\n", {}),
    "no such version": ("six\n", {"python": {"version": "3.7.1", "package_manager": PIP}}),
    "no version": ("six\n", {"python": {"package_manager": PIP}}),
    "bad version": ("six\n", {"python": {"version": "three", "package_manager": PIP}}),
    "constraint": ("six\n", {"environment": {"python": {"requires": ">=3.9,<3.12"}}}),
    "unmet constraint": ("six\n", {"environment": {"python": {"requires": ">=3.13"}}}),
    "no operator": ("six\n", {"environment": {"python": {"requires": "3.8"}}}),
    "manager none": (
        "-r missing.txt\n",
        {"python": {"version": "3.8.1", "package_manager": {**PIP, "name": "none"}}},
    ),
    "manager conda": (
        "six\n",
        {"python": {"version": "3.8.1", "package_manager": {**PIP, "name": "conda"}}},
    ),
    "no package file": (
        "six\n",
        {"python": {"version": "3.8.1", "package_manager": {**PIP, "package_file": "no.txt"}}},
    ),
    "static": ("", {"python": None, "metadata": {"appmode": "static"}}),
    "shiny with reticulate": (
        "",
        {"python": None, "metadata": {"appmode": "shiny"}, "packages": R},
    ),
    "python without a block": ("six\n", {"python": None}),
    "wrong type": ("six\n", {"python": 3}),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_they_agree_on_what_is_otherwise(tmp_path: Path, name: str) -> None:
    requirements, manifest = OTHERWISE[name]
    files = {"app.py": "", "own/setup.py": ""}
    path = write_bundle(tmp_path / "app", requirements, python="3.11.7", files=files)
    document = json.loads((path / "manifest.json").read_text()) | manifest
    (path / "manifest.json").write_text(json.dumps(document))
    assert (refusal(path) is None) == (causes(path) == []), (refusal(path), causes(path))
