"""Content stays on the Python that it runs on until a build succeeded on another one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pysteward.core.builds import find_content
from pysteward.core.content import deploy, rebuild
from pysteward.core.environments.uv import find_uv
from pysteward.core.installations import Analysis
from tests.content.test_deploying import V380
from tests.support.server import SampleServer, altered


def test_a_failed_rebuild_leaves_content_on_its_python(
    server: SampleServer, tmp_path: Path
) -> None:
    built = server.end(deploy(server.configured, server.bundle()))
    before = find_content(server.state_dir, "app")
    # Its Python is another version for a while, so the request is matched again; and nothing
    # installs there.
    (own,) = server.configured.analysis().installations
    server.environment["PIP_FIND_LINKS"] = str(tmp_path)
    now = altered(server.configured, analysis=Analysis((replace(own, version=V380),), ()))
    failed = server.end(rebuild(now, "app"))
    assert failed.outcome == "failed"
    assert failed.python != built.python
    after = find_content(server.state_dir, "app")
    assert after.build == failed.id
    assert (after.python, after.environment) == (before.python, before.environment)

    # Its Python is back: it is used, and so is the environment that is still there.
    del server.environment["PIP_FIND_LINKS"]
    again = rebuild(server.configured, "app")
    assert (again.outcome, again.python, again.reused) == ("succeeded", built.python, True)


def test_a_bundle_that_comes_from_another_place_is_named_before_it_replaces(
    server: SampleServer, tmp_path: Path
) -> None:
    first = server.bundle()
    server.end(deploy(server.configured, first))
    assert not any("last deployed" in each for each in deploy(server.configured, first).notices)
    other = tmp_path / "elsewhere" / "app"
    other.parent.mkdir()
    first.rename(other)
    second = deploy(server.configured, other)
    assert second.outcome == "succeeded"
    assert any(f"from {first}" in each for each in second.notices), second.notices


@pytest.mark.skipif(find_uv() is None, reason="uv is not installed")
@pytest.mark.parametrize("allowed", [True, False])
def test_an_author_may_refuse_uv(server: SampleServer, allowed: bool) -> None:
    server.lines.append('installer = "uv"')
    bundle = server.bundle()
    manifest = bundle / "manifest.json"
    document = json.loads(manifest.read_text())
    document["python"]["package_manager"]["allow_uv"] = allowed
    manifest.write_text(json.dumps(document))
    build = server.end(deploy(server.configured, bundle))
    assert build.outcome == "succeeded", build.log.read_text()
    assert ("allow_uv" in build.log.read_text()) is not allowed
    assert build.environment is not None
    assert ("uv" in Path(build.environment.path).parts) is allowed


def test_content_whose_packages_the_author_installs_himself_gets_none(
    server: SampleServer,
) -> None:
    bundle = server.bundle(requirements="missing\n")
    manifest = bundle / "manifest.json"
    document = json.loads(manifest.read_text())
    document["python"]["package_manager"]["name"] = "none"
    manifest.write_text(json.dumps(document))
    build = server.end(deploy(server.configured, bundle))
    assert build.outcome == "succeeded", build.log.read_text()
    assert build.environment is not None
    assert build.environment.id is None
