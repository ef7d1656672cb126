"""`upgrade plan --connect`: what would move on a Connect server."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from ...core.errors import UsageError
from ...core.matching import Candidate, Matcher, hypothetical
from ...core.remotes.connect import (
    ConnectSession,
    Inventory,
    RemoteRequest,
    RemoteSimulation,
    affected,
    read_requests,
    simulate_change,
)
from ...core.upgrades import Bundles, Effect, Prediction, UpgradeSimulation, changed
from ...core.versions import PythonVersion, selected_by
from .. import messages
from ..messages import ExitCode
from ..output import Output
from .connect_source import Progress, open_session, read_source, say_assumptions
from .connect_tables import simulation_document
from .upgrade_tables import show_predictions, show_simulation

Preflight = Callable[[UpgradeSimulation, Bundles], Sequence[Prediction]]


def show_plan(arguments: argparse.Namespace, out: Output, preflight: Preflight) -> ExitCode:
    """Show what a change would do; NO when content loses its Python or would not install.

    preflight: asks the index that this machine uses.
    """
    _refuse_paths([*arguments.add, *arguments.remove])
    with open_session(arguments.connect, arguments.matching) as session:
        say_assumptions(session)
        inventory = read_source(session)
        found = _simulated(arguments, session, inventory)
    simulation = found.simulation
    if not out.as_json:
        show_simulation(simulation, out)
    predictions: Sequence[Prediction] | None = None
    if arguments.preflight:
        predictions = preflight(simulation, found.bundles)
        if not out.as_json:
            show_predictions(predictions, out)
    if out.as_json:
        out.document(simulation_document(session, inventory, found, predictions))
    breaks = any(made.answer.outcome == "fails" for made in predictions or ())
    return ExitCode.NO if breaks or simulation.counts[Effect.FAILS] else ExitCode.YES


def _simulated(
    arguments: argparse.Namespace, session: ConnectSession, inventory: Inventory
) -> RemoteSimulation:
    """First from the list alone, then with the bundles of what would lose its Python."""
    today = inventory.candidates()
    after = _after(arguments, today)
    before, afterwards = Matcher(today, session.policy), Matcher(after, session.policy)
    asked = affected(inventory, after)
    with_python = sum(inventory.python_of(item) is not None for item in inventory.content)
    messages.note(
        f"{with_python:,} pieces of content run Python; {len(asked):,} of all would lose theirs or "
        "have none: their bundles are read"
    )
    known: dict[str, RemoteRequest] = {}
    unread: dict[str, str] = {}
    progress = Progress()
    for item, got in read_requests(session.client, session.cache, asked):
        if isinstance(got, RemoteRequest):
            known[item.guid] = got
        else:
            unread[item.guid] = got
        done = len(known) + len(unread)
        progress.say(f"{done:,} bundles read, {len(asked) - done:,} still to read")
    found = simulate_change(inventory, before, afterwards, known, unread)
    for name, why in list(found.unread.items())[:10]:
        messages.warn(f"{name}: the Python that it has stands for what it asks for: {why}")
    if len(found.unread) > 10:
        messages.warn(f"the same of {len(found.unread) - 10:,} more")
    return found


def _refuse_paths(texts: Sequence[str]) -> None:
    paths = [text for text in texts if "/" in text]
    if paths:
        raise UsageError(f"{paths[0]} is a path: with --connect give versions")


def _after(arguments: argparse.Namespace, today: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return the Pythons after the change. Raises: RequestError."""
    there = [candidate.version for candidate in today if candidate.version is not None]
    gone = {
        version
        for listed in arguments.remove
        for text in listed.split(",")
        for version in selected_by(text, there)
    }
    added = [
        hypothetical(PythonVersion.parse(text))
        for listed in arguments.add
        for text in listed.split(",")
        if text.strip()
    ]
    return changed(today, added, gone)
