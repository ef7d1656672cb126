"""`pysteward wheels`: what is stored, whether it is intact, what may go."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.support.wheel_kinds import MODULE, write_wheel
from tests.wheels.conftest import COMPILER, Storing


def run(storing: Storing, *arguments: str) -> tuple[int, Any]:
    """Run the command; returns its status, and its document or text."""
    settings = storing.directory / "pysteward.toml"
    settings.write_text("[python]\nenabled = true\nexecutables = []\n")
    state = storing.directory / "state"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pysteward.tui", "--config", settings, "--state-dir", state),
            *("wheels", *arguments),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return done.returncode, json.loads(done.stdout) if "--json" in arguments else done.stdout


def test_the_command_lists_verifies_and_prunes(storing: Storing) -> None:
    assert run(storing) == (0, "There are no stored wheels.\n")
    one, two = storing.take(
        [write_wheel(storing.directory, name, {f"{name}.py": MODULE}) for name in ("one", "two")]
    )
    status, document = run(storing, "list", "--json")
    assert status == 0
    assert [each["file"] for each in document["wheels"]] == [one.file, two.file]
    assert document["wheels"][0]["compiled_for"] == [COMPILER.key]
    assert document["wheels"][0]["used_by"] == []
    (one.tree / "one.py").unlink()
    status, text = run(storing, "verify")
    assert status == 1
    assert f"{one.sha256[:12]}  damaged, put aside  {one.file}\n  tree/one.py is missing\n" in text
    status, document = run(storing, "prune", "--json")
    assert document["dry_run"]
    assert [each["file"] for each in document["wheels"]] == [two.file]
    assert storing.store.find(two.sha256) is not None
    status, text = run(storing, "prune", "--yes")
    assert (status, text) == (0, f"removed  {two.sha256[:12]}  {two.file}\n")
    assert storing.store.names() == ()
