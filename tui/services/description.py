"""The settings in words: what each means, its values, where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from ...core.secrets import mask_secrets

if TYPE_CHECKING:
    from ...core.settings import Setting, Settings

MEANING = {
    "enabled": "Whether Python content is accepted at all. Installations are analysed anyway.",
    "executables": "The installations, one path each: a directory or an interpreter. Of two with "
    "the same version the first is taken.",
    "version_matching": "The policy: how far from the requested version a match may be.",
    "prohibited_packages": "Packages that are never installed, added to the built-in list; they "
    "are removed from the requirements, and the log says so.",
    "builtin_prohibited_packages": "Whether the built-in list of packages that cannot exist on a "
    "Linux server holds.",
    "environment_management": "Whether packages are installed. If not, content runs with what the "
    "installation itself has.",
    "environment_creator": "Who creates environments: the installation's own virtualenv, its venv, "
    "or the virtualenv that comes with pysteward. It decides what an installation must have.",
    "installer": "Who installs packages into environments.",
    "run_as": "Who runs interpreters, virtualenv and pip when pysteward is root. Not set, it is "
    "rstudio-connect if there is such a user.",
    "build_environment": "Variables that builds get besides the fixed ones: proxies, certificates.",
    "build_timeout": "After this time a build is ended and counts as failed.",
    "parallel_builds": "How many builds may run at once.",
    "state_dir": "Where content, builds and environments are kept. Not set, it is "
    "/var/lib/pysteward for root, else below the home directory.",
    "state_group": "The group that shares the state directory.",
    "settings_from": "A Connect .gcfg file whose [Python] and RunAs are taken; this file adds to "
    "it.",
}
"""What each setting means, by its field."""


def values_of(settings: Settings, setting: Setting) -> list[str]:
    """The value, as one line for each item; empty where there is none. Passwords are masked."""
    value: Any = getattr(settings, setting.field)
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, Mapping):
        return assignments(cast("Mapping[str, str]", value))
    if isinstance(value, tuple):
        return [str(item) for item in cast("tuple[object, ...]", value)]
    if isinstance(value, float):
        return [f"{value:g} s"]
    return [] if value is None else [str(value)]


def assignments(table: Mapping[str, str]) -> list[str]:
    """A table as the lines of NAME=VALUE; passwords are masked."""
    return [mask_secrets(f"{name}={text}") for name, text in table.items()]


def origin_of(settings: Settings, setting: Setting, number: int = 0) -> str:
    """Where one of its values comes from: ``default``, ``line 4``, another file's line."""
    origin = settings.origins[setting.field]
    if origin.file is None:
        return "default"
    line = origin.lines[number] if number < len(origin.lines) else origin.line
    where = f"line {line}" if line is not None else "set"
    return where if origin.file == settings.file else f"{origin.file} {where}"
