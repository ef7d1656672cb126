"""`pysteward upgrade`: what a change of installations does, asked before and done after."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ....core.errors import StewardError, UsageError
from ....core.matching import Policy, parse_request
from ....core.upgrades import (
    Bundles,
    Effect,
    Prediction,
    Subject,
    UpgradeSimulation,
    in_folder,
    simulate,
)
from ... import messages
from ...app.context import Context
from ...messages import ExitCode
from ...output import Output
from ...services.proposal import (
    Proposal,
    configured,
    propose,
    supposed,
    to_add,
    to_remove,
)
from ...services.upgrades import UpgradeService
from ..upgrade_tables import (
    document,
    show_compared,
    show_predictions,
    show_simulation,
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "requests", nargs="*", metavar="REQUEST", help="instead of content; -: from standard input"
    )
    change = parser.add_argument_group("the change")
    change.add_argument(
        "--add",
        action="append",
        default=[],
        metavar="V|PATH",
        help="a new Python: a version that need not exist yet, or an installation's path",
    )
    change.add_argument(
        "--remove",
        action="append",
        default=[],
        metavar="V|PATH",
        help="one to retire (3.8: every 3.8.x)",
    )
    change.add_argument("--matching", metavar="POLICY", help="another policy from then on")
    about = parser.add_argument_group("what it is asked about")
    about.add_argument("--bundles", metavar="DIR", help="the bundles in a folder, not the content")
    about.add_argument(
        "--installed", metavar="V,V,…", help="hypothetical installations instead of the real ones"
    )
    asking = parser.add_argument_group("would it still install?")
    asking.add_argument(
        "--preflight", action="store_true", help="ask the index whether what moves still installs"
    )
    asking.add_argument(
        "--afresh", action="store_true", help="ask again what was asked in an earlier preflight"
    )
    asking.add_argument(
        "--predictions", action="store_true", help="what was predicted, and what happened since"
    )
    doing = parser.add_argument_group("doing it")
    doing.add_argument(
        "--apply",
        action="store_true",
        help="change the settings, after showing how, and build again what that touches",
    )
    doing.add_argument("--yes", action="store_true", help="do not ask before that")
    doing.add_argument("--detach", action="store_true", help="return at once; it goes on")
    for name, words in _VERBS.items():
        doing.add_argument(f"--{name}", action="store_true", help=words)
    parser.add_argument(
        "--jobs", type=int, metavar="N", help="so many questions, or builds, at once (2)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")


_VERBS = {
    "status": "how far the last upgrade is",
    "resume": "come back to it; go on with it where it was interrupted or stopped",
    "retry": "build again what has failed",
    "stop": "begin no more builds; those that run go on",
    "abandon": "give up what is left of it",
}


def run(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    _refuse_contradictions(arguments)
    verb = next((name for name in _VERBS if getattr(arguments, name)), None)
    if verb is not None:
        return _last_upgrade(verb, arguments, context, out)
    if arguments.predictions:
        return _predictions(context, out)
    what_if = _what_if(arguments, context)
    if arguments.apply and not arguments.preflight:
        return _apply(what_if, arguments, context, out)
    return _ask(what_if, arguments, context, out)


def _ask(
    what_if: Proposal, arguments: argparse.Namespace, context: Context, out: Output
) -> ExitCode:
    """Simulate, then ask the index if that is wanted, then do it if that is."""
    subjects, bundles = _subjects(arguments, context)
    simulation = simulate(subjects, what_if.before, what_if.after)
    if not out.as_json:
        show_simulation(simulation, out)
    predictions = None
    if arguments.preflight:
        predictions = _preflight(simulation, bundles, arguments, context)
        if not out.as_json:
            show_predictions(predictions, out)
    if arguments.apply:
        return _apply(what_if, arguments, context, out)
    if out.as_json:
        out.document(document(simulation, predictions))
    breaks = any(made.answer.outcome == "fails" for made in predictions or ())
    return ExitCode.NO if breaks or simulation.counts[Effect.FAILS] else ExitCode.YES


def _apply(
    what_if: Proposal, arguments: argparse.Namespace, context: Context, out: Output
) -> ExitCode:
    from ..upgrade_watch import carry_out

    return carry_out(
        what_if,
        context,
        out,
        yes=arguments.yes,
        at_once=arguments.jobs or context.settings.parallel_builds,
        detach=arguments.detach,
    )


def _last_upgrade(
    verb: str, arguments: argparse.Namespace, context: Context, out: Output
) -> ExitCode:
    from ..upgrade_watch import attend, show_state

    desk = UpgradeService(context)
    if verb in ("resume", "retry"):
        file = desk.resume(retry=verb == "retry", at_once=arguments.jobs)
        return attend(file, out, detach=arguments.detach)
    if verb == "abandon":
        return show_state(desk.abandon(), out)
    if verb == "stop":
        messages.note("no more builds are begun; --resume goes on")
        return show_state(desk.stop(), out)
    return show_state(desk.last()[0], out)


def _predictions(context: Context, out: Output) -> ExitCode:
    from ....core.upgrades import prediction_as_json

    predictions = UpgradeService(context).predictions()
    if out.as_json:
        out.document({"predictions": [prediction_as_json(made) for made in predictions]})
    else:
        show_compared(predictions, out)
    return ExitCode.YES


def _refuse_contradictions(arguments: argparse.Namespace) -> None:
    if arguments.jobs is not None and arguments.jobs < 1:
        raise UsageError("--jobs must be 1 or more")
    verbs = [f"--{name}" for name in (*_VERBS, "predictions", "apply") if getattr(arguments, name)]
    if len(verbs) > 1:
        raise UsageError(f"{' and '.join(verbs)} do not go together")
    imagined = arguments.installed is not None or arguments.bundles or arguments.requests
    if arguments.apply and imagined:
        raise UsageError("--apply is about this server's content: leave out what is supposed")
    has_change = arguments.add or arguments.remove or arguments.matching
    if not verbs and not has_change:
        raise UsageError("upgrade needs a change: --add V, --remove V or --matching POLICY")


def _what_if(arguments: argparse.Namespace, context: Context) -> Proposal:
    if arguments.installed is not None:
        today = supposed([arguments.installed])
        settled = context.policy
    else:
        today = configured(context)
        settled = context.settings.version_matching
    return propose(
        today,
        Policy.parse(settled),
        add=to_add(arguments.add, context),
        remove=to_remove(arguments.remove, today),
        matching=Policy.parse(arguments.matching) if arguments.matching else None,
    )


def _subjects(arguments: argparse.Namespace, context: Context) -> tuple[Sequence[Subject], Bundles]:
    if arguments.bundles is not None:
        return in_folder(Path(arguments.bundles), _passed_over)
    if not arguments.requests:
        return UpgradeService(context).subjects()
    lines = [
        line.strip()
        for text in arguments.requests
        for line in (sys.stdin if text == "-" else (text,))
    ]
    return [Subject(line, parse_request(line)) for line in lines if line], {}


def _preflight(
    simulation: UpgradeSimulation,
    bundles: Bundles,
    arguments: argparse.Namespace,
    context: Context,
) -> list[Prediction]:
    """Predictions for what gets another Python, with progress."""
    desk = UpgradeService(context)
    asked = desk.questions(simulation, bundles, _passed_over)
    made: list[Prediction] = []
    for number, prediction in enumerate(
        desk.preflight(asked, at_once=arguments.jobs or 2, afresh=arguments.afresh), 1
    ):
        names = ", ".join(prediction.content)
        messages.note(f"[{number}/{len(asked)}] {names}: {prediction.answer.outcome}")
        made.append(prediction)
    return made


def _passed_over(path: Path, problem: StewardError) -> None:
    messages.warn(f"{path}: passed over: {problem.message}")
