"""Take the prohibited packages out of the requirements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..package_names import normalize
from .requirement_text import decode
from .requirements import RequirementFile, RequirementLine, Requirements


class Filtered(NamedTuple):
    """Requirements without the prohibited packages.

    files: each file's name in the bundle with its bytes; those from which nothing was taken are
        byte for byte what they were.
    removed: the lines that were taken out, in the order in which pip would have read them.
    """

    files: Mapping[str, bytes]
    removed: tuple[RequirementLine, ...]

    @property
    def skipped(self) -> tuple[str, ...]:
        """The names of the packages, normalized, each once."""
        return tuple(dict.fromkeys(line.name for line in self.removed if line.name is not None))

    @property
    def as_written(self) -> tuple[str, ...]:
        """What was asked for, each once, for ``Skipped packages: appnope==0.1.3``, as Connect has
        it; without markers and options."""
        asked = (line.text.partition(";")[0].partition(" --")[0] for line in self.removed)
        return tuple(dict.fromkeys(map(str.strip, asked)))


def remove_prohibited(requirements: Requirements, prohibited: Iterable[str]) -> Filtered:
    """Remove every line that asks for one of these packages, whatever its form.

    Names are compared as PEP 503 has it. Constraints stay: they install nothing.
    """
    unwanted = {normalize(name.strip()) for name in prohibited}
    removed = tuple(
        line
        for file, line in requirements.walk()
        if line.name in unwanted and not file.is_constraints
    )
    files: dict[str, bytes] = {}
    for file in requirements.files:
        if file.name not in files or not file.is_constraints:
            files[file.name] = _without(file, unwanted)
    return Filtered(files, removed)


def _without(file: RequirementFile, unwanted: set[str]) -> bytes:
    if file.is_constraints or not any(line.name in unwanted for line in file.lines):
        return file.data
    kept = "".join(line.raw for line in file.lines if line.name not in unwanted)
    data = file.decoded.encode(kept)
    if decode(data).text == kept:
        return data
    # A comment has moved into the first two lines and now counts as a coding line (PEP 263):
    # empty lines in place of what is removed keep it where it was.
    padded = "".join(
        line.raw if line.name not in unwanted else "\n" * len(line.raw.splitlines())
        for line in file.lines
    )
    return file.decoded.encode(padded)
