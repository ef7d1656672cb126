"""What the programs of a build get to see: variables that are the same for every user who starts
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..frozen import frozen

BUILD_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@frozen
class Workspace:
    """The directories that a build's programs may write to, besides the environment itself.

    home: empty at the start of every build, so that no package leaves a configuration there for
    the next one. temporary: likewise. cache: shared by the builds of one user.
    """

    home: Path
    temporary: Path
    cache: Path


def child_environment(rooms: Workspace, build_environment: Mapping[str, str]) -> dict[str, str]:
    """Return all variables that virtualenv, pip, uv and what they start are given.

    pip's ``--isolated`` is not used: the pip that fetches build dependencies ignores it, and it
    would ignore variables of the build-environment as well.
    """
    return {
        "PATH": BUILD_PATH,
        "LANG": "C.UTF-8",
        "HOME": str(rooms.home),
        "XDG_CONFIG_HOME": str(rooms.home / ".config"),
        "XDG_DATA_HOME": str(rooms.home / ".local" / "share"),
        "XDG_STATE_HOME": str(rooms.home / ".local" / "state"),
        "XDG_CACHE_HOME": str(rooms.cache),
        "TMPDIR": str(rooms.temporary),
        "PYTHONNOUSERSITE": "1",
        # virtualenv reads its options from variables too and ignores those that a release does
        # not know: no look for newer seeds in the background, the unpacked seed kept.
        "VIRTUALENV_NO_PERIODIC_UPDATE": "1",
        "VIRTUALENV_OVERRIDE_APP_DATA": str(rooms.cache / "virtualenv"),
        **build_environment,
    }


def clean_environment(build_environment: Mapping[str, str]) -> dict[str, str]:
    """Return all variables of a probed interpreter: nothing of the caller's shell or home reaches
    it.

    build_environment: what builds get besides, and so what decides how an interpreter starts there
    (LD_LIBRARY_PATH, for one).
    """
    return {"PATH": BUILD_PATH, "LANG": "C.UTF-8", "HOME": "/nonexistent", **build_environment}
