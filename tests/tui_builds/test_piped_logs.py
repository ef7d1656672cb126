"""A log from standard input, in a terminal whose keys still come from the keyboard."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from tests.support.terminal import terminal
from tests.tui_builds.records import LOG


def test_a_log_from_standard_input_is_shown_beside_its_findings(tmp_path: Path) -> None:
    config, log = tmp_path / "pysteward.toml", tmp_path / "build.log"
    config.write_text("[python]\nenabled = true\n")
    config.chmod(0o600)
    log.write_text(LOG)
    command = [sys.executable, "-m", "pysteward.tui", "--config", str(config)]
    command += ["--state-dir", str(tmp_path / "state"), "diagnose", "-", "--screen"]
    line = f"{shlex.join(command)} < {shlex.quote(str(log))}"
    with terminal(["-c", line], size=(120, 40), program=("/bin/sh",)) as shown:
        shown.wait_for("> ERROR: Could not find a version")
        shown.press("w")
        shown.wait_for("The build failed.")
        shown.press("q")
        assert shown.end() == 0
    assert not [name for name in os.listdir(tmp_path) if name.startswith("pysteward-")]
