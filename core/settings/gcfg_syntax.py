"""The grammar of a ``.gcfg`` file: sections and variables, exactly as Go's gcfg 1.2.3 reads them.

Go's parser reads one character ahead: a NUL or a byte that is no UTF-8 is an error as soon as the
character before it is consumed, thus before any complaint about what that character ends. Its first
error wins, but a variable is handed over only when the end of its line was read. ``statements``
keeps both, so that a bad value and a bad syntax are reported in Go's order, at Go's position and in
Go's words (with advice after a colon).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..errors import StewardError
from ..source_text import SourceText

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_SPACE = re.compile(r"[ \t\r]*")
_ASCII_NAME = re.compile(r"[A-Za-z0-9-]*")
_COMMENT = re.compile(r"[^\n]*")
_STRING_RUN = re.compile(r'[^"\\\n]*')
_PLAIN_RUN = re.compile(r'[^"\\;#\n]*')
# NAME = VALUE without quotes, escapes, comments and what only Unicode takes for a letter.
_USUAL_LINE = re.compile(r'[ \t]*([A-Za-z][A-Za-z0-9-]*)[ \t]*=[ \t]*([^"\\;#\r\n]*)\n')
_QUOTE_OR_ESCAPE = re.compile(r'\\(.)|"', re.DOTALL)
_ESCAPES = {"\\": "\\", '"': '"', "n": "\n", "t": "\t", "\n": ""}

_ADVICE = {
    "unknown escape sequence": r"inside double quotes only \\ \" \n and \t are escapes",
    "string not terminated": "a double quote must be closed on the line where it was opened",
    "unquoted '\\' must be followed by new line or double quote": (
        "put the value in double quotes and write each backslash twice"
    ),
    "expected section header": (
        "a setting stands below its section, so write [Python] above it; other text is a comment "
        "and begins with ;"
    ),
    "expected '='": "write NAME = VALUE",
    "expected EOL, EOF, or comment": "nothing may follow ] on this line",
    "illegal UTF-8 encoding": "save the file as UTF-8",
}


class Header(NamedTuple):
    """A section header; names as they are written.

    subsection: None where there is none.
    end: the offset after its line's end; ``ended`` is False where the file ends without one.
    """

    section: str
    subsection: str | None
    start: int
    end: int
    ended: bool


class Variable(NamedTuple):
    """A variable in the section of ``header``; all offsets count characters of the text.

    value: None for a bare name, which is not the same as an empty value.
    value_start, value_end: what was written after the equals sign and its blanks, without
        comment and trailing blanks; both are the end of the name where the name is bare.
    end, ended: as in Header; the lines up to ``end`` belong to this variable alone.
    """

    header: Header
    name: str
    value: str | None
    start: int
    value_start: int
    value_end: int
    end: int
    ended: bool


class _Fault(NamedTuple):
    """Something that Go's scanner complains about."""

    offset: int
    message: str


class Document(NamedTuple):
    """A text together with the first character in it that no text may have."""

    source: SourceText
    bad_character: _Fault | None

    def statements(self) -> Iterator[Header | Variable]:
        """Return the statements in their order; raises SettingsError where Go's parser fails."""
        return _Parser(self).statements()


def decode(data: bytes, file: Path | None) -> Document:
    """Return the text of a file; one byte order mark at its start is skipped, as Go skips it."""
    data = data.removeprefix(BYTE_ORDER_MARK)
    bad: _Fault | None = None
    try:
        text = data.decode()
    except UnicodeDecodeError as problem:
        text = data.decode(errors="replace")
        bad = _Fault(len(data[: problem.start].decode()), "illegal UTF-8 encoding")
    nul = text.find("\0")
    if nul >= 0 and (bad is None or nul < bad.offset):
        bad = _Fault(nul, "illegal character NUL")
    return Document(SourceText(file, text), bad)


