"""`pysteward match`: show which Python a request gets, and why."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from ....core.errors import UsageError
from ....core.matching import (
    Candidate,
    Decision,
    InstallationSet,
    Matcher,
    Policy,
    Request,
    SetEntry,
    Verdict,
    hypothetical,
    parse_request,
)
from ....core.server import Server
from ....core.versions import PythonVersion, selected_by
from ... import messages
from ...messages import ExitCode
from ...output import Output
from ..connect_option import add_connect
from ..input_lines import BadLine, read_requests
from ..server_option import add_server
from . import Verb, add_json

if TYPE_CHECKING:
    from ....core.bundles import Bundle

_SIGNS = {
    Verdict.CHOSEN: "->",
    Verdict.ELIGIBLE: "  ",
    Verdict.REJECTED: "--",
    Verdict.UNUSABLE: "!!",
}


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "requests",
        nargs="*",
        metavar="REQUEST",
        help="version (3.7.1) or constraint ('>=3.8,<3.11'), "
        "or - to read one per line from standard input",
    )
    parser.add_argument(
        "--installed",
        metavar="V,V,…",
        help="use these versions instead of the real installations",
    )
    parser.add_argument(
        "--with",
        dest="added",
        action="append",
        default=[],
        metavar="V",
        help="pretend this version is installed too",
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="V",
        help="pretend this version is missing (3.8: every 3.8.x)",
    )
    parser.add_argument("--matching", metavar="POLICY", help="exact, major-minor or nearest")
    parser.add_argument("--bundle", metavar="PATH", help="take the request from a bundle")
    add_connect(parser, "the Pythons")
    add_server(parser)
    add_json(parser)


def _run(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    bundle = _bundle(arguments)
    without_python = None if bundle is None or bundle.needs_python else bundle.name
    requests = _requests(arguments, bundle)
    if arguments.server is not None and without_python is None:
        return _show_servers(requests, arguments, server, out)
    policy, candidates = _set(arguments, server)
    matcher = Matcher(candidates, policy)
    decisions: list[Decision] = []
    bad_lines: list[BadLine] = []
    if without_python is not None and not out.as_json:
        out.line(f"{without_python}: needs no Python")
    for request in requests:
        if isinstance(request, BadLine):
            bad_lines.append(request)
            messages.error(request.problem)
            continue
        decision = matcher.decide(request)
        decisions.append(decision)
        if not out.as_json:
            show(decision, out)
    if out.as_json:
        answers = document(policy, decisions) | _errors(bad_lines)
        if without_python is not None:
            answers["needs_no_python"] = [without_python]
        out.document(answers)
    if bad_lines:
        return ExitCode.USAGE
    return ExitCode.YES if all(decision.selected for decision in decisions) else ExitCode.NO


def _show_servers(
    requests: Iterator[Request | BadLine],
    arguments: argparse.Namespace,
    server: Server,
    out: Output,
) -> ExitCode:
    """Answer the requests on other servers; one without pysteward is matched from here."""
    from ....core.installations import candidates as real_candidates
    from ....core.remotes.ssh import Connection, RemoteDocument, read_pythons
    from ..server_tables import show_matches
    from ..servers_asked import ask_servers, refuse

    refuse(arguments, "connect", "installed")
    asked: list[Request] = []
    for request in requests:
        if isinstance(request, BadLine):
            raise request.problem
        asked.append(request)

    def bare(connection: Connection, seconds: float) -> RemoteDocument:
        found, _ = read_pythons(connection, seconds)
        policy = Policy.parse(arguments.matching or "")
        matcher = Matcher(_changed(real_candidates(found), arguments), policy)
        decisions = [matcher.decide(request) for request in asked]
        is_yes = all(decision.selected for decision in decisions)
        return RemoteDocument(document(policy, decisions), is_yes)

    options = [f"--with={version}" for version in arguments.added]
    options += [f"--without={version}" for version in arguments.without]
    options += [f"--matching={arguments.matching}"] if arguments.matching else []
    command = ["match", *options, *(request.text for request in asked)]
    return show_matches(ask_servers(arguments, server, command, bare), out)


def _errors(bad_lines: Sequence[BadLine]) -> dict[str, object]:
    """Return the bad lines of standard input as JSON; nothing where there are none."""
    errors = [
        {"code": problem.code, "message": problem.message, "line": number}
        for number, problem in bad_lines
    ]
    return {"errors": errors} if errors else {}


def document(policy: Policy, decisions: Sequence[Decision]) -> dict[str, object]:
    """Return the decisions as JSON (section 7 of the design)."""
    return {"matching": policy.value, "decisions": [decision_document(item) for item in decisions]}


def decision_document(decision: Decision) -> dict[str, object]:
    """Return one decision in that JSON."""
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


def _bundle(arguments: argparse.Namespace) -> Bundle | None:
    if arguments.bundle is None:
        return None
    from ....core.bundles import open_bundle

    return open_bundle(arguments.bundle)


def _requests(arguments: argparse.Namespace, bundle: Bundle | None) -> Iterator[Request | BadLine]:
    """Return the requests as given, in order; those of standard input are read one by one.

    Raises: RequestError, for a bad request on the command line, before anything is answered.
    """
    texts: list[str] = arguments.requests
    given: list[Request | None] = []  # None stands for standard input
    if bundle is not None:
        from ....core.bundles import request_of

        given += [request_of(bundle)] if bundle.needs_python else []
    elif not texts:
        raise UsageError("match needs a REQUEST, such as 3.7.1, or --bundle PATH")
    given += [None if text == "-" else parse_request(text) for text in texts]
    return chain.from_iterable(read_requests() if one is None else (one,) for one in given)


def _set(arguments: argparse.Namespace, server: Server) -> tuple[Policy, tuple[Candidate, ...]]:
    """Return the policy and the installations, of this server or of a Connect server."""
    if arguments.connect is None:
        return _policy(arguments, server), _changed(_candidates(arguments, server), arguments)
    from ..connect_source import open_session, read_candidates, refuse_together, say_assumptions

    refuse_together(arguments, "installed")
    with open_session(arguments.connect, arguments.matching) as session:
        say_assumptions(session)
        return session.policy, _changed(read_candidates(session), arguments)


def _policy(arguments: argparse.Namespace, server: Server) -> Policy:
    if arguments.matching is not None:
        return Policy.parse(arguments.matching)
    return Policy.parse(server.policy)


def _candidates(arguments: argparse.Namespace, server: Server) -> tuple[Candidate, ...]:
    if arguments.installed is not None:
        return tuple(map(hypothetical, _versions([arguments.installed])))
    from ....core.installations import candidates as real_candidates

    return real_candidates(server.analysis().installations)


def _changed(
    candidates: tuple[Candidate, ...], arguments: argparse.Namespace
) -> tuple[Candidate, ...]:
    """Return the installations with those of --with and without those of --without."""
    installations = InstallationSet(tuple(map(SetEntry, candidates)))
    for number in _taken_away(arguments.without, candidates):
        installations = installations.switch(number)
    added = (SetEntry(hypothetical(version)) for version in _versions(arguments.added))
    return installations.add(added).candidates("taken away by --without")


def _taken_away(lists: Sequence[str], candidates: Sequence[Candidate]) -> list[int]:
    """Return the positions of the installations that --without means."""
    there = [candidate.version for candidate in candidates if candidate.version is not None]
    texts = [text for listed in lists for text in listed.split(",")]
    versions = {version for text in texts for version in selected_by(text, there)}
    return [number for number, each in enumerate(candidates) if each.version in versions]


def _versions(lists: Sequence[str]) -> list[PythonVersion]:
    texts = [text for listed in lists for text in listed.split(",")]
    return [PythonVersion.parse(text) for text in texts if text.strip()]


def show(decision: Decision, out: Output) -> None:
    """Write a decision with its reason and a line for each installation."""
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


VERBS = (
    Verb(
        "",
        "show which Python a request gets, and why",
        _configure,
        _run,
        "match 3.7.1 '>=3.8,<3.11' --without 3.8",
    ),
)
