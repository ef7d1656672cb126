"""What the bundles of tests are made of."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

from pysteward.core.errors import BundleError

MANIFEST: dict[str, object] = {
    "version": 1,
    "locale": "en_US.UTF-8",
    "metadata": {"appmode": "python-api", "entrypoint": "app:app"},
    "python": {
        "version": "3.11.7",
        "package_manager": {
            "name": "pip",
            "version": "23.2.1",
            "package_file": "requirements.txt",
        },
    },
    "files": {"requirements.txt": {"checksum": "cfdea7934019617dc8e2d9a7ea631e00"}},
}

BUNDLES = Path(__file__).parent.parent / "data" / "bundles"


def manifest_bytes(**changes: object) -> bytes:
    return json.dumps(MANIFEST | changes, indent=2).encode()


def write_bundle(
    directory: Path,
    requirements: str,
    *,
    python: str,
    files: Mapping[str, str | bytes] | None = None,
    **manifest: object,
) -> Path:
    """A bundle as a new directory, with these files and changes of the manifest."""
    document = {
        "version": 1,
        "metadata": {"appmode": "python-api", "entrypoint": "app"},
        "python": {
            "version": python,
            "package_manager": {"name": "pip", "package_file": "requirements.txt"},
        },
        **manifest,
    }
    directory.mkdir(parents=True)
    contents = {
        "manifest.json": json.dumps(document),
        "requirements.txt": requirements,
        **(files or {}),
    }
    for file, text in contents.items():
        path = directory / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return directory


def tar_bytes(*members: tuple[str | tarfile.TarInfo, bytes]) -> bytes:
    """An archive of a manifest, requirements and these members, in this order."""
    stream = io.BytesIO()
    usual = (("manifest.json", manifest_bytes()), ("requirements.txt", b"flask\n"))
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in (*usual, *members):
            facts = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            if facts.isreg() and not facts.pax_headers:
                facts.size = len(data)
            archive.addfile(facts, io.BytesIO(data))
    return stream.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    facts = tarfile.TarInfo(name)
    facts.type = kind
    facts.linkname = target
    return facts, b""


def refusal(action: Callable[[], object]) -> BundleError | None:
    """How an action was refused; None where it was not. Any other exception is a failure."""
    try:
        action()
    except BundleError as error:
        return error
    return None
