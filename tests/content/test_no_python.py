"""Where no installation serves a request: why, in headline, cause and remedy, from deploy and
diagnose alike."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pysteward.core.content import deploy
from pysteward.core.matching import Candidate, Policy, match, parse_request, unmatched_finding
from pysteward.core.versions import PythonVersion
from tests.support.server import SampleServer


def candidate(version: str, unusable: str | None = None) -> Candidate:
    return Candidate(PythonVersion.parse(version), f"/opt/{version}/bin/python3", unusable)


@pytest.mark.parametrize(
    ("request_text", "policy", "candidates", "code", "says"),
    [
        ("3.8", "nearest", [], "no-python-configured", "no installation is configured"),
        (
            *("3.8.2", "major-minor", [candidate("3.8.18", "It has no virtualenv.")]),
            *("python-unusable", "3.8.18 is installed and would match, but it is unusable: It has"),
        ),
        (
            *(">=3.8,<3.9", "exact", [candidate("3.8.18", "No pip."), candidate("3.11.7")]),
            *("python-unusable", "3.8.18 is installed"),
        ),
        (
            *("3.8", "major-minor", [candidate("3.9.1", "No pip."), candidate("3.11.7")]),
            *("no-python-match", "Install a 3.8"),
        ),
        (
            *("==3.9.2", "exact", [candidate("3.9.18"), candidate("3.11.7")]),
            *("no-python-match", "closest: 3.9.18"),
        ),
    ],
)
def test_each_reason_has_its_own_cause(
    request_text: str, policy: str, candidates: list[Candidate], code: str, says: str
) -> None:
    decision = match(parse_request(request_text), candidates, Policy.parse(policy))
    finding = unmatched_finding(decision, ())
    assert finding.code == code
    assert says in finding.cause
    assert "VersionMatching" not in finding.remedy or code == "no-python-match"
    if decision.request.constraint is not None and code == "no-python-match":
        assert "the policy has no part in it" in finding.remedy


def test_deploy_and_diagnose_agree_that_none_is_configured(tmp_path: Path) -> None:
    server = SampleServer(tmp_path, [], tmp_path / "packages")
    bundle = server.bundle()
    (finding,) = deploy(server.configured, bundle).findings
    done = json.loads(server.run("--json", "diagnose", bundle).stdout)
    assert finding.code == done["findings"][0]["code"] == "no-python-configured"
    assert "discover --add" in finding.remedy
    assert "versions at hand" not in (finding.author_remedy or "")


def test_enabled_without_a_python_is_a_warning_of_the_settings(tmp_path: Path) -> None:
    server = SampleServer(tmp_path, [], tmp_path / "packages")
    done = server.run("config", "check")
    assert "pysteward.toml:2: Python is enabled, but no Executable names one" in done.stderr
    assert "discover --add" in done.stderr or "build-python" in done.stderr
    assert done.stdout.endswith("1 warning\n")
    assert server.run("installations").returncode == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root builds as root")
def test_root_is_warned_once_a_day(tmp_path: Path) -> None:
    server = SampleServer(tmp_path, [], tmp_path / "packages")
    bundle = server.bundle()

    def warned() -> bool:
        return any("builds as root" in each for each in deploy(server.configured, bundle).notices)

    assert (warned(), warned()) == (True, False)
    stamp = server.state_dir / "warned-of-root"
    os.utime(stamp, (0, 0))
    assert warned()
    assert "builds as root" in server.run("config", "check").stderr
