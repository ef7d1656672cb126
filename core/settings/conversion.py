"""Write settings anew in the other format."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from ..errors import SettingsError
from .files import read
from .gcfg_editor import quoted
from .gcfg_syntax import Header, decode
from .loader import is_toml, loads
from .model import CLEARS_BUILT_IN, PROHIBITED, SETTINGS, Kind, Setting, Settings
from .names import fold
from .toml_editor import TomlValue, literal
from .toml_reader import TABLE


def convert(path: str | os.PathLike[str], form: str) -> tuple[str, tuple[str, ...]]:
    """Return a file's settings as the text of a ``gcfg`` or ``toml`` file, and what was not carried
    over.

    What is default stays unsaid; comments are never carried. A ``settings-from`` is resolved: its
    settings are written out. Raises SettingsError.
    """
    file = read(Path(os.path.abspath(path)))
    settings = loads(file.path, file.content)
    said = [item for item in SETTINGS if not settings.origins[item.field].is_default]
    notes = list(_notes(settings, file.content))
    if form == "toml":
        text = _toml(settings, said)
    elif form == "gcfg":
        text = _gcfg(settings, said)
        lost = [item for item in said if item.gcfg is None and item.field not in _RESOLVED]
        notes += [f"a .gcfg file cannot hold {item.toml}" for item in lost]
    else:
        raise SettingsError(f"{form!r} is no format: write gcfg or toml", code="settings-format")
    _insist_on_same(settings, loads(file.path.with_name(f"converted.{form}"), text.encode()), form)
    return text, tuple(notes)


def write_new(path: str | os.PathLike[str], text: str) -> None:
    """Write a settings file that is not there yet. Raises SettingsError."""
    try:
        with open(path, "x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        message = "is there already: name a new file, or remove this one"
        raise SettingsError(message, code="settings-exist", file=Path(path)) from None
    except OSError as problem:
        message = f"could not be written ({problem.strerror})"
        raise SettingsError(message, code="settings-not-written", file=Path(path)) from None


_RESOLVED = frozenset({"settings_from", CLEARS_BUILT_IN})


def _toml(settings: Settings, said: list[Setting]) -> str:
    lines = [f"[{TABLE}]"]
    for item in said:
        if item.field == "settings_from":
            continue
        lines.append(f"{item.toml} = {_literal(getattr(settings, item.field))}")
    return "".join(f"{line}\n" for line in lines)


def _literal(value: Any) -> str:
    if isinstance(value, tuple) and value:
        items = cast("tuple[str, ...]", value)
        return "[\n" + "".join(f"    {literal(item)},\n" for item in items) + "]"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return literal(str(value) if isinstance(value, Path) else cast("TomlValue", value))


def _gcfg(settings: Settings, said: list[Setting]) -> str:
    sections: dict[str, list[str]] = {}
    for item in said:
        if item.gcfg is None:
            continue
        section, variable = item.gcfg
        lines = sections.setdefault(section, [])
        value = getattr(settings, item.field)
        if item.field == PROHIBITED and not settings.builtin_prohibited_packages:
            lines.append(variable)
        for one in value if item.kind is Kind.LIST else [value]:
            text = ("false", "true")[one] if isinstance(one, bool) else quoted(one or "")
            lines.append(f"{variable} = {text}")
    if not settings.builtin_prohibited_packages and not settings.prohibited_packages:
        sections.setdefault("Python", []).append("ProhibitedPackage")
    return "\n".join(
        "".join(f"{line}\n" for line in (f"[{section}]", *lines))
        for section, lines in sections.items()
    )


def _insist_on_same(settings: Settings, converted: Settings, form: str) -> None:
    for item in SETTINGS:
        if item.field in ("settings_from",) or (form == "gcfg" and item.gcfg is None):
            continue
        if getattr(settings, item.field) != getattr(converted, item.field):
            message = f"{item.toml} cannot be written in a .{form} file"
            raise SettingsError(message, code="settings-not-convertible", file=settings.file)


def _notes(settings: Settings, content: bytes) -> Iterator[str]:
    """Yield what the file holds besides settings of ours."""
    for warning in settings.warnings:
        where = f"line {warning.line}: " if warning.line is not None else ""
        yield f"{where}{warning.message}"
    if settings.file is None or is_toml(settings.file):
        if b"[servers" in content:
            yield "the tables [servers.NAME] are not carried over: `--servers FILE` reads them"
        return
    ours = {fold(item.gcfg[0]) for item in SETTINGS if item.gcfg}
    statements = decode(content, settings.file).statements()
    others = {
        item.section: None
        for item in statements
        if isinstance(item, Header) and fold(item.section) not in ours
    }
    if others:
        yield f"not carried over, the product's own sections: {', '.join(others)}"
