"""Install with uv in pip's place: the same environment, created and seeded by the same creator.

pip's configuration is carried over, by variables, so that no password shows in a list of
processes. Where uv cannot do what is configured or written, pip does it, and the build says why.
Known differences of the two that remain: uv resolves anew where pip backtracks, so that among
several solutions it may find another; it refuses some old metadata that pip lets pass.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ..versions import PythonVersion
from .creation import interpreter_of
from .pip_configuration import Configuration
from .pip_progress import size_in
from .runner import Runner
from .spec import effective_lines

_OLDEST = PythonVersion(3, 8)


class InstallerChoice(NamedTuple):
    """Who installs. reason: why it is not who was wanted; None where it is."""

    installer: str
    reason: str | None = None


def choose_installer(
    version: PythonVersion,
    configuration: Configuration,
    requirements: str,
    run_as: str | None = None,
) -> InstallerChoice:
    """Return whether uv, which the setting ``installer`` wants, can install these requirements as
    configured; to be asked before a spec is made.

    requirements: the effective lines. run_as: who will run it.
    """
    reason = next(_obstacles(version, configuration, requirements, run_as), None)
    return (
        InstallerChoice("uv")
        if reason is None
        else InstallerChoice("pip", f"pip is used, not uv: {reason}")
    )


def find_uv(run_as: str | None = None) -> str | None:
    """Return the uv of pysteward's own environment, else one of the system's; None where there is
    none that the user who builds could run."""
    import shutil

    from ..processes import BUILD_PATH

    for found in (_own_uv(), shutil.which("uv", path=BUILD_PATH)):
        if found is not None and _runnable(found, run_as):
            return found
    return None


def uv_command(uv: str, path: Path, requirements: Path) -> list[str]:
    """Return the command; all else comes by `uv_variables`."""
    return [
        uv,
        "pip",
        "install",
        "--no-config",  # a pyproject.toml of the bundle configures nothing here
        "--no-progress",
        "--color=never",
        # A finished environment may be read only for those who use it: compiled now or never.
        "--compile-bytecode",
        "--python",
        str(interpreter_of(path)),
        "-r",
        str(requirements),
    ]


def uv_lock_command(
    uv: str, path: Path, configuration: Configuration, requirements: Path, target: Path
) -> list[str]:
    """Return the command that writes a lock of pinned requirements that uv has just installed: all
    that it needs to know is in its cache."""
    no_options = ("--require-hashes", "--no-deps")
    return [
        *(uv, "pip", "compile", "--no-config", "--quiet", "--no-header", "--offline", "--no-deps"),
        *("--format", "pylock.toml", "--python", str(interpreter_of(path))),
        *(each for each in uv_arguments(configuration) if each not in no_options),
        *("--output-file", str(target), str(requirements)),
    ]


def uv_resolve_command(
    uv: str, path: Path, configuration: Configuration, requirements: Path, target: Path
) -> list[str]:
    """Return the command that writes what requirements resolve to, as a lock."""
    return [
        *(uv, "pip", "compile", "--no-config", "--no-progress", "--color=never", "--quiet"),
        *("--no-header", "--format", "pylock.toml", "--python", str(interpreter_of(path))),
        *(each for each in uv_arguments(configuration) if each != "--require-hashes"),
        *("--output-file", str(target), str(requirements)),
    ]


def uv_variables(
    env: Mapping[str, str], configuration: Configuration, cache: Path, *, shared: bool
) -> dict[str, str]:
    """Return a build's variables for uv: pip's configuration goes before what pip would put after
    it, and what was set for uv itself before both.

    shared: whether installed files may be hard links into the cache; not where another user owns
    that.
    """
    variables = {
        **env,
        "UV_CACHE_DIR": str(cache / "uv"),
        "UV_PYTHON_DOWNLOADS": "never",
        # pip looks into all indexes and takes the best; uv by itself only into the first.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    if not shared:
        variables["UV_LINK_MODE"] = "copy"
    for option in configuration.options:
        if carry := _CARRIED.get(option.key):
            variables.update(carry(" ".join(option.value.split())))
    return variables | {name: value for name, value in env.items() if name.startswith("UV_")}


def uv_arguments(configuration: Configuration) -> list[str]:
    """Return the options for which uv has no variable."""
    arguments: list[str] = []
    for option in configuration.options:
        if option.key in _SWITCHES and _is_true(option.value):
            arguments.append(f"--{option.key}")
        if option.key in ("no-binary", "only-binary"):
            for name in re.split(r"[\s,]+", option.value.strip()):
                arguments.append(f"--{option.key}={name}")
    return arguments


_CARRIED: Mapping[str, Callable[[str], dict[str, str]]] = {
    "index-url": lambda value: {"UV_DEFAULT_INDEX": value},
    "extra-index-url": lambda value: {"UV_INDEX": value},
    "find-links": lambda value: {"UV_FIND_LINKS": value.replace(" ", ",")},
    "cert": lambda value: {"SSL_CERT_FILE": value},
    "client-cert": lambda value: {"SSL_CLIENT_CERT": value},
    "trusted-host": lambda value: {"UV_INSECURE_HOST": value},
    "proxy": lambda value: {
        "HTTP_PROXY": _as_address(value),
        "HTTPS_PROXY": _as_address(value),
        "ALL_PROXY": _as_address(value),
    },
    "timeout": lambda value: {"UV_HTTP_TIMEOUT": value.partition(".")[0]},
    "default-timeout": lambda value: {"UV_HTTP_TIMEOUT": value.partition(".")[0]},
    "retries": lambda value: {"UV_HTTP_RETRIES": value},
    "constraint": lambda value: {"UV_CONSTRAINT": value},
    "build-constraint": lambda value: {"UV_BUILD_CONSTRAINT": value},
    "pre": lambda value: {"UV_PRERELEASE": "allow"} if _is_true(value) else {},
}
_SWITCHES = frozenset({"no-index", "no-deps", "require-hashes", "no-build-isolation"})
# What changes nothing about the packages and would only be said to pip.
_PIP_ONLY = frozenset(
    {
        *("cache-dir", "debug", "disable-pip-version-check", "log", "log-file", "no-cache-dir"),
        *("no-color", "no-input", "no-python-version-warning", "no-warn-conflicts"),
        *("no-warn-script-location", "progress-bar", "quiet", "resume-retries"),
        *("root-user-action", "verbose", "yes", "compile", "use-pep517"),
    }
)
_OPTIONS_IN_FILES = frozenset(
    {
        *("-r", "--requirement", "-c", "--constraint", "-e", "--editable", "-i", "--index-url"),
        *("--extra-index-url", "-f", "--find-links", "--no-index", "--no-binary", "--only-binary"),
        "--hash",
    }
)
_OPTION = re.compile(r"(?:^|\s)(--?[a-z][a-z0-9-]*)")


def _obstacles(
    version: PythonVersion, configuration: Configuration, requirements: str, run_as: str | None
) -> Iterator[str]:
    """Yield why uv cannot be used, the cheapest to find out first."""
    if version < _OLDEST:
        yield f"it does not support Python {version}"
    for option in configuration.options:
        known = option.key in _CARRIED or option.key in _SWITCHES or option.key in _PIP_ONLY
        if not known and option.key not in ("no-binary", "only-binary"):
            yield f"it has nothing like {option.key} ({option.source})"
    yield from (f"pip's configuration: {problem}" for problem in configuration.problems)
    for line in effective_lines(requirements):
        for option in _OPTION.findall(line):
            if option not in _OPTIONS_IN_FILES:
                yield f"it does not take {option} in requirements"
    if find_uv(run_as) is None:
        whom = f" that {run_as} may run" if run_as else ""
        yield f"there is no uv{whom}: install it with pysteward (pip install 'pysteward[uv]')"


def _own_uv() -> str | None:
    import sysconfig

    program = os.path.join(sysconfig.get_path("scripts"), "uv")
    return program if os.path.isfile(program) else None


def _runnable(program: str, run_as: str | None) -> bool:
    if run_as is None or os.geteuid() != 0:
        return os.access(program, os.X_OK)
    real = Path(os.path.realpath(program))
    return all(part.stat().st_mode & 0o001 for part in (real, *real.parents))


def _is_true(value: str) -> bool:
    return value.strip().lower() in ("1", "true", "yes", "on", "y", "t")


def _as_address(proxy: str) -> str:
    return proxy if "://" in proxy else f"http://{proxy}"


_RESOLVED = re.compile(r"Resolved (?P<count>\d+) packages? in .*")
_PREPARED = re.compile(r"Prepared (?P<count>\d{1,9}) packages? in .*")
_DOWNLOADING = re.compile(r"\s*Downloading (?P<name>[A-Za-z0-9._-]+)(?: \((?P<size>.*)\))?")
_BUILDING = re.compile(r"\s*(?P<state>Building|Built) (?P<name>[A-Za-z0-9._-]+).*")
_ADDED = re.compile(r" \+ (?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+).*")


class UvProgress:
    """Turns what uv prints into phases and packages."""

    def __init__(self, steps: Runner) -> None:
        self._steps = steps

    def line(self, line: str) -> bool:
        """Take one line of uv's output; all of them belong in the log."""
        if found := _RESOLVED.fullmatch(line):
            self._steps.phase("download", f"{found['count']} packages")
        elif found := _PREPARED.fullmatch(line):
            total = int(found["count"])
            self._steps.phase("install", f"0 of {total}", done=0, total=total)
        elif found := _DOWNLOADING.fullmatch(line):
            size = f" ({found['size']})" if found["size"] else ""
            self._steps.phase("download", found["name"] + size)
            self._steps.package(found["name"], None, "downloading", size_in(size))
        elif found := _BUILDING.fullmatch(line):
            if found["state"] == "Building":
                self._steps.phase("build", found["name"])
            action = "building" if found["state"] == "Building" else "built"
            self._steps.package(found["name"], None, action)
        elif found := _ADDED.fullmatch(line):
            self._steps.package(found["name"], found["version"], "installed")
        return True
