"""Which file of a lock is installed for each package, where that can be said without pip."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..frozen import frozen
from ..lockfiles import Lock
from ..package_names import normalize
from ..wheels import WheelUnfit
from .self_test import SelfTest

if TYPE_CHECKING:
    from packaging.pylock import Package

_NAME = re.compile(r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?P<rest>.*)")
_ABI = re.compile(r"cpython-(?P<digits>[0-9]{2,3})(?P<flag>m?)-")


@frozen
class WheelNeed:
    """One wheel that a lock installs.

    package: as the lock has it, with this wheel alone. sha256: of the wheel, hexadecimal.
    file: the name of the wheel. local: where it lies in the bundle; None: it is fetched.
    is_requested: whether the requirements name it. direct_url: the text of its
    ``direct_url.json``; None where it is from an index.
    """

    package: Package
    sha256: str
    file: str
    local: Path | None
    is_requested: bool
    direct_url: str | None


def choose_wheels(
    lock: Lock, requirements: Sequence[str], proof: SelfTest, directory: Path
) -> tuple[WheelNeed, ...]:
    """Return the wheels that a lock installs.

    requirements: the effective lines. directory: what paths in the lock start from.
    Raises: WheelUnfit where a package is not a wheel, or pip has to say which one it takes.
    """
    if lock.unlocked:
        raise WheelUnfit(f"the file of {lock.unlocked[0][0]} is not known")
    requested = _requested(requirements)
    return tuple(_need(each, requested, proof, directory) for each in lock.pylock.packages)


def _need(
    package: Package, requested: frozenset[str], proof: SelfTest, directory: Path
) -> WheelNeed:
    from dataclasses import replace

    name = str(package.name)
    if package.marker is not None:
        raise WheelUnfit(f"{name} is installed under a condition")
    if name == "pip":
        raise WheelUnfit("pip itself is installed")
    place: Any
    if package.archive is not None:
        place = package.archive
        file = (place.url or place.path or "").partition("#")[0].rpartition("/")[2]
        direct_url = _direct_url(place, directory)
        if place.subdirectory or not file.endswith(".whl"):
            raise WheelUnfit(f"{name} is built from a source archive")
    elif package.wheels:
        place = _best(package, proof)
        file = place.filename
        package = replace(package, wheels=[place], sdist=None)
        direct_url = None
    else:
        raise WheelUnfit(f"{name} is built from its source")
    sha256 = place.hashes.get("sha256", "")
    if not sha256:
        raise WheelUnfit(f"no SHA-256 of {file} is known")
    local = directory / place.path if place.path else None
    is_requested = name in requested or direct_url is not None
    return WheelNeed(package, sha256.lower(), file, local, is_requested, direct_url)


def _requested(requirements: Sequence[str]) -> frozenset[str]:
    """Return the names that requirements ask for; what is named by its address is not among
    them."""
    lines = (line for line in requirements if not line.startswith("-"))
    found = (_NAME.fullmatch(line.partition(" #")[0]) for line in lines)
    return frozenset(normalize(each["name"]) for each in found if each is not None)


def _best(package: Package, proof: SelfTest) -> Any:
    """Return the wheel that this Python takes: the only one, else the first by its tags."""
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    wheels = list(package.wheels or ())
    if len(wheels) == 1:
        return wheels[0]
    ranks = {tag: number for number, tag in enumerate(_supported(proof))}
    found: list[tuple[int, Any]] = []
    for wheel in wheels:
        try:
            _, _, build, tags = parse_wheel_filename(wheel.filename)
        except InvalidWheelFilename:
            continue
        fitting = [ranks[tag] for tag in tags if tag in ranks]
        if build:
            raise WheelUnfit(f"{package.name} has several builds")
        if fitting:
            found.append((min(fitting), wheel))
    found.sort(key=lambda each: each[0])
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        raise WheelUnfit(f"which wheel of {package.name} fits is not clear")
    return found[0][1]


def _supported(proof: SelfTest) -> list[Any]:
    """Return the tags of this Python, the best ones first. It runs on this machine's platform."""
    from packaging.tags import compatible_tags, cpython_tags

    found = _ABI.match(proof.abi)
    version = tuple(int(part) for part in re.findall("[0-9]+", proof.version)[:2])
    if found is None or proof.implementation != "cpython":
        raise WheelUnfit(f"which wheels fit {proof.abi or proof.implementation} is not known")
    digits = f"cp{found['digits']}"
    abis = [f"{digits}{found['flag']}"]
    return [
        *cpython_tags(version, abis=abis),
        *compatible_tags(version, interpreter=digits),
    ]


def _direct_url(place: Any, directory: Path) -> str:
    """Return a ``direct_url.json`` as pip writes it (PEP 610)."""
    address = place.url or Path(os.path.normpath(directory / place.path)).as_uri()
    hashes = dict(place.hashes)
    info: dict[str, Any] = {"hashes": hashes}
    if "sha256" in hashes:
        info["hash"] = f"sha256={hashes['sha256']}"
    return json.dumps({"archive_info": info, "url": address}, sort_keys=True)
