"""Read requests from standard input, one on each line; a bad line does not spoil the others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NamedTuple

from ...core.errors import RequestError
from ...core.matching import Request, parse_request

_LONGEST = 4096  # bytes of a line


class BadLine(NamedTuple):
    """A line that is not a request. number: counts from 1."""

    number: int
    problem: RequestError


def read_requests() -> Iterator[Request | BadLine]:
    """Yield the request of each line that is not empty, or why the line is not one."""
    number = 0
    while line := sys.stdin.buffer.readline(_LONGEST + 1):
        number += 1
        if len(line) > _LONGEST:
            _skip_line()
            yield _bad_line(number, RequestError(f"it has more than {_LONGEST:,} bytes"))
            continue
        text = line.decode("utf-8", "backslashreplace").strip()
        if not text:
            continue
        try:
            yield parse_request(text)
        except RequestError as problem:
            yield _bad_line(number, problem)


def _skip_line() -> None:
    """Read to the end of a line whose first part was read."""
    while (line := sys.stdin.buffer.readline(_LONGEST)) and not line.endswith(b"\n"):
        pass


def _bad_line(number: int, problem: RequestError) -> BadLine:
    message = f"line {number} of standard input: {problem.message}"
    return BadLine(number, RequestError(message, code=problem.code))
