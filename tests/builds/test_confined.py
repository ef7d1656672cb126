"""What a package's own code sees and leaves while it is built."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from pysteward.core.builds import list_builds
from pysteward.core.content import deploy, lifecycle
from pysteward.core.errors import BuildError
from pysteward.core.processes import Confinement, find_confinement
from tests.support.server import SampleServer
from tests.support.wheels import make_sdist

# It walks through the state directory and tells what it finds there.
LOOKS = """
found = []
for directory, directories, files in os.walk({state!r}):
    found += [os.path.relpath(os.path.join(directory, name), {state!r}) for name in files]
with open({notes!r}, "w") as notes:
    notes.write("\\n".join(found))
"""

PRINTS = """
import sys
sys.exit("it is " + os.environ["DEPLOY_TOKEN"] + " and no more")
"""


@pytest.mark.skipif(not find_confinement().is_whole, reason="nothing here confines programs")
def test_a_build_sees_of_the_state_directory_its_environment_and_its_work_directory_only(
    server: SampleServer, tmp_path: Path
) -> None:
    other = server.end(deploy(server.configured, server.bundle("other", "alpha\n")))
    assert other.outcome == "succeeded", other.log.read_text()
    notes = tmp_path / "notes"
    server.packages = tmp_path / "looking"
    doing = LOOKS.format(state=str(server.state_dir), notes=str(notes))
    make_sdist(server.packages, "looking", while_building=doing)
    build = server.end(deploy(server.configured, server.bundle("looking", "looking\n")))
    assert build.outcome == "succeeded", build.log.read_text()
    assert build.environment is not None
    environment = os.path.relpath(build.environment.path, server.state_dir)
    seen = notes.read_text().splitlines()
    own = (f"{environment}/", f"builds/{build.id}/work" + "/", "cache/shared")
    assert [name for name in seen if not name.startswith(own)] == []
    assert any(name.startswith(own[0]) for name in seen)
    assert any(name.startswith(own[1]) for name in seen)
    assert [row.outcome for row in list_builds(server.state_dir)] == ["succeeded"] * 2


def test_a_secret_that_a_package_prints_is_masked_whatever_its_length(
    server: SampleServer, tmp_path: Path
) -> None:
    secret = "correct-horse-battery-staple-" * 200
    server.environment["DEPLOY_TOKEN"] = secret
    server.packages = tmp_path / "printing"
    make_sdist(server.packages, "printing", while_building=PRINTS)
    build = server.end(deploy(server.configured, server.bundle("printing", "printing\n")))
    assert build.outcome == "failed"
    log = build.log.read_text()
    assert "it is **** and no more" in log
    found = subprocess.run(
        ["grep", "-rlF", secret, str(server.state_dir)], capture_output=True, text=True, check=False
    )
    assert found.stdout == ""


def test_where_confinement_is_required_and_there_is_none_nothing_is_built(
    server: SampleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.lines.append('confinement = "required"')
    none = Confinement(None, reason="bubblewrap is not installed")
    monkeypatch.setattr(lifecycle, "find_confinement", lambda: none)
    with pytest.raises(BuildError) as refused:
        deploy(server.configured, server.bundle())
    assert refused.value.code == "confinement-missing"
    assert "bubblewrap is not installed; install bubblewrap" in refused.value.message
    assert list_builds(server.state_dir) == ()


def test_confinement_can_be_switched_off(server: SampleServer, tmp_path: Path) -> None:
    server.lines.append('confinement = "off"')
    trace = server.state_dir / "trace"
    server.packages = tmp_path / "tracing"
    make_sdist(server.packages, "tracing", while_building=f"open({str(trace)!r}, 'w')")
    build = server.end(deploy(server.configured, server.bundle("tracing", "tracing\n")))
    assert build.outcome == "succeeded", build.log.read_text()
    assert trace.exists()
    shown = server.run("config", "show")
    assert 'Builds are confined by: nothing (the setting confinement is "off")' in shown.stdout
    assert "builds are not confined" in server.run("config", "check").stderr


def test_with_only_wheels_a_source_archive_is_a_finding_that_names_it(
    server: SampleServer, tmp_path: Path
) -> None:
    server.lines.append("only-wheels = true")
    server.packages = tmp_path / "sources"
    trace = tmp_path / "trace"
    make_sdist(server.packages, "omega", while_building=f"open({str(trace)!r}, 'w')")
    build = server.end(deploy(server.configured, server.bundle("sources", "omega\n")))
    assert build.outcome == "failed"
    assert [finding.code for finding in build.findings] == ["source-archive-refused"]
    assert "omega" in build.findings[0].cause
    assert not trace.exists()
