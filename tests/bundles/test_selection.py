"""Of a directory, what the manifest lists is the bundle, and what the requirements take from it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pysteward.core.bundles import open_bundle, store_bundle, wanted
from tests.support.bundles import manifest_bytes, write_bundle


def bundle(directory: Path, requirements: str, listed: tuple[str, ...], *files: str) -> Path:
    path = write_bundle(
        directory / "app", requirements, python="3.8.0", files={name: name for name in files}
    )
    document = json.loads((path / "manifest.json").read_text())
    document["files"] = {name: {"checksum": None} for name in listed}
    (path / "manifest.json").write_text(json.dumps(document))
    return path


def names(path: Path, **options: bool) -> set[str]:
    return set(open_bundle(path, **options).members)


def test_unlisted_files_stay_out_and_that_is_said(tmp_path: Path) -> None:
    path = bundle(tmp_path, "six\n", ("app.py",), "app.py", ".env", "data/a", "data/deep/b")
    opened = open_bundle(path)
    assert set(opened.members) == {"manifest.json", "requirements.txt", "app.py"}
    assert opened.left_out == 3
    assert any("3 files that the manifest does not list" in each for each in opened.warnings)
    assert names(path, all_files=True) == {*opened.members, ".env", "data/a", "data/deep/b"}


def test_an_archive_is_taken_as_it_came(tmp_path: Path) -> None:
    path = bundle(tmp_path, "six\n", ("app.py",), "app.py", ".env")
    stored = store_bundle(open_bundle(path, all_files=True), tmp_path / "kept")
    assert ".env" in names(stored)


def test_a_manifest_that_lists_nothing_leaves_nothing_out(tmp_path: Path) -> None:
    path = bundle(tmp_path, "six\n", (), "app.py", "data/a")
    assert names(path) >= {"app.py", "data/a"}


@pytest.mark.parametrize(
    ("requirements", "files"),
    [
        ("./wheels/a-1-py3-none-any.whl\n", {"wheels/a-1-py3-none-any.whl"}),
        ("-e ./own\n", {"own/setup.py", "own/own/__init__.py"}),
        ("-r more/base.txt\n", {"more/base.txt", "lib/pyproject.toml"}),
        ("-c pins.txt\nsix\n", {"pins.txt"}),
        ("--find-links wheels\nsix\n", {"wheels/a-1-py3-none-any.whl"}),
        (".\n", {"setup.py", "own/setup.py", "unused/x"}),
    ],
)
def test_what_requirements_name_belongs_to_the_bundle(
    tmp_path: Path, requirements: str, files: set[str]
) -> None:
    there = ("wheels/a-1-py3-none-any.whl", "own/setup.py", "own/own/__init__.py", "pins.txt")
    path = bundle(tmp_path, requirements, ("app.py",), "app.py", *there, "setup.py", "unused/x")
    for name, text in {"more/base.txt": "./lib\n", "lib/pyproject.toml": ""}.items():
        (path / name).parent.mkdir()
        (path / name).write_text(text)
    found = names(path)
    assert files <= found
    assert ("unused/x" in found) is ("unused/x" in files)
    wanted(open_bundle(path), ())


def test_files_that_a_lock_file_names_belong_to_it(tmp_path: Path) -> None:
    lock = (
        'lock-version = "1.0"\n[[packages]]\nname = "a"\n'
        '[[packages.wheels]]\npath = "wheels/a.whl"\n[[packages]]\nname = "b"\n'
        '[packages.directory]\npath = "./b"\n'
    )
    python = {
        "version": "3.12.1",
        "package_manager": {"name": "pip", "package_file": "pylock.toml"},
    }
    files = ("wheels/a.whl", "b/pyproject.toml", "other")
    path = bundle(tmp_path, "", ("app.py",), "app.py", *files)
    (path / "pylock.toml").write_text(lock)
    (path / "manifest.json").write_bytes(manifest_bytes(python=python, files={"app.py": {}}))
    assert names(path) == {
        "manifest.json",
        "app.py",
        "pylock.toml",
        "wheels/a.whl",
        "b/pyproject.toml",
    }


def test_a_wheel_that_a_lock_file_names_is_brought_to_the_build(tmp_path: Path) -> None:
    lock = 'lock-version = "1.0"\n[[packages]]\nname = "a"\n[[packages.wheels]]\npath = "w/a.whl"\n'
    path = bundle(tmp_path, "", ("app.py",), "app.py", "w/a.whl", "w/b.whl")
    (path / "pylock.toml").write_text(lock)
    manager = {"name": "pip", "package_file": "pylock.toml"}
    python = {"version": "3.12.1", "package_manager": manager}
    (path / "manifest.json").write_bytes(manifest_bytes(python=python, files={"app.py": {}}))
    opened = open_bundle(path)
    assert wanted(opened, ()).files == (("w/a.whl", opened.members["w/a.whl"].sha256),)


def test_names_with_backslashes_are_those_files(tmp_path: Path) -> None:
    assert "sub/data.csv" in names(bundle(tmp_path, "", ("sub\\data.csv",), "sub/data.csv", "x"))


def test_what_is_left_out_is_neither_opened_nor_judged(tmp_path: Path) -> None:
    path = bundle(tmp_path, "six\n", ("app.py", "data/a"), "app.py", "data/a")
    os.mkfifo(path / "pipe")
    (path / "link").symlink_to("/etc/passwd")
    (path / "data" / "big").touch()
    os.truncate(path / "data" / "big", 8 * 1024**3)
    opened = open_bundle(path)
    assert (opened.left_out, opened.links) == (3, {})
    assert set(open_bundle(store_bundle(opened, tmp_path / "kept")).members) == set(opened.members)


def test_a_link_to_what_is_listed_is_not_followed(tmp_path: Path) -> None:
    path = bundle(tmp_path, "six\n", ("app.py", "data/a"), "app.py")
    (path / "data").symlink_to("/etc")
    assert open_bundle(path).links == {"data": "/etc"}


def test_deep_directories_that_are_left_out_do_no_harm(tmp_path: Path) -> None:
    path = bundle(tmp_path, "six\n", ("app.py",), "app.py")
    before = os.getcwd()
    os.chdir(path)
    try:
        for _ in range(300):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(before)
    assert open_bundle(path).left_out == 0
