"""Whatever a record, a bundle or a log says is shown inert: proved on the bytes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pysteward.core.builds import Considered, EnvironmentRef, Python
from pysteward.core.findings import Evidence
from pysteward.core.state.database import BundleRow, open_database
from tests.app_builds.records import FINDING, write_build
from tests.support.bundles import MANIFEST
from tests.support.terminal import terminal

pytestmark = pytest.mark.terminal

EVIL = "\x1b]0;EVIL\x07\u202e\x9b31m\x0e[bold]x[/bold] requests[security] [/]"
FORBIDDEN = [b"\x1b]0;", "\u202e".encode(), b"\xc2\x9b", b"\x0e"]


@pytest.fixture
def evil_state(tmp_path: Path) -> Path:
    """Every text of a record that can hold anything holds the worst."""
    state = tmp_path / "state"
    state.mkdir()
    evil = dict.fromkeys(("code", "cause", "remedy", "author_remedy"), EVIL)
    finding = replace(FINDING, **evil, evidence=(Evidence("log", 2, EVIL),))
    changes = {
        "python": Python(EVIL, EVIL, EVIL),
        "environment": EnvironmentRef(EVIL, EVIL),
        "considered": (Considered(EVIL, EVIL, EVIL, EVIL),),
        "reason": EVIL,
        "skipped": (EVIL,),
        "notices": (EVIL,),
        "packages": ((EVIL, EVIL),),
    }
    log = f"first\n{EVIL}\nlast line\n"
    write_build(state, 1, content=f"one {EVIL}", log=log, findings=(finding,), **changes)
    held = write_build(state, 2, "running", content=f"two {EVIL}", log=log, **changes)
    held.phase(EVIL, EVIL)
    held.package(EVIL, EVIL)
    keep_bundle(state)
    return state


def keep_bundle(state: Path) -> None:
    """A bundle with hostile manifest and requirements, as content's newest."""
    from pysteward.core.bundles import open_bundle, store_bundle

    directory = state.parent / "bundle"
    directory.mkdir()
    manifest = MANIFEST | {"metadata": {"appmode": EVIL, "entrypoint": EVIL}, "files": {}}
    (directory / "manifest.json").write_text(json.dumps(manifest))
    (directory / "requirements.txt").write_bytes(f"flask # {EVIL}\nappnope # {EVIL}\n".encode())
    bundle = open_bundle(directory)
    (state / "bundles").mkdir()
    store_bundle(bundle, state / "bundles")
    with open_database(state) as store, store.change():
        store.put_bundle(BundleRow(bundle.digest, "bundle", 1, "2025-10-09T08:53:20Z"))
        store._connection.execute("UPDATE content SET bundle = ?", (bundle.digest,))


def test_no_text_of_a_record_reaches_the_terminal_as_a_command(
    evil_state: Path, tmp_path: Path
) -> None:
    config = tmp_path / "pysteward.toml"
    config.write_text("[python]\nenabled = true\n")
    config.chmod(0o600)
    arguments = ["--config", str(config), "--state-dir", str(evil_state)]
    with terminal(arguments, size=(160, 60)) as shown:
        shown.wait_for("1 Installations")
        shown.press("4")
        shown.wait_for("two ")
        shown.press("j")
        shown.wait_for("requests[security] [/]")
        shown.press("\r")
        shown.wait_for("last line")
        shown.press("d")
        shown.wait_for("5 Diagnosis")
        shown.read(0.3)
        shown.press("3")
        shown.wait_for("manifest.json")
        shown.read(0.3)
        for data in FORBIDDEN:
            assert data not in shown.written, data
        assert b"[bold]x[/bold] requests[security] [/]" in shown.written
