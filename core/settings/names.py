"""Every setting once: its names, its kind, where it may be set."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from ..frozen import frozen


class Kind(Enum):
    """What a setting's value is."""

    BOOL = "true or false"
    LIST = "a list of strings"
    CHOICE = "one of some names"
    TEXT = "a string"
    PATH = "a path"
    TABLE = "a table of strings"
    DURATION = "seconds, or a text such as 90m or 1h30m"
    COUNT = "a whole number from 1"


@frozen
class Setting:
    """One setting.

    field: its name as an attribute of Settings and in JSON.
    toml: its key under ``[python]``.
    gcfg: section and variable in a ``.gcfg`` file; None: only a ``.toml`` file has it.
    choices: for a CHOICE, all names, the default first.
    """

    field: str
    toml: str
    kind: Kind
    gcfg: tuple[str, str] | None = None
    choices: tuple[str, ...] = ()

    @property
    def in_gcfg(self) -> str | None:
        """How a ``.gcfg`` file says it; None: only a ``.toml`` file has it."""
        if self.field == CLEARS_BUILT_IN:
            return "[Python] ProhibitedPackage, without a value: false"
        return None if self.gcfg is None else "[{}] {}".format(*self.gcfg)


@lru_cache
def fold(name: str) -> str:
    """A name as Go's ``strings.EqualFold`` compares it with one in plain letters.

    Case is folded one character at a time: the long s and the Kelvin sign are letters s and k.
    """
    return name.lower().replace("\u017f", "s")


SETTINGS = (
    Setting("enabled", "enabled", Kind.BOOL, ("Python", "Enabled")),
    Setting("executables", "executables", Kind.LIST, ("Python", "Executable")),
    Setting(
        "version_matching",
        "version-matching",
        Kind.CHOICE,
        ("Python", "VersionMatching"),
        ("major-minor", "exact", "nearest"),
    ),
    Setting(
        "prohibited_packages", "prohibited-packages", Kind.LIST, ("Python", "ProhibitedPackage")
    ),
    Setting("builtin_prohibited_packages", "builtin-prohibited-packages", Kind.BOOL),
    Setting(
        "environment_management",
        "environment-management",
        Kind.BOOL,
        ("Python", "EnvironmentManagement"),
    ),
    Setting(
        "environment_creator",
        "environment-creator",
        Kind.CHOICE,
        choices=("virtualenv", "venv", "bundled"),
    ),
    Setting("installer", "installer", Kind.CHOICE, choices=("pip", "uv")),
    Setting("run_as", "run-as", Kind.TEXT, ("Applications", "RunAs")),
    Setting("build_environment", "build-environment", Kind.TABLE),
    Setting("build_timeout", "build-timeout", Kind.DURATION),
    Setting("parallel_builds", "parallel-builds", Kind.COUNT),
    Setting("state_dir", "state-dir", Kind.PATH),
    Setting("state_group", "state-group", Kind.TEXT),
    Setting("settings_from", "settings-from", Kind.PATH),
)
"""All settings, in the order in which they are shown."""

PROHIBITED = "prohibited_packages"
CLEARS_BUILT_IN = "builtin_prohibited_packages"
"""The two settings that one variable of a .gcfg file sets: bare, it clears the built-in list."""

BY_FIELD = {setting.field: setting for setting in SETTINGS}
BY_TOML = {setting.toml: setting for setting in SETTINGS}
BY_GCFG = {
    (fold(setting.gcfg[0]), fold(setting.gcfg[1])): setting
    for setting in SETTINGS
    if setting.gcfg is not None
}


def by_name(name: str) -> Setting | None:
    """A setting by whatever somebody calls it: ``Executable``, ``executables``, ``run_as``."""
    wanted = _plain(name)
    for setting in SETTINGS:
        names = [setting.toml] if setting.gcfg is None else [setting.toml, setting.gcfg[1]]
        if wanted in map(_plain, names):
            return setting
    return None


@lru_cache(maxsize=1024)
def nearest_name(name: str, names: tuple[str, ...]) -> str | None:
    """The name that was most likely meant by an unknown one."""
    import difflib

    plain = {_plain(known): known for known in names}
    close = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=0.75)
    return plain[close[0]] if close else None


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
