"""What is installed for a bundle: its requirements without the prohibited packages, and which of
its files matter to an environment's identity."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .bundle import Bundle
from .canonical import effective_lines
from .lock_file import is_lock_file, local_paths
from .prohibited import remove_prohibited
from .requirement_lines import LineKind
from .requirements import Requirements, parse_requirements

_OF_INDEX = frozenset(
    {
        *("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--no-index"),
        *("--trusted-host", "--no-binary", "--only-binary", "--prefer-binary"),
    }
)


class InstallRequirements(NamedTuple):
    """What a bundle's environment is made from.

    lines: the effective requirements, canonical, included files taken in.
    texts: the requirements' files by name, without what is skipped.
    package_file: the first of them; None where there is none.
    skipped: the names of prohibited packages that are left out; skipped_as_written: what the lines
        asked for.
    files: what they take from the bundle itself, each with the digest of what it holds.
    index_options: their lines that say where packages come from, as the author wrote them.
    """

    lines: tuple[str, ...]
    texts: Mapping[str, bytes]
    package_file: str | None
    files: tuple[tuple[str, str], ...]
    skipped: tuple[str, ...]
    skipped_as_written: tuple[str, ...] = ()
    index_options: tuple[str, ...] = ()


def wanted(
    bundle: Bundle, prohibited: Sequence[str], variables: Mapping[str, str] | None = None
) -> InstallRequirements:
    """Return what to install for it.

    variables: what ``${NAME}`` stands for in its requirements, as pip will be told. Raises
    BundleError for requirements that pip would refuse to read.
    """
    requirements = bundle.requirements(variables)
    if bundle.package_file is None or not requirements.files:
        return InstallRequirements((), {}, None, (), ())
    filtered = remove_prohibited(requirements, prohibited)
    if filtered.removed:
        requirements = parse_requirements(
            filtered.files[bundle.package_file],
            name=bundle.package_file,
            read=filtered.files.get,
            variables=variables,
        )
    return InstallRequirements(
        effective_lines(requirements),
        filtered.files,
        bundle.package_file,
        _files_of(bundle, bundle.package_file, requirements),
        filtered.skipped,
        filtered.as_written,
        tuple(
            line.text
            for line in requirements.lines()
            if line.kind is LineKind.OPTION
            and all(name in _OF_INDEX for name, _ in line.parsed.options)
        ),
    )


def _files_of(bundle: Bundle, name: str, requirements: Requirements) -> tuple[tuple[str, str], ...]:
    if is_lock_file(name):
        paths = local_paths(name, bundle.requirements_bytes())
        found = {path: bundle.members[path].sha256 for path in paths if path in bundle.members}
        is_all = len(found) == len(paths)
        return tuple(sorted(found.items())) if is_all else (("*", bundle.digest),)
    return _files(bundle, requirements) if requirements.uses_bundle_files else ()


def _files(bundle: Bundle, requirements: Requirements) -> tuple[tuple[str, str], ...]:
    """Return the files that are installed from the bundle: those that a line names, or, where it
    takes a whole directory, all."""
    whole = (("*", bundle.digest),)
    found: dict[str, str] = {}
    for line in requirements.lines():
        subject = line.parsed.subject
        member = bundle.members.get(posixpath.normpath(subject)) if subject else None
        if line.kind is LineKind.PATH and member is not None:
            found[member.name] = member.sha256
        elif (
            line.kind in (LineKind.PATH, LineKind.EDITABLE)
            or (line.kind is LineKind.ADDRESS and "file:" in subject)
            or any(name == "--find-links" for name, _ in line.parsed.options)
        ):
            return whole
    return tuple(sorted(found.items())) or whole
