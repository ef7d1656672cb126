"""`pysteward upgrade`: what would move, stay or fail if the installations changed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from ...core.errors import BundleError, UsageError
from ...core.matching import Candidate, Policy, Request, hypothetical, parse_request
from ...core.upgrades import Change, Fate, Server, Simulation, Subject, changed, simulate
from ...core.versions import PythonVersion, selected_by
from .. import messages
from ..context import Context
from ..messages import ExitCode
from ..output import Output

_WORST_FIRST = (Fate.FAILS, Fate.MOVES, Fate.GAINS, Fate.UNMATCHED, Fate.KEEPS)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "requests", nargs="*", metavar="REQUEST", help="instead of content; -: from standard input"
    )
    parser.add_argument("--add", action="append", default=[], metavar="V", help="a new Python")
    parser.add_argument(
        "--remove",
        action="append",
        default=[],
        metavar="V",
        help="one to retire (3.8: every 3.8.x)",
    )
    parser.add_argument("--matching", metavar="POLICY", help="another policy from then on")
    parser.add_argument("--bundles", metavar="DIR", help="the bundles in a folder, not the content")
    parser.add_argument(
        "--installed", metavar="V,V,…", help="hypothetical installations instead of the real ones"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")


def run(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    before = _today(arguments, context)
    simulation = simulate(_subjects(arguments, context), before, _tomorrow(arguments, before))
    if out.as_json:
        out.document(document(simulation))
    else:
        _show(simulation, out)
    return ExitCode.NO if simulation.counts[Fate.FAILS] else ExitCode.YES


def document(simulation: Simulation) -> dict[str, object]:
    """The simulation as JSON."""
    return {
        "matching": {
            "before": simulation.before.policy.value,
            "after": simulation.after.policy.value,
        },
        "counts": {fate.value: count for fate, count in simulation.counts.items()},
        "moves": [
            {"from": start, "to": end, "count": count}
            for (start, end), count in simulation.moves.items()
        ],
        "changes": [_change(change) for change in simulation.changes],
    }


def _change(change: Change) -> dict[str, object]:
    rule = change.decision.rule
    return {
        "name": change.subject.name,
        "requested": change.subject.request.text,
        "fate": change.fate.value,
        "from": _installation(change.before),
        "to": _installation(change.after),
        "rule": rule.value if rule and change.fate is not Fate.KEEPS else None,
        "why": change.why,
    }


def _installation(candidate: Candidate | None) -> dict[str, object] | None:
    if candidate is None:
        return None
    return {"version": str(candidate.version), "executable": candidate.executable}


def _today(arguments: argparse.Namespace, context: Context) -> Server:
    if arguments.installed is not None:
        candidates = tuple(map(hypothetical, _versions([arguments.installed])))
        settled = context.settings.version_matching if context.config else ""
        return Server(candidates, Policy.parse(settled))
    from ...core.installations import candidates as real_candidates

    return Server(
        real_candidates(context.analysis().installations),
        Policy.parse(context.settings.version_matching),
    )


def _tomorrow(arguments: argparse.Namespace, before: Server) -> Server:
    if not (arguments.add or arguments.remove or arguments.matching):
        raise UsageError("upgrade needs a change: --add V, --remove V or --matching POLICY")
    there = [candidate.version for candidate in before.candidates if candidate.version is not None]
    gone = {
        version
        for listed in arguments.remove
        for text in listed.split(",")
        for version in selected_by(text, there)
    }
    added = tuple(map(hypothetical, _versions(arguments.add)))
    policy = Policy.parse(arguments.matching) if arguments.matching else before.policy
    return Server(changed(before.candidates, added, gone), policy)


def _versions(lists: list[str]) -> list[PythonVersion]:
    texts = [text for listed in lists for text in listed.split(",")]
    return [PythonVersion.parse(text) for text in texts if text.strip()]


def _subjects(arguments: argparse.Namespace, context: Context) -> Iterator[Subject]:
    if arguments.bundles is not None:
        yield from _bundles(Path(arguments.bundles))
    elif arguments.requests:
        for text in arguments.requests:
            lines = (line.strip() for line in sys.stdin) if text == "-" else [text]
            yield from (Subject(line, parse_request(line)) for line in lines if line)
    else:
        yield from _content(context)


def _bundles(folder: Path) -> Iterator[Subject]:
    """Every bundle in a folder; what is none is told and passed over."""
    from ...core.content import open_bundle, request

    if not folder.is_dir():
        raise UsageError("there is no such folder", file=folder)
    for path in sorted(folder.iterdir()):
        is_bundle = (
            path.name.endswith((".tar.gz", ".tgz", ".tar")) or (path / "manifest.json").is_file()
        )
        if not is_bundle:
            continue
        try:
            yield Subject(path.name, request(open_bundle(path)))
        except BundleError as problem:
            messages.warn(f"{path}: passed over: {problem.message}")


def _content(context: Context) -> Iterator[Subject]:
    from ...core.store import open_store

    with open_store(context.state_dir) as store:
        rows = store.content()
    requests: dict[str, Request] = {}
    for row in rows:
        if row.request not in requests:
            requests[row.request] = parse_request(row.request)
        kept = None
        if row.python is not None:
            kept = Candidate(PythonVersion.parse(row.python), row.executable)
        yield Subject(row.name, requests[row.request], kept)


def _show(simulation: Simulation, out: Output) -> None:
    counts = simulation.counts
    parts = [f"{counts[fate]:,} {fate.value}" for fate in _WORST_FIRST if counts[fate]]
    out.line(", ".join(parts) if parts else "Nothing needs a Python here.")
    for (start, end), count in simulation.moves.items():
        out.line(f"  {start} -> {end}: {count:,}")
    shown = [change for change in simulation.changes if change.fate is not Fate.KEEPS]
    if not shown:
        return
    out.line()
    shown.sort(key=lambda change: _WORST_FIRST.index(change.fate))
    out.table(
        ("NAME", "REQUEST", "FATE", "FROM", "TO", "WHY"),
        [
            (
                change.subject.name,
                change.subject.request.text,
                change.fate.value,
                str(change.before.version) if change.before else "-",
                str(change.after.version) if change.after else "-",
                change.why,
            )
            for change in shown
        ],
    )
