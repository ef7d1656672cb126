"""Bundles made for tests: directories and archives, honest ones and hostile ones."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support.bundles import manifest_bytes, tar_bytes


@pytest.fixture
def directory(tmp_path: Path) -> Callable[..., Path]:
    """Makes a bundle directory with these files beside the manifest."""

    def make(
        files: Mapping[str, bytes | str] | None = None, /, manifest: bytes | None = None
    ) -> Path:
        top = tmp_path / "bundle"
        top.mkdir()
        every_file = manifest_bytes(files={})  # it lists none, so that all belong to it
        contents = {"manifest.json": manifest or every_file, "requirements.txt": b"flask\n"}
        for name, data in (contents | dict(files or {})).items():
            path = top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)
        return top

    return make


@pytest.fixture
def archive(tmp_path: Path) -> Callable[..., Path]:
    """Makes a .tar.gz of a manifest, requirements and these members."""

    def make(*members: tuple[str | tarfile.TarInfo, bytes]) -> Path:
        path = tmp_path / "bundle.tar.gz"
        path.write_bytes(gzip.compress(tar_bytes(*members), mtime=0))
        return path

    return make
