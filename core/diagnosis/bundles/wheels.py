"""Wheels that the requirements name by path or address: what their names say they are for."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from packaging.tags import Tag
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from ...bundles import RequirementLine, request_of
from ...errors import BundleError, RequestError
from ...findings import Finding
from ...matching import match
from ...versions import PythonVersion
from .check import BundleCheck, line_evidence

_SYSTEMS = ("any", "linux_", "manylinux", "musllinux_")


def fit(case: BundleCheck) -> Iterator[Finding]:
    """Yield a finding for each wheel that installers refuse for its name.

    Only what its name excludes for certain: the architecture and the C library are not judged.
    """
    version = _version(case)
    for line in case.lines():
        name = _wheel_of(line)
        try:
            tags = parse_wheel_filename(name)[3] if name else ()
        except InvalidWheelFilename:
            continue  # pip says so, in words of its own
        if tags and not any(_fits(tag, version) for tag in tags):
            server = f"this server's Python {version}" if version else "this server"
            yield Finding(
                "wheel-wrong-platform",
                "cause",
                f"{line.file}, line {line.number}: the wheel {name[:200]} is for another platform "
                f"or Python than {server}; its name says for which.",
                "Have the author name the package by NAME==VERSION, so that pip chooses the file.",
                "Replace the wheel by NAME==VERSION, or by one for Linux and this Python.",
                (line_evidence(line),),
            )


def _version(case: BundleCheck) -> PythonVersion | None:
    try:
        wanted = request_of(case.bundle)
    except (BundleError, RequestError):
        return None
    selected = match(wanted, case.server.candidates, case.server.policy).selected
    return selected.version if selected else None


def _wheel_of(line: RequirementLine) -> str:
    """Return the file name of a wheel that is named by path or address; else an empty text."""
    if line.parsed.marker:
        return ""  # it may not be asked for here
    subject = line.parsed.subject.strip()
    place = subject.partition(" @ ")[2].strip() or subject
    path = unquote(urlsplit(place).path) if "://" in place else place
    name = path.replace("\\", "/").rpartition("/")[2]
    return name if name.endswith(".whl") else ""


def _fits(tag: Tag, version: PythonVersion | None) -> bool:
    """Return whether a tag of a wheel (PEP 425) can fit; other interpreters are not judged."""
    if not tag.platform.startswith(_SYSTEMS):
        return False
    kind, digits = tag.interpreter[:2], tag.interpreter[2:]
    if version is None or kind not in ("py", "cp") or not digits.isdigit():
        return True
    major, minor = int(digits[0]), int(digits[1:]) if digits[1:] else None
    if major != version.major:
        return False
    if minor is None:
        return True
    if kind == "py" or tag.abi == "abi3":
        return minor <= version.minor
    return minor == version.minor
