"""The settings: each declared once, as a field of Settings, and where its value comes from."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field, fields
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from ..frozen import frozen
from .files import FileRead
from .prohibited import BUILT_IN_PROHIBITED

Format = Literal["gcfg", "toml", "default"]


class Kind(Enum):
    """What a setting's value is, as messages say it."""

    BOOL = "true or false"
    LIST = "a list of strings"
    CHOICE = "one of some names"
    TEXT = "a string"
    PATH = "a path"
    TABLE = "a table of strings"
    DURATION = "seconds, or a text such as 90m or 1h30m"
    COUNT = "a whole number from 1"
    SIZE = "bytes, or a text such as 512MiB or 2GiB"
    RETENTION = "a number of builds, an age, or both, such as 20, 90d or 20 90d"


@frozen
class Setting:
    """The declaration of one setting.

    field: its name as an attribute of Settings and in JSON.
    default: its value where no file sets it, or a function that finds it out.
    meaning: what it does, in sentences for the user.
    gcfg: section and variable in a ``.gcfg`` file; None: only a ``.toml`` file has it.
    choices: for a CHOICE, all names, the default first.
    """

    field: str
    kind: Kind
    default: Any
    meaning: str
    gcfg: tuple[str, str] | None = None
    choices: tuple[str, ...] = ()

    @property
    def toml(self) -> str:
        """Its key under ``[python]``."""
        return self.field.replace("_", "-")

    @property
    def in_gcfg(self) -> str | None:
        """How a ``.gcfg`` file sets it; None: only a ``.toml`` file has it."""
        if self.field == CLEARS_BUILT_IN:
            return "[Python] ProhibitedPackage, without a value: false"
        return None if self.gcfg is None else "[{}] {}".format(*self.gcfg)

    def default_value(self) -> Any:
        """Return the value where no file sets it."""
        return self.default() if callable(self.default) else self.default


@frozen
class SettingsWarning:
    """Something in a settings file that is valid, but perhaps not what was meant.

    line: from 1; None where it is about the whole file.
    file: the file that has it; with ``settings-from`` there are two.
    """

    line: int | None
    message: str
    file: Path | None = None


