"""Ask interpreters what they are, two at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence

from ..frozen import frozen
from ..processes import Command, run_all
from ..users import User
from .failures import explain
from .location import Location
from .model import Interpreter, Problem
from .probe import (
    Fields,
    interpret,
    read_answer,
    script,
)


@frozen
class ProbeAnswer:
    """What came of asking one interpreter: what it said, or the problem why it said nothing.

    asked_at: when its run was started at the latest, nanoseconds of the system's clock.
    """

    asked_at: int
    fields: Fields | None = None
    interpreter: Interpreter | None = None
    problem: Problem | None = None


def ask(
    places: Sequence[Location],
    user: User | None,
    build_environment: Mapping[str, str],
    timeout: float,
) -> Iterator[tuple[int, ProbeAnswer]]:
    """Ask the interpreters of these places; yield each one's number and answer as it comes."""
    asked_at = time.time_ns()
    mark = os.urandom(12).hex()
    commands = [_question(str(place.executable), mark) for place in places]
    for number, outcome in run_all(commands, user, build_environment, timeout):
        fields = read_answer(outcome.output, mark)
        interpreter = None if fields is None else interpret(fields)
        if interpreter is None:
            problem = explain(places[number], outcome, user, timeout)
            yield number, ProbeAnswer(asked_at, problem=problem)
        else:
            yield number, ProbeAnswer(asked_at, fields, interpreter)


def _question(executable: str, mark: str) -> Command:
    """Return the command that asks an interpreter.

    ``-E -s -B``: neither the caller's variables nor a user's own site-packages count, and
    nothing is written (2.7 has no ``-I``). The mark is new each time and the script returns it
    turned round at the end, so that neither a banner nor a program that repeats its arguments
    passes for an answer.
    """
    argv = (executable, "-E", "-s", "-B", "-c", f"MARK = {mark!r}\n{script()}")
    return Command(argv, f"\0{mark[::-1]}\n".encode())
