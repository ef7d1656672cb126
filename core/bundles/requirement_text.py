"""The text of a requirements file, as pip takes it from the bytes: encoding, lines, comments.

The rules are those of pip's ``req/req_file.py``, which have not changed from pip 9 to 26: byte
order marks first, then PEP 263's coding line among the first two, then UTF-8; a line that ends in
a backslash goes on in the next, unless it is a comment; a comment begins at the line's start or
after white space.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

_BOMS = (
    # The longer first: UTF-16's is the beginning of UTF-32's.
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CODING = re.compile(rb"coding[:=]\s*([-\w.]+)")
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")


class Decoded(NamedTuple):
    """A file's text and how it was found.

    encoding: Python's name of it; `bom` are the bytes before the text.
    problem: why pip cannot read the file, in one sentence; the text is then Latin-1, which every
        file can be.
    line: where the problem is.
    """

    text: str
    encoding: str
    bom: bytes = b""
    problem: str | None = None
    line: int | None = None

    def encode(self, text: str) -> bytes:
        """Another text in this file's form."""
        return self.bom + text.encode(self.encoding)


def decode(data: bytes) -> Decoded:
    """Return the text of a requirements file. Never fails: see Decoded.problem."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data, encoding, bom)
    declared = declared_encoding(data)
    if declared is None:
        return _decoded(data, "utf-8")
    try:
        return _decoded(data, codecs.lookup(declared).name)
    except (LookupError, ValueError):  # ValueError: no name of anything; LookupError: rot13 as well
        return Decoded(
            data.decode("latin-1"), "latin-1", problem=f"{declared!r} is no encoding", line=1
        )


def declared_encoding(data: bytes) -> str | None:
    """Return what a comment in the first two lines says (PEP 263)."""
    for line in data.split(b"\n", 2)[:2]:
        found = _CODING.search(line) if line[:1] == b"#" else None
        if found is not None:
            return found[1].decode("latin-1")
    return None


class LogicalLine(NamedTuple):
    """One line as pip sees it.

    raw: the physical lines, with their line ends, comments and backslashes.
    number: of the first of them, from 1.
    text: joined, without comments and outer white space; empty for a comment or blank line.
    """

    raw: str
    number: int
    text: str


def logical_lines(text: str) -> Iterator[LogicalLine]:
    """Yield the lines of a text; their raw texts together are the whole of it."""
    raw: list[str] = []
    parts: list[str] = []
    first = 1
    for number, physical in enumerate(text.splitlines(keepends=True), start=1):
        line = physical.splitlines()[0]
        if not raw:
            first = number
        raw.append(physical)
        is_comment = _is_comment(line)
        if line.endswith("\\") and not is_comment:
            parts.append(line.strip("\\"))
            continue
        # The blank before a comment lets it be seen as one after what it is joined to.
        parts.append(f" {line}" if is_comment else line)
        yield LogicalLine("".join(raw), first, _without_comment("".join(parts)))
        raw, parts = [], []
    if raw:
        yield LogicalLine("".join(raw), first, _without_comment("".join(parts)))


def expand(text: str, variables: dict[str, str]) -> str:
    """Replace ``${NAME}`` by its value where it has one; nothing else is replaced."""
    if "${" not in text:
        return text
    return _VARIABLE.sub(lambda found: variables.get(found[1]) or found[0], text)


def _decoded(data: bytes, encoding: str, bom: bytes = b"") -> Decoded:
    body = data[len(bom) :]
    try:
        return Decoded(body.decode(encoding), encoding, bom)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, len(bom) + error.start) + 1
        shown = f"is not {encoding.upper()} (byte 0x{body[error.start]:02x})"
    except UnicodeError as error:  # such as punycode's, which knows no place
        line, shown = 1, f"is not {encoding.upper()} ({error})"
    return Decoded(data.decode("latin-1"), "latin-1", problem=shown, line=line)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _without_comment(line: str) -> str:
    # pip's `(^|\s+)#.*$` takes minutes for a line with some 100,000 blanks.
    sign = line.find("#")
    while sign > 0 and not line[sign - 1].isspace():
        sign = line.find("#", sign + 1)
    return (line if sign < 0 else line[:sign]).strip()
