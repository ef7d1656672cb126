"""A log from standard input, in a terminal whose keys still come from the keyboard."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app_builds.records import LOG
from tests.support.terminal import terminal


@pytest.mark.terminal
def test_a_log_from_standard_input_is_shown_beside_its_findings(tmp_path: Path) -> None:
    config, log = tmp_path / "pysteward.toml", tmp_path / "build.log"
    config.write_text("[python]\nenabled = true\n")
    config.chmod(0o600)
    log.write_text(LOG)
    command = [sys.executable, "-m", "pysteward.tui", "--config", str(config)]
    command += ["--state-dir", str(tmp_path / "state"), "diagnose", "-", "--tui"]
    line = f"{shlex.join(command)} < {shlex.quote(str(log))}"
    with terminal(["-c", line], size=(120, 40), program=("/bin/sh",)) as shown:
        shown.wait_for(lambda: b"Reading standard input" in shown.written)
        shown.wait_for("> ERROR: Could not find a version")
        shown.press("w")
        shown.wait_for("The build failed.")
        shown.press("q")
        assert shown.end() == 0
    assert not [name for name in os.listdir(tmp_path) if name.startswith("pysteward-")]


def test_without_a_terminal_it_names_the_command_to_use(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pysteward.tui", "--state-dir", str(tmp_path / "state")]
    ended = subprocess.run(
        [*command, "diagnose", "-", "--tui"],
        input=LOG,
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,  # and so without a terminal, also where the tests have one
        check=False,
    )
    assert ended.returncode == 2
    assert "without one use `pysteward diagnose -`" in ended.stderr
