"""Shims: the small scripts that version managers put in front of their interpreters."""

from __future__ import annotations

from .location import Location

_MANAGERS = ("pyenv", "asdf", "mise", "rtx")
_SCRIPT_HEAD = 4096


def shim_of(place: Location) -> str | None:
    """Return the version manager whose shim this is; None where it is an interpreter.

    A shim lies in a directory called ``shims``. pyenv's and asdf's are scripts that name their
    manager; mise's are links to mise itself.
    """
    if place.executable is None or place.target is None:
        return None
    name = place.target.rsplit("/", 1)[-1]
    if name in _MANAGERS:
        return name
    if "/shims/" not in place.executable and "/shims/" not in place.target:
        return None
    try:
        with open(place.target, "rb") as stream:
            head = stream.read(_SCRIPT_HEAD)
    except OSError:
        return None
    if not head.startswith(b"#!"):
        return None
    return next((manager for manager in _MANAGERS if manager.encode() in head), "a version manager")
