"""The names of one bundle together: none twice, and no file where a directory must be."""

from __future__ import annotations

import unicodedata

from ..errors import ArchiveError
from .tar import EntryKind


class Tree:
    """Takes the members one by one. Raises ArchiveError at the first that contradicts another."""

    def __init__(self) -> None:
        self._kinds: dict[str, EntryKind] = {}
        self._folded: dict[str, str] = {}
        self.warnings: list[str] = []

    def add(self, name: str, kind: EntryKind) -> None:
        known = self._kinds.get(name)
        if known is not None and not (known is kind is EntryKind.DIRECTORY):
            # The last of two would win in most programs and the first in others.
            raise _contradiction(f"the member {name[:120]!r} is there twice")
        slash = name.rfind("/")
        while slash > 0:
            parent = name[:slash]
            above = self._kinds.setdefault(parent, EntryKind.DIRECTORY)
            if above is not EntryKind.DIRECTORY:
                raise _contradiction(
                    f"the member {name[:120]!r} lies in {parent[:120]!r}, which is a {above.value}"
                )
            slash = name.rfind("/", 0, slash)
        self._kinds[name] = kind
        if known is None:
            self._compare_folded(name)

    def add_link(self, name: str, target: str) -> None:
        """A link takes its name like any other member, and is not created."""
        self.add(name, EntryKind.LINK)
        self.warnings.append(
            f"skipped the link {name!r} (to {target!r}): "
            "links are not created; put the file itself into the bundle"
        )

    def _compare_folded(self, name: str) -> None:
        folded = unicodedata.normalize("NFC", name).casefold()
        other = self._folded.setdefault(folded, name)
        if other != name:
            self.warnings.append(
                f"{other!r} and {name!r} differ only in case or accents: "
                "they are one file on some systems"
            )


def _contradiction(complaint: str) -> ArchiveError:
    return ArchiveError(f"{complaint}: it is refused", kind="hostile")
