"""`pysteward scenario`: run hypothetical installations and requests from a file."""

from __future__ import annotations

import argparse
import os
import shutil
import textwrap
import time
from dataclasses import replace
from pathlib import Path

from ....core.errors import UsageError
from ....core.matching import Decision, Policy
from ....core.scenarios import (
    NO_MATCH,
    Scenario,
    ScenarioRequest,
    Slide,
    built_in,
    find,
    play,
    read_slide,
    slide_file,
)
from ....core.server import Server
from ...messages import ExitCode
from ...output import Output
from ...start import SimulatorStart, Start
from . import Verb, add_json, match

_LOOK_SECONDS = 0.25


def _configure_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "scenario",
        nargs="?",
        metavar="FILE",
        help="scenario file (.toml), or name of a built-in one",
    )
    parser.add_argument(
        "--matching", metavar="POLICY", help="use this policy instead of the scenario's"
    )
    parser.add_argument("--tui", action="store_true", help="open it in the terminal interface")
    parser.add_argument(
        "--notes", action="store_true", help="follow a presentation of it with the speaker's notes"
    )
    add_json(parser)


def _run(arguments: argparse.Namespace, _server: Server, out: Output) -> ExitCode | Start:
    if arguments.scenario is None:
        raise UsageError(
            "scenario run needs a FILE, or the name of a built-in one (see pysteward scenario list)"
        )
    scenario = find(arguments.scenario)
    if arguments.matching is not None:
        # What a scenario expects holds for its own policy only.
        silent = tuple(replace(request, expected=None) for request in scenario.requests)
        policy = Policy.parse(arguments.matching)
        if policy is not scenario.policy:
            scenario = replace(scenario, policy=policy, requests=silent)
    if arguments.notes:
        return _follow(scenario, out)
    if arguments.tui:
        return Start(
            backend=None,
            tab="simulator",
            argument=SimulatorStart(scenario, file=_file_of(arguments.scenario)),
            instead=f"pysteward scenario {arguments.scenario}",
        )
    decisions = play(scenario)
    if out.as_json:
        out.document(document(scenario, decisions))
    else:
        _show(scenario, decisions, out)
    answers = zip(scenario.requests, decisions, strict=True)
    return ExitCode.YES if all(_is_yes(*answer) for answer in answers) else ExitCode.NO


def _file_of(given: str) -> Path | None:
    """Return the file of a scenario; None for a built-in one."""
    return Path(given).absolute() if os.path.lexists(given) else None


def _follow(scenario: Scenario, out: Output) -> ExitCode:
    """Print the notes of each request as it is presented, until Ctrl-C."""
    file = slide_file(scenario, os.environ)
    _show_wrapped(f"{scenario.title}: following its presentation; Ctrl-C ends.", out, indent="")
    for line in _paragraphs(scenario.notes):
        _show_wrapped(line, out)
    shown: Slide | None = None
    try:
        while True:
            slide = read_slide(file)
            if slide is not None and slide != shown:
                _show_slide(slide, out)
                shown = slide
            time.sleep(_LOOK_SECONDS)
    except KeyboardInterrupt:
        return ExitCode.YES


def _show_slide(slide: Slide, out: Output) -> None:
    place = f"{slide.number} of {slide.total}: " if slide.number else ""
    out.line()
    out.line(f"{place}{slide.request or 'no request'}")
    if slide.answer:
        _show_wrapped(slide.answer, out)
    for line in _paragraphs(slide.request_notes):
        _show_wrapped(f"Note: {line}", out)


def _paragraphs(notes: str) -> list[str]:
    """Return notes without the line ends that only their file has."""
    return [" ".join(each.split()) for each in notes.strip().split("\n\n") if each.strip()]


def _show_wrapped(text: str, out: Output, *, indent: str = "  ") -> None:
    """Print a text as wide as the terminal, no word of it cut."""
    width = max(shutil.get_terminal_size().columns, 20)
    for line in textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent):
        out.line(line)


def document(scenario: Scenario, decisions: tuple[Decision, ...]) -> dict[str, object]:
    """Return the JSON of `match`, with title and notes, and what each request expects."""
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "notes": scenario.notes,
        "matching": scenario.policy.value,
        "decisions": [
            {
                **match.decision_document(decision),
                "expected": request.expected,
                "as_expected": request.agrees(decision),
                "notes": request.notes,
            }
            for request, decision in zip(scenario.requests, decisions, strict=True)
        ],
    }


def _list(_arguments: argparse.Namespace, _server: Server, out: Output) -> ExitCode:
    scenarios = built_in()
    if out.as_json:
        out.document(
            {
                "scenarios": [
                    {
                        "name": scenario.name,
                        "title": scenario.title,
                        "notes": scenario.notes,
                        "matching": scenario.policy.value,
                    }
                    for scenario in scenarios
                ]
            }
        )
    else:
        rows = [(item.name, item.policy.value, item.title) for item in scenarios]
        out.table(("NAME", "MATCHING", "TITLE"), rows)
    return ExitCode.YES


def _show(scenario: Scenario, decisions: tuple[Decision, ...], out: Output) -> None:
    out.line(f"{scenario.title} (matching: {scenario.policy.value})")
    for line in scenario.notes.strip().splitlines():
        out.line(f"  {line}")
    for request, decision in zip(scenario.requests, decisions, strict=True):
        out.line()
        match.show(decision, out)
        if request.agrees(decision) is False:
            out.line(f"  NOT AS EXPECTED: {_expectation(request)} was expected")
        for line in request.notes.strip().splitlines():
            out.line(f"  Note: {line}")


def _expectation(request: ScenarioRequest) -> str:
    return "no match" if request.expected == NO_MATCH else str(request.expected)


def _is_yes(request: ScenarioRequest, decision: Decision) -> bool:
    """Return whether the decision is as expected, or a match where nothing is expected."""
    agrees = request.agrees(decision)
    return decision.selected is not None if agrees is None else agrees


VERBS = (
    Verb("list", "list the built-in scenarios", add_json, _list, "scenario list"),
    Verb(
        "run",
        "run a matching scenario",
        _configure_run,
        _run,
        "scenario run major-minor --tui",
    ),
)
