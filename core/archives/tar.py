"""Read a tar archive as hostile: one pass, bounded memory, every byte counted.

Understands what the clients write (rsconnect-python: PAX and ustar; R's own tar: ustar; the
system's tar, GNU's and BSD's): ustar, GNU long names, PAX headers. The standard tarfile module
reads headers of any size into memory and has been got round more than once; here a header is
bounded, its checksum must agree, and nothing is believed that can be counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import NamedTuple

from ..errors import ArchiveError
from .limits import Meter

Read = Callable[[int], bytes]
"""Gives up to that many bytes of the (already unzipped) archive; fewer only at its end."""

_BLOCK = 512
_CHUNK = 256 * 1024
# A long name has some kilobytes at most; a PAX header may carry extended attributes besides.
_LARGEST_HEADER = 1024 * 1024


class EntryKind(str, Enum):
    """What a member is, as far as a bundle distinguishes it."""

    FILE = "file"
    DIRECTORY = "folder"
    LINK = "link"


class Entry(NamedTuple):
    """One member; `name` and `target` as the archive has them, not yet proved harmless."""

    name: str
    kind: EntryKind
    size: int
    executable: bool
    target: str
    chunks: Iterator[bytes]
    """The contents of a file; what is not taken is skipped."""


def entries(read: Read, meter: Meter) -> Iterator[Entry]:
    """Yield the members in their order. Raises ArchiveError where it is no tar archive or is cut
    off."""
    archive = _Archive(read)
    long_name: str | None = None
    long_target: str | None = None
    extended: dict[str, str] = {}
    while (header := archive.header()) is not None:
        meter.count_member()
        flag, size = header.flag, header.size
        if flag in (b"L", b"K"):
            text = _decode(archive.small(size, header).split(b"\0", 1)[0])
            if flag == b"L":
                long_name = text
            else:
                long_target = text
            continue
        if flag in (b"x", b"X", b"g"):
            records = _pax_records(archive.small(size, header), header)
            _refuse_sparse(records, header)
            if flag == b"g":
                # What applies to all members cannot sensibly be a name or a size.
                if records.keys() & {"path", "linkpath", "size"}:
                    raise _corrupt("has one name or size for all its members")
            else:
                extended.update(records)
            continue
        name = extended.get("path", long_name if long_name is not None else header.name)
        target = extended.get("linkpath", long_target if long_target is not None else header.target)
        if "size" in extended:
            size = _decimal(extended["size"], header)
        long_name, long_target, extended = None, None, {}
        kind = _kind(flag, name)
        # Links and directories have no contents; some writers give them a size all the same.
        data = archive.data(size if kind is EntryKind.FILE else 0)
        yield Entry(name, kind, size, bool(header.mode & 0o111), target, data)
        for _ in data:
            pass
    if long_name is not None or long_target is not None or extended:
        raise _corrupt("ends after the header of a member")


class _Header(NamedTuple):
    name: str
    mode: int
    size: int
    flag: bytes
    target: str


class _Archive:
    """The stream of blocks."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._first = True

    def header(self) -> _Header | None:
        """Return the next header; None at the archive's end mark."""
        block = self._read(_BLOCK)
        if len(block) < _BLOCK:
            raise _corrupt("is cut off" if not self._first else "is no tar archive")
        if not any(block):
            return None
        written = block[148:156].strip(b"\0 ")
        checksum = -1 if written.strip(b"01234567") else int(written or b"0", 8)
        blank = block[:148] + b" " * 8 + block[156:]
        # POSIX sums unsigned bytes; some historic writers summed signed ones.
        if checksum not in (sum(blank), sum(b - 256 if b > 127 else b for b in blank)):
            damage = "is damaged: the checksum of a header is wrong"
            raise _corrupt("is no tar archive" if self._first else damage)
        self._first = False
        name = block[:100].split(b"\0", 1)[0]
        prefix = block[345:500].split(b"\0", 1)[0]
        if prefix and block[257:263] == b"ustar\0":
            name = prefix + b"/" + name
        return _Header(
            _decode(name),
            _number(block[100:108]) & 0o7777,
            _number(block[124:136]),
            block[156:157],
            _decode(block[157:257].split(b"\0", 1)[0]),
        )

    def small(self, size: int, header: _Header) -> bytes:
        """Return the contents of a header that describes the next member."""
        if size > _LARGEST_HEADER:
            raise _corrupt(f"has a header of {size:,} bytes before {header.name[:80]!r}")
        return b"".join(self.data(size))

    def data(self, size: int) -> Iterator[bytes]:
        """The contents of a member, and then past the filling that rounds them up to a block."""
        left = size
        while left:
            chunk = self._read(min(left, _CHUNK))
            if not chunk:
                raise _corrupt("is cut off")
            left -= len(chunk)
            yield chunk
        filling = -size % _BLOCK
        if filling and len(self._read(filling)) < filling:
            raise _corrupt("is cut off")


def _kind(flag: bytes, name: str) -> EntryKind:
    if flag in (b"0", b"7"):  # POSIX ustar: "7" is a contiguous file
        return EntryKind.FILE
    if flag == b"\0":  # before POSIX, where a trailing slash made a directory
        return EntryKind.DIRECTORY if name.endswith("/") else EntryKind.FILE
    if flag == b"5":
        return EntryKind.DIRECTORY
    if flag in (b"1", b"2"):
        return EntryKind.LINK
    what = {b"3": "a device", b"4": "a device", b"6": "a named pipe", b"S": "a sparse file"}.get(
        flag, f"of the unknown kind {flag!r}"
    )
    raise ArchiveError(f"the member {name[:120]!r} is {what}: it is refused", kind="hostile")


def _number(field: bytes) -> int:
    """Return a numeric field: octal digits, or GNU's base-256 where its first bit is set."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.split(b"\0", 1)[0].strip(b" ")
    if digits.strip(b"01234567"):
        raise _corrupt("is damaged: a header holds no number where one must be")
    return int(digits, 8) if digits else 0


def _pax_records(data: bytes, header: _Header) -> dict[str, str]:
    """``LENGTH KEY=VALUE\\n``, LENGTH counting itself (POSIX pax, "Extended Header")."""
    records: dict[str, str] = {}
    position = 0
    while position < len(data):
        space = data.find(b" ", position, position + 12)
        digits = data[position:space] if space > 0 else b""
        length = int(digits) if digits.isdigit() else 0
        end = position + length
        key, equals, value = data[space + 1 : end - 1].partition(b"=")
        if not length or end > len(data) or not equals or data[end - 1 : end] != b"\n":
            raise _corrupt(f"is damaged: an extended header before {header.name[:80]!r}")
        records[_decode(key)] = _decode(value)
        position = end
    return records


def _refuse_sparse(records: dict[str, str], header: _Header) -> None:
    if any(key.startswith("GNU.sparse.") for key in records):
        raise ArchiveError(
            f"this holds a sparse file ({header.name[:120]!r}): it is refused",
            kind="hostile",
        )


def _decimal(text: str, header: _Header) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise _corrupt(f"is damaged: the size of {header.name[:80]!r} is {text[:40]!r}")
    return int(text)


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _corrupt(complaint: str) -> ArchiveError:
    return ArchiveError(f"the archive {complaint}", kind="unreadable")
