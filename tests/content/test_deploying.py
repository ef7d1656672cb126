"""A deploy makes content, its environment and a record; what is there already is used again."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pysteward.core.builds import find_content, show
from pysteward.core.content import deploy, rebuild, retry
from pysteward.core.errors import BuildError, StateError
from pysteward.core.installations import Analysis
from pysteward.core.versions import PythonVersion
from tests.support.installation import Installation
from tests.support.server import SampleServer, altered
from tests.support.wheels import make_wheel

V380 = PythonVersion(3, 8, 0)


def imports(environment: Path, module: str) -> bool:
    python = environment / "bin" / "python"
    return subprocess.run([python, "-c", f"import {module}"], check=False).returncode == 0


def test_a_deploy_ends_with_an_environment_in_which_the_packages_work(server: SampleServer) -> None:
    build = server.end(deploy(server.configured, server.bundle(requirements="beta\n")))
    assert build.outcome == "succeeded", build.log.read_text()
    assert build.environment is not None
    assert imports(Path(build.environment.path), "alpha, beta")
    assert {"alpha", "beta"} <= {name for name, _ in build.packages}
    content = find_content(server.state_dir, "app")
    assert content.environment == build.environment
    assert content.outcome == "succeeded"


def test_the_log_has_the_lines_of_rstudio_connect(
    server: SampleServer, installation: Installation
) -> None:
    bundle = server.bundle(requirements="alpha\nappnope==0.1.3\nPyWin32; python_version>'3'\n")
    build = server.end(deploy(server.configured, bundle))
    assert build.environment is not None
    lines = build.log.read_text().splitlines()
    version = installation.version
    expected = [
        f"Bundle requested Python version 3.8.0; using {installation.executable} "
        f"which has version {version}",
        "Skipped packages: appnope==0.1.3, PyWin32",
        f"Creating environment: {build.environment.id}",
        f"Completed Python build against Python version: '{version}'",
    ]
    assert [line for line in lines if line in expected] == expected
    assert any(line.startswith("Packages in the environment: alpha==1.0, ") for line in lines)
    assert build.skipped == ("appnope", "pywin32")

    again = deploy(server.configured, bundle)
    lines = again.log.read_text().splitlines()
    assert f"Using cached environment: {build.environment.id}" in lines
    assert "Skipped packages: appnope==0.1.3, PyWin32" in lines
    assert lines[-1] == expected[-1]


def test_a_constraint_stands_behind_the_version_as_on_connect(server: SampleServer) -> None:
    bundle = server.bundle(python="3.8.0", environment={"python": {"requires": ">4"}})
    first = deploy(server.configured, bundle).log.read_text().splitlines()[0]
    assert first.startswith("Bundle requested Python version 3.8.0 (>4); ")


def test_a_second_deploy_is_finished_at_once_and_starts_nothing(
    server: SampleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = server.end(deploy(server.configured, server.bundle("one")))
    monkeypatch.setattr("pysteward.core.builds.launcher.LocalLauncher.start", None)
    second = deploy(server.configured, server.bundle("two"))
    assert second.outcome == "succeeded"
    assert second.reused
    assert not first.reused
    assert second.environment == first.environment
    assert find_content(server.state_dir, "two").environment == first.environment


def test_content_that_matches_nothing_is_an_answer_that_is_recorded(server: SampleServer) -> None:
    server.lines.append("")
    bundle = server.bundle(environment={"python": {"requires": ">=4"}})
    build = deploy(server.configured, bundle)
    assert build.outcome == "failed"
    assert build.python is None
    assert build.environment is None
    assert [finding.code for finding in build.findings] == ["no-python-match"]
    assert build.reason in build.log.read_text()
    assert [line.verdict for line in build.considered] == ["rejected"]
    assert show(server.state_dir, build.id) == build
    assert find_content(server.state_dir, "app").outcome == "failed"


@pytest.mark.parametrize("who", ["author", "server"])
def test_without_environment_management_nothing_is_installed(
    server: SampleServer, installation: Installation, who: str
) -> None:
    manifest = {}
    if who == "author":
        manifest = {"environment": {"environment_management": {"python": False}}}
    else:
        server.lines.append("environment-management = false")
    build = deploy(server.configured, server.bundle(requirements="missing\n", **manifest))
    assert build.outcome == "succeeded"
    assert build.environment is not None
    assert build.environment.id is None
    assert Path(build.environment.path) == installation.directory
    assert "no packages are installed" in build.log.read_text()
    assert not (server.state_dir / "environments").exists()


def test_a_deploy_is_refused_where_python_is_disabled(server: SampleServer) -> None:
    disabled = replace(server.configured.settings, enabled=False)
    with pytest.raises(BuildError) as refused:
        deploy(altered(server.configured, settings=disabled), server.bundle())
    assert refused.value.code == "python-disabled"
    assert not server.state_dir.exists()


@pytest.mark.parametrize("name", ["", "  ", "a/b", "a\x1b[2J", "x" * 201])
def test_content_has_a_name_that_can_be_shown(server: SampleServer, name: str) -> None:
    with pytest.raises(BuildError):
        deploy(server.configured, server.bundle(), name)


def test_a_failed_build_tells_its_cause_and_leaves_content_its_old_environment(
    server: SampleServer,
) -> None:
    good = server.end(deploy(server.configured, server.bundle("one"), "site"))
    bad = server.end(deploy(server.configured, server.bundle("two", "nothing-like-this\n"), "site"))
    assert bad.outcome == "failed"
    assert bad.environment is None
    assert bad.findings[0].role == "cause"
    assert "nothing-like-this" in bad.findings[0].cause
    content = find_content(server.state_dir, "site")
    assert content.environment == good.environment
    assert content.build == bad.id
    assert not (bad.directory / "work").exists()
    assert (bad.directory / "pip.log").exists()


def test_what_has_failed_can_be_tried_again(server: SampleServer, tmp_path: Path) -> None:
    server.packages = tmp_path / "more"
    server.packages.mkdir()
    failed = server.end(deploy(server.configured, server.bundle(requirements="gamma\n")))
    assert failed.outcome == "failed"
    make_wheel(server.packages, "gamma")
    again = server.end(retry(server.configured, failed.id))
    assert again.outcome == "succeeded"
    assert again.asked.kind == "retry"
    assert again.asked.retried == failed.id
    assert again.content == failed.content


def test_content_is_rebuilt_from_the_bundle_that_is_kept(server: SampleServer) -> None:
    bundle = server.bundle()
    first = server.end(deploy(server.configured, bundle))
    for file in bundle.iterdir():
        file.unlink()
    again = rebuild(server.configured, "app")
    assert again.reused
    assert again.environment == first.environment
    afresh = server.end(rebuild(server.configured, "app", afresh=True))
    assert afresh.outcome == "succeeded"
    assert not afresh.reused
    assert afresh.environment == first.environment


def test_content_that_nobody_deployed_cannot_be_rebuilt(server: SampleServer) -> None:
    with pytest.raises(StateError) as unknown:
        rebuild(server.configured, "nothing")
    assert unknown.value.code == "content-unknown"


def test_content_keeps_its_python_until_that_is_gone_and_both_facts_are_told(
    server: SampleServer, installation: Installation
) -> None:
    first = server.end(deploy(server.configured, server.bundle()))
    assert first.python is not None
    analysis = server.configured.analysis()
    (own,) = analysis.installations
    # A better match is configured now: what was chosen stays chosen.
    better = replace(
        own, path="/opt/python/3.8.0", executable="/opt/python/3.8.0/bin/python3", version=V380
    )
    now = altered(server.configured, analysis=Analysis((better, own), ()))
    assert rebuild(now, "app").python == first.python

    # The installation is the same file, and another version.
    upgraded = replace(own, version=V380)
    now = altered(server.configured, analysis=Analysis((upgraded,), ()))
    again = server.end(rebuild(now, "app"))
    (fact,) = [notice for notice in again.notices if "chosen when this was deployed" in notice]
    assert first.python.executable in fact
    assert "is 3.8.0 now; matched again: 3.8.0 is the version requested" in fact
    assert again.python is not None
    assert again.python.rule == "exact"


def test_requirements_may_name_other_files_of_the_bundle(
    server: SampleServer, tmp_path: Path
) -> None:
    wheel = make_wheel(tmp_path / "own", "own", "2.0")
    make_wheel(server.packages, "gamma", "1.0")
    make_wheel(server.packages, "gamma", "2.0")
    files = {
        f"wheels/{wheel.name}": wheel.read_bytes(),
        "more.txt": "beta\nappnope\n",
        "limits.txt": "gamma<2\n",
    }
    requirements = f"-r more.txt\n-c limits.txt\ngamma\n./wheels/{wheel.name}\n"
    build = server.end(deploy(server.configured, server.bundle("files", requirements, files=files)))
    assert build.outcome == "succeeded", build.log.read_text()
    packages = dict(build.packages)
    assert packages["gamma"] == "1.0"
    assert packages["own"] == "2.0"
    assert "beta" in packages
    assert build.skipped == ("appnope",)
    files["limits.txt"] = "gamma<3\n"
    other = deploy(server.configured, server.bundle("other", requirements, files=files))
    assert not other.reused
    assert server.end(other).environment != build.environment


def test_an_application_that_changes_keeps_its_environment(server: SampleServer) -> None:
    first = server.end(deploy(server.configured, server.bundle("one", files={"app.py": "1"})))
    second = deploy(
        server.configured, server.bundle("two", "alpha  # comment\n", files={"app.py": "2"})
    )
    assert second.environment == first.environment
