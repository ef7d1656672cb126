"""Content as it arrives: bundles, their manifests and requirements. Everything in it is hostile.

    bundle = open_bundle("flask.tar.gz")      looked through once, nothing written
    request(bundle)                           the version or constraint that it asks for
    bundle.requirements()                     the package file and what it includes, line by line
    remove_prohibited(…, names)               the files without those packages, byte for byte else
    effective_lines(…)                        what an environment's identity is computed over
    unpack(bundle, folder)                    the files, in a new folder
    keep(bundle, folder)                      an exact copy, to build from again
    entries(read, Meter(Limits()))            the members of any other hostile tar archive

Whatever cannot be used raises BundleError, in one line, with file, line and column as far as known.
What a reused deploy does not need is imported when it is first asked for.
"""

from typing import TYPE_CHECKING

from .bundle import Bundle, BundleKind, Member, open_bundle
from .canonical import effective_lines
from .keep import keep
from .manifest import Manifest, read_manifest
from .prohibited import Filtered, remove_prohibited
from .request import request
from .requirement_lines import LineKind, normalise
from .requirements import (
    RequirementFile,
    RequirementLine,
    RequirementProblem,
    Requirements,
    parse_requirements,
)

if TYPE_CHECKING:
    from .checksums import FileMismatch, check_files
    from .gunzip import gunzipped
    from .limits import Limits, Meter
    from .member_names import resolve_inside, safe_name
    from .tar import Entry, EntryKind, entries
    from .tree import Tree
    from .unpacking import UnpackReport, unpack

__all__ = [
    "Bundle",
    "BundleKind",
    "Entry",
    "EntryKind",
    "FileMismatch",
    "Filtered",
    "Limits",
    "LineKind",
    "Manifest",
    "Member",
    "Meter",
    "RequirementFile",
    "RequirementLine",
    "RequirementProblem",
    "Requirements",
    "Tree",
    "UnpackReport",
    "check_files",
    "effective_lines",
    "entries",
    "gunzipped",
    "keep",
    "normalise",
    "open_bundle",
    "parse_requirements",
    "read_manifest",
    "remove_prohibited",
    "request",
    "resolve_inside",
    "safe_name",
    "unpack",
]

_LATE = {
    **dict.fromkeys(("FileMismatch", "check_files"), "checksums"),
    "gunzipped": "gunzip",
    **dict.fromkeys(("Limits", "Meter"), "limits"),
    **dict.fromkeys(("resolve_inside", "safe_name"), "member_names"),
    **dict.fromkeys(("Entry", "EntryKind", "entries"), "tar"),
    "Tree": "tree",
    **dict.fromkeys(("UnpackReport", "unpack"), "unpacking"),
}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_LATE[name]}", __name__), name)
