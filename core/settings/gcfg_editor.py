"""Change a ``.gcfg`` text and leave every byte alone that does not have to change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeGuard

from ..errors import SettingsError
from ..frozen import frozen
from .gcfg_reader import Occurrences, occurrences, setting_of
from .gcfg_syntax import Document, Header, Variable
from .list_diff import changes
from .model import CLEARS_BUILT_IN, PROHIBITED, Setting
from .names import BY_FIELD, fold

_NEEDS_NO_QUOTES = re.compile(r'[^"\\;#\r\n\t ](?:[^"\\;#\r\n]*[^"\\;#\r\n\t ])?')
_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\t": r"\t"})
_BLANKS = re.compile(r"[ \t]*")


@frozen
class _Splice:
    """Replace what stands between two offsets."""

    start: int
    end: int
    text: str


def set_in_gcfg(document: Document, setting: Setting, value: str | Sequence[str] | bool) -> str:
    """Return the text with a setting set, a list as a whole.

    The line that counts is changed; where there is none, one is added at the end of the section,
    written like its neighbors. Raises SettingsError where no gcfg text can hold the value.
    """
    editor = _Editor(document)
    if setting.field == CLEARS_BUILT_IN:
        editor.keep_built_in(bool(value))
    elif isinstance(value, bool):
        editor.set_single(setting, "true" if value else "false")
    elif isinstance(value, str):
        editor.set_single(setting, value)
    else:
        editor.set_list(setting, value)
    return editor.result()


def unset_in_gcfg(document: Document, setting: Setting) -> str:
    """Return the text without any line that sets the setting."""
    editor = _Editor(document)
    editor.unset(setting)
    return editor.result()


def quoted(value: str, *, always: bool = False) -> str:
    """Return a value as it is written, in double quotes where it needs them.

    Raises SettingsError for a carriage return and for NUL, which no gcfg text can hold.
    """
    if "\r" in value or "\0" in value:
        raise SettingsError("a .gcfg file can hold neither a carriage return nor a NUL character")
    if not always and _NEEDS_NO_QUOTES.fullmatch(value):
        return value
    return f'"{value.translate(_ESCAPED)}"'


class _Editor:
    """Collects splices for one text."""

    def __init__(self, document: Document) -> None:
        self._text = document.source.text
        self._statements = list(document.statements())
        self._variables = [item for item in self._statements if isinstance(item, Variable)]
        self._counting = occurrences(self._variables)
        self._splices: list[_Splice] = []

    def result(self) -> str:
        text = self._text
        # From the end, so that offsets stay true; at one offset, the last one asked for first.
        by_offset = sorted(self._splices, key=lambda item: (item.start, item.end))
        for splice in reversed(by_offset):
            text = text[: splice.start] + splice.text + text[splice.end :]
        return text

    def set_single(self, setting: Setting, value: str) -> None:
        found = self._counting.get(setting.field)
        if found is None:
            self._add_to_section(setting, [value])
        else:
            self._replace(found.statements[-1], value)

    def set_list(self, setting: Setting, wanted: Sequence[str]) -> None:
        found = self._counting.get(setting.field, Occurrences())
        for change in changes([item.value or "" for item in found.statements], wanted):
            changed = found.statements[change.start : change.end]
            for item, value in zip(changed, change.items, strict=False):
                self._replace(item, value)
            self._remove(changed[len(change.items) :])
            added = change.items[len(changed) :]
            if change.end:
                self._add_after(found.statements[change.end - 1], setting, added)
            elif found.emptied_by is not None:
                self._add_after(found.emptied_by, setting, added)
            elif found.statements:
                self._add_before(found.statements[0], setting, added)
            else:
                self._add_to_section(setting, added)

    def unset(self, setting: Setting) -> None:
        if setting.field == CLEARS_BUILT_IN:
            self.keep_built_in(True)
        else:
            self._remove([item for item in self._variables if setting_of(item) is setting])

    def keep_built_in(self, keep: bool) -> None:
        """Take away the bare ``ProhibitedPackage`` that clears the built-in list, or add it."""
        setting = BY_FIELD[PROHIBITED]
        found = self._counting.get(PROHIBITED, Occurrences())
        bare = found.emptied_by
        if keep and bare is not None:
            # What stands before it was emptied too, and would count again.
            lines = [item for item in self._variables if setting_of(item) is setting]
            self._remove([item for item in lines if item.start <= bare.start])
        elif not keep and bare is None and found.statements:
            self._add_before(found.statements[0], setting, [None])
        elif not keep and bare is None:
            self._add_to_section(setting, [None])

    def _replace(self, statement: Variable, value: str) -> None:
        start, end = statement.value_start, statement.value_end
        was_quoted = self._text.startswith('"', start) and start < end
        written = quoted(value, always=was_quoted)
        if statement.value is None:
            written = f" = {written}"
        elif start == end:
            # A value begins after all blanks, and a carriage return is one: the new value is to
            # stand before that of the line's end.
            equals = self._text.index("=", statement.start)
            blanks = _BLANKS.match(self._text, equals + 1)
            start = end = blanks.end() if blanks else equals + 1
            if self._text.startswith((";", "#"), start):
                written += " "
        self._splices.append(_Splice(start, end, written))

    def _remove(self, statements: Iterable[Variable]) -> None:
        for item in statements:
            self._splices.append(_Splice(self._line_start(item), item.end, ""))

    def _add_to_section(self, setting: Setting, values: Sequence[str | None]) -> None:
        """Add lines after the last variable of the setting's section, or with a new section."""
        section = setting.gcfg[0] if setting.gcfg else ""
        headers = [item for item in self._statements if _is_header_of(section, item)]
        if headers:
            inside = [item for item in self._variables if item.header is headers[-1]]
            self._add_after(inside[-1] if inside else headers[-1], setting, values)
            return
        newline = self._newline()
        lines = [f"[{section}]", *self._lines(None, setting, values)]
        text = "".join(f"{line}{newline}" for line in lines)
        last = self._statements[-1] if self._statements else None
        # A value that is continued on the empty last line goes on to the file's end.
        open_end = last is not None and last.end == len(self._text) and not last.ended
        if open_end or (self._text and not self._text.endswith("\n")):
            text = newline + newline + text.removesuffix(newline)
        elif self._text:
            text = newline + text
        self._splices.append(_Splice(len(self._text), len(self._text), text))

    def _add_after(
        self, anchor: Header | Variable, setting: Setting, values: Sequence[str | None]
    ) -> None:
        if not values:
            return
        newline = self._newline(anchor)
        text = newline.join(self._lines(anchor, setting, values))
        text = f"{text}{newline}" if anchor.ended else f"{newline}{text}"
        self._splices.append(_Splice(anchor.end, anchor.end, text))

    def _add_before(self, anchor: Variable, setting: Setting, values: Sequence[str | None]) -> None:
        newline, start = self._newline(anchor), self._line_start(anchor)
        lines = self._lines(anchor, setting, values)
        self._splices.append(_Splice(start, start, "".join(f"{line}{newline}" for line in lines)))

    def _lines(
        self, neighbour: Header | Variable | None, setting: Setting, values: Sequence[str | None]
    ) -> list[str]:
        """New lines in the manner of a neighbor: its indentation, blanks, case and quotes."""
        indent, equals, always = "", " = ", False
        name = setting.gcfg[1] if setting.gcfg else ""
        if neighbour is not None:
            indent = self._text[self._line_start(neighbour) : neighbour.start]
        if isinstance(neighbour, Variable):
            between = self._text[neighbour.start + len(neighbour.name) : neighbour.value_start]
            equals = between if neighbour.value is not None and "\r" not in between else equals
            if setting_of(neighbour) is setting:
                name = neighbour.name
                always = self._text.startswith('"', neighbour.value_start)
        return [
            f"{indent}{name}" if value is None else
            f"{indent}{name}{equals}{quoted(value, always=always)}"
            for value in values
        ]  # fmt: skip

    def _line_start(self, statement: Header | Variable) -> int:
        return self._text.rfind("\n", 0, statement.start) + 1

    def _newline(self, anchor: Header | Variable | None = None) -> str:
        """Return the line end of a statement, or that of the text's first line."""
        end = anchor.end if anchor is not None and anchor.ended else self._text.find("\n") + 1
        return "\r\n" if self._text[max(0, end - 2) : end] == "\r\n" else "\n"


def _is_header_of(section: str, statement: Header | Variable) -> TypeGuard[Header]:
    return (
        isinstance(statement, Header)
        and statement.subsection is None
        and fold(statement.section) == fold(section)
    )
