"""`pysteward scenario`: hypothetical installations and requests, from a file or built in."""

from __future__ import annotations

import argparse
from dataclasses import replace

from ....core.errors import UsageError
from ....core.matching import Decision, Policy
from ....core.scenarios import (
    NO_MATCH,
    Scenario,
    ScenarioRequest,
    built_in,
    find,
    play,
)
from ...app.context import Context
from ...messages import ExitCode
from ...output import Output
from . import match


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "scenario", nargs="?", metavar="FILE", help="a scenario's .toml, or the name of a built-in"
    )
    parser.add_argument("--list", action="store_true", help="the built-in scenarios")
    parser.add_argument("--matching", metavar="POLICY", help="another policy than the scenario's")
    parser.add_argument("--play", action="store_true", help="in the terminal interface")
    parser.add_argument("--json", action="store_true", help="one JSON document")


def run(arguments: argparse.Namespace, context: Context, out: Output) -> int:
    if arguments.list:
        return _list(out)
    if arguments.scenario is None:
        raise UsageError("scenario needs a FILE, the name of a built-in one, or --list")
    scenario = find(arguments.scenario)
    if arguments.matching is not None:
        # What is expected holds for the scenario's own policy.
        silent = tuple(replace(request, expected=None) for request in scenario.requests)
        policy = Policy.parse(arguments.matching)
        if policy is not scenario.policy:
            scenario = replace(scenario, policy=policy, requests=silent)
    if arguments.play:
        return _play(scenario, arguments.scenario)
    decisions = play(scenario)
    if out.as_json:
        out.document(document(scenario, decisions))
    else:
        _show(scenario, decisions, out)
    answers = zip(scenario.requests, decisions, strict=True)
    return ExitCode.YES if all(_is_yes(*answer) for answer in answers) else ExitCode.NO


def document(scenario: Scenario, decisions: tuple[Decision, ...]) -> dict[str, object]:
    """As `match` has it, with the scenario's title and notes, and what each request expects."""
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


def _play(scenario: Scenario, given: str) -> int:
    from ...app.demo import DemoBackend
    from ...launch import open_interface

    return open_interface(
        DemoBackend, instead=f"pysteward scenario {given}", first="simulator", given=scenario
    )


def _list(out: Output) -> ExitCode:
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
    """Whether it came out as expected, or matched where nothing was expected."""
    agrees = request.agrees(decision)
    return decision.selected is not None if agrees is None else agrees
