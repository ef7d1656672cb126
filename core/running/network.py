"""Failures for want of the network, which a start check does not have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .evidence import CHAINED

_REFUSED: Final = re.compile(
    # getaddrinfo(3), as Python, libpq and curl word it
    r"Temporary failure in name resolution|Name or service not known|No address associated|"
    r"[Cc]ould not (?:resolve host|translate host name)|getaddrinfo (?:failed|EAI_AGAIN)|"
    r"nodename nor servname|Failed to resolve|NameResolutionError|Unknown MySQL server host|"
    # connect(2): ENETUNREACH, ENETDOWN, EHOSTUNREACH; nothing else listens at this loopback
    r"Network is unreachable|Network is down|No route to host|Connection refused|"
    r"Cannot assign requested address"
)
_TRACEBACK: Final = "Traceback (most recent call last)"
_MOST_LINES: Final = 400


def network_line(lines: Sequence[str]) -> int | None:
    """Return the index of the line that tells of a network that is not there; None if none does.

    lines: the log of a run without a network that failed. Only what failed last counts: the last
    chain of tracebacks, or the last lines where there is no traceback.
    """
    start = _start_of_last_chain(lines)
    for index in range(start, len(lines)):
        if _REFUSED.search(lines[index], 0, 4000):
            return index
    return None


def _start_of_last_chain(lines: Sequence[str]) -> int:
    heads = [index for index, line in enumerate(lines) if _TRACEBACK in line]
    if not heads:
        return max(0, len(lines) - 50)
    start = heads[-1]
    for head in reversed(heads[:-1]):
        between = lines[head:start]
        if len(between) > _MOST_LINES or not any(line.startswith(CHAINED) for line in between):
            break
        start = head
    return start
