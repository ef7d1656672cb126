"""A file of variables: NAME=VALUE lines, as systemd's EnvironmentFile and docker's --env-file have
them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from ..errors import SettingsError
from ..file_io import read_regular

_LARGEST: Final = 1 << 20
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_env_file(path: Path) -> dict[str, str]:
    """Return the variables of a file.

    A line is empty, a comment (``#``), or NAME=VALUE; ``export`` may stand before it, and quotes
    around the value.
    Raises SettingsError (``env-file``) with file and line.
    """
    try:
        text = read_regular(path, _LARGEST, follow=True).decode("utf-8")
    except UnicodeDecodeError:
        raise SettingsError("is not UTF-8 text", code="env-file", file=path) from None
    except OSError as error:
        raise SettingsError(
            f"cannot be read: {error.strerror}", code="env-file", file=path
        ) from None
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        name, equals, value = stripped.removeprefix("export ").partition("=")
        if not equals or not _NAME.fullmatch(name.strip()) or "\0" in value:
            raise SettingsError("must be NAME=VALUE", code="env-file", file=path, line=number)
        found[name.strip()] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value
