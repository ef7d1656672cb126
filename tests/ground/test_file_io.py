"""Files that another user may have made."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from pysteward.core.file_io import (
    UnsafeFileError,
    open_directory,
    read_regular,
    replace_file,
)


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


def test_a_regular_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 3_000_000)
    assert read_regular(tmp_path / "file", 3_000_000) == b"x" * 3_000_000


def test_a_named_pipe_is_refused_without_waiting(pipe: Path) -> None:
    with pytest.raises(UnsafeFileError, match="a named pipe"):
        read_regular(pipe, 100)


def test_a_link_is_not_followed_unless_asked_for(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with pytest.raises(UnsafeFileError, match="a symbolic link"):
        read_regular(tmp_path / "link", 100)
    assert read_regular(tmp_path / "link", 100, follow=True) == b"text"


def test_a_device_a_directory_and_a_socket_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeFileError, match="a device"):
        read_regular("/dev/zero", 100)
    with pytest.raises(UnsafeFileError, match="a directory"):
        read_regular(tmp_path, 100)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        with pytest.raises(UnsafeFileError, match="a socket"):
            read_regular(tmp_path / "socket", 100)


def test_a_sparse_file_of_3_GB_costs_no_memory(tmp_path: Path) -> None:
    (tmp_path / "large").touch()
    os.truncate(tmp_path / "large", 3 << 30)
    with pytest.raises(UnsafeFileError, match="larger than 1000 bytes"):
        read_regular(tmp_path / "large", 1000)


def test_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert read_regular(tmp_path / "file", 1, owners={os.geteuid()}) == b""
    with pytest.raises(UnsafeFileError, match=r"belongs to user \d+, who is not trusted"):
        read_regular(tmp_path / "file", 1, owners={os.geteuid() + 1})


def test_what_is_not_there_is_said_as_such(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_regular(tmp_path / "absent", 1)


def test_a_file_is_replaced_with_its_mode_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        replace_file(tmp_path / "file", b"new", mode=0o644)
    finally:
        os.umask(before)
    assert (tmp_path / "file").read_bytes() == b"new"
    assert (tmp_path / "file").stat().st_mode & 0o7777 == 0o644
    assert os.listdir(tmp_path) == ["file"]


def test_a_link_in_the_place_of_the_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("old")
    (tmp_path / "file").symlink_to(tmp_path / "precious")
    (tmp_path / f".file.{os.getpid()}").symlink_to(tmp_path / "precious")
    replace_file(tmp_path / "file", b"new")
    assert (tmp_path / "precious").read_text() == "old"
    assert not (tmp_path / "file").is_symlink()


def test_where_a_file_cannot_be_put_in_place_the_old_one_stays(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(OSError, match="directory"):
        replace_file(tmp_path / "file", b"new")
    assert os.listdir(tmp_path) == ["file"]


def test_a_link_below_the_root_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real" / "inner").mkdir(parents=True)
    (tmp_path / "root").symlink_to(tmp_path / "real")
    (tmp_path / "real" / "link").symlink_to(tmp_path / "real" / "inner")
    os.close(open_directory(tmp_path / "root" / "inner", below=tmp_path / "root"))
    with pytest.raises(UnsafeFileError, match="link is a symbolic link"):
        open_directory(tmp_path / "root" / "link", below=tmp_path / "root")
    with pytest.raises(UnsafeFileError, match="root is a symbolic link"):
        open_directory(tmp_path / "root")
    with pytest.raises(FileNotFoundError):
        open_directory(tmp_path / "root" / "absent", below=tmp_path / "root")
