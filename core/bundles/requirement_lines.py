"""What one line of requirements asks for: its kind, its options, and the package it names.

The rules are pip's: what comes before the first word with a dash is the requirement, the rest are
options; a requirement is an address, a path, or a name (``req/constructors.py``).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from ..package_names import normalize


class LineKind(str, Enum):
    """The forms of a line."""

    BLANK = "blank"
    """Nothing, or a comment."""

    NAMED = "named"
    """A package from an index: ``flask>=2``."""

    ADDRESS = "address"
    """A package from an address: ``name @ https://…``, ``git+https://…#egg=name``."""

    PATH = "path"
    """A package from a path: ``./dist/name-1.0-py3-none-any.whl``."""

    EDITABLE = "editable"
    """``-e`` with a path or an address of version control."""

    INCLUDE = "include"
    """``-r`` with another file of requirements."""

    CONSTRAINT = "constraint"
    """``-c`` with a file of constraints."""

    OPTION = "option"
    """Other options: indexes, formats, hashes."""

    UNKNOWN = "unknown"
    """What pip will refuse, or only some releases of it read."""


class Parsed(NamedTuple):
    """One line, taken apart.

    name: the package, normalized as PEP 503 has it; None where it cannot be known without
        fetching something.
    subject: the requirement itself without options and marker, or the file that is included.
    marker: what follows the semicolon.
    options: (long name, value) in order; value None for a flag.
    """

    kind: LineKind
    name: str | None = None
    subject: str = ""
    marker: str | None = None
    options: tuple[tuple[str, str | None], ...] = ()


def parse_line(text: str) -> Parsed:
    """Take apart one logical line (without comment, joined, variables replaced)."""
    if not text:
        return Parsed(LineKind.BLANK)
    subject, written = _split_options(text)
    try:
        options = tuple(_options(shlex.split(written))) if written else ()
    except ValueError:  # a quotation that does not end, an option that pip does not know
        if not subject:
            return Parsed(LineKind.UNKNOWN, subject=text)
        options = ((written, None),)
    if subject:
        return _requirement(subject, options)
    values = dict(reversed(options))
    if "--editable" in values:
        # pip takes the first, and a line with -e is a requirement whatever else it holds.
        return _editable(values["--editable"] or "", options)
    if "--requirement" in values:
        return Parsed(LineKind.INCLUDE, subject=values["--requirement"] or "", options=options)
    if "--constraint" in values:
        return Parsed(LineKind.CONSTRAINT, subject=values["--constraint"] or "", options=options)
    return Parsed(LineKind.OPTION if options else LineKind.UNKNOWN, subject=text, options=options)


# Options of pip's requirements files, of all its releases since 9, and whether they take a value.
_LONG = {
    "--index-url": True,
    "--pypi-url": True,
    "--extra-index-url": True,
    "--no-index": False,
    "--constraint": True,
    "--requirement": True,
    "--editable": True,
    "--find-links": True,
    "--no-binary": True,
    "--only-binary": True,
    "--prefer-binary": False,
    "--require-hashes": False,
    "--no-require-hashes": False,
    "--pre": False,
    "--all-releases": True,
    "--only-final": True,
    "--trusted-host": True,
    "--use-feature": True,
    "--process-dependency-links": False,
    "--always-unzip": False,
    "--use-wheel": False,
    "--no-use-wheel": False,
    "--allow-external": True,
    "--allow-unverified": True,
    "--allow-all-external": False,
    "--hash": True,
    "--install-option": True,
    "--global-option": True,
    "--config-settings": True,
    "--config-setting": True,
}
_SHORT = {
    "-i": "--index-url",
    "-c": "--constraint",
    "-r": "--requirement",
    "-e": "--editable",
    "-f": "--find-links",
    "-Z": "--always-unzip",
    "-C": "--config-settings",
}


def _split_options(text: str) -> tuple[str, str]:
    words = text.split(" ")
    for position, word in enumerate(words):
        if word.startswith("-"):
            return " ".join(words[:position]).strip(), " ".join(words[position:])
    return text, ""


def _options(words: list[str]) -> list[tuple[str, str | None]]:
    """As optparse reads them: values joined or apart, long names shortened, other words ignored.

    Raises ValueError for an option that no pip has or that lacks its value.
    """
    options: list[tuple[str, str | None]] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            break
        if word.startswith("--"):
            written, equals, value = word.partition("=")
            name = _long_name(written)
            if not _LONG[name]:
                options.append((name, None))
            else:
                options.append((name, value if equals else _next_value(rest)))
        elif word.startswith("-") and len(word) > 1:
            name = _SHORT.get(word[:2])
            if name is None:
                raise ValueError(word)
            if not _LONG[name]:
                options.append((name, None))
            else:
                options.append((name, word[2:] or _next_value(rest)))
    return options


