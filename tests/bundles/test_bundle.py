"""Opening a bundle: what it holds, and what is wrong with it in one line."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pysteward.core.archives import Limits
from pysteward.core.bundles import (
    BundleKind,
    check_files,
    open_bundle,
    request_of,
)
from pysteward.core.errors import BundleError
from tests.support.bundles import (
    BUNDLES,
    manifest_bytes,
    special,
    tar_bytes,
)
from tests.support.other_users import as_an_ordinary_user, open_directory

Make = Callable[..., Path]


def complaint(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(BundleError) as caught:
        open_bundle(path, limits)
    assert "\n" not in str(caught.value)
    assert caught.value.file is not None
    return str(caught.value)


@pytest.mark.parametrize("path", sorted(BUNDLES.iterdir()), ids=lambda path: path.name)
def test_bundles_of_the_real_client_open_and_agree_with_their_checksums(path: Path) -> None:
    bundle = open_bundle(path)
    assert bundle.kind is BundleKind.ARCHIVE
    assert bundle.name == path.name.removesuffix(".tar.gz")
    assert bundle.manifest.files.keys() | {"manifest.json"} == set(bundle.members)
    assert bundle.requirements().packages
    assert check_files(bundle) == ()


def test_a_directory_its_manifest_and_its_archive_are_the_same_bundle(directory: Make) -> None:
    top = directory({"app.py": "app = 1\n"})
    archive = top.parent / "x.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(top, arcname=".")
    digests = {open_bundle(path).digest for path in (top, top / "manifest.json", archive)}
    assert len(digests) == 1


def test_a_plain_tar_opens_whatever_it_is_called(tmp_path: Path) -> None:
    path = tmp_path / "content.bin"
    path.write_bytes(tar_bytes())
    assert set(open_bundle(path).members) == {"manifest.json", "requirements.txt"}


def test_the_digest_knows_contents_names_and_the_executable_bit(directory: Make) -> None:
    top = directory({"run.sh": "true\n"})
    first = open_bundle(top).digest
    (top / "run.sh").chmod(0o755)
    second = open_bundle(top).digest
    (top / "run.sh").rename(top / "run2.sh")
    assert len({first, second, open_bundle(top).digest}) == 3


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("flask-pyversion.tar.gz", "flask-pyversion"),
        ("A b.TGZ", "A-b"),
        ("notebook-3.12.1.tar", "notebook-3.12.1"),
        ("...tar.gz", "content"),
        ("été.tar.gz", "t"),
    ],
)
def test_the_content_is_named_after_the_bundle(tmp_path: Path, file: str, name: str) -> None:
    (tmp_path / file).write_bytes(gzip.compress(tar_bytes()))
    assert open_bundle(tmp_path / file).name == name


def test_the_directory_in_which_one_stands_has_its_own_name(
    directory: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(directory())
    assert open_bundle(".").name == "bundle"
    assert open_bundle("manifest.json").name == "bundle"


def test_directories_of_tools_are_no_content(directory: Make) -> None:
    top = directory(
        {
            ".git/config": "",
            "lib/__pycache__/x.pyc": "",
            "venv/pyvenv.cfg": "",
            "venv/lib/big.py": "",
            ".python-version": "3.11\n",
            "lib/x.py": "",
        }
    )
    assert set(open_bundle(top).members) == {
        "manifest.json",
        "requirements.txt",
        ".python-version",
        "lib/x.py",
    }


def test_large_and_small_files_are_read_alike(archive: Make) -> None:
    large = os.urandom(200_000)
    bundle = open_bundle(archive(("large", large), ("sub/small", b"x")))
    assert bundle.read("large") == large
    assert bundle.read("sub/small") == b"x"
    with pytest.raises(BundleError, match="'absent' is not in the bundle"):
        bundle.read("absent")


def test_what_is_no_bundle_is_said_so(tmp_path: Path) -> None:
    assert "no such file" in complaint(tmp_path / "absent.tar.gz")
    (tmp_path / "empty").touch()
    assert "is empty" in complaint(tmp_path / "empty")
    (tmp_path / "zip").write_bytes(b"PK\x03\x04" + bytes(100))
    assert "is packed as zip: give a .tar.gz" in complaint(tmp_path / "zip")
    (tmp_path / "text").write_text("hello\n" * 200)
    assert "is no tar archive" in complaint(tmp_path / "text")
    (tmp_path / "folder").mkdir()
    assert "manifest.json: is missing" in complaint(tmp_path / "folder")
    assert "no such file" in complaint(tmp_path / "a\udce9b")
    with pytest.raises(BundleError):
        open_bundle("a\0b")


def test_a_named_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "neither a directory nor a file" in complaint(tmp_path / "pipe")


def test_a_directory_that_holds_a_socket_is_refused(directory: Make) -> None:
    top = directory()
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.getcwd()
        os.chdir(top)  # the path of a socket must be short
        try:
            bound.bind("s")
        finally:
            os.chdir(here)
        assert "'s' is neither a file nor a directory nor a link" in complaint(top)


def test_a_manifest_one_directory_down_is_pointed_at(tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    with tarfile.open(path, "w") as packed:
        facts = tarfile.TarInfo("project/manifest.json")
        packed.addfile(facts)
    assert "it is in 'project/manifest.json'" in complaint(path)


def test_a_missing_package_file_names_the_field_and_its_place(directory: Make) -> None:
    top = directory()
    (top / "requirements.txt").unlink()
    with pytest.raises(BundleError) as caught:
        open_bundle(top).requirements()
    error = caught.value
    assert error.code == "requirements-file-missing"
    assert "manifest.json: python.package_manager.package_file: 'requirements.txt'" in str(error)
    assert error.file == str(top / "manifest.json")
    line = manifest_bytes().decode().splitlines()[error.line - 1]
    assert line[error.column - 1 :].startswith('"requirements.txt"')


@pytest.mark.parametrize("name", ["manifest.json", "requirements.txt", "constraints.txt"])
def test_a_link_is_refused_only_where_its_file_is_needed(directory: Make, name: str) -> None:
    top = directory(
        {"requirements.txt": "-c constraints.txt\nflask\n", "constraints.txt": "x==1\n"}
    )
    (top / name).rename(top.parent / "elsewhere")
    (top / name).symlink_to(top.parent / "elsewhere")
    (top / "data.csv").symlink_to("/etc/passwd")
    with pytest.raises(BundleError, match="is a link, which is not followed"):
        open_bundle(top).requirements()


@pytest.mark.parametrize("line", ["./wheel", "-e wheel/sub", "file:./wheel[extra]"])
def test_a_link_that_is_to_be_installed_is_refused(directory: Make, line: str) -> None:
    top = directory({"requirements.txt": f"{line}\n"})
    (top / "wheel").symlink_to("/usr")
    with pytest.raises(BundleError, match=r"'wheel.*' is a link"):
        open_bundle(top).requirements()


def test_a_file_behind_a_linked_directory_is_refused_too(directory: Make) -> None:
    top = directory({"requirements.txt": "-r more/base.txt\n"})
    (top.parent / "real").mkdir()
    (top.parent / "real/base.txt").write_text("flask\n")
    (top / "more").symlink_to(top.parent / "real")
    with pytest.raises(BundleError, match=r"'more/base\.txt' is a link"):
        open_bundle(top).requirements()


def test_links_elsewhere_are_listed_and_do_no_harm(archive: Make) -> None:
    bundle = open_bundle(
        archive(special("a", tarfile.SYMTYPE, "/etc"), special("b", tarfile.LNKTYPE, "../x"))
    )
    assert bundle.links == {"a": "/etc", "b": "../x"}
    assert len(bundle.warnings) == 2
    assert "skipped the link 'a' (to '/etc')" in bundle.warnings[0]
    assert bundle.requirements().packages == ("flask",)


def test_checksums_that_do_not_agree_are_found(directory: Make) -> None:
    top = directory(
        {"a.txt": "a", "b.txt": "b"},
        manifest_bytes(
            files={
                "a.txt": {"checksum": "0CC175B9C0F1B6A831C399E269772661"},
                "b.txt": {"checksum": "0cc175b9c0f1b6a831c399e269772661"},
                "gone.txt": {"checksum": "0cc175b9c0f1b6a831c399e269772661"},
            }
        ),
    )
    assert [(item.name, item.found) for item in check_files(open_bundle(top))] == [
        ("b.txt", "92eb5ffee6ae2fec3ad71c777531578f"),
        ("gone.txt", None),
    ]


def test_an_archive_that_changes_while_it_is_open_is_noticed(archive: Make) -> None:
    path = archive(("large", bytes(100_000)))
    bundle = open_bundle(path)
    path.write_bytes(gzip.compress(tar_bytes(("large", b"other" * 30_000))))
    with pytest.raises(BundleError, match="changed while it was being read"):
        bundle.read("large")


def test_the_example_is_a_bundle_that_any_supported_python_satisfies() -> None:
    example = open_bundle(Path(__file__).parents[2] / "examples" / "hello-flask")
    assert check_files(example) == ()
    assert str(request_of(example).constraint) == ">=3.8"
    assert example.requirements().packages == ("flask",)


def test_a_file_that_may_not_be_read_is_named(directory: Make) -> None:
    made = directory({"sub/secret.txt": "x"})
    open_bundle(made)
    with open_directory() as place:
        top = shutil.move(made, place / "bundle")
        secret = top / "sub/secret.txt"
        secret.chmod(0)
        with as_an_ordinary_user():
            said = complaint(top)
        assert f"{secret}: cannot be read: Permission denied" in said


@pytest.mark.parametrize("form", ["gnu", "oldgnu", "pax", "posix", "ustar", "v7"])
def test_what_the_systems_tar_writes_is_read(directory: Make, form: str) -> None:
    if shutil.which("tar") is None:
        pytest.skip("no tar here")
    deep = f"{'directory/' * 10}{'file' * 6}.txt" if form != "v7" else "folder/file.txt"
    top = directory({deep: "deep", "run.sh": "true\n", "é.txt": "1"})
    (top / "run.sh").chmod(0o755)
    (top / "link").symlink_to("run.sh")
    made = top.parent / "x.tar.gz"
    packed = subprocess.run(
        ["tar", "-czf", made, f"--format={form}", "-C", top, "."], check=False, capture_output=True
    )
    if packed.returncode:
        pytest.skip("this tar does not know that form")
    assert open_bundle(made).digest == open_bundle(top).digest
    assert open_bundle(made).links == {"link": "run.sh"}


def test_looking_into_a_bundle_imports_little() -> None:
    code = (
        "import sys\n"
        "from pysteward.core.bundles import effective_lines, open_bundle, remove_prohibited\n"
        f"bundle = open_bundle({str(BUNDLES / 'flask-pyversion.tar.gz')!r})\n"
        "requirements = bundle.requirements()\n"
        "remove_prohibited(requirements, ['pywin32'])\n"
        "effective_lines(requirements)\n"
        "heavy = {'packaging', 'tarfile', 'tomllib', 'tomlkit', 'subprocess', 'sqlite3'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_gzip_whose_name_has_no_end_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "app.tar.gz"
    file.write_bytes(b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + b"a" * 50_000_000)
    begun = time.monotonic()
    with pytest.raises(BundleError, match="the name in it has no end"):
        open_bundle(file)
    assert time.monotonic() - begun < 10
