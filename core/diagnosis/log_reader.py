"""Reads a log of any size and any bytes: its encoding, its lines, those that ``sifting`` keeps."""

from __future__ import annotations

import codecs
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

from ..file_io import open_regular
from .json_lines import LARGEST_DOCUMENT, lines_of_document, text_of_object
from .log_lines import (
    Line,
    Log,
    line_of,
    said_in,
    unwrapped,
)
from .prefixes import learned_heads, without_head
from .telling_lines import LONGEST, Sieve
from .wrapping import Joiner, wrapping_of

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
        with os.fdopen(open_regular(stream_or_path, follow=True), "rb") as stream:
            return _read(stream, source)
    return _read(stream_or_path, source)


def _read(stream: BinaryIO, source: str) -> Log:
    blocks = _as_utf8(_blocks(stream))
    first, blocks = _gathered(next(blocks, b""), blocks)
    if (document := lines_of_document(first)) is not None:
        text = "\n".join(line.replace("\n", " ") for _, line in document) + "\n"
        numbers = [number for number, _ in document]
        return _log(source, iter((text.encode("utf-8", "replace"),)), numbers)
    has_objects = _has_objects(first)
    blocks = _whole_lines(chain((first,), blocks))
    first = next(blocks, b"")
    blocks = chain((first,), blocks)
    if has_objects:
        return _log(source, map(_plain, blocks))
    wrapping = wrapping_of(first)
    if wrapping is None:
        return _log(source, blocks)
    joiner = Joiner(wrapping)
    log = _log(source, joiner.join(blocks), joiner.numbers)
    return replace(
        log,
        lines=tuple(replace(line, text=wrapping.first_piece(line.text)) for line in log.lines),
    )


def _log(source: str, blocks: Iterator[bytes], numbers: Sequence[int] | None = None) -> Log:
    """The telling lines of blocks of whole lines; ``numbers``: those of the file, if others."""
    sieve = Sieve()
    for block in blocks:
        sieve.take(block)
    kept, length = sieve.finish()
    lines = list(_divided(line_of(source, number, raw) for number, raw in kept))
    lines = unwrapped(_without_learned_heads(lines))
    if numbers:
        lines = [replace(line, number=numbers[line.order - 1]) for line in lines]
        length = numbers[-1]
    return Log(source, tuple(lines), length)


def _without_learned_heads(lines: list[Line]) -> list[Line]:
    heads = learned_heads([line.body for line in lines])
    if not heads:
        return lines
    stripped = ((line, without_head(line.body, heads)) for line in lines)
    return [
        line if rest is None else replace(line, depth=rest[0], body=said_in(rest[1]))
        for line, rest in stripped
    ]


def _gathered(first: bytes, blocks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """What begins like one JSON document as a whole, as far as that may be large, and the rest."""
    if not _DOCUMENT.match(first) or _has_objects(first):
        return first, blocks
    parts = [first]
    size = len(first)
    while size <= LARGEST_DOCUMENT and (block := next(blocks, b"")):
        parts.append(block)
        size += len(block)
    return b"".join(parts), blocks


_DOCUMENT: Final = re.compile(rb"\s{0,9}(?:\{\s{0,99}[\"}]|\[\s{0,99}[{\"\[])")


def _has_objects(block: bytes) -> bool:
    """Whether the log has one JSON object a line: its first lines are such."""
    lines = [line for line in block[:20_000].split(b"\n")[:6] if line.strip()][:-1]
    return bool(lines) and all(text_of_object(line) is not None for line in lines)


def _plain(block: bytes) -> bytes:
    """A block of JSON objects as the lines that they hold."""
    lines = block.split(b"\n")
    texts = (text_of_object(line) if line[:1] == b"{" else None for line in lines)
    return b"\n".join(
        line if text is None else text.encode("utf-8", "replace")
        for line, text in zip(lines, texts, strict=True)
    )


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
