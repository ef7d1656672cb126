"""The start-up analysis: every configured installation examined by a run of its interpreter."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import SettingsError
from ..users import User, find_user
from .analysis_log import StartupLog, summary
from .cache import Cache
from .location import Location, find_places
from .model import Analysis, Installation, Problem
from .permissions import asker, what_blocks
from .probe import interpret
from .unfinished import with_mark
from .verdicts import evaluate, mark_duplicates

if TYPE_CHECKING:
    from .asking import ProbeAnswer

_TIMEOUT = 10.0


def analyze(
    executables: Sequence[str],
    *,
    creator: str = "virtualenv",
    run_as: str | None = None,
    cache: Path | None = None,
    on_result: Callable[[Installation], None] | None = None,
    build_environment: Mapping[str, str] | None = None,
    timeout: float = _TIMEOUT,
    fresh: bool = False,
) -> Analysis:
    """Examine the installations that the settings name.

    executables: the paths, as configured; the result has their order.
    creator: who makes environments (``environment-creator``); decides what each must have.
    run_as: the user who runs the builds. Root runs every interpreter as that user, and without
        one only those that no other user could replace; other users run them themselves.
    cache: the file that keeps answers (``cache_file``); None runs every interpreter and keeps
        nothing.
    on_result: called with each installation as soon as it is known, in no particular order and
        before duplicates are marked.
    build_environment: the variables that builds get besides the fixed ones; so do these runs.
    timeout: seconds that each interpreter has.
    fresh: run every interpreter, whatever the cache holds, and keep what is found out.

    Raises SettingsError where the user to run as does not exist.
    """
    user = find_user(run_as)
    places = find_places(executables)
    variables = build_environment or {}
    answers = Cache.load(cache, asker(user, variables))
    log = StartupLog()
    log.say(f"Python installations given: {len(places)}; environments by {creator}")
    done: dict[int, Installation] = {}

    def settle(number: int, installation: Installation) -> None:
        installation = with_mark(installation)
        done[number] = installation
        log.report(installation)
        if on_result is not None:
            on_result(installation)

    to_ask: dict[str, list[int]] = {}
    for number, place in enumerate(places):
        known = Cache(None) if fresh else answers
        installation = _without_a_run(place, user, known, creator, timeout)
        if installation is not None:
            settle(number, installation)
        else:
            to_ask.setdefault(str(place.executable), []).append(number)
    if to_ask:
        # One executable that is configured twice is run once.
        groups = list(to_ask.values())
        asked = [places[group[0]] for group in groups]
        for index, answer in _ask(asked, user, variables, timeout, creator):
            _remember(asked[index], answers, answer, timeout)
            for number in groups[index]:
                settle(number, _judge(places[number], answer, creator))
    answers.save()
    installations = mark_duplicates([done[number] for number in sorted(done)])
    log.say(summary(installations, len(to_ask)))
    return Analysis(installations, tuple(log.lines))


def cache_file(state_dir: Path) -> Path:
    """Return the file in a state directory that keeps the answers of the interpreters."""
    return Cache.file_in(state_dir)


def _without_a_run(
    place: Location, user: User | None, answers: Cache, creator: str, timeout: float
) -> Installation | None:
    """Return the verdict on an installation that was asked before, or cannot or must not be."""
    if place.problem is not None:
        return _unanswered(place, place.problem)
    fields = answers.answer(place)
    interpreter = None if fields is None else interpret(fields)
    if interpreter is not None:
        return evaluate(place, interpreter, creator)
    ago = None if fields is None else answers.hang_in(fields, timeout)
    if ago is not None:
        from .failures import hangs

        return _unanswered(place, hangs(place, timeout, ago))
    # An answer in the cache was asked for when no other user could replace it, and the modes and
    # owners of all that it rests on are still the same.
    if user is not None or os.geteuid() != 0:
        return None
    from .trust import replaceable

    problem = replaceable(place)
    return None if problem is None else _unanswered(place, problem)


def _ask(
    places: Sequence[Location],
    user: User | None,
    variables: Mapping[str, str],
    timeout: float,
    creator: str,
) -> Iterator[tuple[int, ProbeAnswer]]:
    """Ask interpreters, each by its number. Root without a user for it asks as `nobody` first, and
    itself only those that do not work for that user."""
    # Late: a start that finds everything in the cache starts no process.
    from .asking import ask

    left = list(range(len(places)))
    nobody = _nobody() if user is None and os.geteuid() == 0 else None
    if nobody is not None:
        first = [n for n in left if what_blocks(nobody, str(places[n].target)) is None]
        for index, answer in ask([places[n] for n in first], nobody, variables, timeout):
            number = first[index]
            if answer.problem is None and _judge(places[number], answer, creator).usable:
                left.remove(number)
                yield number, answer
    for index, answer in ask([places[n] for n in left], user, variables, timeout):
        yield left[index], answer


def _nobody() -> User | None:
    with contextlib.suppress(SettingsError):
        return find_user("nobody")
    return None


def _remember(place: Location, answers: Cache, answer: ProbeAnswer, timeout: float) -> None:
    if answer.fields is not None:
        answers.keep(place, answer.fields, answer.asked_at)
    elif answer.problem is not None and answer.problem.code == "hangs":
        answers.keep_hang(place, timeout, answer.asked_at)
    else:
        answers.forget(place)


def _judge(place: Location, answer: ProbeAnswer, creator: str) -> Installation:
    if answer.problem is not None:
        return _unanswered(place, answer.problem)
    assert answer.interpreter is not None
    return evaluate(place, answer.interpreter, creator)


def _unanswered(place: Location, problem: Problem) -> Installation:
    """Return an installation that was not run or did not answer; its files may still tell its
    version."""
    from .inspection import glance_at

    seen = glance_at(place.path)
    return replace(seen, problems=(problem,), verified=True)
