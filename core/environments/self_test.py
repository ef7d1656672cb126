"""What a new environment proved about itself, by its own interpreter, before anything else ran."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from ..file_io import read_regular
from ..frozen import frozen
from ..json_values import parse_json
from ..versions import PythonVersion

_LARGEST = 256 * 1024


@frozen
class SelfTest:
    """Facts about the environment's interpreter.

    complaint: why the environment cannot be used; None where it can.
    directories: its site-packages, real paths inside the environment.
    pip: its version, None where pip was not asked for.
    platform, implementation: ``sys.platform``, ``sys.implementation.name``.
    paths: where it installs what (sysconfig). cache_tag, magic: of its bytecode. abi: the SOABI
        of its extensions. All are empty where pip was to run, and of Pythons before 3.7.
    """

    complaint: str | None
    version: str
    base: str
    directories: tuple[Path, ...]
    platform: str
    implementation: str
    pip: str | None
    paths: Mapping[str, str] = field(default_factory=dict[str, str])
    cache_tag: str = ""
    magic: str = ""
    abi: str = ""


def launcher(
    interpreter: Path,
    environment: Path,
    version: PythonVersion,
    proof: Path,
    pip_arguments: Sequence[str] = (),
    *,
    report: Path | None = None,
    raw_progress: bool = False,
) -> list[str]:
    """Return the command that proves the environment and, in the same process, runs pip.

    Asking first and running pip afterwards would start an interpreter twice. Without ``-B`` it
    would write all that pip consists of down as bytecode, which takes longer than all that
    pysteward adds, for a program that runs here once; what pip installs it compiles all the same.

    report: where pip writes what it installs, if it is new enough for that.
    """
    source = Path(__file__).with_name("_launcher.py").read_text("utf-8")
    return [
        str(interpreter),
        "-B",
        "-c",
        source,
        str(proof),
        str(environment),
        str(version),
        "raw" if raw_progress else "",
        "" if report is None else str(report),
        *pip_arguments,
    ]


def read_proof(file: Path, environment: Path) -> SelfTest | None:
    """Return the proof, None where there is none: the interpreter did not get that far.

    What names directories outside of the environment is no proof either.
    """
    try:
        facts: dict[str, Any] = parse_json(read_regular(file, _LARGEST))
        inside = os.path.realpath(environment) + os.sep
        directories = [Path(os.path.realpath(directory)) for directory in facts["folders"]]
        if not facts["complaint"] and not all(str(path).startswith(inside) for path in directories):
            return None
        return SelfTest(
            complaint=None if facts["complaint"] is None else str(facts["complaint"]),
            version=str(facts["version"]),
            base=str(facts["base"]),
            directories=tuple(dict.fromkeys(directories)),
            platform=str(facts["platform"]),
            implementation=str(facts["implementation"]),
            pip=None if facts.get("pip") is None else str(facts["pip"]),
            paths={str(name): str(path) for name, path in facts.get("paths", {}).items()},
            cache_tag=str(facts.get("cache_tag", "")),
            magic=str(facts.get("magic", "")),
            abi=str(facts.get("abi", "")),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
