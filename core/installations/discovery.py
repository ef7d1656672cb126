"""Find the Pythons of this machine where a person would look, without running any."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..errors import RequestError
from ..frozen import frozen
from ..versions import PythonVersion
from .inspection import glance_at
from .location import interpreters_in, locate
from .shims import shim_of

_MOST_IN_A_DIRECTORY = 500
_MOST_OFFERED = 4
_VERSION_IN_NAME = re.compile(r"(?<![0-9.])([23]\.[0-9]+\.[0-9]+(?:(?:a|b|rc)[0-9]+)?)(?![0-9])")


@frozen
class DiscoveredPython:
    """A Python that is on this machine.

    path: the interpreter, as a setting would name it.
    version: as far as its files tell; None where they do not.
    how: where it was found, such as ``/opt/python`` or ``pyenv``.
    target: the file behind all links.
    is_configured: whether the settings name it already, by this or another path.
    """

    path: str
    version: PythonVersion | None
    how: str
    target: str
    is_configured: bool = False


def discover(
    environ: Mapping[str, str], configured: Sequence[str] = ()
) -> tuple[DiscoveredPython, ...]:
    """Return the Pythons of this machine, each once, however many ways lead to it.

    environ: the caller's variables: HOME, PATH and those that say where pyenv, uv, conda, asdf
        and mise keep theirs.
    configured: the paths that the settings name.

    Virtual environments and the shims of version managers are left out: each is another Python
    under another name.
    """
    have = {identity for path in configured if (identity := _identity(path)) is not None}
    found: dict[tuple[int, int], DiscoveredPython] = {}
    for how, path in _candidates(environ):
        identity = _identity(path)
        if identity is None or identity in found:
            continue
        python = _python_at(path, how, identity in have)
        if python is not None:
            found[identity] = python
    return tuple(found.values())


def offer(found: Sequence[DiscoveredPython]) -> str:
    """Return in a sentence which Pythons could be configured."""
    new = [each for each in found if not each.is_configured]
    if not new:
        return "there is none on this machine: `pysteward build-python` installs one."
    some = ", ".join(
        f"{each.path} ({each.version})" if each.version else each.path
        for each in new[:_MOST_OFFERED]
    )
    more = f" and {len(new) - _MOST_OFFERED} more" if len(new) > _MOST_OFFERED else ""
    return f"on this machine: {some}{more}; `pysteward discover --add` adds them."


def _python_at(path: str, how: str, is_configured: bool) -> DiscoveredPython | None:
    place = locate(path)
    if place.problem is not None or place.executable is None or place.target is None:
        return None
    if not os.access(place.executable, os.X_OK) or shim_of(place) is not None:
        return None
    prefix = os.path.dirname(os.path.dirname(place.executable))
    if os.path.exists(os.path.join(prefix, "pyvenv.cfg")):
        return None
    version = glance_at(place.executable).version or _version_in(place.target)
    return DiscoveredPython(place.executable, version, how, place.target, is_configured)


def _version_in(path: str) -> PythonVersion | None:
    """Return the version that a directory of the path is named after, as uv, pyenv and conda do."""
    for name in reversed(path.split("/")[:-1]):
        named = _VERSION_IN_NAME.search(name)
        if named is not None:
            try:
                return PythonVersion.parse(named[1])
            except RequestError:
                return None
    return None


def _identity(path: str) -> tuple[int, int] | None:
    """Return the file that a path stands for; None where there is none to be reached."""
    place = locate(path)
    if place.target is None:
        return None
    try:
        status = os.stat(place.target)
    except OSError:
        return None
    return (status.st_dev, status.st_ino)


def _candidates(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield how and where: prefixes and interpreters, those that administrators install first."""
    home = environ.get("HOME") or "/nonexistent"
    for root in ("/opt/python", "/opt/Python", "/opt/local/python"):
        yield from _each(root, [root, *_directories_in(root)])
    for prefix in ("/usr/local", "/usr"):
        yield from _each(prefix, interpreters_in(f"{prefix}/bin"))
    yield from _managed("pyenv", _pyenv(environ, home))
    yield from _managed("uv", _uv(environ, home))
    yield from _each("conda", _conda(environ, home))
    yield from _managed(
        "asdf", [f"{environ.get('ASDF_DATA_DIR') or home + '/.asdf'}/installs/python"]
    )
    mise = environ.get("MISE_DATA_DIR") or f"{home}/.local/share/mise"
    yield from _managed("mise", [f"{mise}/installs/python"])
    for directory in environ.get("PATH", "").split(":"):
        # An empty entry is the current directory: what lies there is not an installation.
        if os.path.isabs(directory):
            yield from _each("PATH", interpreters_in(directory))
    yield "pysteward runs on it", os.path.realpath(f"{sys.base_prefix}/bin/python3")


def _each(how: str, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((how, path) for path in paths)


def _managed(how: str, roots: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what a version manager installed: a directory for each version."""
    for root in dict.fromkeys(roots):
        yield from _each(how, _directories_in(root))


def _pyenv(environ: Mapping[str, str], home: str) -> Iterator[str]:
    roots = (environ.get("PYENV_ROOT"), f"{home}/.pyenv", f"{_home_of_root()}/.pyenv", "/opt/pyenv")
    for root in (*roots, "/usr/local/pyenv", "/usr/local/share/pyenv", "/usr/lib/pyenv"):
        if root:
            yield f"{root}/versions"


def _home_of_root() -> str:
    # Under sudo, HOME may still be the caller's, and what root installed lies in root's.
    return os.path.expanduser("~root")


def _uv(environ: Mapping[str, str], home: str) -> Iterator[str]:
    data = environ.get("XDG_DATA_HOME") or f"{home}/.local/share"
    for root in (environ.get("UV_PYTHON_INSTALL_DIR"), f"{data}/uv/python"):
        if root:
            yield root
    yield from (f"{place}/.local/share/uv/python" for place in (home, _home_of_root()))


def _conda(environ: Mapping[str, str], home: str) -> Iterator[str]:
    """Yield every conda there may be, and the environments below it and in conda's own list of
    them."""
    names = ("conda", "miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba")
    roots = [f"{above}/{name}" for above in (home, "/opt", "/usr/local") for name in names]
    program = environ.get("CONDA_EXE")
    given = [
        environ.get("CONDA_PREFIX"),
        environ.get("MAMBA_ROOT_PREFIX"),
        os.path.dirname(os.path.dirname(program)) if program else None,
    ]
    for root in dict.fromkeys([*filter(None, given), *roots]):
        if os.path.isdir(f"{root}/conda-meta"):
            yield root
        yield from (path for path in _directories_in(f"{root}/envs") if os.path.isdir(path))
    try:
        with open(f"{home}/.conda/environments.txt", encoding="utf-8", errors="replace") as stream:
            listed = stream.read(65536).splitlines()
    except OSError:
        listed = []
    yield from (line.strip() for line in listed if os.path.isdir(f"{line.strip()}/conda-meta"))


def _directories_in(root: str) -> list[str]:
    """Return the directories of a directory, by their names as numbers: 3.9 before 3.10."""
    try:
        names = os.listdir(root)[:_MOST_IN_A_DIRECTORY]
    except OSError:
        return []
    paths = (f"{root}/{name}" for name in sorted(names, key=_by_numbers))
    return [path for path in paths if os.path.isdir(path)]


def _by_numbers(name: str) -> list[tuple[int, str]]:
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in parts]
