"""A lock as requirements, which every release of pip reads, and uv."""

from __future__ import annotations

from ..frozen import frozen
from .model import Lock, hashes_of


@frozen
class LockRequirements:
    """What to install without resolving anything (``--no-deps``).

    hashed: lines with hashes, for ``--require-hashes``. plain: lines for which no hash is known: a
    directory, a commit of a version control system, what an old release of pip installed.
    """

    hashed: tuple[str, ...]
    plain: tuple[str, ...]


def requirements_of(lock: Lock) -> LockRequirements:
    """Return the requirements that install exactly this lock.

    What came from an index is asked for by name, version and hash, so that the server's own
    configuration says from where. A path starts from the bundle's directory.
    """
    hashed: list[str] = []
    plain: list[str] = []
    for package in lock.pylock.packages:
        marker = f" ; {package.marker}" if package.marker is not None else ""
        options = "".join(f" --hash={each}" for each in hashes_of(package))
        if package.archive is not None:
            below = package.archive.subdirectory
            fragment = f"#subdirectory={below}" if below else ""
            where = package.archive.path
            line = _local(where) if where else f"{package.name} @ {package.archive.url}{fragment}"
        elif package.vcs is not None:
            vcs = package.vcs
            address = vcs.url or f"file://{vcs.path}"
            below = f"#subdirectory={vcs.subdirectory}" if vcs.subdirectory else ""
            line = f"{package.name} @ {vcs.type}+{address}@{vcs.commit_id}{below}"
        elif package.directory is not None:
            editable = "-e " if package.directory.editable else ""
            line = f"{editable}{_local(package.directory.path)}"
        else:
            line = f"{package.name}=={package.version}" if package.version else str(package.name)
        (hashed if options else plain).append(f"{line}{marker}{options}")
    plain += [f"{name}=={version}" for name, version in lock.unlocked]
    return LockRequirements(tuple(hashed), tuple(plain))


def _local(path: str) -> str:
    return path if path.startswith(("/", ".")) else f"./{path}"
