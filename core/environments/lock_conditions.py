"""What an environment's lock is made under, see `core.lockfiles`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from hashlib import blake2b

from ..lockfiles import Conditions
from ..package_names import normalize
from .spec import EnvironmentSpec, effective_lines


def conditions_of(
    spec: EnvironmentSpec,
    prohibited: Sequence[str] = (),
    *,
    build: str = "",
) -> Conditions:
    """Return the conditions of a lock for this environment, made now and here.

    prohibited: the packages that are never installed. build: who makes it.
    """
    return Conditions(
        python=str(spec.version),
        platform=platform_name(),
        installer=spec.installer,
        installer_version="",
        requirements=_digest(spec),
        configuration=spec.configuration,
        prohibited=tuple(sorted({normalize(name) for name in prohibited})),
        only_wheels=spec.only_wheels,
        build=build,
    )


def platform_name() -> str:
    """Return the system, machine and C library, such as ``linux-x86_64-glibc``: what decides which
    wheels fit."""
    return f"{sys.platform}-{os.uname().machine}-{_c_library()}"


def lock_markers(version: str) -> tuple[str, ...]:
    """Return for which Pythons a lock is, as PEP 508 markers. version: of the Python."""
    minor = ".".join(version.split(".")[:2])
    return (
        f"python_version == '{minor}' and sys_platform == '{sys.platform}' and "
        f"platform_machine == '{os.uname().machine}'",
    )


def _digest(spec: EnvironmentSpec) -> str:
    digest = blake2b(digest_size=16)
    for part in (
        *effective_lines(spec.requirements),
        *(text for pair in spec.files for text in pair),
    ):
        data = part.encode("utf-8", "surrogateescape")
        digest.update(b"%d:%b" % (len(data), data))
    return digest.hexdigest()


def _c_library() -> str:
    try:
        return "glibc" if os.confstr("CS_GNU_LIBC_VERSION") else "libc"
    except (OSError, ValueError):  # musl knows no such name
        return "libc"
