"""Find content by what people have: its GUID, its name, or an address from a browser."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...errors import RemoteError
from .answers import is_guid
from .model import RemoteContent

_IN_ADDRESS = re.compile(
    r"/(?:apps|content)/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?=[/?#]|$)"
)
_MOST_NAMED = 5


def find_content(content: Sequence[RemoteContent], wanted: str) -> RemoteContent:
    """Return the content with this GUID, address or name.

    wanted: an address may be of the dashboard or of the content, with any suffix (``/logs``).
    Raises RemoteError (remote-not-found), and where several have the name, with their owners.
    """
    wanted = wanted.strip()
    in_address = _IN_ADDRESS.search(wanted)
    guid = in_address[1].lower() if in_address else wanted.lower()
    if in_address or is_guid(guid):
        found = [item for item in content if item.guid == guid]
    else:
        found = [item for item in content if item.name == wanted]
        found = found or [item for item in content if item.title == wanted]
    if len(found) == 1:
        return found[0]
    if not found:
        raise RemoteError(
            f"no content {wanted!r} is visible with this key: give a GUID, a name or the address "
            "of its page",
            code="remote-not-found",
        )
    owners = [f"{item.guid} of {item.owner or item.owner_guid}" for item in found[:_MOST_NAMED]]
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    raise RemoteError(
        f"{len(found)} pieces of content are called {wanted!r}: give the GUID of one: "
        f"{', '.join(owners)}{more}",
        code="remote-ambiguous",
    )
