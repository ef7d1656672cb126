"""Where things stand in a TOML text: the parsers tell values, not lines."""

from __future__ import annotations

import re
from typing import NamedTuple

Path = tuple[str | int, ...]
"""The keys that lead to a value; a number for an item of an array."""

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


class Position(NamedTuple):
    """Offsets of a key and its value; both are the item's own for an item of an array."""

    key: int
    value: int


class Places:
    """The places of the keys in a text that is known to be valid TOML.

    Of a value that is an array or an inline table its items are known too, but nothing that is
    nested deeper: nothing of ours is.
    """

    def __init__(self, text: str) -> None:
        self._found: dict[Path, Position] = {}
        self._tokens = [
            (token[0], token.start())
            for token in _TOKEN.finditer(text)
            if token.lastgroup not in ("comment", "blank")
        ]
        self._length = len(text)
        self._at = 0
        self._ends: dict[Path, int] = {}
        table: Path = ()
        while self._at < len(self._tokens):
            start = self._tokens[self._at][1]
            if self._sign == "\n":
                self._at += 1
            elif self._sign == "[":
                table = self._keys("]")
                self._found.setdefault(table, Position(start, start))
                self._skip_line()
                self._ends[table] = self._line_end
            else:
                path = table + self._keys("=")
                self._at += 1
                self._value(path, start)
                if table:
                    self._ends[table] = self._line_end

    def of(self, path: Path) -> Position:
        """The place of a value, or of the innermost thing around it whose place is known."""
        while path and path not in self._found:
            path = path[:-1]
        return self._found.get(path, Position(0, 0))

    def end_of_table(self, name: str) -> int | None:
        """The offset after the last line that a ``[name]`` header and its keys take.

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
        """The token at hand; empty at the end."""
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _skip_line(self) -> None:
        while self._sign not in ("\n", ""):
            self._at += 1

    def _keys(self, until: str) -> Path:
        """A dotted key up to a sign, without brackets before it."""
        keys: list[str] = []
        while self._sign not in (until, ""):
            if self._sign not in (".", "["):
                keys.append(_key(self._sign))
            self._at += 1
        return tuple(keys)

    def _value(self, path: Path, key: int) -> None:
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
    """The parts of the longest dotted key; of a text in which strings are closed."""
    longest = dots = 0
    for token in _TOKEN.finditer(text):
        if token[0] == ".":
            dots += 1
            longest = max(longest, dots)
        elif token.lastgroup == "sign":
            dots = 0
    return longest + 1


def _key(token: str) -> str:
    """A key without its quotes."""
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
