"""How a person has sorted the lists, kept in a file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...core.errors import StateError
from ...core.file_io import read_regular, replace_file
from ...core.json_values import from_json, parse_json
from .background import call

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

_MOST_BYTES: Final = 8_192


class ListMemory:
    """file: where the orders are kept; None where there is no place to keep them.

    An order is a column's title, with a ``-`` before it where it falls (``columns.order_of``). What
    the file says of lists that there are not is passed over.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._orders: dict[str, str] | None = None

    def order(self, name: str) -> str:
        """Return how a list was sorted; empty where nothing is known of it."""
        if self._orders is None:
            self._orders = self._read()
        return self._orders.get(name, "")

    def keep(self, owner: MessagePump, name: str, order: str) -> None:
        """Remember how a list is sorted. owner: a widget, which reports what fails."""
        orders = {**(self._orders or {}), name: order}
        self._orders = orders = {name: order for name, order in orders.items() if order}
        call(owner, lambda: self._write(orders), lambda _: None, must_finish=True)

    def _read(self) -> dict[str, str]:
        if self._file is None:
            return {}
        try:
            data = read_regular(self._file, _MOST_BYTES, follow=True)
            return dict(from_json(Mapping[str, str], parse_json(data)))
        except (OSError, ValueError):
            return {}  # a convenience: the lists then stand as they are given

    def _write(self, orders: Mapping[str, str]) -> None:
        if self._file is None:
            return
        try:
            # XDG Base Directory: directories that are not there are made for their owner alone.
            self._file.parent.mkdir(0o700, parents=True, exist_ok=True)
            replace_file(
                self._file, (json.dumps(dict(orders)) + "\n").encode(), mode=0o600, synced=False
            )
        except OSError as error:
            raise StateError(
                f"the order of the list cannot be remembered: {error.strerror}", file=self._file
            ) from None


def lists_file(environ: Mapping[str, str]) -> Path | None:
    """Return where the orders are kept: in XDG's directory for what a user has set."""
    base, home = environ.get("XDG_CONFIG_HOME", ""), environ.get("HOME", "")
    # XDG Base Directory: a path that is not absolute counts as not set.
    if os.path.isabs(base):
        return Path(base, "pysteward", "lists.json")
    return Path(home, ".config", "pysteward", "lists.json") if os.path.isabs(home) else None
