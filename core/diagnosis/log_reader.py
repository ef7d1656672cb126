"""Reads a log of any size and any bytes: its encoding, its lines, those that ``sifting`` keeps."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from ..file_io import open_regular
from .log_lines import (
    Line,
    Log,
    line_of,
    unwrapped,
)
from .telling_lines import LONGEST, Sieve

_BLOCK: Final = 1 << 20

# Literals that are looked for in the middle of a line of megabytes.
_LOUDEST: Final = (b"rror:", b"RROR", b"ailed", b"annot ", b"o such ", b"Errno ")


def read_log(stream_or_path: BinaryIO | str | Path | bytes, source: str) -> Log:
    """The telling lines of a log.

    stream_or_path: a path, an open binary stream (read to its end, left open), or bytes.
    source: the name that its lines get.

    Raises OSError where it cannot be read.
    """
    if isinstance(stream_or_path, bytes):
        return _read(io.BytesIO(stream_or_path), source)
    if isinstance(stream_or_path, (str, Path)):
        with open(open_regular(stream_or_path, follow=True), "rb") as stream:
            return _read(stream, source)
    return _read(stream_or_path, source)


def _read(stream: BinaryIO, source: str) -> Log:
    sieve = Sieve()
    for block in _whole_lines(_as_utf8(_blocks(stream))):
        sieve.take(block)
    kept, length = sieve.finish()
    lines = tuple(line_of(source, number, raw) for number, raw in kept)
    return Log(source, tuple(unwrapped(list(_divided(lines)))), length)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block


def _as_utf8(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same text in UTF-8 if it is UTF-16 (PowerShell writes that), else as it is; no NULs."""
    first = next(blocks, b"")
    encoding = _utf16_name(first)
    if encoding is None:
        yield first.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"")
        for block in blocks:
            yield block.replace(b"\0", b"") if b"\0" in block else block
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(first).removeprefix("\ufeff").encode("utf-8", "replace")
    for block in blocks:
        yield decoder.decode(block).encode("utf-8", "replace")


def _utf16_name(start: bytes) -> str | None:
    if start.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if start.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = start[:2000]
    if len(sample) >= 8 and sample[1::2].count(0) > len(sample) * 0.4 and 0 not in sample[0::2]:
        return "utf-16-le"
    return None


def _whole_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks that end at a line's end; a line longer than a block loses its dull parts."""
    carried = b""
    for block in blocks:
        end = block.rfind(b"\n") + 1
        if end:
            yield carried + block[:end]
            carried = block[end:]
        else:
            carried += block
        if len(carried) > 2 * _BLOCK:
            carried = _squeezed(carried)
    if carried:
        yield carried


def _squeezed(line: bytes) -> bytes:
    """A long line without the parts that have no telling literal, so that none is lost."""
    parts = [line[:4096]]
    for literal in _LOUDEST:
        at = line.find(literal, 4096, len(line) - 4096)
        if at >= 0:
            parts.append(line[max(4096, at - 400) : at + 1200])
    parts.append(line[-4096:])
    return b"\r".join(parts)


# How programs report in one line of JSON what another one printed in many (Ansible's modules do).
_QUOTED_OUTPUT: Final = re.compile(
    r"[\"'](?:msg|stdout|stderr|output|module_std(?:out|err))[\"']: ?u?[\"'].{0,1000}?\\n",
    re.DOTALL,
)


def _divided(lines: Iterable[Line]) -> Iterator[Line]:
    """What a carriage return wrote over, or JSON quotes, are lines of their own, of one number."""
    for line in lines:
        if "\r" in line.text:
            parts = line.text.split("\r")
        elif "\\n" in line.text and _QUOTED_OUTPUT.search(line.text, 0, LONGEST):
            parts = line.text.split("\\n")
        else:
            yield line
            continue
        for part in parts:
            if part.strip():
                yield line_of(line.source, line.number, part.encode("utf-8"))
