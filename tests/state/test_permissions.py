"""Members of the group look and do not write; nothing is followed out of the state directory."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pysteward.core.errors import StateError
from pysteward.core.file_io import UnsafeFileError
from pysteward.core.state import make_directory, open_file, prepare, write_whole

GROUP = 12345


@pytest.fixture
def state(tmp_path: Path) -> Path:
    state = tmp_path / "state"
    prepare(state)
    for name in ("builds/20250101-000000000-0000", "environments/pip/3.12.1/.locks", "cache"):
        make_directory(state / name)
    return state


def as_member(state: Path, call: Callable[[], bool]) -> bool:
    """What a call returns in a process of a member of the group of the state directory."""
    for directory in state.parents:
        if directory.name.startswith("pytest-") or directory == state.parent:
            directory.chmod(0o755)
    for directory, _, files in os.walk(state):
        for name in (".", *files):
            os.chown(os.path.join(directory, name), -1, GROUP)
    child = os.fork()
    if not child:
        answer = False
        try:
            os.setgroups([GROUP])
            os.setgid(54321)
            os.setuid(54321)
            answer = call()
        finally:
            os._exit(0 if answer else 1)
    return os.waitpid(child, 0)[1] == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_a_member_of_the_group_looks_everywhere_and_plants_a_link_nowhere(state: Path) -> None:
    write_whole(state / "cache" / "file", b"data")
    directories = [Path(directory) for directory, _, _ in os.walk(state)]

    def plants() -> bool:
        for directory in directories:
            os.listdir(directory)
            with pytest.raises(PermissionError):
                os.symlink("/etc/passwd", directory / "planted")
        with pytest.raises(PermissionError):
            os.rename(state / "cache" / "file", state / "cache" / "moved")
        return (state / "cache" / "file").read_bytes() == b"data"

    assert as_member(state, plants)


def test_directories_of_an_earlier_version_are_closed_to_the_group_and_it_is_said(
    state: Path,
) -> None:
    directories = [Path(directory) for directory, _, _ in os.walk(state)]
    for directory in directories:
        directory.chmod(0o2770)
    (line,) = prepare(state)
    assert "could write there" in line
    assert {oct(directory.stat().st_mode & 0o7777) for directory in directories} == {"0o2750"}
    assert prepare(state) == ()


@pytest.mark.parametrize(
    "name", ["builds", "environments", "environments/pip", "environments/pip/3.12.1", "cache"]
)
def test_a_link_in_the_place_of_a_directory_is_refused_and_named(
    state: Path, tmp_path: Path, name: str
) -> None:
    os.rename(state / name, tmp_path / "moved")
    (state / name).symlink_to(tmp_path / "moved")
    with pytest.raises(StateError) as refused:
        prepare(state)
    assert refused.value.code == "state-link"
    assert str(state / name) in refused.value.message
    with pytest.raises(UnsafeFileError):
        make_directory(state / name)


def test_a_state_directory_that_is_reached_by_a_link_is_used(state: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(state)
    assert prepare(tmp_path / "link") == ()
    assert make_directory(tmp_path / "link" / "new" / "inner").is_dir()


def test_a_file_is_not_written_through_a_link(state: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    (state / "file").symlink_to(precious)
    with pytest.raises(UnsafeFileError):
        open_file(state / "file", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    write_whole(state / "file", b"ours")
    assert precious.read_text() == "precious"
    assert precious.stat().st_mode & 0o777 != 0o640
    assert not (state / "file").is_symlink()
