"""Makes Settings of what the files say: fills in defaults, notices what is doubtful."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .files import FileRead
from .model import (
    Format,
    Origin,
    Settings,
    SettingsWarning,
)
from .names import SETTINGS
from .values import FileValues

_HOUR = 3600.0


def assemble(
    file: Path | None, form: Format, said: FileValues, files_read: tuple[FileRead, ...]
) -> Settings:
    """The settings in full."""
    unset = Origin()
    return Settings(
        file=file,
        format=form,
        warnings=tuple(said.warnings) + tuple(_doubtful_executables(said)),
        origins=MappingProxyType(
            {setting.field: said.origins.get(setting.field, unset) for setting in SETTINGS}
        ),
        files_read=files_read,
        **(_defaults() | said.values),
    )


def _defaults() -> dict[str, Any]:
    """Every setting's value where no file sets it (section 3 of the design)."""
    return {
        "enabled": False,
        "executables": (),
        "version_matching": "major-minor",
        "prohibited_packages": (),
        "builtin_prohibited_packages": True,
        "environment_management": True,
        "environment_creator": "virtualenv",
        "installer": "pip",
        "run_as": None,
        "build_environment": MappingProxyType({}),
        "build_timeout": _HOUR,
        "parallel_builds": _cores(),
        "state_dir": None,
        "state_group": None,
        "settings_from": None,
    }


def _cores() -> int:
    """The cores that this process may use, where the system says so."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _doubtful_executables(said: FileValues) -> Iterator[SettingsWarning]:
    """A relative path would depend on the folder that somebody stands in, as ``~`` on who it is."""
    origin = said.origins.get("executables")
    if origin is None:
        return
    for path, line in zip(said.values["executables"], origin.lines, strict=False):
        if not path:
            message = "an executable is empty: name an installation, or take the line away"
        elif not os.path.isabs(path):
            message = f"the executable {path} is not an absolute path: write it in full, from /"
        else:
            continue
        yield SettingsWarning(line, message, origin.file)
