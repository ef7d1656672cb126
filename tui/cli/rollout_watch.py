"""Upgrades of several servers on the command line: begun, watched, taken up again."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ...core.errors import UsageError
from ...core.json_values import as_json
from ...core.remotes.ssh import (
    Connections,
    Rollout,
    RolloutFile,
    RolloutRunner,
    SshServer,
    WaveServer,
    find_servers_file,
    plan_waves,
    read_servers,
)
from ...core.server import Server
from .. import messages
from ..messages import ExitCode
from ..output import Output
from .servers_asked import answers_document, ask_servers, deadline_of, refuse, servers_of

_BATCH = 5


def start_rollout(
    arguments: argparse.Namespace, server: Server, change: Sequence[str], out: Output
) -> ExitCode:
    """Ask, then carry the change out wave by wave; NO where a wave fails."""
    refuse(arguments, "preflight", "refresh", "jobs", "detach")
    if not change:
        raise UsageError("upgrade apply --server needs a change: --add V, --remove V or --matching")
    servers = servers_of(arguments, server, arguments.server)
    last = RolloutFile.last(server.state_dir)
    if last is not None and not last.read().is_done:
        raise UsageError(
            "the last change of several servers is not done: upgrade resume --server all "
            "continues it, upgrade abandon --server all drops the rest"
        )
    batch = _BATCH if arguments.batch is None else arguments.batch
    rollout = plan_waves(servers, change, canary=arguments.canary, batch=batch)
    for number, wave in enumerate(rollout.waves, 1):
        messages.note(f"wave {number}: {', '.join(each.name for each in wave)}")
    if not arguments.yes:
        if not messages.can_ask():
            raise UsageError(
                "upgrade apply asks before it changes anything; without a terminal, give --yes"
            )
        if not messages.ask(f"Change the settings there ({' '.join(change)}) and rebuild?"):
            messages.note("nothing was changed")
            return ExitCode.NO
    server.prepare_state()
    file = RolloutFile.new(server.state_dir, rollout)
    return _run(file, servers, arguments, server, out)


def continue_rollout(
    arguments: argparse.Namespace, server: Server, out: Output, *, retry: bool
) -> ExitCode:
    """Take up the last change of several servers. retry: have what failed built again."""
    refuse(arguments, "jobs", "detach")
    file = _last(server)
    known = read_servers(find_servers_file(arguments.config, arguments.servers))
    named = {each.name: SshServer(each.name, each.name) for each in file.read().servers}
    addresses = {name: each for name, each in named.items() if "@" in name}
    return _run(file, [*addresses.values(), *known.values()], arguments, server, out, retry=retry)


def abandon_rollout(server: Server, out: Output) -> ExitCode:
    """Drop the servers that are not done; their own plans stay as they are."""
    file = _last(server)
    file.write(file.read().abandoned())
    return _show(file.read(), out)


def show_rollout(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Show how far the last change is, and every server's own plan."""
    last = RolloutFile.last(server.state_dir)
    rollout = None if last is None else last.read()
    answers = ask_servers(arguments, server, ["upgrade", "status"])
    if out.as_json:
        told = None if rollout is None else as_json(rollout)
        out.document({"rollout": told} | answers_document(answers))
    else:
        if rollout is not None:
            _show(rollout, out)
            out.line()
        for each in answers:
            if each.document is not None:
                out.line(f"{each.server.name}  {_plan_words(each.fields)}")
    is_good = rollout is None or not rollout.has_failed
    return ExitCode.YES if is_good else ExitCode.NO


def _plan_words(fields: object) -> str:
    from ...core.remotes.ssh import rows_of, text_of

    assert isinstance(fields, dict)
    steps = rows_of(fields, "steps")
    done = sum(step.get("state") == "done" for step in steps)
    state = "finished" if isinstance(fields.get("finished"), str) else "not finished"
    failures = [step for step in steps if step.get("state") in ("failed", "unmatched")]
    lines = [
        f"upgrade {text_of(fields, 'id')} {state}: {done} of {len(steps)} done"
        f" ({text_of(fields, 'change')})"
    ]
    for step in failures:
        build = text_of(step, "build")
        lines.append(f"  {text_of(step, 'content')}: {text_of(step, 'problem')} (build {build})")
    return "\n".join(lines)


def _last(server: Server) -> RolloutFile:
    last = RolloutFile.last(server.state_dir)
    if last is None:
        raise UsageError("no change of several servers was begun: upgrade apply --server all")
    return last


def _run(
    file: RolloutFile,
    servers: Sequence[SshServer],
    arguments: argparse.Namespace,
    server: Server,
    out: Output,
    *,
    retry: bool = False,
) -> ExitCode:
    by_name = {each.name: each for each in servers}
    with Connections() as connections:
        runner = RolloutRunner(file, by_name, connections, deadline_of(arguments, server), _say)
        try:
            rollout = runner.run(retry=retry)
        except KeyboardInterrupt:
            messages.note(
                "the upgrades that run go on; upgrade resume --server all continues with the rest"
            )
            _show(file.read(), out)
            return ExitCode.INTERRUPTED
    return _show(rollout, out)


def _say(server: WaveServer) -> None:
    plan = "" if server.plan is None else f" (its plan {server.plan})"
    why = "" if server.why is None else f": {server.why}"
    messages.note(f"{server.name}: {server.state.value}{plan}{why}")


def _show(rollout: Rollout, out: Output) -> ExitCode:
    if out.as_json:
        out.document(as_json(rollout))
    else:
        out.line(f"change {' '.join(rollout.change)}, begun {rollout.created}")
        out.table(
            ("WAVE", "SERVER", "STATE", "PLAN", "WHY"),
            [
                (str(number), each.name, each.state.value, each.plan or "-", each.why or "-")
                for number, wave in enumerate(rollout.waves, 1)
                for each in wave
            ],
        )
        if not rollout.is_done:
            out.line("Not done: upgrade resume --server all continues, upgrade retry rebuilds.")
    return ExitCode.YES if rollout.is_done else ExitCode.NO
