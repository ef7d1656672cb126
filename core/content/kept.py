"""The bundles that the state directory keeps, so that what was deployed can be built again."""

from __future__ import annotations

from pathlib import Path

FOLDER = "bundles"
_SUFFIXES = (".tar.gz", ".tar")


def stored_bundle(state_dir: Path, digest: str) -> Path | None:
    """Where the bundle of that digest lies; None where it is no longer kept."""
    paths = (state_dir / FOLDER / f"{digest}{suffix}" for suffix in _SUFFIXES)
    return next((path for path in paths if path.exists()), None)
