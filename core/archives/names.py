"""The names of an archive's members: which of them may become a path on this machine.

An archive is hostile until proved otherwise: a name that leads out of its directory, on any system
that it may be unpacked on, refuses the whole bundle.
"""

from __future__ import annotations

import re

from ..errors import ArchiveError

# A path component has at most 255 bytes on every file system in use; PATH_MAX is 4096, and the
# bundle lies some way down from the root.
_LONGEST_COMPONENT = 255
_LONGEST_NAME = 2048
_DEEPEST = 100

_DRIVE = re.compile(r"[A-Za-z]:")


def safe_name(name: str) -> str:
    """Return the name with ``./`` and doubled slashes gone; empty for the bundle's own directory.

    name: as the archive has it; bytes that are not UTF-8 are surrogate-escaped.

    Raises ArchiveError for one that is absolute, leads out, or cannot be a path everywhere.
    """
    complaint = _complaint(name)
    if complaint is not None:
        raise ArchiveError(
            f"the member {_shorten(name)!r} {complaint}: it is refused",
            kind="hostile",
        )
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def resolve_inside(base: str, name: str) -> str | None:
    """Return what a path written in the bundle's file `base` means.

    None where it leads out of it.
    """
    if name.startswith("/") or "\0" in name or "\\" in name or _DRIVE.match(name):
        return None
    parts = base.split("/")[:-1]
    for part in name.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _complaint(name: str) -> str | None:
    if not name:
        return "has no name"
    if "\0" in name:
        return "has a zero byte in its name"
    if name.startswith("/"):
        return "is an absolute path"
    if "\\" in name:
        return "has a backslash in its name"
    if _DRIVE.match(name):
        return "names a drive"
    parts = name.split("/")
    if ".." in parts:
        return "leads out of its directory"
    if len(parts) > _DEEPEST:
        return "is nested too deeply"
    if any(len(_encoded(part)) > _LONGEST_COMPONENT for part in parts):
        return "has a name longer than 255 bytes"
    if len(_encoded(name)) > _LONGEST_NAME:
        return f"has a path longer than {_LONGEST_NAME} bytes"
    return None


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _shorten(name: str) -> str:
    return name if len(name) <= 120 else f"{name[:117]}…"
