"""The requirements of a bundle: its package file and the files that this includes.

Reading never fails: what pip will refuse is a problem with its place, and everything keeps its raw
text, so that a file from which lines are taken is otherwise the same byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import NamedTuple

from ..archives import resolve_inside
from ..errors import BundleError
from ..frozen import frozen
from .requirement_lines import LineKind, Parsed, parse_line
from .requirement_text import (
    Decoded,
    decode,
    expand,
    logical_lines,
)

Reader = Callable[[str], "bytes | None"]
"""Gives the contents of a file of the bundle, by its name; None where there is none."""

_DEEPEST = 50
_MOST_FILES = 1000
_MOST_BYTES = 16 * 1024**2
# pip reads a file each time that it is included, so forty small ones can keep it busy for ever.
_MOST_READINGS = 10_000


class RequirementLine(NamedTuple):
    """One logical line of a file.

    file: the name in the bundle; number: of the line's first physical line, from 1.
    raw: exactly as it stands there, line ends and continuations included.
    text: joined, without comment, as the author wrote it: what a variable stands for may be secret.
    parsed: what pip makes of it, with variables replaced.
    included: for -r and -c, the file in the bundle that is meant; None where there is none.
    has_variables: whether any was replaced.
    """

    file: str
    number: int
    raw: str
    text: str
    parsed: Parsed
    included: str | None = None
    has_variables: bool = False

    @property
    def kind(self) -> LineKind:
        return self.parsed.kind

    @property
    def name(self) -> str | None:
        """The package, normalized; None where the line names none that can be known."""
        return self.parsed.name


@frozen
class RequirementFile:
    """One file with all its lines, blank ones and comments included.

    is_constraints: whether it is read as constraints, which install nothing by themselves.
    """

    name: str
    data: bytes
    decoded: Decoded
    lines: tuple[RequirementLine, ...]
    is_constraints: bool = False

    @property
    def text(self) -> str:
        return self.decoded.text

    @property
    def encoding(self) -> str:
        """Python's name of the encoding in which it was read."""
        return self.decoded.encoding

    @property
    def has_bom(self) -> bool:
        """Whether it begins with a byte order mark, which pip accepts and other programs do not."""
        return bool(self.decoded.bom)


class RequirementProblem(NamedTuple):
    """Something for which pip will refuse the file.

    code: ``requirements-encoding``, ``requirements-file-missing`` or ``bundle-hostile``.
    """

    code: str
    file: str
    line: int | None
    message: str


@frozen
class Requirements:
    """The package file first, then the files that it includes, each once, as pip meets them."""

    files: tuple[RequirementFile, ...]
    problems: tuple[RequirementProblem, ...] = ()
    _by_key: Mapping[tuple[str, bool], RequirementFile] = field(
        default_factory=dict[tuple[str, bool], RequirementFile], repr=False, compare=False
    )

    def lines(self) -> Iterator[RequirementLine]:
        """Yield every line in the order in which pip reads them: an included file in its place.

        A file that is included again is not repeated. The lines of constraints come too; walk()
        tells them apart.
        """
        for _, line in self.walk():
            yield line

    def walk(self) -> Iterator[tuple[RequirementFile, RequirementLine]]:
        """As lines(), each with its file."""
        if self.files:
            yield from self._walk(self.files[0], set())

    def _walk(
        self, file: RequirementFile, seen: set[tuple[str, bool]]
    ) -> Iterator[tuple[RequirementFile, RequirementLine]]:
        seen.add((file.name, file.is_constraints))
        for line in file.lines:
            yield file, line
            if line.included is None:
                continue
            key = (line.included, line.kind is LineKind.CONSTRAINT)
            inner = self._by_key.get(key)
            if inner is not None and key not in seen:
                yield from self._walk(inner, seen)

    @property
    def packages(self) -> tuple[str, ...]:
        """The names that the requirements ask for, normalized, each once, in order."""
        names = (
            line.name
            for file, line in self.walk()
            if line.name is not None and not file.is_constraints
        )
        return tuple(dict.fromkeys(names))

    @property
    def uses_bundle_files(self) -> bool:
        """Whether something is installed from the bundle itself.

        Then what gets installed depends on the bundle's files, and not on these lines alone.
        """
        return any(_is_local(line) for line in self.lines())

    def local_paths(self) -> tuple[str, ...]:
        """Return the files and directories of the bundle that are installed from, by their names in
        it.

        pip takes such a path from the directory in which it runs, the bundle's, wherever the line
        is.
        """
        paths = (_local_path(line) for line in self.lines())
        return tuple(dict.fromkeys(path for path in paths if path is not None))

    def link_paths(self) -> tuple[str, ...]:
        """Return the directories and files of the bundle in which ``--find-links`` looks."""
        paths = (
            resolve_inside("", value.removeprefix("file:"))
            for line in self.lines()
            for option, value in line.parsed.options
            if option == "--find-links" and value is not None and "://" not in value
        )
        return tuple(dict.fromkeys(path for path in paths if path is not None))

    def raise_problem(self, bundle: Path) -> None:
        """Raise BundleError for the first problem, if there is any."""
        for problem in self.problems:
            raise BundleError(
                f"{problem.file}: {problem.message}",
                code=problem.code,
                file=bundle,
                line=problem.line,
            )


