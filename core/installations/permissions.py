"""As whom interpreters are run: the caller, or for root the user who runs the builds."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping

from ..users import User


def asker(user: User | None, build_environment: Mapping[str, str]) -> str:
    """Return who asks, and how: what one user gets, another may not, by the groups and variables
    too."""
    who = f"{os.geteuid()}" if user is None else f"{user.uid}:{user.gid}:{sorted(user.groups)}"
    if not build_environment:
        return who
    from hashlib import blake2b  # only here: a start without variables is quicker without it

    # As a digest: variables may hold passwords, and members of state-group read the cache.
    variables = repr(sorted(build_environment.items())).encode("utf-8", "surrogateescape")
    return f"{who}:{blake2b(variables, digest_size=16).hexdigest()}"


def what_blocks(user: User | None, path: str, wanted: int = os.X_OK) -> str | None:
    """Return the first directory or file on the way to a real path whose mode keeps a user out.

    wanted: ``os.X_OK`` or ``os.R_OK``, asked of the last part; of the directories it is always
        X_OK. Goes by mode bits; None where those allow all.
    """
    parts = [part for part in path.split("/") if part]
    here = "/"
    for index, part in enumerate(["", *parts]):
        here = os.path.join(here, part)
        try:
            status = os.stat(here)
        except OSError:
            return None
        need = wanted if index == len(parts) else os.X_OK
        if not _allows(user, status, need):
            return f"{here} ({stat.filemode(status.st_mode)})"
    return None


def _allows(user: User | None, status: os.stat_result, need: int) -> bool:
    uid = os.geteuid() if user is None else user.uid
    groups = {os.getegid(), *os.getgroups()} if user is None else {user.gid, *user.groups}
    if uid == 0:
        return need != os.X_OK or bool(status.st_mode & 0o111)
    if status.st_uid == uid:
        return bool(status.st_mode >> 6 & need)
    if status.st_gid in groups:
        return bool(status.st_mode >> 3 & need)
    return bool(status.st_mode & need)
