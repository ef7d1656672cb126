"""A TOML text: its values, and where each of them is. The parsers give values without lines."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

from .errors import SettingsError, StewardError
from .source_text import SourceText

Keys = tuple[str | int, ...]
"""The keys that lead to a value; a number, from 0, for an item of an array."""

_MOST_PARTS = 100
# tomllib: "… (at line 2, column 5)", "… (at end of document)"; tomlkit: "… at line 2 col 4".
_WHERE = re.compile(
    r"(?P<message>.*?) ?\(?\bat "
    r"(?:end of document|line (?P<line>\d+),? col(?:umn)? (?P<column>\d+))\)?\s*",
    re.DOTALL,
)

_TOKEN = re.compile(
    r"""
      (?P<string>\"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\])*" | '[^']*')
    | (?P<comment>\#[^\n]*)
    | (?P<blank>[ \t\r]+)
    | (?P<sign>[\[\]{}=,.\n])
    | (?P<bare>[^ \t\r\n\#"'\[\]{}=,.]+)
    """,
    re.DOTALL | re.VERBOSE,
)


def decode_toml(
    content: bytes, file: Path | None, error_class: type[StewardError] = SettingsError
) -> SourceText:
    """Return the text of a file, without a byte order mark, which TOML does not know.

    error_class: the class of the errors that this text raises, now and later.
    Raises: that error when the bytes are not UTF-8.
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return SourceText(file, content.decode(), error_class)
    except UnicodeDecodeError as problem:
        source = SourceText(file, content.decode(errors="replace"), error_class)
        offset = len(content[: problem.start].decode())
        raise source.error(offset, "illegal UTF-8 encoding: save the file as UTF-8") from None


def parse_toml(source: SourceText) -> dict[str, Any]:
    """Return the whole document. Raises the text's error when it is not TOML."""
    if longest_key(source.text) > _MOST_PARTS:
        # The parsers' time grows with the square of it.
        message = f"has a key of more than {_MOST_PARTS} parts"
        raise source.error_class(message, file=source.file)
    try:
        if sys.version_info >= (3, 11):
            import tomllib

            return tomllib.loads(source.text)
        return _parse_with_tomlkit(source)
    except RecursionError:
        raise source.error_class("is nested too deeply", file=source.file) from None
    except ValueError as problem:
        # tomllib's errors are ValueErrors, and so is that of a number with too many digits.
        raise _syntax_error(source, str(problem)) from None


def _parse_with_tomlkit(source: SourceText) -> dict[str, Any]:
    """Return the same for Python 3.10, which has no tomllib."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(source.text).unwrap()
    except TOMLKitError as problem:
        raise _syntax_error(source, str(problem)) from None


def _syntax_error(source: SourceText, text: str) -> StewardError:
    """Return the error at the position that the parser gives at the end of its message."""
    found = _WHERE.fullmatch(text)
    if found is None:
        return source.error_class(f"is not TOML: {text}", file=source.file)
    message = f"is not TOML: {found['message']}"
    if found["line"] is None:
        return source.error(len(source.text.rstrip()), message)
    start = source.line_starts[min(int(found["line"]), len(source.line_starts)) - 1]
    # tomlkit gives column 0 for the position before a line's first character.
    return source.error(start + max(int(found["column"]), 1) - 1, message)


class Position(NamedTuple):
    """Offsets of a key and its value; both are the item's own for an item of an array."""

    key: int
    value: int


class Positions:
    """The positions of the keys in a text that is known to be valid TOML.

    Of a value that is an array or an inline table its items are known too, but nothing that is
    nested deeper: no file of ours has it.
    """

    def __init__(self, text: str) -> None:
        self._found: dict[Keys, Position] = {}
        self._tokens = [
            (token[0], token.start())
            for token in _TOKEN.finditer(text)
            if token.lastgroup not in ("comment", "blank")
        ]
        self._length = len(text)
        self._at = 0
        self._ends: dict[Keys, int] = {}
        self._lengths: dict[Keys, int] = {}  # of each array of tables
        table: Keys = ()
        while self._at < len(self._tokens):
            start = self._tokens[self._at][1]
            if self._sign == "\n":
                self._at += 1
            elif self._sign == "[":
                is_array = self._tokens[self._at + 1] == ("[", start + 1)
                table = self._table(self._keys("]"), is_array)
                self._found.setdefault(table, Position(start, start))
                self._skip_line()
                self._ends[table] = self._line_end
            else:
                path = table + self._keys("=")
                self._at += 1
                self._value(path, start)
                if table:
                    self._ends[table] = self._line_end

    def _table(self, keys: Keys, is_array: bool) -> Keys:
        """Return the table of a header: in an array of tables, the last one so far (TOML 1.0)."""
        path: Keys = ()
        for number, key in enumerate(keys, 1):
            path = (*path, key)
            if is_array and number == len(keys):
                self._lengths[path] = self._lengths.get(path, 0) + 1
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        return path

    def of(self, path: Keys) -> Position:
        """Return the position of a value, or of the innermost known one around it."""
        while path and path not in self._found:
            path = path[:-1]
        return self._found.get(path, Position(0, 0))

    def end_of_table(self, name: str) -> int | None:
        """Return the offset after the last line that a ``[name]`` header and its keys take.

        None where there is no such header: keys may be dotted, or in an inline table.
        """
        return self._ends.get((name,))

    @property
    def _line_end(self) -> int:
        """The offset after the line that was just read."""
        if self._at < len(self._tokens):
            return self._tokens[self._at][1] + 1
        return self._length

    @property
    def _sign(self) -> str:
        """The token available; empty at the end."""
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _skip_line(self) -> None:
        while self._sign not in ("\n", ""):
            self._at += 1

    def _keys(self, until: str) -> Keys:
        """Return a dotted key up to a sign, without brackets before it."""
        keys: list[str] = []
        while self._sign not in (until, ""):
            if self._sign not in (".", "["):
                keys.append(_key(self._sign))
            self._at += 1
        return tuple(keys)

    def _value(self, path: Keys, key: int) -> None:
        """A value up to the end of its line, or to the bracket that closes it."""
        if self._at < len(self._tokens):
            self._found[path] = Position(key, self._tokens[self._at][1])
        in_table = self._sign == "{"
        depth = items = 0
        item_is_next = False
        while self._sign and (depth or self._sign != "\n"):
            sign, start = self._tokens[self._at]
            if depth == 1 and item_is_next and sign not in ("\n", "]", "}"):
                item_is_next = False
                if in_table:
                    inner = path + self._keys("=")
                    self._at += 1
                    if self._at < len(self._tokens):
                        self._found[inner] = Position(start, self._tokens[self._at][1])
                    continue
                self._found[(*path, items)] = Position(start, start)
                items += 1
            if sign in ("[", "{"):
                depth += 1
                item_is_next = depth == 1
            elif sign in ("]", "}"):
                depth -= 1
            elif sign == "," and depth == 1:
                item_is_next = True
            self._at += 1


def longest_key(text: str) -> int:
    """Return the parts of the longest dotted key; of a text in which strings are closed."""
    longest = dots = 0
    for token in _TOKEN.finditer(text):
        if token[0] == ".":
            dots += 1
            longest = max(longest, dots)
        elif token.lastgroup == "sign":
            dots = 0
    return longest + 1


def _key(token: str) -> str:
    """Return a key without its quotes."""
    if token.startswith("'"):
        return token[1:-1]
    if token.startswith('"'):
        import json

        try:
            return str(json.loads(token, strict=False))
        except ValueError:
            # One of the escapes that only TOML has; no name of ours is written with it.
            return token[1:-1]
    return token
