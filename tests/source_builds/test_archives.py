"""Source archives are read as hostile; one that is fine is unpacked as make needs it."""

from __future__ import annotations

import gzip
import lzma
import os
import tarfile
from pathlib import Path

import pytest

from pysteward.core.errors import BuildError
from pysteward.core.source_builds import inspect
from pysteward.core.source_builds.source import unpack
from tests.source_builds.sources import pack, source_files


def archive_of(directory: Path, data: bytes, name: str = "Python.tgz") -> Path:
    path = directory / name
    path.write_bytes(data)
    return path


def test_the_version_is_read_from_the_source_and_not_from_its_name(tmp_path: Path) -> None:
    path = archive_of(tmp_path, gzip.compress(pack(source_files("3.13.0rc2"))), "Python-2.7.tgz")
    source = inspect(path)
    assert str(source.version) == "3.13.0rc2"
    assert source.top == "Python-3.13.0rc2"


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress, bytes])
def test_archives_come_as_gzip_xz_or_plain(tmp_path: Path, compress: object) -> None:
    path = archive_of(tmp_path, compress(pack(source_files("3.11.9"))))
    source = inspect(path)
    assert unpack(path, source.digest, tmp_path / "out") == ()
    configure = tmp_path / "out" / "Python-3.11.9" / "configure"
    assert configure.stat().st_mode & 0o777 == 0o755


def test_all_files_have_one_time_so_that_make_takes_none_for_outdated(tmp_path: Path) -> None:
    path = archive_of(tmp_path, gzip.compress(pack(source_files("2.7.18"))))
    unpack(path, inspect(path).digest, tmp_path / "out")
    files = [file for file in (tmp_path / "out").rglob("*") if file.is_file()]
    assert len(files) == 3
    assert len({file.stat().st_mtime_ns for file in files}) == 1


@pytest.mark.parametrize("target", ["/etc/passwd", "../../outside", "../.."])
def test_a_link_that_leads_out_refuses_the_archive(tmp_path: Path, target: str) -> None:
    data = pack(source_files("3.11.9"), links=[("Python-3.11.9/link", target)])
    with pytest.raises(BuildError, match="leads out of the archive"):
        inspect(archive_of(tmp_path, gzip.compress(data)))


def test_a_link_within_is_left_out_and_said(tmp_path: Path) -> None:
    data = pack(source_files("3.11.9"), links=[("Python-3.11.9/link", "configure")])
    path = archive_of(tmp_path, gzip.compress(data))
    (line,) = unpack(path, inspect(path).digest, tmp_path / "out")
    assert "link" in line
    assert not os.path.lexists(tmp_path / "out" / "Python-3.11.9" / "link")


@pytest.mark.parametrize("name", ["/etc/cron.d/x", "../x", "Python-3.11.9/../../x"])
def test_a_name_that_leads_out_refuses_the_archive(tmp_path: Path, name: str) -> None:
    data = pack({**source_files("3.11.9"), name: "x"})
    with pytest.raises(BuildError) as caught:
        inspect(archive_of(tmp_path, gzip.compress(data)))
    assert caught.value.code == "source-hostile"
    assert "bundle" not in caught.value.message


def test_a_device_refuses_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "Python.tgz"
    path.write_bytes(pack(source_files("3.11.9")))
    with tarfile.open(path, "a") as archive:
        device = tarfile.TarInfo("Python-3.11.9/device")
        device.type = tarfile.CHRTYPE
        archive.addfile(device)
    with pytest.raises(BuildError, match="a device"):
        inspect(path)


def test_a_bomb_is_stopped_while_it_is_read(tmp_path: Path) -> None:
    files = {**source_files("3.11.9"), "Python-3.11.9/zeros": b"\0" * (80 * 1024 * 1024)}
    with pytest.raises(BuildError, match="100 times"):
        inspect(archive_of(tmp_path, gzip.compress(pack(files), 1)))


@pytest.mark.parametrize(
    "data", [b"", b"no archive", b"PK\x03\x04" * 200, gzip.compress(b"x" * 600, mtime=0)]
)
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BuildError):
        inspect(archive_of(tmp_path, data))


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress])
def test_an_archive_that_is_cut_off_is_refused(tmp_path: Path, compress: object) -> None:
    data = compress(pack(source_files("3.11.9")))
    with pytest.raises(BuildError):
        inspect(archive_of(tmp_path, data[:-20]))


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    some = source_files("3.11.9")
    for files in (
        {"Python-3.11.9/README": "x"},
        {name: text for name, text in some.items() if "patchlevel" not in name},
        {**some, "other/file": "x"},
        {**some, "Python-3.11.9/Include/patchlevel.h": '#define PY_VERSION "seven"\n'},
    ):
        with pytest.raises(BuildError, match="no source archive of a Python"):
            inspect(archive_of(tmp_path, gzip.compress(pack(files))))


def test_an_archive_that_was_exchanged_meanwhile_is_not_compiled(tmp_path: Path) -> None:
    path = archive_of(tmp_path, gzip.compress(pack(source_files("3.11.9"))))
    digest = inspect(path).digest
    archive_of(tmp_path, gzip.compress(pack(source_files("3.11.9", "evil"))))
    with pytest.raises(BuildError, match="changed"):
        unpack(path, digest, tmp_path / "out")


def test_what_is_no_file_is_refused_and_a_named_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(BuildError, match="no source archive"):
            inspect(path)
