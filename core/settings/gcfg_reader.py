"""Read the settings out of RStudio Connect's own ``.gcfg`` file.

As Go's gcfg stores values: a bare name is true for a bool, empties a list and is an error for a
string; ``name =`` is an empty string; lists add up and of single values the last wins. What is
wrong with a value is said where the statement stands, before anything that follows it is read,
because there Go's parser stops too. Only the policy's name is looked at when all is read: Go knows
nothing of it, and the last one counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..source_text import SourceText
from .gcfg_syntax import Document, Variable
from .model import CLEARS_BUILT_IN, PROHIBITED, SETTINGS, Kind, Origin, Setting, SettingsWarning
from .names import BY_FIELD, BY_GCFG, fold, nearest_name
from .values import (
    BadValue,
    FileValues,
    parse_bool,
    parse_choice,
)

_SECTION = "python"
_VARIABLES = tuple(
    setting.gcfg[1] for setting in SETTINGS if setting.gcfg and fold(setting.gcfg[0]) == _SECTION
)


@dataclass(slots=True, eq=False, repr=False)
class Occurrences:
    """The statements of one setting that count.

    statements: of a list all since it was last emptied, else the last one alone.
    emptied_by: the bare name that emptied the list; None: none did.
    """

    statements: list[Variable] = field(default_factory=list[Variable])
    emptied_by: Variable | None = None


def occurrences(statements: Iterable[Variable]) -> dict[str, Occurrences]:
    """Return the statements that count, by field; what is no setting of ours is left out."""
    found: dict[str, Occurrences] = {}
    for statement in statements:
        setting = setting_of(statement)
        if setting is None:
            continue
        if setting.kind is not Kind.LIST:
            found[setting.field] = Occurrences([statement])
        elif statement.value is None:
            found[setting.field] = Occurrences(emptied_by=statement)
        else:
            found.setdefault(setting.field, Occurrences()).statements.append(statement)
    return found


def setting_of(statement: Variable) -> Setting | None:
    """Return the setting that a statement sets."""
    if statement.header.subsection is not None:
        return None
    return BY_GCFG.get((fold(statement.header.section), fold(statement.name)))


def read_gcfg(document: Document) -> FileValues:
    """Return what a ``.gcfg`` file says; raises SettingsError."""
    source = document.source
    warnings: list[SettingsWarning] = []
    statements: list[Variable] = []
    for statement in document.statements():
        if not isinstance(statement, Variable):
            if statement.subsection is not None and fold(statement.section) == _SECTION:
                message = f'[{statement.section} "{statement.subsection}"] is not [Python]'
                warnings.append(_warning(source, statement.start, f"{message}: it is not read"))
            continue
        setting = setting_of(statement)
        if setting is not None:
            _insist_on_value(source, setting, statement)
            statements.append(statement)
        elif fold(statement.header.section) == _SECTION and statement.header.subsection is None:
            warnings.append(_warning(source, statement.start, _unknown(statement.name)))
    said = FileValues(warnings=warnings)
    for name, found in occurrences(statements).items():
        said.values[name] = _value(source, BY_FIELD[name], found)
        said.origins[name] = _origin(source, found.statements)
        if found.emptied_by is not None:
            emptied = _origin(source, [found.emptied_by])
            if not found.statements:
                said.origins[name] = emptied
            if name == PROHIBITED:
                said.values[CLEARS_BUILT_IN] = False
                said.origins[CLEARS_BUILT_IN] = emptied
    return said


def _insist_on_value(source: SourceText, setting: Setting, statement: Variable) -> None:
    """Raise what Go's gcfg raises when it stores the value of one statement."""
    if setting.kind is Kind.BOOL and statement.value is not None:
        try:
            parse_bool(statement.value)
        except BadValue as problem:
            raise source.error(statement.value_start, f"{statement.name}: {problem}") from None
    if setting.kind in (Kind.CHOICE, Kind.TEXT) and statement.value is None:
        message = f"{statement.name} needs a value: write {statement.name} = VALUE"
        raise source.error(statement.start, message)


def _value(source: SourceText, setting: Setting, found: Occurrences) -> Any:
    if setting.kind is Kind.LIST:
        return tuple(item.value or "" for item in found.statements)
    statement = found.statements[-1]
    if setting.kind is Kind.BOOL:
        return statement.value is None or parse_bool(statement.value)
    text = statement.value or ""
    if setting.kind is Kind.CHOICE:
        try:
            return parse_choice(setting, text)
        except BadValue as problem:
            raise source.error(statement.value_start, f"{statement.name}: {problem}") from None
    return text or None


def _unknown(name: str) -> str:
    meant = nearest_name(name, _VARIABLES)
    return f"{name} is no setting of [Python]" + (f": {meant} may be meant" if meant else "")


def _warning(source: SourceText, offset: int, message: str) -> SettingsWarning:
    return SettingsWarning(source.line(offset), message, source.file)


def _origin(source: SourceText, statements: Iterable[Variable]) -> Origin:
    return Origin(source.file, tuple(source.line(item.start) for item in statements))