class _Token(NamedTuple):
    """kind: ``name``, ``string``, ``end of line``, ``end of file``, ``illegal`` or the sign itself.

    literal: what was written, a string with its quotes and escapes.
    """

    kind: str
    start: int
    end: int
    literal: str = ""


_SIGNS = {"[": "[", "]": "]", "=": "=", "\n": "end of line", "": "end of file"}


class _Scanner:
    """Cuts the text into tokens.

    fault: the first thing that Go's scanner complains about; it goes on still, since its
    parser looks at complaints only at certain points.
    """

    def __init__(self, document: Document) -> None:
        self._text = document.source.text
        self._bad = document.bad_character
        self._at = 0
        self._value_is_next = False
        self.fault: _Fault | None = None
        self._to(0)

    def scan(self) -> _Token:
        """Return the next token; comments are skipped."""
        while True:
            self._to(self._run(_SPACE))
            start, sign = self._at, self._sign()
            if self._value_is_next:
                self._value_is_next = False
                return self._value()
            if _is_letter(sign):
                return self._name()
            self._to(start + 1)
            if sign not in (";", "#"):
                break
            self._to(self._run(_COMMENT))
        if sign == '"':
            return self._string(start)
        if sign in _SIGNS:
            self._value_is_next = sign == "="
            return _Token(_SIGNS[sign], start, self._at)
        shown = f" '{sign}'" if sign.isprintable() else ""
        self._complain(start, f"illegal character U+{ord(sign):04X}{shown}")
        return _Token("illegal", start, self._at)

    def usual_lines(self, header: Header) -> Iterator[Variable]:
        """Yield the variables on the lines from here on that have nothing special, taken at one go.

        A server's thousand executables would take noticeable time token by token.
        """
        while self._bad is None and (line := _USUAL_LINE.match(self._text, self._at)):
            self._at = line.end()
            start, value = line.start(2), line[2].rstrip(" \t")
            yield Variable(
                header, line[1], value, line.start(1), start, start + len(value), line.end(), True
            )

    def _name(self) -> _Token:
        start = self._at
        self._to(self._run(_ASCII_NAME))
        while _is_letter(self._sign()) or self._sign().isdecimal() or self._sign() == "-":
            self._to(self._at + 1)
        return _Token("name", start, self._at, self._text[start : self._at])

    def _string(self, start: int) -> _Token:
        """Return a subsection's name; the opening quote is consumed."""
        while True:
            self._to(self._run(_STRING_RUN))
            sign = self._sign()
            self._to(self._at + 1)
            if sign == '"':
                break
            if sign != "\\":
                self._complain(start, "string not terminated")
                break
            self._escape('\\"')
        return _Token("string", start, self._at, self._text[start : self._at])

    def _value(self) -> _Token:
        """Return what stands after an equals sign, up to a comment or the end of the line."""
        start = end = self._at
        quoted = False
        while True:
            run_start = self._at
            self._to(self._run(_STRING_RUN if quoted else _PLAIN_RUN))
            run = self._text[run_start : self._at]
            kept = run if quoted else run.rstrip(" \t\r")
            if kept:
                end = run_start + len(kept)
            sign = self._sign()
            if not quoted and sign not in ('"', "\\"):
                break
            self._to(self._at + 1)
            if sign == '"':
                quoted = not quoted
            elif sign != "\\":
                self._complain(start, "string not terminated")
                break
            elif quoted:
                self._escape('\\"nt')
            elif not self._unquoted_escape(start):
                break
            end = self._at
        return _Token("string", start, end, self._text[start:end].replace("\r", ""))

    def _escape(self, known: str) -> None:
        """The character after a backslash in double quotes."""
        start, sign = self._at, self._sign()
        self._to(start + 1)
        if not sign or sign not in known:
            self._complain(start, "unknown escape sequence")

    def _unquoted_escape(self, value_start: int) -> bool:
        """Return the character after a backslash outside double quotes.

        False where it may not be.
        """
        if self._sign() == "\r":
            self._to(self._at + 1)
        if self._sign() not in ("\n", '"'):
            self._complain(
                value_start, "unquoted '\\' must be followed by new line or double quote"
            )
            return False
        self._to(self._at + 1)
        return True

    def _sign(self) -> str:
        """Return the character available; empty at the end of the file."""
        return self._text[self._at : self._at + 1]

    def _run(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self._text, self._at)
        return found.end() if found else self._at

    def _to(self, offset: int) -> None:
        """Go on to a character, which is thereby read."""
        self._at = min(offset, len(self._text))
        if self._bad is not None and self._bad.offset <= self._at:
            self._complain(self._bad.offset, self._bad.message)
            self._bad = None

    def _complain(self, offset: int, message: str) -> None:
        if self.fault is None:
            self.fault = _Fault(offset, message)


