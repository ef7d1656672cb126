"""A link of an installation that is turned: content runs on, and the plan says what it would do."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from pysteward.core.content import deploy
from tests.support.installation import Installation
from tests.support.server import SampleServer


def test_a_turned_link_is_in_the_plan_of_an_upgrade_and_breaks_nothing(
    server: SampleServer, second: Installation, tmp_path: Path
) -> None:
    link, first = tmp_path / "current", server.installations[0]
    link.symlink_to(first)
    server.installations = [link]
    build = server.end(deploy(server.configured, server.bundle()))
    assert build.environment is not None
    plan = ("upgrade", "plan", "--matching", "exact")
    assert json.loads(server.run(*plan, "--json").stdout)["turned_links"] == []

    link.unlink()
    link.symlink_to(second.directory)
    python = Path(build.environment.path, "bin", "python")
    subprocess.run([python, "-c", "import alpha"], check=True)
    (turned,) = json.loads(server.run(*plan, "--json").stdout)["turned_links"]
    assert turned["content"] == "app"
    assert f"{link}/bin/python3 leads to {second.directory}" in turned["why"]
    assert str(first) in turned["why"]
    assert turned["would_get"] == str(second.version)
    shown = server.run(*plan).stdout
    assert "lead to another Python now" in shown
    assert turned["why"] in shown
