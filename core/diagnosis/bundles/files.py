"""Whether the bundle holds the files that its manifest lists."""

from __future__ import annotations

from collections.abc import Iterator

from ...bundles import Bundle, check_files
from ...errors import BundleError
from ...findings import Evidence, Finding
from .check import BundleCheck, from_error, manifest_evidence

# Seen in its releases 1.5 to 1.25: `write-manifest` sums it up with a dated comment before it.
_OLD_CLIENT = (
    " If the manifest was written by rsconnect-python before 1.26 into a folder, nothing is wrong:"
    " it gives this file another checksum than the one it has."
)


def agree(case: BundleCheck) -> Iterator[Finding]:
    listed = case.bundle.manifest.files
    try:
        mismatches = check_files(case.bundle)
    except BundleError as problem:
        yield from_error(problem, str(case.bundle.path))
        return
    for name, expected, found in mismatches:
        what = (
            f"{name} is listed in the manifest and is not in the bundle."
            if found is None
            else f"{name} is not the file that the manifest lists: its MD5 is {found}, "
            f"not {expected}."
        )
        remedy = "Have the content deployed again; the bundle was changed or cut after it was made."
        if found is not None and name == case.bundle.package_file:
            remedy += _OLD_CLIENT
        yield Finding(
            "bundle-checksum",
            "cause" if found is None and name == _entry_point(case.bundle) else "warning",
            what,
            remedy,
            "Write the manifest again and deploy again.",
            manifest_evidence(case.bundle, name),
        )
    unlisted = sorted(set(case.bundle.members) - set(listed) - {"manifest.json"})
    if listed and unlisted:
        yield Finding(
            "bundle-checksum",
            "warning",
            f"The manifest does not list {_some(unlisted)}.",
            "Nothing, unless the content misses or does not expect the file.",
            "Write the manifest again after the last change of the files.",
            tuple(Evidence(name, 1, name) for name in unlisted[:3]),
        )


def _entry_point(bundle: Bundle) -> str | None:
    """The file that the content starts from; ``app:app`` means app.py."""
    manifest = bundle.manifest
    return manifest.primary_rmd or manifest.entrypoint


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