def _next_value(rest: Iterator[str]) -> str:
    value = next(rest, None)
    if value is None:
        raise ValueError("an option without its value")
    return value


def _long_name(written: str) -> str:
    if written in _LONG:
        return written
    fitting = [name for name in _LONG if name.startswith(written)]
    if len(fitting) != 1:
        raise ValueError(written)
    return fitting[0]


_SCHEMES = frozenset(
    {"http", "https", "file", "ftp"}
    | {
        f"{system}+{scheme}"
        for system in ("git", "hg", "svn", "bzr")
        for scheme in (
            "http",
            "https",
            "ssh",
            "git",
            "file",
            "static-http",
            "svn",
            "sftp",
            "ftp",
            "lp",
        )
    }
    | {"git", "svn", "git+ssh", "bzr+lp"}
)
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_NAMED = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*"
    r"(?P<extras>\[[^\]]*\])?\s*(?P<rest>$|[<>=!~(@;].*|\s.*)",
    re.DOTALL,
)
_ARCHIVES = (
    ".whl",
    ".zip",
    ".tar.gz",
    ".tgz",
    ".tar",
    ".tar.bz2",
    ".tbz",
    ".tar.xz",
    ".txz",
    ".tlz",
    ".tar.lz",
    ".tar.lzma",
)


def _requirement(subject: str, options: tuple[tuple[str, str | None], ...]) -> Parsed:
    if _is_address(subject):
        # In an address a semicolon may be part of it: pip wants a blank after it, before a marker.
        address, marker = _split_marker(subject, "; ")
        kind = LineKind.PATH if address.startswith("file:.") else LineKind.ADDRESS
        return Parsed(kind, _name_of_address(address), address, marker, options)
    named = _NAMED.match(subject)
    if named is not None and named["rest"].startswith("@"):
        address, marker = _split_marker(named["rest"][1:].strip(), " ;")
        return Parsed(
            LineKind.ADDRESS,
            normalize(named["name"]),
            f"{named['name']}{named['extras'] or ''} @ {address}",
            marker,
            options,
        )
    before, marker = _split_marker(subject, ";")
    if _is_path(before):
        return Parsed(LineKind.PATH, _name_of_path(before), before, marker, options)
    if named is None:
        return Parsed(LineKind.UNKNOWN, None, before, marker, options)
    return Parsed(LineKind.NAMED, normalize(named["name"]), before, marker, options)


def _editable(value: str, options: tuple[tuple[str, str | None], ...]) -> Parsed:
    value, marker = _split_marker(value, "; ") if _is_address(value) else _split_marker(value, ";")
    named = _NAMED.match(value)
    if named is not None and named["rest"].startswith("@"):
        name: str | None = normalize(named["name"])
    else:
        name = _name_of_address(value)
    return Parsed(LineKind.EDITABLE, name, value, marker, options)


def _split_marker(text: str, separator: str) -> tuple[str, str | None]:
    before, found, marker = text.partition(separator)
    return (before.strip(), marker.strip()) if found else (text.strip(), None)


def _is_address(text: str) -> bool:
    scheme, colon, _ = text.partition(":")
    return bool(colon) and scheme.lower() in _SCHEMES


def _is_path(text: str) -> bool:
    path = _without_extras(text)
    return path.startswith(".") or "/" in path or path.lower().endswith(_ARCHIVES)


def _without_extras(path: str) -> str:
    """Return a path without the ``[extra,…]`` at its end."""
    path = path.strip()
    return path[: path.rfind("[")].rstrip() if path.endswith("]") and "[" in path else path


def _name_of_address(address: str) -> str | None:
    """Return the name in ``#egg=``, else in the name of a wheel or source archive."""
    # Late: most requirements have no address.
    from urllib.parse import unquote, urlsplit

    try:
        parts = urlsplit(address)
    except ValueError:  # such as a bracket that does not close
        return None
    for fragment in parts.fragment.split("&"):
        key, equals, value = fragment.partition("=")
        if equals and key == "egg":
            found = _NAME.match(unquote(value))
            if found is not None:
                return normalize(found[0])
    return _name_of_path(unquote(parts.path))


def _name_of_path(path: str) -> str | None:
    """Return the name in a wheel's (PEP 427) or a source archive's (PEP 625) file name."""
    file = _without_extras(path).rstrip("/").rpartition("/")[2]
    lower = file.lower()
    suffix = next((suffix for suffix in _ARCHIVES if lower.endswith(suffix)), None)
    if suffix is None:
        return None
    stem = file[: -len(suffix)]
    if suffix == ".whl":
        name = stem.split("-", 1)[0] if stem.count("-") >= 4 else None
    else:
        # The version begins with a digit; an old archive may have dashes in its name.
        found = re.match(r"(.+?)-v?\d[^-]*(?:-|$)", stem)
        name = found[1] if found else None
    if name is None or _NAME.fullmatch(name) is None:
        return None
    return normalize(name)
