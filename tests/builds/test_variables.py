"""`${NAME}` in requirements stands for what ``build-environment`` says, as pip takes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pysteward.core.bundles import open_bundle
from pysteward.core.bundles.installable import wanted
from tests.support.server import SampleServer


@pytest.fixture
def with_variables(server: SampleServer) -> SampleServer:
    server.environment |= {"PACKAGE": "Alpha", "FOLDER": "more", "TOKEN": "hunter2"}
    return server


def test_what_is_wanted_is_known_by_what_variables_stand_for(server: SampleServer) -> None:
    bundle = open_bundle(
        server.bundle(
            requirements="${PACKAGE}\n-r ${FOLDER}/linux.txt\n./${WHEEL}\n",
            files={"more/linux.txt": "beta\n", "local-1-py3-none-any.whl": b"PK"},
        )
    )
    variables = {"PACKAGE": "Alpha", "FOLDER": "more", "WHEEL": "local-1-py3-none-any.whl"}
    needed = wanted(bundle, ["alpha"], variables)
    assert needed.skipped == ("alpha",)
    assert needed.lines == ("beta", "./${WHEEL}")
    assert [name for name, _ in needed.files] == ["local-1-py3-none-any.whl"]


def test_a_build_installs_what_variables_name(with_variables: SampleServer) -> None:
    bundle = with_variables.bundle(
        requirements="${PACKAGE}\n-r ${FOLDER}/linux.txt\n", files={"more/linux.txt": "beta\n"}
    )
    deployed = with_variables.run("deploy", bundle, "--json")
    assert deployed.returncode == 0, deployed.stderr
    shown = with_variables.run("builds", "show", json.loads(deployed.stdout)["build"], "--json")
    assert [package["name"] for package in json.loads(shown.stdout)["packages"]][:2] == [
        "alpha",
        "beta",
    ]


def test_a_build_skips_what_is_prohibited_under_a_variables_name(
    with_variables: SampleServer,
) -> None:
    with_variables.lines.append('prohibited-packages = ["alpha"]')
    bundle = with_variables.bundle(requirements="${PACKAGE}\n")
    deployed = with_variables.run("deploy", bundle, "--json")
    document = json.loads(deployed.stdout)
    assert (document["outcome"], document["skipped"]) == ("succeeded", ["alpha"])


def test_what_a_variable_stands_for_is_in_no_record(with_variables: SampleServer) -> None:
    bundle = with_variables.bundle(requirements="alpha\n--find-links ./${TOKEN}\n")
    deployed = with_variables.run("deploy", bundle, "--json")
    document = json.loads(deployed.stdout)
    marker = Path(document["environment"]["path"]) / "pysteward.json"
    assert "hunter2" not in marker.read_text() + deployed.stdout


def test_diagnosis_of_a_bundle_knows_variables(with_variables: SampleServer) -> None:
    with_variables.lines.append('prohibited-packages = ["alpha"]')
    bundle = with_variables.bundle(
        requirements="${PACKAGE}\n-r ${FOLDER}/linux.txt\n", files={"more/linux.txt": "beta\n"}
    )
    diagnosed = with_variables.run("diagnose", bundle, "--json")
    codes = [finding["code"] for finding in json.loads(diagnosed.stdout)["findings"]]
    assert "requirements-file-missing" not in codes
    assert "hunter2" not in diagnosed.stdout
    assert codes == ["package-prohibited"]


def test_a_preflight_asks_for_what_variables_name(with_variables: SampleServer) -> None:
    bundle = with_variables.bundle(
        requirements="-r ${FOLDER}/linux.txt\n", files={"more/linux.txt": "nowhere-to-be-had\n"}
    )
    probed = with_variables.run("diagnose", bundle, "--probe", "--json")
    document = json.loads(probed.stdout)
    assert document["outcome"] == "failed", probed.stderr
    assert "nowhere-to-be-had" in json.dumps(document["findings"])
