"""`pysteward upgrade`: plan and apply a change of installations."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from ....core.errors import StewardError, UsageError
from ....core.matching import Policy, Request, parse_request
from ....core.server import Server
from ....core.services import UpgradeService
from ....core.upgrades import (
    Bundles,
    Effect,
    Prediction,
    Proposal,
    Subject,
    UpgradeSimulation,
    configured,
    in_directory,
    simulate,
    supposed,
)
from ... import messages
from ...messages import ExitCode
from ...output import Output
from ..cluster_option import at_once, places_of
from ..input_lines import BadLine, read_requests
from ..upgrade_options import (
    configure_apply,
    configure_continue,
    configure_plan,
    configure_watch,
)
from ..upgrade_tables import (
    document,
    show_compared,
    show_predictions,
    show_simulation,
    show_turned_links,
)
from . import Verb, add_json


def _plan(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Show what a change would do; NO when content loses its Python or would not install."""
    _check_jobs(arguments)
    _check_change(arguments)
    if arguments.connect is not None:
        return _plan_connect(arguments, server, out)
    if arguments.server is not None:
        return _plan_servers(arguments, server, out)
    what_if = _what_if(arguments, server)
    simulation, predictions = _ask(what_if, arguments, server, out)
    is_deployed = not (arguments.bundles or arguments.requests or arguments.installed)
    turned = UpgradeService(server).turned_links() if is_deployed else ()
    if out.as_json:
        out.document(document(simulation, predictions, turned))
    else:
        show_turned_links(turned, out)
    breaks = any(made.answer.outcome == "fails" for made in predictions or ())
    return ExitCode.NO if breaks or simulation.counts[Effect.FAILS] else ExitCode.YES


