"""What is built is what is in the tree."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.network
def test_the_wheel_holds_every_file_of_the_tree(tmp_path: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "--", "core", "tui", "docs/pysteward.1", "pyproject.toml", "README.md"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    copy = tmp_path / "tree"
    for name in tracked:
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, copy],
        check=True,
        timeout=240,
    )
    (wheel,) = tmp_path.glob("pysteward-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    kept = {f"pysteward/{name}" for name in tracked if name.startswith(("core/", "tui/"))}
    (manual,) = (name for name in packed if name.endswith("/share/man/man1/pysteward.1"))
    assert packed - {manual} == {name for name in kept if not name.endswith(".md")}


def test_no_file_names_a_registry_or_a_path_of_the_machine_it_was_made_on() -> None:
    host = re.compile(rb"[p]ypi\.[a-z]+/|python[h]osted|[n]pmjs|deb[.][d]ebian")
    # At the beginning of a path: each build has a directory work/ of its own.
    home = re.compile(rb"(?<![\w.-])/" + rb"(?:root|work|farm)/")
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    for name in tracked:
        if (ROOT / name).is_file():
            data = (ROOT / name).read_bytes()
            assert not host.search(data), name
            assert not home.search(data), name