class _Parser:
    """Makes statements of tokens and looks at the scanner's complaints where Go's parser does."""

    def __init__(self, document: Document) -> None:
        self._source = document.source
        self._scanner = _Scanner(document)
        self._token = self._scanner.scan()

    def statements(self) -> Iterator[Header | Variable]:
        header: Header | None = None
        while True:
            self._check()
            kind = self._token.kind
            if kind == "end of file":
                return
            if kind == "end of line":
                if header is not None:
                    yield from self._scanner.usual_lines(header)
                self._token = self._scanner.scan()
            elif kind == "[":
                header = self._header()
                yield header
            elif header is None:
                raise self._error(self._token.start, "expected section header")
            elif kind == "name":
                yield self._variable(header)
            else:
                raise self._error(
                    self._token.start, "expected section header or variable declaration"
                )

    def _header(self) -> Header:
        start = self._token.start
        self._advance()
        section = self._expect("name", "expected section name").literal
        self._advance()
        subsection = None
        if self._token.kind == "string":
            subsection = _unquote(self._token.literal)
            if not subsection:
                raise self._error(self._token.start, "empty subsection name")
            self._advance()
        self._expect(
            "]",
            "expected right bracket" if subsection else "expected subsection name or right bracket",
        )
        # What follows is judged before the scanner's own complaints about it are looked at.
        self._token = self._scanner.scan()
        if self._token.kind not in ("end of line", "end of file"):
            raise self._error(self._token.start, "expected EOL, EOF, or comment")
        return Header(section, subsection, start, self._token.end, self._ended)

    def _variable(self, header: Header) -> Variable:
        name = self._token
        self._advance()
        if self._token.kind in ("end of line", "end of file"):
            return Variable(
                header, name.literal, None, name.start, name.end, name.end,
                self._token.end, self._ended,
            )  # fmt: skip
        self._expect("=", "expected '='")
        self._advance()
        value = self._token
        # A value reaches up to the end of its line or a comment, so nothing else can follow it.
        self._advance()
        return Variable(
            header, name.literal, _unquote(value.literal), name.start, value.start, value.end,
            self._token.end, self._ended,
        )  # fmt: skip

    @property
    def _ended(self) -> bool:
        return self._token.kind == "end of line"

    def _advance(self) -> None:
        self._token = self._scanner.scan()
        self._check()

    def _check(self) -> None:
        fault = self._scanner.fault
        if fault is not None:
            raise self._error(fault.offset, fault.message)

    def _expect(self, kind: str, message: str) -> _Token:
        if self._token.kind != kind:
            raise self._error(self._token.start, message)
        return self._token

    def _error(self, offset: int, message: str) -> StewardError:
        advice = _ADVICE.get(message)
        return self._source.error(offset, f"{message}: {advice}" if advice else message)


def _is_letter(sign: str) -> bool:
    # str.isalpha() is Unicode's category L, as Go's unicode.IsLetter() is.
    return sign.isalpha()


def _unquote(literal: str) -> str:
    return _QUOTE_OR_ESCAPE.sub(
        lambda found: "" if found[1] is None else _ESCAPES[found[1]], literal
    )
