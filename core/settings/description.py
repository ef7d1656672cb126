"""Values and origins of settings, as commands and screens show them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, cast

from ..secrets import MASK, mask_secrets

if TYPE_CHECKING:
    from .model import Setting, Settings


def values_of(settings: Settings, setting: Setting) -> list[str]:
    """Return the value, as one line for each item.

    Empty where there is none. Passwords are masked.
    """
    value: Any = getattr(settings, setting.field)
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if setting.field == "check_environment":
        return [f"{name}={MASK}" for name in cast("Mapping[str, str]", value)]
    if isinstance(value, Mapping):
        return assignments(cast("Mapping[str, str]", value), settings.secret_variables)
    if isinstance(value, tuple):
        return [str(item) for item in cast("tuple[object, ...]", value)]
    if isinstance(value, float):
        return [f"{value:g} s"]
    if setting.kind.name == "SIZE":
        return [size_text(value)]
    return [] if value is None else [str(value)]


def size_text(size: int) -> str:
    """Return a number of bytes as people write it: ``2 GiB``."""
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if size >= unit and size % unit == 0:
            return f"{size // unit} {name}"
    return f"{size} bytes"


def assignments(table: Mapping[str, str], secret_names: Collection[str]) -> list[str]:
    """Return a table as the lines of NAME=VALUE; passwords are masked.

    secret_names: of the setting ``secret-variables``.
    """
    secret = {name.lower() for name in secret_names}
    return [
        f"{name}={MASK}" if name.lower() in secret else mask_secrets(f"{name}={text}")
        for name, text in table.items()
    ]


def origin_of(settings: Settings, setting: Setting, number: int = 0) -> str:
    """Return where one of its values comes from: ``default``, ``line 4``, another file's line."""
    origin = settings.origins[setting.field]
    if origin.file is None:
        return "default"
    line = origin.lines[number] if number < len(origin.lines) else origin.line
    where = f"line {line}" if line is not None else "set"
    return where if origin.file == settings.file else f"{origin.file} {where}"
