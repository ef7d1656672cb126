"""Whether this system ends a user's processes at logout, which would end his builds with them.

logind.conf(5): with ``KillUserProcesses=yes`` everything in the session's scope is killed when the
session ends, except for the users of ``KillExcludeUsers`` (root, unless it says otherwise) and for
those who linger (loginctl(1)).
"""

from __future__ import annotations

import os
from pathlib import Path

from ..users import user_name

_DIRECTORIES = ("usr/lib/systemd", "run/systemd", "etc/systemd")


def logout_warning(root: Path = Path("/")) -> str | None:
    """Return a warning for a user whose session ends the build at logout.

    root: where the system's files are.
    """
    if not _is_in_session(root):
        return None
    options = _options(root)
    user = user_name(os.getuid())
    # The default was compiled in, and distributions differ; their files show it as a comment.
    kills = options.get("KillUserProcesses", options.get("#KillUserProcesses", "no"))
    spared = options.get("KillExcludeUsers", "root").split()
    only = options.get("KillOnlyUsers", "").split()
    if kills.lower() not in ("yes", "true", "on", "1") or user in spared:
        return None
    if only and user not in only:
        return None
    if (root / "var/lib/systemd/linger" / user).exists():
        return None
    return (
        "this system ends your processes when you log out (KillUserProcesses in logind.conf), this "
        f"build too: stay logged in, or have an administrator run: loginctl enable-linger {user}"
    )


def _is_in_session(root: Path) -> bool:
    try:
        groups = (root / "proc/self/cgroup").read_text("utf-8", "replace")
    except OSError:
        return False
    return any("/session-" in line and ".scope" in line for line in groups.splitlines())


def _options(root: Path) -> dict[str, str]:
    """Return the options of the last files that set them; one that is commented out begins with
    ``#``."""
    options: dict[str, str] = {}
    for directory in _DIRECTORIES:
        place = root / directory
        parts = sorted((place / "logind.conf.d").glob("*.conf"))
        for file in (place / "logind.conf", *parts):
            try:
                lines = file.read_text("utf-8", "replace").splitlines()
            except OSError:
                continue
            for line in lines:
                name, separator, value = line.partition("=")
                if separator:
                    options[name.strip()] = value.strip()
    return options
