"""Write a lock file: TOML as PEP 751 has it, the same text for the same lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..json_values import as_json
from .model import Lock

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def write_lock(lock: Lock) -> str:
    """Return the text of ``pylock.toml``."""
    document = dict(lock.pylock.to_dict())
    packages: Sequence[Mapping[str, Any]] = document.pop("packages")
    tool = dict(document.pop("tool", None) or {})
    if lock.conditions is not None:
        own = {name.replace("_", "-"): value for name, value in as_json(lock.conditions).items()}
        tool["pysteward"] = own | {"unlocked": as_json(lock.unlocked)}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in document.items()]
    if not packages:
        lines.append("packages = []")
    for package in sorted(packages, key=lambda each: each["name"]):
        lines += ["", "[[packages]]"]
        lines += [f"{_key(key)} = {_value(value)}" for key, value in package.items()]
    for name, value in tool.items():
        lines += ["", f"[tool.{_key(name)}]", *_members(value)]
    return "\n".join(lines) + "\n"


def _members(value: Mapping[str, Any]) -> Iterator[str]:
    return (f"{_key(key)} = {_value(member)}" for key, member in value.items())


def _value(value: Any) -> str:
    """Return a value as TOML writes it; tables and arrays in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(_members(value))} }}" if value else "{}"  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"  # pyright: ignore[reportUnknownArgumentType]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _key(name: str) -> str:
    return name if name and _PLAIN.issuperset(name) else _text(name)


def _text(value: str) -> str:
    """Return a basic string; what does not print is escaped, so that it can be shown anywhere."""
    return f'"{"".join(map(_escaped, value))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    number = ord(character)
    if 0xD800 <= number <= 0xDFFF:  # TOML has no form for half a character
        return "\ufffd"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
