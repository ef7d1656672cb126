"""The verdict: what an interpreter said of itself, as problems with their remedies.

Pure. What kept an interpreter from saying anything is in ``failures``.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..distributions import (
    family,
    install_command,
    package_for,
    rebuild_remedy,
)
from ..versions import PythonVersion, ended, unsupported
from .location import Location
from .model import (
    Installation,
    Interpreter,
    Problem,
)
from .shims import shim_of
from .virtualenvs import (
    allows,
    lines_served,
    requirements_for,
    why_unable,
)

_ENSUREPIP = ("-m", "ensurepip", "--upgrade", "--default-pip")


def evaluate(place: Location, interpreter: Interpreter, creator: str) -> Installation:
    """Return an installation that answered, with all that is wrong with it.

    creator: who makes environments, as the setting ``environment-creator`` has it.
    """
    executable = place.executable or interpreter.executable
    problems: list[Problem | None] = [
        _below_minimum(interpreter),
        *_identity(interpreter, executable),
        *_creator(interpreter, executable, creator),
        _shim(place, interpreter),
        *_kind(interpreter, executable),
        _missing_modules(interpreter),
        _end_of_life(interpreter.version),
    ]
    return Installation(
        path=place.path,
        executable=place.executable,
        target=place.target,
        version=interpreter.version,
        pip=None if interpreter.pip is None else interpreter.pip.version,
        virtualenv=None if interpreter.virtualenv is None else interpreter.virtualenv.version,
        venv=interpreter.has_venv,
        problems=tuple(problem for problem in problems if problem is not None),
        verified=True,
        interpreter=interpreter,
    )


def mark_duplicates(installations: Sequence[Installation]) -> tuple[Installation, ...]:
    """Return the same, with a warning at each that is one configured before, or has its version."""
    marked: list[Installation] = []
    for installation in installations:
        twin = next((other for other in marked if _same(other, installation)), None)
        if twin is not None:
            problem = _duplicate(installation, twin)
            installation = replace(installation, problems=(*installation.problems, problem))
        marked.append(installation)
    return tuple(marked)


def _same(one: Installation, other: Installation) -> bool:
    """Return whether the second adds nothing: the same file, the same place, or the same version
    again."""
    if one.target is not None and one.target == other.target:
        return True
    if one.version is None or one.version != other.version:
        return False
    return (one.usable and other.usable) or _one_place(one, other)


def _one_place(one: Installation, other: Installation) -> bool:
    first, second = one.interpreter, other.interpreter
    if first is None or second is None:
        return one.target is not None and one.target == other.target
    return first.prefix == second.prefix


def _duplicate(installation: Installation, twin: Installation) -> Problem:
    if _one_place(installation, twin):
        message = f"{installation.path} is the same installation as {twin.path}."
    else:
        message = (
            f"{installation.path} has the same version as {twin.path}, "
            f"which is configured first and is always taken."
        )
    return _warning("duplicate", message, f"Take Executable = {installation.path} out.")


def _below_minimum(interpreter: Interpreter) -> Problem | None:
    reason = unsupported(interpreter.version)
    if reason is None:
        return None
    return _unusable("below-minimum", f"{reason}.", "Install a newer Python and name that one.")


def _identity(interpreter: Interpreter, executable: str) -> Iterable[Problem]:
    """Yield whether it is the Python that was installed there, all of it."""
    version, headers = str(interpreter.version), interpreter.header_version
    if not interpreter.is_at_home:
        yield _unusable(
            "not-itself",
            f"{executable} takes its standard library from {interpreter.stdlib}, "
            f"which belongs to another Python.",
            f"Install all of it where {executable} lies, or name the Python in "
            f"{interpreter.base_prefix}",
        )
    elif headers is not None and headers.rstrip("+") != version:
        loads = f" It loads {interpreter.libpython}." if interpreter.libpython else ""
        yield _unusable(
            "not-itself",
            f"{executable} says that it is Python {version}, "
            f"but what is installed there is {headers}.{loads}",
            f"ldd {shlex.quote(executable)}  # shows who provides it; build that Python with "
            f"LDFLAGS=-Wl,-rpath,{interpreter.base_prefix}/lib, or name {version}'s own path.",
        )
    elif interpreter.is_moved and not (interpreter.is_relocatable or interpreter.is_conda):
        yield _moved(interpreter)
    elif interpreter.loads_from_elsewhere and interpreter.origin != "distribution":
        yield _warning(
            "not-itself",
            f"{executable} loads {interpreter.libpython}, which lies outside of "
            f"{interpreter.base_prefix}.",
            f"Build that Python with LDFLAGS=-Wl,-rpath,{interpreter.base_prefix}/lib",
        )


def _moved(interpreter: Interpreter) -> Problem:
    built, now = interpreter.built_prefix, interpreter.base_prefix
    message = f"The Python in {now} was built from source for {built}"
    if built and not interpreter.built_prefix_is_there and os.path.isdir(built):
        # The interpreter was asked by the user of the builds, this runs as the steward.
        return _unusable(
            "moved",
            f"{message}, which is there, but which the user who runs builds cannot see.",
            f"Let that user into {built} (run-as), or build it again with --prefix={now}",
        )
    if not interpreter.built_prefix_is_there:
        return _unusable(
            "moved",
            f"{message}, which is no longer there; a Python cannot be moved after it was built.",
            f"Move it back to {built}, or build it again with --prefix={now}",
        )
    loads = f", and still loads {interpreter.libpython}" if interpreter.loads_from_elsewhere else ""
    return _warning(
        "moved",
        f"{message}{loads}: it works only as long as that stays.",
        f"Build it again with --prefix={now}, or name {built}",
    )


def _creator(interpreter: Interpreter, executable: str, creator: str) -> Iterable[Problem]:
    """Yield whether it has what the creator of environments needs, and that works with it."""
    pip = interpreter.pip
    if pip is None:
        yield _pip_missing(interpreter, executable)
    elif not allows(pip.requires_python, interpreter.version):
        yield _unusable(
            "pip-incompatible",
            f"pip {pip.version} of {executable} cannot run: it requires Python "
            f"{pip.requires_python}.",
            f"Take {pip.directory} and its metadata beside it out, then: "
            f"{shlex.join((executable, *_ENSUREPIP))}",
        )
    if creator == "venv":
        if not interpreter.has_venv:
            yield _venv_missing(interpreter, executable)
    elif creator == "bundled":
        lines = lines_served()
        if lines and interpreter.version.line not in lines:
            yield _bundled_incompatible(interpreter, executable)
    elif interpreter.virtualenv is None:
        yield _virtualenv_missing(interpreter, executable)
    else:
        release = interpreter.virtualenv
        remedy, command = _install_virtualenv(interpreter, executable)
        reason = why_unable(release.version, release.requires_python, interpreter.version)
        if reason is not None:
            yield _unusable(
                "virtualenv-incompatible",
                f"virtualenv {release.version} of {executable} makes no working environments for "
                f"Python {interpreter.version}: {reason}.",
                remedy,
                command,
            )
        elif release.lacks:
            yield _unusable(
                "virtualenv-missing",
                f"virtualenv {release.version} of {executable} cannot run without "
                f"{', '.join(release.lacks)}, not installed there.",
                remedy,
                command,
            )


def _pip_missing(interpreter: Interpreter, executable: str) -> Problem:
    message = f"{executable} has no pip."
    version = interpreter.version
    if interpreter.origin == "distribution":
        return _unusable("pip-missing", message, _package_remedy("pip", version, executable))
    if interpreter.has_venv or version.major == 2:
        argv = (executable, *_ENSUREPIP)
        command = None if interpreter.is_externally_managed else argv
        return _unusable("pip-missing", message, shlex.join(argv), command)
    return _unusable("pip-missing", message, f"Install pip into {interpreter.prefix}.")


def _virtualenv_missing(interpreter: Interpreter, executable: str) -> Problem:
    remedy, command = _install_virtualenv(interpreter, executable)
    without = ""
    if interpreter.has_venv:
        without = 'or do without: environment-creator = "venv" in pysteward.toml'
    elif interpreter.version.line in lines_served():
        without = 'or do without: environment-creator = "bundled" in pysteward.toml'
    return _unusable(
        "virtualenv-missing",
        f"{executable} has no virtualenv.",
        f"{remedy}  # {without}" if without else remedy,
        command,
    )


def _install_virtualenv(
    interpreter: Interpreter, executable: str
) -> tuple[str, tuple[str, ...] | None]:
    version = interpreter.version
    if interpreter.origin == "distribution":
        return _package_remedy("virtualenv", version, executable), None
    argv = (executable, "-m", "pip", "install", *requirements_for(version))
    if interpreter.is_externally_managed:
        # PEP 668: its manager has asked that pip leave it alone.
        argv = (*argv[:4], "--break-system-packages", *argv[4:])
        return shlex.join(argv), None
    return shlex.join(argv), argv if interpreter.pip is not None else None


def _venv_missing(interpreter: Interpreter, executable: str) -> Problem:
    version = interpreter.version
    if version.major == 2:
        return _unusable(
            "venv-missing",
            f"Python {version} has no venv module: that came with 3.3.",
            f'Set environment-creator = "virtualenv", and: '
            f"{shlex.join((executable, '-m', 'pip', 'install', *requirements_for(version)))}",
        )
    remedy = (
        _package_remedy("venv", version, executable)
        if interpreter.origin == "distribution"
        else _reinstall(interpreter)
    )
    return _unusable(
        "venv-missing", f"{executable} lacks venv or the ensurepip that venv needs.", remedy
    )


def _bundled_incompatible(interpreter: Interpreter, executable: str) -> Problem:
    version = interpreter.version
    lines = sorted(line for line in lines_served() if line[0] > 2)
    argv = (executable, "-m", "pip", "install", *requirements_for(version))
    return _unusable(
        "virtualenv-incompatible",
        f"pysteward's own virtualenv makes environments for Python {_dotted(lines[0])} and later, "
        f"not for {version}.",
        f'Set environment-creator = "virtualenv", and: {shlex.join(argv)}',
    )


def _shim(place: Location, interpreter: Interpreter) -> Problem | None:
    manager = shim_of(place)
    if manager is None:
        return None
    return _warning(
        "shim",
        f"{place.executable} is a shim of {manager}: which Python it runs depends on the user, "
        f"the directory and the environment.",
        f"Name the interpreter itself: Executable = {interpreter.executable}",
    )


def _kind(interpreter: Interpreter, executable: str) -> Iterable[Problem]:
    if interpreter.is_conda:
        yield _warning(
            "conda",
            f"{executable} belongs to a conda environment: its packages bring libraries of their "
            f"own, which those that pip installs may not fit.",
            "Name a Python that was built from source or that the distribution provides.",
        )
    if interpreter.is_virtual_environment:
        yield _warning(
            "virtual-environment",
            f"{interpreter.prefix} is a virtual environment of {interpreter.base_prefix}.",
            f"Name the Python it was made from: Executable = {interpreter.base_prefix}",
        )


def _missing_modules(interpreter: Interpreter) -> Problem | None:
    missing = interpreter.missing_modules
    if not missing:
        return None
    names = [module.name for module in missing]
    said = "; ".join(
        f"{module.name} ({module.because})" if module.because != "not built" else module.name
        for module in missing
    )
    remedy = rebuild_remedy(names, family())
    if interpreter.origin == "distribution":
        remedy = "Install the rest of the distribution's Python: its standard library is split up."
    return _warning(
        "stdlib-module-missing",
        f"Modules of the standard library cannot be loaded: {said}.",
        remedy,
    )


def _end_of_life(version: PythonVersion) -> Problem | None:
    end = ended(version)
    if end is None:
        return None
    return _warning(
        "end-of-life",
        f"Python {version.major}.{version.minor} gets no security fixes since {end}.",
        "Install a newer Python beside it, and move content to that.",
    )


def _package_remedy(need: str, version: PythonVersion, executable: str) -> str:
    name = package_for(need, version, executable)
    command = None if name is None else install_command([name], family())
    return command or f"Install {need} for Python {version} with the distribution's packages."


def _reinstall(interpreter: Interpreter) -> str:
    if interpreter.origin == "distribution":
        return "Install the distribution's packages of this Python again."
    return f"Build or install Python {interpreter.version} again in its place, all of it."


def _dotted(line: tuple[int, int]) -> str:
    return f"{line[0]}.{line[1]}"


def _unusable(
    code: str, message: str, remedy: str | None, command: tuple[str, ...] | None = None
) -> Problem:
    return Problem(code, message, remedy, "unusable", command)


def _warning(code: str, message: str, remedy: str | None) -> Problem:
    return Problem(code, message, remedy, "warning")
