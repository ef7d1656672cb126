"""`pysteward match`: which Python a request would get, and why."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ....core.errors import UsageError
from ....core.matching import (
    Candidate,
    Decision,
    Matcher,
    Policy,
    Request,
    Verdict,
    hypothetical,
    parse_request,
)
from ....core.versions import PythonVersion, selected_by
from ...app.context import Context
from ...messages import ExitCode
from ...output import Output

_SIGNS = {
    Verdict.CHOSEN: "->",
    Verdict.ELIGIBLE: "  ",
    Verdict.REJECTED: "--",
    Verdict.UNUSABLE: "!!",
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "requests",
        nargs="*",
        metavar="REQUEST",
        help="a version (3.7.1) or a constraint ('>=3.8,<3.11'); -: one a line from standard input",
    )
    parser.add_argument(
        "--installed", metavar="V,V,…", help="hypothetical installations instead of the real ones"
    )
    parser.add_argument(
        "--with", dest="added", action="append", default=[], metavar="V", help="one more than real"
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="V",
        help="as if this one were gone (3.8: every 3.8.x)",
    )
    parser.add_argument("--matching", metavar="POLICY", help="exact, major-minor or nearest")
    parser.add_argument("--bundle", metavar="PATH", help="take the request from a bundle")
    parser.add_argument("--json", action="store_true", help="one JSON document")


def run(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    requests = list(_requests(arguments))
    candidates, policy = _candidates(arguments, context), _policy(arguments, context)
    matcher = Matcher(candidates, policy)
    decisions = [matcher.decide(request) for request in requests]
    if out.as_json:
        out.document(document(policy, decisions))
    else:
        for decision in decisions:
            show(decision, out)
    return ExitCode.YES if all(decision.selected for decision in decisions) else ExitCode.NO


def document(policy: Policy, decisions: Sequence[Decision]) -> dict[str, object]:
    """The decisions as the JSON of the design's section 7."""
    return {"matching": policy.value, "decisions": [decision_document(item) for item in decisions]}


def decision_document(decision: Decision) -> dict[str, object]:
    """One decision of that document."""
    selected = decision.selected
    return {
        "requested": decision.request.text,
        "selected": str(selected.version) if selected else None,
        "executable": selected.executable if selected else None,
        "rule": decision.rule.value if decision.rule else None,
        "reason": decision.reason,
        "considered": [
            {
                "version": str(line.candidate.version) if line.candidate.version else None,
                "executable": line.candidate.executable,
                "verdict": line.verdict.value,
                "why": line.why,
            }
            for line in decision.considered
        ],
    }


def _requests(arguments: argparse.Namespace) -> Iterator[Request]:
    if arguments.bundle is not None:
        from ....core.bundles import open_bundle, request_of

        yield request_of(open_bundle(arguments.bundle))
    elif not arguments.requests:
        raise UsageError("match needs a REQUEST, such as 3.7.1, or --bundle PATH")
    for text in arguments.requests:
        if text == "-":
            lines = (line.strip() for line in sys.stdin)
            yield from (parse_request(line) for line in lines if line)
        else:
            yield parse_request(text)


def _policy(arguments: argparse.Namespace, context: Context) -> Policy:
    if arguments.matching is not None:
        return Policy.parse(arguments.matching)
    return Policy.parse(context.policy)


def _candidates(arguments: argparse.Namespace, context: Context) -> tuple[Candidate, ...]:
    if arguments.installed is not None:
        candidates = tuple(map(hypothetical, _versions([arguments.installed])))
    else:
        from ....core.installations import candidates as real_candidates

        candidates = real_candidates(context.analysis().installations)
    there = [candidate.version for candidate in candidates if candidate.version is not None]
    without = {
        version
        for listed in arguments.without
        for text in listed.split(",")
        for version in selected_by(text, there)
    }
    kept = tuple(
        replace(candidate, unusable="taken away by --without")
        if candidate.version in without
        else candidate
        for candidate in candidates
    )
    return kept + tuple(map(hypothetical, _versions(arguments.added)))


def _versions(lists: Sequence[str]) -> list[PythonVersion]:
    texts = [text for listed in lists for text in listed.split(",")]
    return [PythonVersion.parse(text) for text in texts if text.strip()]


def show(decision: Decision, out: Output) -> None:
    """Write a decision with its reason and every installation's line."""
    selected = decision.selected
    answer = f"{selected.version}" if selected else "no match"
    where = f"  {selected.executable}" if selected and selected.executable else ""
    rule = f"  (rule {decision.rule.value})" if decision.rule else ""
    out.line(f"{decision.request.text}: {answer}{where}{rule}")
    out.line(f"  {decision.reason}")
    for line in decision.considered:
        version = str(line.candidate.version or "?")
        executable = f"  {line.candidate.executable}" if line.candidate.executable else ""
        out.line(
            f"  {_SIGNS[line.verdict]} {version:<9} {line.verdict.value:<8} {line.why}{executable}"
        )
