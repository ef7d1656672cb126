"""Whether the bundle holds the files that its manifest lists."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...bundles import Bundle, check_files
from ...errors import BundleError
from ...findings import Evidence, Finding
from .check import BundleCheck, from_error

# Seen in its releases 1.5 to 1.25: `write-manifest` sums it up with a dated comment before it.
_OLD_CLIENT = (
    " If the manifest was written by rsconnect-python before 1.26 into a directory, nothing is"
    " wrong: it gives this file another checksum than the one it has."
)
_WRITE_AGAIN = "Write the manifest again and deploy again."
_MOST_SHOWN = 3
_LONGEST = 400  # characters of a line that are quoted


class _Differences(NamedTuple):
    """How the files differ from the manifest, by names as the manifest has them."""

    missing: list[str]
    changed: list[str]
    line_ends: list[str]
    backslashes: list[str]


def agree(case: BundleCheck) -> Iterator[Finding]:
    """Yield one finding for each way in which files and manifest differ."""
    try:
        found = _differences(case.bundle)
    except BundleError as problem:
        yield from_error(problem, str(case.bundle.path))
        return
    lines = _Lines(case.bundle)
    entry = _entry_point(case.bundle)
    if entry in found.missing:
        found.missing.remove(entry)
        yield _missing([entry], "cause", lines)
    if found.changed:
        yield _changed(case.bundle, found.changed, lines)
    if found.missing:
        yield _missing(found.missing, "warning", lines)
    if found.line_ends:
        yield _only_line_ends(found.line_ends, lines)
    if found.backslashes:
        yield _backslashes(found.backslashes, lines)
    expected = {name.replace("\\", "/") for name in case.bundle.manifest.files}
    if case.bundle.left_out:
        yield _left_out(case.bundle.left_out)
    listed = expected | {case.bundle.package_file} if expected else expected
    unlisted = sorted(set(case.bundle.members) - listed - {"manifest.json"})
    if listed and unlisted:
        yield Finding(
            "bundle-checksum",
            "warning",
            f"The manifest does not list {_some(unlisted)}.",
            "Nothing, unless the content misses or does not expect the file.",
            "Write the manifest again after the last change of the files.",
            tuple(Evidence(name, 1, name) for name in unlisted[:_MOST_SHOWN]),
        )


def _left_out(count: int) -> Finding:
    files = "1 file of the directory is" if count == 1 else f"{count:,} files of the directory are"
    return Finding(
        "bundle-checksum",
        "warning",
        f"{files} not listed in the manifest and not part of the bundle.",
        "Nothing, unless the content misses a file: `deploy --all-files` takes all of them.",
        "Write the manifest again after the last change of the files.",
        (),
    )


def _differences(bundle: Bundle) -> _Differences:
    found = _Differences([], [], [], [])
    for name, expected, digest in check_files(bundle):
        written = name.replace("\\", "/")
        if digest is None and written != name and written in bundle.members:
            found.backslashes.append(name)
        elif digest is None:
            found.missing.append(name)
        elif expected is not None and _differs_by_line_ends(bundle, name, expected):
            found.line_ends.append(name)
        else:
            found.changed.append(name)
    return found


def _differs_by_line_ends(bundle: Bundle, name: str, expected: str) -> bool:
    """Whether the file has the listed checksum with the line ends of the other system."""
    if bundle.members[name].size > bundle.limits.read_bytes:
        return False
    data = bundle.read(name)
    plain = data.replace(b"\r\n", b"\n")
    other = plain if plain != data else data.replace(b"\n", b"\r\n")
    return hashlib.md5(other, usedforsecurity=False).hexdigest() == expected.lower()


def _missing(names: Sequence[str], role: str, lines: _Lines) -> Finding:
    be = "is" if len(names) == 1 else "are"
    return Finding(
        "bundle-checksum",
        "cause" if role == "cause" else "warning",
        f"{_some(names)} {be} listed in the manifest and {be} not in the bundle.",
        "Have the content deployed again; the bundle was changed or cut after it was made.",
        _WRITE_AGAIN,
        lines.of(names),
    )


def _changed(bundle: Bundle, names: Sequence[str], lines: _Lines) -> Finding:
    remedy = "Have the content deployed again; the bundle was changed or cut after it was made."
    if bundle.package_file in names:
        remedy += _OLD_CLIENT
    what = "is not the file" if len(names) == 1 else "are not the files"
    return Finding(
        "bundle-checksum",
        "warning",
        f"{_some(names)} {what} that the manifest lists: the MD5 is another.",
        remedy,
        _WRITE_AGAIN,
        lines.of(names),
    )


def _only_line_ends(names: Sequence[str], lines: _Lines) -> Finding:
    verb = "differs" if len(names) == 1 else "differ"
    return Finding(
        "bundle-checksum",
        "warning",
        f"{_some(names)} {verb} from what the manifest lists only by line ends (CRLF or LF).",
        "Nothing: git or an editor on Windows converted them.",
        "Write the manifest in the same place from which the files are deployed; "
        "`git config core.autocrlf false` leaves line ends alone.",
        lines.of(names),
    )


def _backslashes(names: Sequence[str], lines: _Lines) -> Finding:
    return Finding(
        "bundle-checksum",
        "warning",
        f"The manifest was written on Windows: {_some(names)} "
        f"{'stands' if len(names) == 1 else 'stand'} there with backslashes.",
        "Nothing: the files are in the bundle.",
        "Write the manifest with a newer client, or with / in paths.",
        lines.of(names),
    )


class _Lines:
    """The lines of the manifest that hold names; the manifest is read once, when first needed."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._lines: list[str] | None = None

    def of(self, names: Sequence[str]) -> tuple[Evidence, ...]:
        """Return the lines of the first of the names."""
        if self._lines is None:
            text = self._bundle.read("manifest.json").decode("utf-8", "replace")
            self._lines = text.split("\n")
        return tuple(self._of(name, self._lines) for name in names[:_MOST_SHOWN])

    @staticmethod
    def _of(name: str, lines: list[str]) -> Evidence:
        """Return the line where the name is a key; of a long line, the part from there on."""
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        key = re.compile(rf'"{re.escape(quoted)}"\s*:')
        for number, line in enumerate(lines, 1):
            if found := key.search(line):
                whole = line.strip()
                text = whole if len(whole) <= _LONGEST else f"…{line[found.start() :]}"
                return Evidence("manifest.json", number, text[:_LONGEST])
        return Evidence("manifest.json", 1, name[:400])


def _entry_point(bundle: Bundle) -> str | None:
    """The file that the content starts from; ``app:app`` means app.py."""
    manifest = bundle.manifest
    return manifest.primary_rmd or manifest.entrypoint


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_SHOWN])
    return shown + (f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else "")
