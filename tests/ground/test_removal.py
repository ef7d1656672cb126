"""Directories are removed whatever lies in them."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pysteward.core.removal import remove_or_put_aside, remove_tree

DEPTH = 5000


def nest(directory: Path, depth: int) -> None:
    """Make directories in one another, deeper than any path may be long."""
    descriptor = os.open(directory, os.O_RDONLY)
    for number in range(depth):
        os.mkdir("d", dir_fd=descriptor)
        inner = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = inner
        if number % 100 == 0:
            os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
            os.symlink("/etc", "link", dir_fd=descriptor)
    os.close(descriptor)


def test_directories_nested_5000_deep_are_removed(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    nest(tmp_path / "deep", DEPTH)
    assert remove_tree(tmp_path / "deep") is None
    assert os.listdir(tmp_path) == []


def test_deep_and_wide_trees_are_removed(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / "tree" / name / "x" / "y").mkdir(parents=True)
        nest(tmp_path / "tree" / name / "x", 200)
        for number in range(100):
            (tmp_path / "tree" / name / "x" / f"file{number}").touch()
    assert remove_tree(tmp_path / "tree") is None
    assert os.listdir(tmp_path) == []


def test_directories_that_forbid_it_are_removed_by_their_owner(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)

    def make_and_remove() -> bool:
        top = tmp_path / "top"
        (top / "a" / "b" / "c").mkdir(parents=True)
        (top / "a" / "b" / "file").touch()
        for directory in (top / "a" / "b" / "c", top / "a" / "b", top / "a", top):
            directory.chmod(0)
        return remove_tree(top) is None

    assert as_ordinary_user(tmp_path, make_and_remove)
    assert os.listdir(tmp_path) == []


def as_ordinary_user(directory: Path, call: Callable[[], bool]) -> bool:
    """What a call in a child returns that is not root, whom modes do not stop."""
    child = os.fork()
    if not child:
        done = False
        try:
            if os.geteuid() == 0:
                for above in directory.parents:  # pytest closes its directory to others
                    if above.name.startswith("pytest-"):
                        above.chmod(0o755)
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            done = call()
        finally:
            os._exit(0 if done else 1)
    return os.waitpid(child, 0)[1] == 0


def test_links_are_removed_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("precious")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "link").symlink_to(tmp_path / "precious")
    assert remove_tree(tmp_path / "tree") is None
    (tmp_path / "link").symlink_to(tmp_path / "precious")
    assert remove_tree(tmp_path / "link") is None
    assert (tmp_path / "precious" / "file").read_text() == "precious"


def test_what_is_not_there_is_no_remainder(tmp_path: Path) -> None:
    assert remove_tree(tmp_path / "absent") is None
    assert remove_tree(tmp_path / "absent" / "below") is None


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_mounted_file_system_is_left_alone_and_named(tmp_path: Path) -> None:
    mounted = tmp_path / "tree" / "lib" / "mounted"
    mounted.mkdir(parents=True)
    (tmp_path / "tree" / "other").mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "none", str(mounted)], check=True)
    try:
        (mounted / "precious").touch()
        left = remove_or_put_aside(tmp_path / "tree", tmp_path / "aside")
        assert left is not None
        assert "lib/mounted: something is mounted there" in str(left)
        assert left.aside is not None
        assert (left.aside / "lib" / "mounted" / "precious").exists()
        assert not (tmp_path / "tree").exists()
        assert stat.S_IMODE((tmp_path / "aside").stat().st_mode) == 0o700
        subprocess.run(["umount", str(left.aside / "lib" / "mounted")], check=True)
        assert remove_tree(left.aside) is None
    finally:
        subprocess.run(["umount", str(mounted)], check=False, capture_output=True)
