"""Content of a Connect server, with real bundles."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from typing import Any

from tests.support.connect_server import Content

NO_PYTHON_LOG = """\
2026/11/20 10:00:00.123 Bundle requested Python version 3.7.16; no compatible version is available
"""


def bundle_bytes(
    python: str,
    requirements: str = "dash==2.17.0\n",
    *,
    files: Mapping[str, bytes] | None = None,
    package_file: str = "requirements.txt",
    manifest_last: bool = False,
    **changes: Any,
) -> bytes:
    """A bundle as rsconnect-python writes it: the manifest first, gzipped."""
    contents = {package_file: requirements.encode(), **(files or {})}
    document = {
        "version": 1,
        "metadata": {"appmode": "python-dash", "entrypoint": "app"},
        "python": {
            "version": python,
            "package_manager": {"name": "pip", "version": "24.0", "package_file": package_file},
        },
        "files": {
            name: {"checksum": hashlib.md5(data).hexdigest()} for name, data in contents.items()
        },
        **changes,
    }
    manifest = {"manifest.json": json.dumps(document).encode()}
    ordered = {**contents, **manifest} if manifest_last else {**manifest, **contents}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in ordered.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return gzip.compress(packed.getvalue(), 1)


def dash_app(number: int, asked: str, has: str | None = None, **more: Any) -> Content:
    """A Dash application that asks for a Python and has one. has: None means that which it asks."""
    python = asked if has is None else has
    return Content(
        number,
        f"app-{number}",
        python=python or None,
        bundle=bundle_bytes(asked),
        packages=[("dash", "2.17.0")] if python else [],
        **more,
    )
