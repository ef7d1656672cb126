"""The user's choice of a theme, kept in a file of one line."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from ...core.errors import StateError

_MOST_BYTES = 200


class ThemeMemory:
    """file: where the name is kept; None where there is no place to keep it."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def recall(self) -> str | None:
        """Return the name that was kept, whatever it is; None where none was. Raises StateError."""
        if self._file is None:
            return None
        try:
            # Not blocking: a named pipe without a writer must not hang the program.
            descriptor = os.open(self._file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._unusable(error.strerror) from None
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise self._unusable("it is no file")
            data = file.read(_MOST_BYTES + 1)
        try:
            name = data.decode().strip()
        except UnicodeDecodeError:
            raise self._unusable("it is no text") from None
        if not name or len(data) > _MOST_BYTES:
            raise self._unusable("one name is expected in it")
        return name

    def keep(self, theme: str) -> None:
        """Remember a theme. Raises StateError."""
        if self._file is None:
            raise StateError("there is no home directory to remember the theme in")
        temporary = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        try:
            # XDG Base Directory: directories that are not there are made for their owner alone.
            self._file.parent.mkdir(0o700, parents=True, exist_ok=True)
            temporary.unlink(missing_ok=True)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(f"{theme}\n")
                file.flush()
                os.fsync(descriptor)
            temporary.replace(self._file)
        except OSError as error:
            raise StateError(
                f"the theme cannot be remembered: {error.strerror}", file=self._file
            ) from None

    def unknown(self, name: str) -> StateError:
        """Return what to say of a name that no theme has."""
        return self._unusable(f"there is no theme {name[:40]!r}")

    def _unusable(self, why: str | None) -> StateError:
        return StateError(f"the theme that was remembered is not used: {why}", file=self._file)


def theme_file(environ: Mapping[str, str]) -> Path | None:
    """Return where the theme is kept: in XDG's directory for what a user has set."""
    base, home = environ.get("XDG_CONFIG_HOME", ""), environ.get("HOME", "")
    # XDG Base Directory: a path that is not absolute counts as not set.
    if os.path.isabs(base):
        return Path(base, "pysteward", "theme")
    return Path(home, ".config", "pysteward", "theme") if os.path.isabs(home) else None