def _plan_connect(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Return the same for the content of a Connect server."""
    from ..connect_source import refuse_together
    from ..connect_upgrade import show_plan

    refuse_together(arguments, "requests", "bundles", "installed")
    return show_plan(
        arguments,
        out,
        lambda simulation, bundles: _preflight(simulation, bundles, arguments, server),
    )


def _plan_servers(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Return the same for the content of other servers, and the sum of it."""
    from ..server_tables import show_plans
    from ..servers_asked import ask_servers, refuse

    refuse(arguments, "requests", "bundles", "installed", "preflight", "refresh")
    return show_plans(
        ask_servers(arguments, server, ["upgrade", "plan", *change_of(arguments)]), out
    )


def change_of(arguments: argparse.Namespace) -> list[str]:
    """Return the options of a change, for another server."""
    options = [f"--add={each}" for each in arguments.add]
    options += [f"--remove={each}" for each in arguments.remove]
    return options + ([f"--matching={arguments.matching}"] if arguments.matching else [])


def _apply(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    from ..upgrade_watch import carry_out

    _check_jobs(arguments)
    if arguments.installed is not None or arguments.bundles or arguments.requests:
        raise UsageError(
            "upgrade apply is about this server's content: leave out REQUEST, --bundles and "
            "--installed"
        )
    if arguments.server is not None:
        from ..rollout_watch import start_rollout

        return start_rollout(arguments, server, change_of(arguments), out)
    if arguments.canary is not None or arguments.batch is not None:
        raise UsageError("--canary and --batch go with --server")
    what_if = _what_if(arguments, server)
    if arguments.preflight:
        _ask(what_if, arguments, server, out)
    places = places_of(arguments, server)
    return carry_out(
        what_if,
        server,
        out,
        yes=arguments.yes,
        at_once=at_once(places, server, arguments.jobs),
        places=places,
        detach=arguments.detach,
        check=arguments.check,
    )


def _status(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    if arguments.server is not None:
        from ..rollout_watch import show_rollout

        return show_rollout(arguments, server, out)
    from ..upgrade_watch import show_state

    return show_state(UpgradeService(server).last()[0], out)


def _resume(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    return _continue(arguments, server, out, retry=False)


def _retry(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    return _continue(arguments, server, out, retry=True)


def _continue(
    arguments: argparse.Namespace, server: Server, out: Output, *, retry: bool
) -> ExitCode:
    if arguments.server is not None:
        from ..rollout_watch import continue_rollout

        return continue_rollout(arguments, server, out, retry=retry)
    from ..upgrade_watch import attend

    _check_jobs(arguments)
    file = UpgradeService(server).resume(retry=retry, at_once=arguments.jobs)
    return attend(file, out, detach=arguments.detach)


def _stop(_arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    from ..upgrade_watch import show_state

    file = UpgradeService(server).stop()
    messages.note("no more builds are started; pysteward upgrade resume continues")
    return show_state(file, out)


def _abandon(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    if arguments.server is not None:
        from ..rollout_watch import abandon_rollout

        return abandon_rollout(server, out)
    from ..upgrade_watch import show_state

    return show_state(UpgradeService(server).abandon(), out)


def _predictions(_arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    from ....core.upgrades import prediction_as_json

    predictions = UpgradeService(server).predictions()
    if out.as_json:
        out.document({"predictions": [prediction_as_json(made) for made in predictions]})
    else:
        show_compared(predictions, out)
    return ExitCode.YES


def _ask(
    what_if: Proposal, arguments: argparse.Namespace, server: Server, out: Output
) -> tuple[UpgradeSimulation, Sequence[Prediction] | None]:
    """Simulate the change, then ask the index with --preflight; both are shown."""
    subjects, bundles = _subjects(arguments, server)
    simulation = simulate(subjects, what_if.before, what_if.after)
    if not out.as_json:
        show_simulation(simulation, out)
    if not arguments.preflight:
        return simulation, None
    predictions = _preflight(simulation, bundles, arguments, server)
    if not out.as_json:
        show_predictions(predictions, out)
    return simulation, predictions


def _check_jobs(arguments: argparse.Namespace) -> None:
    if arguments.jobs is not None and arguments.jobs < 1:
        raise UsageError("--jobs must be 1 or more")


def _check_change(arguments: argparse.Namespace) -> None:
    if not (arguments.add or arguments.remove or arguments.matching):
        raise UsageError("upgrade plan needs a change: --add V, --remove V or --matching POLICY")


def _what_if(arguments: argparse.Namespace, server: Server) -> Proposal:
    if arguments.installed is not None:
        today = supposed([arguments.installed])
        settled = server.policy
    else:
        today = configured(server)
        settled = server.settings.version_matching
    return UpgradeService(server).propose(
        today,
        Policy.parse(settled),
        add=arguments.add,
        remove=arguments.remove,
        matching=Policy.parse(arguments.matching) if arguments.matching else None,
    )


def _subjects(arguments: argparse.Namespace, server: Server) -> tuple[Sequence[Subject], Bundles]:
    if arguments.bundles is not None:
        without_python: list[str] = []
        found = in_directory(Path(arguments.bundles), _passed_over, without_python)
        if without_python:
            count = len(without_python)
            needs = (
                "bundle needs no Python and is" if count == 1 else "bundles need no Python and are"
            )
            messages.note(f"{count} {needs} not counted")
        return found
    if not arguments.requests:
        return UpgradeService(server).subjects()
    requests = [request for text in arguments.requests for request in _requests(text)]
    return [Subject(request.text, request) for request in requests], {}


def _requests(text: str) -> Iterator[Request]:
    """Yield the requests that an argument stands for. Raises: RequestError."""
    if text != "-":
        yield parse_request(text)
        return
    for request in read_requests():
        if isinstance(request, BadLine):
            raise request.problem
        yield request


def _preflight(
    simulation: UpgradeSimulation,
    bundles: Bundles,
    arguments: argparse.Namespace,
    server: Server,
) -> list[Prediction]:
    """Predict whether what gets another Python installs there, and report progress."""
    run = UpgradeService(server).preflight(
        simulation,
        bundles,
        at_once=arguments.jobs or 2,
        refresh=arguments.refresh,
        on_problem=_passed_over,
    )
    made: list[Prediction] = []
    for number, prediction in enumerate(run, 1):
        names = ", ".join(prediction.content)
        messages.note(f"[{number}/{len(run.asked)}] {names}: {prediction.answer.outcome}")
        made.append(prediction)
    return made


def _passed_over(path: Path, problem: StewardError) -> None:
    messages.warn(f"{path}: skipped: {problem.message}")


VERBS = (
    Verb(
        "plan",
        "show what would change",
        configure_plan,
        _plan,
        "upgrade plan --add 3.12.4 --remove 3.8 --preflight",
    ),
    Verb(
        "apply",
        "change the settings and rebuild affected content (shows a diff first)",
        configure_apply,
        _apply,
        "upgrade apply --add /opt/python/3.12.4 --remove 3.8",
    ),
    Verb(
        "status",
        "show the progress of the last upgrade",
        configure_watch,
        _status,
        "upgrade status",
    ),
    Verb(
        "resume",
        "continue an interrupted or stopped upgrade",
        configure_continue,
        _resume,
        "upgrade resume --detach",
    ),
    Verb("retry", "rebuild what failed", configure_continue, _retry, "upgrade retry"),
    Verb(
        "stop",
        "stop starting builds, running ones finish",
        add_json,
        _stop,
        "upgrade stop",
    ),
    Verb("abandon", "drop the remaining steps", configure_watch, _abandon, "upgrade abandon"),
    Verb(
        "predictions",
        "list predictions and what happened since",
        add_json,
        _predictions,
        "upgrade predictions",
    ),
)
