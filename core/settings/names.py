"""Find a setting by any of its names."""

from __future__ import annotations

from functools import lru_cache

from .model import SETTINGS, Setting


@lru_cache
def fold(name: str) -> str:
    """Return a name as Go's ``strings.EqualFold`` compares it with one in plain letters.

    Case is folded one character at a time: the long s and the Kelvin sign are letters s and k.
    """
    return name.lower().replace("\u017f", "s")


BY_FIELD = {setting.field: setting for setting in SETTINGS}
BY_TOML = {setting.toml: setting for setting in SETTINGS}
BY_GCFG = {
    (fold(setting.gcfg[0]), fold(setting.gcfg[1])): setting
    for setting in SETTINGS
    if setting.gcfg is not None
}


def by_name(name: str) -> Setting | None:
    """Return a setting by any of its names: ``Executable``, ``executables``, ``run_as``."""
    wanted = _plain(name)
    for setting in SETTINGS:
        names = [setting.toml] if setting.gcfg is None else [setting.toml, setting.gcfg[1]]
        if wanted in map(_plain, names):
            return setting
    return None


@lru_cache(maxsize=1024)
def nearest_name(name: str, names: tuple[str, ...]) -> str | None:
    """Return the name that was most likely meant by an unknown one."""
    import difflib

    plain = {_plain(known): known for known in names}
    close = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=0.75)
    return plain[close[0]] if close else None


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
