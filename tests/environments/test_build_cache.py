"""A build's own cache: links to what the steward's holds, and what comes back from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pysteward.core.environments import build_cache
from pysteward.core.environments.build_cache import prepare_caches, take_back_seeds

IMAGE = "wheel/3.11/image/1/CopyPipInstall/setuptools-82.0.1-py3-none-any"


def _write(directory: Path, name: str) -> None:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")


def _files(directory: Path) -> set[str]:
    return {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}


def test_a_package_keeps_its_file_named_like_a_lock(tmp_path: Path) -> None:
    own, next_one, steward = tmp_path / "own", tmp_path / "next", tmp_path / "steward"
    prepare_caches(steward, own, None)
    names = {f"{IMAGE}/setuptools/__init__.py", f"{IMAGE}/setuptools/_vendor/.lock"}
    for name in (*names, f"{IMAGE}.lock", "py_info/2/abc.lock"):
        _write(own / "virtualenv", name)
    take_back_seeds(own, steward, None)
    prepare_caches(steward, next_one, None)
    assert _files(steward / "virtualenv") == names
    assert _files(next_one / "virtualenv") == names


def test_a_seed_is_linked_with_all_of_its_files_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("setuptools/a.py", "setuptools/b.py", "setuptools/c.py"):
        _write(tmp_path / "steward" / "virtualenv", f"{IMAGE}/{name}")
    monkeypatch.setattr(build_cache, "_MOST_FILES", 2)
    prepare_caches(tmp_path / "steward", tmp_path / "own", None)
    assert _files(tmp_path / "own") == set()
