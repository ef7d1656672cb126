"""What a package's own code sees and leaves while it is built."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from pysteward.core.builds import list_builds
from pysteward.core.content import deploy
from pysteward.core.processes import find_confinement
from tests.support.server import SampleServer
from tests.support.wheels import make_sdist

# It walks through the state directory and tells what it finds there.
LOOKS = """
found = []
for folder, folders, files in os.walk({state!r}):
    found += [os.path.relpath(os.path.join(folder, name), {state!r}) for name in files]
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
