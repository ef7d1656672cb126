"""What is installed, read from the packages' own records; ``pip list`` would cost a second."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..file_io import open_regular
from ..frozen import frozen
from ..package_names import normalize

_MOST_METADATA = 1024 * 1024
_MOST_PACKAGES = 10_000
_MOST_REQUIREMENTS = 200_000
_WANTED = {"name", "version", "requires-dist", "requires-python"}


@frozen
class InstalledPackage:
    """One installed package.

    name, version: as its metadata write them; empty where these are unreadable.
    requires: its ``Requires-Dist`` lines. requires_python: a specifier, empty for none.
    info: its ``.dist-info`` or ``.egg-info``. has_record: whether the list of its files is there;
        an ``.egg-info`` needs none.
    """

    name: str
    version: str
    requires: tuple[str, ...]
    requires_python: str
    info: Path
    has_record: bool

    @property
    def key(self) -> str:
        return normalize(self.name)


def read_inventory(directories: Sequence[Path]) -> tuple[InstalledPackage, ...]:
    """Return everything that is installed in these site-packages directories, sorted by name.

    A package that lies there twice is listed twice. Links are not followed: the installer must
    not make us read elsewhere. Raises OSError where a directory cannot be read, or where more is
    installed than is believable.
    """
    found: list[InstalledPackage] = []
    requirements = 0
    for directory in directories:
        for name in sorted(os.listdir(directory)):
            distribution = _read(directory / name)
            if distribution is not None:
                found.append(distribution)
                requirements += len(distribution.requires)
            if len(found) > _MOST_PACKAGES or requirements > _MOST_REQUIREMENTS:
                raise OSError(
                    f"more than {_MOST_PACKAGES} packages, or {_MOST_REQUIREMENTS} requirements of"
                    f" packages, are installed in {directory}"
                )
    return tuple(sorted(found, key=lambda item: (item.key, item.version)))


def _read(info: Path) -> InstalledPackage | None:
    if info.name.endswith(".dist-info"):
        text = _text(info / "METADATA")
        record = (info / "RECORD").exists()
    elif info.name.endswith(".egg-info"):
        text = _text(info / "PKG-INFO") or _text(info)
        record = True
    else:
        return None
    headers = list(_headers(text))
    requires = [value for name, value in headers if name == "requires-dist"]
    if not requires and info.name.endswith(".egg-info"):
        requires = list(_old_requires(_text(info / "requires.txt")))
    single = dict(reversed(headers))
    stem = info.name.rpartition(".")[0]
    return InstalledPackage(
        name=single.get("name", "") or stem.split("-")[0],
        version=single.get("version", ""),
        requires=tuple(requires),
        requires_python=single.get("requires-python", ""),
        info=info,
        has_record=record,
    )


def _text(file: Path) -> str:
    try:
        descriptor = open_regular(file)
    except OSError:
        return ""
    try:
        with open(descriptor, encoding="utf-8", errors="replace") as stream:
            return stream.read(_MOST_METADATA)
    except OSError:
        return ""


def _headers(text: str) -> Iterator[tuple[str, str]]:
    """Yield the headers that matter; the email package would read the long description as well."""
    name, value = "", ""
    for line in text.split("\n"):
        if line[:1] in (" ", "\t") and line.strip():
            value += " " + line.strip()
            continue
        if name in _WANTED:
            yield name, value.strip()
        if not line.strip():
            return
        name, _, value = line.partition(":")
        name = name.lower()
    if name in _WANTED:
        yield name, value.strip()


def _old_requires(text: str) -> Iterator[str]:
    """Yield a ``requires.txt`` of setuptools as Requires-Dist lines; sections are
    ``[extra:marker]``."""
    condition = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            extra, _, marker = line[1:-1].partition(":")
            conditions = [f"({marker})"] if marker else []
            if extra:
                conditions.append(f'extra == "{extra}"')
            condition = " and ".join(conditions)
        elif line and not line.startswith("#"):
            yield f"{line} ; {condition}" if condition else line