def parse_requirements(
    data: bytes | str,
    *,
    name: str = "requirements.txt",
    read: Reader | None = None,
    variables: Mapping[str, str] | None = None,
) -> Requirements:
    """Read requirements, as bytes of a file or as text.

    name: the file's name in the bundle; what it includes is relative to it.
    read: gives the files that it includes; without it, includes stay unresolved and are no problem.
    variables: what ``${NAME}`` stands for; what is not given stays as it is, as with pip.
    """
    reading = _Reading(read, dict(variables or {}))
    reading.file(name, data.encode("utf-8") if isinstance(data, str) else data, False, ())
    files = tuple(reading.files.values())
    return Requirements(files, tuple(reading.problems), reading.files)


class _Reading:
    """Goes through a file and what it includes."""

    def __init__(self, read: Reader | None, variables: dict[str, str]) -> None:
        self._read = read
        self._variables = variables
        self.files: dict[tuple[str, bool], RequirementFile] = {}
        self._readings: dict[tuple[str, bool], int] = {}
        self.problems: list[RequirementProblem] = []
        self._bytes = 0

    def file(self, name: str, data: bytes, is_constraints: bool, above: tuple[str, ...]) -> None:
        self._bytes += len(data)
        decoded = decode(data)
        if decoded.problem is not None:
            advice = "save it as UTF-8, or name its encoding in a comment in the first line"
            message = f"{decoded.problem}: {advice}"
            self._problem("requirements-encoding", name, decoded.line, message)
        lines: list[RequirementLine] = []
        self.files[name, is_constraints] = _UNREAD
        included: list[tuple[RequirementLine, str]] = []
        for logical in logical_lines(decoded.text):
            text = logical.text
            expanded = expand(text, self._variables)
            line = RequirementLine(
                name,
                logical.number,
                logical.raw,
                text,
                parsed=parse_line(expanded),
                has_variables=expanded != text,
            )
            if line.kind in (LineKind.INCLUDE, LineKind.CONSTRAINT):
                target = self._target(line)
                if target is not None:
                    line = line._replace(included=target)
                    included.append((line, target))
            lines.append(line)
        self.files[name, is_constraints] = RequirementFile(
            name, data, decoded, tuple(lines), is_constraints
        )
        readings = 1
        for line, target in included:
            self._include(line, target, (*above, name))
            readings += self._readings.get((target, line.kind is LineKind.CONSTRAINT), 0)
        self._readings[name, is_constraints] = readings
        if readings > _MOST_READINGS and not above:
            complaint = "the files include one another too many times"
            self._problem("bundle-hostile", name, None, complaint)

    def _target(self, line: RequirementLine) -> str | None:
        """Return the file in the bundle that -r or -c means."""
        written = line.parsed.subject
        if written.lower().startswith(("http:", "https:", "file:")):
            return None  # pip's business: it fetches it
        inside = resolve_inside(line.file, written)
        if not inside:
            complaint = f"{line.text[:200]!r} leads out of the bundle"
            self._problem("bundle-hostile", line.file, line.number, complaint)
        return inside or None

    def _include(self, line: RequirementLine, target: str, above: tuple[str, ...]) -> None:
        is_constraints = line.kind is LineKind.CONSTRAINT
        if target in above:
            complaint = f"{target!r} includes itself"
            self._problem("requirements-syntax", line.file, line.number, complaint)
            return
        if self._read is None or (target, is_constraints) in self.files:
            return
        too_many = len(self.files) > _MOST_FILES or self._bytes > _MOST_BYTES
        if len(above) > _DEEPEST or too_many:
            complaint = f"{line.text[:200]!r}: too many files include one another"
            self._problem("bundle-hostile", line.file, line.number, complaint)
            return
        data = self._read(target)
        if data is None:
            complaint = f"{line.text[:200]!r}: {target!r} is not in the bundle"
            self._problem("requirements-file-missing", line.file, line.number, complaint)
            return
        self.file(target, data, is_constraints, above)

    def _problem(self, code: str, file: str, line: int | None, message: str) -> None:
        self.problems.append(RequirementProblem(code, file, line, message))


_UNREAD = RequirementFile("", b"", Decoded("", "utf-8"), ())


def _local_path(line: RequirementLine) -> str | None:
    """Return what a line installs from inside the bundle; None where it does not."""
    if line.kind not in (LineKind.PATH, LineKind.EDITABLE) or not _is_local(line):
        return None
    written = line.parsed.subject.removeprefix("file:").partition("[")[0].partition("#")[0]
    return resolve_inside("", written)


def _is_local(line: RequirementLine) -> bool:
    if line.kind is LineKind.PATH:
        return True
    if line.kind is LineKind.EDITABLE:
        return "://" not in line.parsed.subject
    if line.kind is LineKind.ADDRESS:
        return "file:" in line.parsed.subject
    return any(
        option == "--find-links" and value is not None and "://" not in value
        for option, value in line.parsed.options
    )
