"""`pysteward upgrade`: what would move, stay or fail if the installations changed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ...core.errors import BundleError, UsageError
from ...core.matching import Candidate, Policy, Request, hypothetical, parse_request
from ...core.upgrades import (
    Change,
    Fate,
    Prediction,
    Question,
    Server,
    Simulation,
    Subject,
    as_json,
    changed,
    merged,
    predict,
    question,
    simulate,
    unpacked_pip,
)
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
    parser.add_argument(
        "--preflight", action="store_true", help="ask the index whether what moves still installs"
    )
    parser.add_argument(
        "--jobs", type=int, default=2, metavar="N", help="so many questions at once (2)"
    )
    parser.add_argument(
        "--afresh", action="store_true", help="ask again what was asked in an earlier preflight"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")


def run(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    before = _today(arguments, context)
    subjects = list(_subjects(arguments, context))
    simulation = simulate([s.subject for s in subjects], before, _tomorrow(arguments, before))
    if not out.as_json:
        _show(simulation, out)
    predictions = None
    if arguments.preflight:
        bundles = {s.subject.name: s.bundle for s in subjects}
        predictions = list(_preflight(simulation, bundles, arguments, context))
        if not out.as_json:
            _show_predictions(predictions, out)
    if out.as_json:
        out.document(document(simulation, predictions))
    breaks = any(prediction.answer.outcome == "fails" for prediction in predictions or ())
    return ExitCode.NO if breaks or simulation.counts[Fate.FAILS] else ExitCode.YES


def document(simulation: Simulation, predictions: Sequence[Prediction] | None) -> dict[str, object]:
    """The simulation as JSON, with the predictions where a preflight was made."""
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
        "preflight": None if predictions is None else [as_json(made) for made in predictions],
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


class _Moving(NamedTuple):
    """A subject with the bundle that it comes from; None for a bare request."""

    subject: Subject
    bundle: Path | None


def _subjects(arguments: argparse.Namespace, context: Context) -> Iterator[_Moving]:
    if arguments.bundles is not None:
        yield from _bundles(Path(arguments.bundles))
    elif arguments.requests:
        for text in arguments.requests:
            lines = (line.strip() for line in sys.stdin) if text == "-" else [text]
            yield from (_Moving(Subject(line, parse_request(line)), None) for line in lines if line)
    else:
        yield from _content(context)


def _bundles(folder: Path) -> Iterator[_Moving]:
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
            yield _Moving(Subject(path.name, request(open_bundle(path))), path)
        except BundleError as problem:
            messages.warn(f"{path}: passed over: {problem.message}")


def _content(context: Context) -> Iterator[_Moving]:
    from ...core.builds import kept_bundle
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
        subject = Subject(row.name, requests[row.request], kept)
        yield _Moving(subject, kept_bundle(context.state_dir, row.bundle))


def _preflight(
    simulation: Simulation,
    bundles: Mapping[str, Path | None],
    arguments: argparse.Namespace,
    context: Context,
) -> Iterator[Prediction]:
    """Predictions for what gets another Python, as they are made."""
    from ...core.content import open_bundle
    from ...core.environments import Rooms, child_environment
    from ...core.state_dir import prepare

    questions: list[Question] = []
    for change in simulation.changes:
        path = bundles[change.subject.name]
        version = change.after.version if change.after else None
        if change.fate not in (Fate.MOVES, Fate.GAINS) or path is None or version is None:
            continue
        try:
            bundle = replace(open_bundle(path), name=change.subject.name)
            if bundle.manifest.environment_management is False:
                continue  # nothing is installed for it
            asked = question(bundle, context.settings.effective_prohibited, version)
        except BundleError as problem:
            messages.warn(f"{path}: passed over: {problem.message}")
            continue
        questions.append(asked)
    prepare(context.state_dir, group=context.settings.state_group)
    cache = context.state_dir / "cache" / "preflight"
    distinct = merged(questions)
    with TemporaryDirectory(prefix="pysteward-") as home:
        rooms = Rooms(Path(home), Path(home), cache)
        environment = child_environment(rooms, context.settings.build_environment)
        made = predict(
            distinct,
            context.state_dir / "predictions",
            environment,
            unpacked_pip(cache),
            at_once=arguments.jobs,
            afresh=arguments.afresh,
        )
        for number, prediction in enumerate(made, 1):
            names = ", ".join(prediction.content)
            messages.note(f"[{number}/{len(distinct)}] {names}: {prediction.answer.outcome}")
            yield prediction


def _show_predictions(predictions: Sequence[Prediction], out: Output) -> None:
    if not predictions:
        out.line("Preflight: nothing that moves has requirements to ask about.")
        return
    out.line()
    out.table(
        ("CONTENT", "PYTHON", "PREFLIGHT", "WHY"),
        [
            (", ".join(made.content), str(made.python), made.answer.outcome, _why(made))
            for made in predictions
        ],
    )


def _why(prediction: Prediction) -> str:
    answer = prediction.answer
    if answer.findings:
        return answer.findings[0].cause
    parts = []
    if answer.source_only:
        parts.append(f"no wheel for {prediction.python}: {', '.join(answer.source_only)}")
    if answer.not_judged:
        parts.append(f"only a build can judge {', '.join(answer.not_judged)}")
    return "; ".join(parts) or f"{len(answer.packages)} packages"


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
