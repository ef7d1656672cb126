"""Tell whether a package's own code can have run while pip installed.

pip runs code of source archives to learn their metadata and to build them, and says so before it
does. What such code has printed comes later, so it cannot hide that. A wheel is only unpacked; but
one that replaces files of pip gets its code into the pip that is at work.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_SOURCE = re.compile(
    # an archive other than a wheel
    r"\.(?:tar(?:\.[a-z0-9]+)?|tgz|zip|egg)\b"
    # and what pip says of code that it runs, in the words of its releases since 9
    r"|^\s*(?:Running|Preparing|Getting requirements|Building|Installing build|Installing backend"
    r"|Obtaining|Processing|Cloning|Checking)\b"
)


class PackageCode:
    """Watches one run of pip. environment: where it installs."""

    def __init__(self, environment: Path) -> None:
        self._environment = environment
        self._is_seen = False
        self._pip = self._stamps()

    def line(self, text: str) -> None:
        """Take a line that pip has printed."""
        self._is_seen = self._is_seen or _SOURCE.search(text) is not None

    def may_have_run(self) -> bool:
        """Return whether it can have run by now."""
        return self._is_seen or not self._pip or self._pip != self._stamps()

    def _stamps(self) -> dict[str, tuple[int, int]]:
        """Return what tells whether a file of the environment's pip was replaced or changed."""
        found: dict[str, tuple[int, int]] = {}
        for top in self._environment.glob("lib/*/site-packages/pip"):
            for directory, _, names in os.walk(top):
                for name in names:
                    path = os.path.join(directory, name)
                    status = os.lstat(path)
                    found[path] = (status.st_ino, status.st_ctime_ns)
        return found
