"""Unpacking: nothing outside, nothing special, nothing without end, and the same files."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pysteward.core.archives import Limits
from pysteward.core.bundles import open_bundle, store_bundle, unpack
from pysteward.core.errors import BundleError
from tests.support.bundles import (
    BUNDLES,
    manifest_bytes,
    refusal,
    special,
    tar_bytes,
)

Make = Callable[..., Path]
Member = tuple[str | tarfile.TarInfo, bytes]


def with_header(name: str, data: bytes = b"x", **fields: object) -> Member:
    facts = tarfile.TarInfo(name)
    facts.size = len(data)
    for field, value in fields.items():
        setattr(facts, field, value)
    return facts, data


HOSTILE: dict[str, tuple[Member, ...]] = {
    "leads out": (("../evil", b"x"),),
    "leads out in the middle": (("a/../../evil", b"x"),),
    "absolute": (("/tmp/evil", b"x"),),
    "backslash": (("..\\evil", b"x"),),
    "drive": (("C:evil", b"x"),),
    "zero byte": (with_header("evil", pax_headers={"path": "a\0b"}),),
    "long name": (("n" * 300, b"x"),),
    "long path": (("a/" * 1500 + "x", b"x"),),
    "deep": (("a/" * 200 + "x", b"x"),),
    "absolute in an extended header": (with_header("x", pax_headers={"path": "/tmp/evil"}),),
    "device": (special("evil", tarfile.CHRTYPE),),
    "block device": (special("evil", tarfile.BLKTYPE),),
    "pipe": (special("evil", tarfile.FIFOTYPE),),
    "sparse": (with_header("evil", b"", type=tarfile.GNUTYPE_SPARSE),),
    "extended sparse": (with_header("evil", pax_headers={"GNU.sparse.major": "1"}),),
    "unknown kind": (with_header("evil", b"", type=b"Q"),),
    "twice": (("a", b"1"), ("./a", b"2")),
    "manifest twice": (("manifest.json", b"{}"),),
    "through a link": (special("evil", tarfile.SYMTYPE, "/tmp"), ("evil/x", b"x")),
    "instead of a link": (special("evil", tarfile.SYMTYPE, "/tmp/evil"), ("evil", b"x")),
    "a file as directory": (("a", b"1"), ("a/b", b"2")),
    "a directory as file": (("a/b", b"1"), ("a", b"2")),
    "negative size": (with_header("evil", pax_headers={"size": "-1"}),),
    "huge size": (with_header("evil", pax_headers={"size": "9" * 30}),),
    "larger than there is": (with_header("evil", pax_headers={"size": "99999999999"}),),
}


@pytest.mark.parametrize("members", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_archive_is_refused_before_anything_is_written(
    archive: Make, members: tuple[Member, ...]
) -> None:
    with pytest.raises(BundleError) as caught:
        open_bundle(archive(*members))
    assert "\n" not in str(caught.value)


def test_nothing_of_a_hostile_archive_stays_behind(archive: Make, tmp_path: Path) -> None:
    """The bundle is swapped after it was opened: unpacking looks at everything again."""
    path = archive()
    bundle = open_bundle(path)
    status = path.stat()
    data = gzip.compress(tar_bytes(("good", b"1"), ("../evil", b"2")), mtime=0)
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(BundleError):
        unpack(bundle, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "evil").exists()


def test_links_are_skipped_with_a_warning(archive: Make, tmp_path: Path) -> None:
    path = archive(
        special("soft", tarfile.SYMTYPE, "/etc/passwd"),
        special("hard", tarfile.LNKTYPE, "manifest.json"),
        ("data.txt", b"1"),
    )
    report = unpack(open_bundle(path), tmp_path / "out")
    assert report.skipped == ("soft", "hard")
    assert len(report.warnings) == 2
    assert "'/etc/passwd'" in report.warnings[0]
    assert sorted(os.listdir(tmp_path / "out")) == ["data.txt", "manifest.json", "requirements.txt"]


def test_the_links_of_a_directory_are_neither_followed_nor_made(
    directory: Make, tmp_path: Path
) -> None:
    top = directory({"sub/a.txt": "a"})
    (top / "loop").symlink_to(".")
    (top / "outside").symlink_to("/etc")
    report = unpack(open_bundle(top), tmp_path / "out")
    assert report.skipped == ("loop", "outside")
    assert (tmp_path / "out/sub/a.txt").read_text() == "a"
    assert not os.path.lexists(tmp_path / "out/outside")


def test_of_the_modes_only_executable_is_taken_over(archive: Make, tmp_path: Path) -> None:
    os.umask(0o022)
    path = archive(
        with_header("setuid", mode=0o6777),
        with_header("open", mode=0o666),
        with_header("closed", mode=0o000),
    )
    unpack(open_bundle(path), tmp_path / "out")
    modes = {item.name: item.stat().st_mode & 0o7777 for item in (tmp_path / "out").iterdir()}
    assert modes["setuid"] == 0o755
    assert modes["open"] == modes["closed"] == 0o644


def test_names_that_differ_only_in_case_are_a_warning(archive: Make, tmp_path: Path) -> None:
    path = archive(("Data.csv", b"1"), ("data.csv", b"2"), ("é", b"1"), ("e\u0301", b"2"))
    report = unpack(open_bundle(path), tmp_path / "out")
    assert len(report.warnings) == 2
    assert "'Data.csv' and 'data.csv'" in report.warnings[0]
    assert report.files == 6


def test_a_name_that_is_not_utf8_is_kept_as_it_is(archive: Make, tmp_path: Path) -> None:
    name = os.fsdecode(b"donn\xe9es.csv")
    path = archive(with_header(name, pax_headers={}))
    unpack(open_bundle(path), tmp_path / "out")
    assert b"donn\xe9es.csv" in os.listdir(os.fsencode(tmp_path / "out"))


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_form_of_long_names_is_understood(tmp_path: Path, form: int) -> None:
    name = "/".join(["folder" * 5] * 3 + ["file" * 10])
    path = tmp_path / "x.tar"
    with tarfile.open(path, "w", format=form) as packed:
        for member, data in (("manifest.json", manifest_bytes()), (name, b"deep")):
            facts = tarfile.TarInfo(member)
            facts.size = len(data)
            packed.addfile(facts, io.BytesIO(data))
    unpack(open_bundle(path), tmp_path / "out")
    assert (tmp_path / "out" / name).read_bytes() == b"deep"


@pytest.mark.parametrize("path", sorted(BUNDLES.iterdir()), ids=lambda path: path.name)
def test_unpacked_it_is_the_same_bundle(path: Path, tmp_path: Path) -> None:
    bundle = open_bundle(path)
    report = unpack(bundle, tmp_path / "out")
    assert report.files == len(bundle.members)
    assert report.bytes == bundle.size
    assert open_bundle(tmp_path / "out").digest == bundle.digest


def test_it_is_unpacked_into_a_new_or_empty_directory_only(directory: Make, tmp_path: Path) -> None:
    bundle = open_bundle(directory())
    (tmp_path / "empty").mkdir()
    unpack(bundle, tmp_path / "empty")
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    for taken in ("empty", "link", "bundle/manifest.json"):
        with pytest.raises(BundleError):
            unpack(bundle, tmp_path / taken)


# Limits


def too_large(path: Path, limits: Limits) -> str:
    with pytest.raises(BundleError) as caught:
        open_bundle(path, limits)
    assert caught.value.code == "bundle-too-large"
    return caught.value.message


def test_size_count_and_expansion_are_limited(archive: Make) -> None:
    path = archive(("zeros", bytes(2_000_000)), ("one", b""), ("two", b""))
    assert "more than 3 files" in too_large(path, Limits(members=3))
    assert "more than 1 MiB" in too_large(path, Limits(total_bytes=1024**2))
    bomb = Limits(expansion_free_bytes=1024**2)
    assert "more than 200 times its size" in too_large(path, bomb)
    open_bundle(path)


def test_a_directory_has_limits_too(directory: Make) -> None:
    top = directory({"zeros": bytes(2_000_000)})
    assert "more than 1 MiB" in too_large(top, Limits(total_bytes=1024**2))
    assert "more than 2 files" in too_large(top, Limits(members=2))


def test_a_header_without_end_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    facts = tarfile.TarInfo("long")
    facts.type, facts.size = tarfile.GNUTYPE_LONGNAME, 8 * 1024**3
    path.write_bytes(facts.tobuf(tarfile.GNU_FORMAT) + bytes(100_000))
    with pytest.raises(BundleError, match=r"a header of 8,589,934,592 bytes"):
        open_bundle(path)


def test_thousands_of_headers_in_a_row_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    facts = tarfile.TarInfo("long")
    facts.type, facts.size = tarfile.GNUTYPE_LONGNAME, 0
    path.write_bytes(facts.tobuf(tarfile.GNU_FORMAT) * 5000)
    with pytest.raises(BundleError, match="more than 1,000 files"):
        open_bundle(path, Limits(members=1000))


def test_a_manifest_too_large_is_refused(directory: Make) -> None:
    top = directory(manifest=manifest_bytes() + b" " * 2_000_000)
    with pytest.raises(BundleError, match="too large to be a manifest"):
        open_bundle(top, Limits(read_bytes=1_000_000))


# Damage


def test_every_truncation_is_noticed() -> None:
    data = gzip.compress(tar_bytes(("a", b"12345")), mtime=0)
    for length in range(1, len(data)):
        assert_refused(data[:length])
    plain = tar_bytes()
    end = len(plain.rstrip(b"\0"))
    for length in range(512, end, 97):
        assert_refused(plain[:length])


def test_every_flipped_bit_of_the_contents_is_noticed() -> None:
    data = bytearray(gzip.compress(tar_bytes(), mtime=0))
    for position in range(10, len(data) - 4, 3):
        data[position] ^= 0x10
        assert_refused(bytes(data))
        data[position] ^= 0x10


def assert_refused(data: bytes) -> None:
    path = Path(os.environ["PYTEST_TMP"]) / "x.tar.gz"
    path.write_bytes(data)
    with pytest.raises(BundleError):
        open_bundle(path)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_TMP", str(tmp_path))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_crashes_or_leaves_the_directory(tmp_path: Path, data: st.DataObject) -> None:
    """A plain archive, so that the damage reaches the headers; whatever opens also unpacks."""
    original = bytearray(tar_bytes(("a/b", b"12345"), special("l", tarfile.SYMTYPE, "x")))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, 6 * 512))
        original[at : at + 1] = data.draw(st.binary(max_size=3))
    if data.draw(st.booleans()):
        _repair_checksums(original)
    path = tmp_path / "x.tar"
    path.write_bytes(original)
    out = tmp_path / f"out{len(os.listdir(tmp_path))}"
    error = refusal(lambda: unpack(open_bundle(path), out))
    assert error is None or ("\n" not in str(error) and not out.exists())
    assert {item.name[:3] for item in tmp_path.iterdir()} <= {"x.t", "out"}


def _repair_checksums(data: bytearray) -> None:
    for start in range(0, len(data) - 512, 512):
        if data[start + 257 : start + 262] == b"ustar":
            block = bytes(data[start : start + 512])
            total = sum(block[:148] + b" " * 8 + block[156:])
            data[start + 148 : start + 156] = b"%06o\0 " % total


def test_gzip_in_several_pieces_is_one(tmp_path: Path) -> None:
    data = tar_bytes()
    path = tmp_path / "x.tar.gz"
    path.write_bytes(gzip.compress(data[:1000]) + gzip.compress(data[1000:]))
    assert open_bundle(path).requirements().packages == ("flask",)


def test_gzip_with_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    data = gzip.compress(tar_bytes(), mtime=0)
    assert_refused(data[:-8] + zlib.crc32(b"other").to_bytes(4, "little") + data[-4:])


# Keeping


def test_an_archive_is_kept_byte_for_byte(archive: Make, tmp_path: Path) -> None:
    path = archive(("a", b"1"))
    bundle = open_bundle(path)
    kept = store_bundle(bundle, tmp_path / "kept")
    assert kept.read_bytes() == path.read_bytes()
    assert open_bundle(kept).digest == bundle.digest
    assert store_bundle(bundle, tmp_path / "kept") == kept
    assert os.listdir(tmp_path / "kept") == [kept.name]


def test_a_directory_is_kept_as_an_archive_that_is_always_the_same(
    directory: Make, tmp_path: Path
) -> None:
    top = directory({"run.sh": "true\n", "sub/é.txt": "1" * 700, ".git/config": "x"})
    (top / "run.sh").chmod(0o750)
    (top / "link").symlink_to("run.sh")
    bundle = open_bundle(top)
    first = store_bundle(bundle, tmp_path / "one")
    os.utime(top / "run.sh", (1, 1))
    second = store_bundle(open_bundle(top), tmp_path / "two")
    assert first.read_bytes() == second.read_bytes()
    again = open_bundle(first)
    assert (again.digest, again.links) == (bundle.digest, bundle.links)
    assert unpack(again, tmp_path / "out").skipped == ("link",)


def test_a_bundle_that_has_changed_is_not_kept(directory: Make, tmp_path: Path) -> None:
    top = directory({"a": "1"})
    bundle = open_bundle(top)
    (top / "a").write_text("22")
    with pytest.raises(BundleError, match="changed while it was being read"):
        store_bundle(bundle, tmp_path / "kept")
    assert os.listdir(tmp_path / "kept") == []


def test_a_kept_bundle_that_cannot_be_written_is_an_error_of_ours(
    directory: Make, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BundleError, match="cannot be kept"):
        store_bundle(open_bundle(directory()), tmp_path / "file" / "kept")
