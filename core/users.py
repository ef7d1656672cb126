"""User accounts: the one that builds run as, and names of others."""

from __future__ import annotations

import os
from typing import NamedTuple

from .errors import SettingsError


class User(NamedTuple):
    """An account other than the caller's, that child processes are started as.

    groups: all of its groups, the first one included.
    """

    name: str
    uid: int
    gid: int
    groups: tuple[int, ...]


def find_user(run_as: str | None) -> User | None:
    """Return the account of that name if this process can and must become it, else None.

    run_as: a user name; None means the caller. Only root can become another user.
    Raises: SettingsError (run-as-unknown) when root must become a user that does not exist.
    """
    if run_as is None or os.geteuid() != 0:
        return None
    import pwd

    try:
        entry = pwd.getpwnam(run_as)
    except (KeyError, ValueError):
        raise SettingsError(
            f"the user {run_as!r} that run-as names does not exist: create it or change RunAs",
            code="run-as-unknown",
        ) from None
    if entry.pw_uid == os.geteuid():
        return None
    groups = os.getgrouplist(entry.pw_name, entry.pw_gid)
    return User(entry.pw_name, entry.pw_uid, entry.pw_gid, tuple(groups))


def user_name(uid: int | None = None) -> str:
    """Return the name of an account, or ``user UID`` where the user database has none.

    uid: None means the caller.
    """
    import pwd

    uid = os.geteuid() if uid is None else uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def account_names() -> tuple[str, ...]:
    """Return the names of the accounts of this machine."""
    import pwd

    return tuple(sorted({entry.pw_name for entry in pwd.getpwall()}))


def group_names() -> tuple[str, ...]:
    """Return the names of the groups of this machine."""
    import grp

    return tuple(sorted({entry.gr_name for entry in grp.getgrall()}))