@frozen
class Origin:
    """Where a setting's value comes from.

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


def setting(
    kind: Kind,
    meaning: str,
    default: object | Callable[[], object],
    *,
    gcfg: tuple[str, str] | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    """Declare a setting as a field of Settings; see Setting for the parameters."""
    declared = {"kind": kind, "meaning": meaning, "default": default}
    return field(metadata=declared | {"gcfg": gcfg, "choices": choices})


def _cores() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@frozen
class Settings:
    """All settings, as section 3 of the design describes them.

    file: the active file; None for the embedded default.
    origins: for each setting, by its field, where its value comes from.
    executables: as written, relative ones too (each of those has a warning).
    prohibited_packages: as set in the file; ``effective_prohibited`` adds the built-in list.
    build_timeout, check_timeout, server_timeout, cluster_wait: seconds.
    check_memory, check_output: bytes.
    files_read: the files that the settings were read from, to notice a change.
    """

    file: Path | None
    format: Format
    warnings: tuple[SettingsWarning, ...]
    origins: Mapping[str, Origin]

    enabled: bool = setting(
        Kind.BOOL,
        "Whether Python content is accepted at all. Installations are analyzed anyway.",
        False,
        gcfg=("Python", "Enabled"),
    )
    executables: tuple[str, ...] = setting(
        Kind.LIST,
        "The installations, one path each: a directory or an interpreter. Of two with the same "
        "version the first is taken.",
        (),
        gcfg=("Python", "Executable"),
    )
    version_matching: str = setting(
        Kind.CHOICE,
        "The policy: how far from the requested version a match may be.",
        "major-minor",
        gcfg=("Python", "VersionMatching"),
        choices=("major-minor", "exact", "nearest"),
    )
    prohibited_packages: tuple[str, ...] = setting(
        Kind.LIST,
        "Packages that are never installed, added to the built-in list. They are removed from the "
        "requirements, and the log says so.",
        (),
        gcfg=("Python", "ProhibitedPackage"),
    )
    builtin_prohibited_packages: bool = setting(
        Kind.BOOL,
        "Whether the built-in list of packages that cannot exist on a Linux server applies.",
        True,
    )
    environment_management: bool = setting(
        Kind.BOOL,
        "Whether packages are installed. If not, content runs with the packages of the "
        "installation itself.",
        True,
        gcfg=("Python", "EnvironmentManagement"),
    )
    environment_creator: str = setting(
        Kind.CHOICE,
        "What creates environments: the installation's own virtualenv, its venv, or the "
        "virtualenv that comes with pysteward. It decides what an installation must have.",
        "virtualenv",
        choices=("virtualenv", "venv", "bundled"),
    )
    installer: str = setting(
        Kind.CHOICE, "What installs packages into environments.", "pip", choices=("pip", "uv")
    )
    only_wheels: bool = setting(
        Kind.BOOL,
        "Whether source archives are refused, so that no package's code runs while it is "
        "installed.",
        False,
    )
    wheel_store: bool = setting(
        Kind.BOOL,
        "Whether locked packages are installed from a store in the state directory, where each "
        "wheel is unpacked and compiled once.",
        True,
    )
    wheel_links: Literal["auto", "copy"] = setting(
        Kind.CHOICE,
        "How files of the store get into environments: shared, where the file system can, or "
        "copied. Shared files cannot be written.",
        "auto",
        choices=("auto", "copy"),
    )
    confinement: str = setting(
        Kind.CHOICE,
        "Whether builds run confined: where the system can do it, only there (required: else "
        "nothing is built), or not.",
        "auto",
        choices=("auto", "required", "off"),
    )
    run_as: str | None = setting(
        Kind.TEXT,
        "The user who runs interpreters, virtualenv and pip when pysteward is root. Not set, it is "
        "rstudio-connect if that user exists.",
        None,
        gcfg=("Applications", "RunAs"),
    )
    build_environment: Mapping[str, str] = setting(
        Kind.TABLE,
        "Variables that builds get besides the fixed ones: proxies, certificates.",
        MappingProxyType[str, str]({}),
    )
    secret_variables: tuple[str, ...] = setting(
        Kind.LIST,
        "Variables and options of pip whose values are secret, besides those whose names say so, "
        "such as TOKEN or PASSWORD. Their values are masked in logs and records.",
        (),
    )
    build_timeout: float = setting(
        Kind.DURATION, "After this time a build is ended and counts as failed.", 3600.0
    )
    parallel_builds: int = setting(Kind.COUNT, "How many builds may run in parallel.", _cores)
    check_after_build: bool = setting(
        Kind.BOOL,
        "Whether each build starts its content and keeps the old environment where that fails. "
        "Starting content may change what it connects to.",
        False,
    )
    check_timeout: float = setting(
        Kind.DURATION, "After this time a start check or a render is ended.", 60.0
    )
    check_memory: int = setting(
        Kind.SIZE, "How much memory content may use while it is checked or rendered.", 2 << 30
    )
    check_output: int = setting(
        Kind.SIZE, "How much content may print while it is checked or rendered.", 10 << 20
    )
    check_network: bool = setting(
        Kind.BOOL,
        "Whether content reaches the network while it is checked. If not, it has a loopback of "
        "its own and nothing more.",
        False,
    )
    check_environment: Mapping[str, str] = setting(
        Kind.TABLE,
        "Variables that content gets when it is started, as its server would give them: database "
        "addresses, tokens. Their values are never shown.",
        MappingProxyType[str, str]({}),
    )
    keep_builds: str | None = setting(
        Kind.RETENTION,
        "How many builds of each content are kept, and for how long; older records are removed by "
        "later deploys. What content needs is always kept. Not set, there is no limit.",
        None,
    )
    on_finish: tuple[str, ...] = setting(
        Kind.LIST,
        "A command to run at the end of each build and plan, a program and its arguments. It gets "
        "three more: build or plan, its id, its outcome. No shell is used.",
        (),
    )
    notify: str = setting(
        Kind.CHOICE,
        "How the terminal interface tells that a build or plan has ended, besides its message: the "
        "bell, or a notification of the terminal (OSC 9 or OSC 777).",
        "message",
        choices=("message", "bell", "osc9", "osc777"),
    )
    state_dir: Path | None = setting(
        Kind.PATH,
        "The directory of content, builds and environments. Not set, it is /var/lib/pysteward for "
        "root, else below the home directory.",
        None,
    )
    state_group: str | None = setting(Kind.TEXT, "The group that shares the state directory.", None)
    settings_from: Path | None = setting(
        Kind.PATH,
        "A Connect .gcfg file whose [Python] and RunAs are taken; this file adds to it.",
        None,
    )
    server_timeout: float = setting(
        Kind.DURATION, "How long other servers have for a complete answer over ssh.", 10.0
    )
    cluster: str | None = setting(
        Kind.TEXT,
        "The scheduler of a cluster, such as tls://HOST:8786, that builds are sent to. Not set, "
        "they run on this machine.",
        None,
    )
    cluster_ca: Path | None = setting(
        Kind.PATH, "The certificate of the cluster's authority, a PEM file.", None
    )
    cluster_cert: Path | None = setting(
        Kind.PATH, "This machine's certificate in the cluster, a PEM file.", None
    )
    cluster_key: Path | None = setting(
        Kind.PATH, "The key of this machine's certificate, a PEM file that nobody else reads.", None
    )
    cluster_peers: tuple[str, ...] = setting(
        Kind.LIST,
        "The names in certificates that may speak to this machine's part of the cluster. Not set, "
        "all that the authority has signed.",
        (),
    )
    cluster_wait: float = setting(
        Kind.DURATION,
        "How long a build waits for a scheduler that is lost, or for a server that alone has its "
        "Python, before it counts as interrupted.",
        600.0,
    )
    files_read: tuple[FileRead, ...] = field(default=(), repr=False, compare=False)

    @property
    def effective_prohibited(self) -> tuple[str, ...]:
        """The packages never installed: the built-in list, unless cleared, and those set."""
        builtin = BUILT_IN_PROHIBITED if self.builtin_prohibited_packages else ()
        return tuple(dict.fromkeys(builtin + self.prohibited_packages))


PROHIBITED = "prohibited_packages"
CLEARS_BUILT_IN = "builtin_prohibited_packages"
"""The two settings that one variable of a .gcfg file sets: bare, it clears the built-in list."""

SETTINGS = tuple(Setting(each.name, **each.metadata) for each in fields(Settings) if each.metadata)
"""All settings, in the order in which they are shown."""
