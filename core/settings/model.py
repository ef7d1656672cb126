"""What the settings say, and where each of them was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Literal

from ..frozen import frozen
from .files import FileRead
from .prohibited import BUILT_IN_PROHIBITED

Format = Literal["gcfg", "toml", "default"]


@frozen
class SettingsWarning:
    """Something in a settings file that is not wrong, but not as it may have been meant.

    line: from 1; None where it is about the whole file.
    file: the file; the one that ``settings-from`` names may hold some too.
    """

    line: int | None
    message: str
    file: Path | None = None


@frozen
class Origin:
    """Where a setting comes from.

    file: None for a default.
    lines: from 1, one for each item of a list in the order of its items; else the one that counts.
    """

    file: Path | None = None
    lines: tuple[int, ...] = ()

    @property
    def is_default(self) -> bool:
        return self.file is None

    @property
    def line(self) -> int | None:
        """The first line; None for a default."""
        return self.lines[0] if self.lines else None


@frozen
class Settings:
    """All settings, as section 3 of the design describes them.

    file: the file in force; None for the embedded default.
    executables: as written, relative ones too (each of those has a warning).
    version_matching: ``major-minor``, ``exact`` or ``nearest``.
    prohibited_packages: as set in the file; ``effective_prohibited`` is what counts.
    environment_creator: ``virtualenv``, ``venv`` or ``bundled``.
    installer: ``pip`` or ``uv``.
    build_timeout: seconds.
    origins: for each field of a setting, where its value comes from.
    files_read: the files that the settings were read from, to notice a change.
    """

    file: Path | None
    format: Format
    enabled: bool
    executables: tuple[str, ...]
    version_matching: str
    prohibited_packages: tuple[str, ...]
    builtin_prohibited_packages: bool
    environment_management: bool
    environment_creator: str
    installer: str
    run_as: str | None
    build_environment: Mapping[str, str]
    build_timeout: float
    parallel_builds: int
    state_dir: Path | None
    state_group: str | None
    settings_from: Path | None
    warnings: tuple[SettingsWarning, ...]
    origins: Mapping[str, Origin]
    files_read: tuple[FileRead, ...] = field(default=(), repr=False, compare=False)

    @property
    def effective_prohibited(self) -> tuple[str, ...]:
        """The packages never installed: the built-in list, unless cleared, and those set."""
        builtin = BUILT_IN_PROHIBITED if self.builtin_prohibited_packages else ()
        return tuple(dict.fromkeys(builtin + self.prohibited_packages))
