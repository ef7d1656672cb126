"""`pysteward connect`: read Posit Connect servers through their public API."""

from __future__ import annotations

import argparse
import os
import shlex
from pathlib import Path

from ....core.errors import UsageError
from ....core.matching import Policy
from ....core.remotes.connect import (
    KEY_HEADERS,
    ConnectServer,
    ServerStore,
    check_key,
    check_name,
    find_in_rsconnect,
    read_key_file,
    server_url,
)
from ....core.server import Server
from ... import messages
from ...messages import ExitCode
from ...output import Output
from . import Verb, add_json

KEY_VARIABLE = "CONNECT_API_KEY"


def _add(arguments: argparse.Namespace, _server: Server, out: Output) -> ExitCode:
    """Keep the address and the key of a server; nothing is asked of it yet."""
    store = ServerStore()
    name = check_name(arguments.name)
    if name in store.names() and not arguments.replace:
        raise UsageError(f"a server is called {name} already: give another name, or --replace")
    url, ca = arguments.url, arguments.ca and Path(arguments.ca).absolute()
    key: str | None = None
    key_file: Path | None = None
    command: tuple[str, ...] = ()
    if arguments.from_rsconnect is not None:
        found = find_in_rsconnect(arguments.from_rsconnect)
        url, key = url or found.url, found.key
        if ca is None and found.ca is not None:
            ca = store.keep_ca(name, found.ca)
    elif arguments.key_command is not None:
        command = _split(arguments.key_command)
    elif arguments.key_file is not None:
        key_file = Path(arguments.key_file).absolute()
        read_key_file(key_file)
    else:
        key = _given_key()
    if url is None:
        raise UsageError("connect add needs the URL of the server")
    server = ConnectServer(
        name=name,
        url=server_url(url, allow_http=arguments.allow_http),
        key_file=key_file,
        key_command=command,
        ca=ca,
        client_certificate=_path(arguments.client_certificate),
        client_key=_path(arguments.client_key),
        key_header=arguments.key_header or KEY_HEADERS[0],
        allow_http=arguments.allow_http,
        matching=Policy.parse(arguments.matching) if arguments.matching else None,
    )
    kept = store.add(server, key)
    if out.as_json:
        out.document(_server_document(kept))
    else:
        out.line(f"added {name}  {kept.url}; pysteward connect test {name} tries it")
    return ExitCode.YES


def _given_key() -> str:
    """Return the key from the environment, or typed at the terminal without an echo."""
    from_environment = os.environ.get(KEY_VARIABLE)
    if from_environment:
        messages.note(f"the API key is taken from ${KEY_VARIABLE}")
        return check_key(from_environment)
    typed = messages.ask_secret("API key (it is not shown): ")
    if typed is None:
        raise UsageError(
            f"connect add needs an API key: set ${KEY_VARIABLE}, or give --key-file, "
            "--key-command or --from-rsconnect"
        )
    return check_key(typed)


def _split(command: str) -> tuple[str, ...]:
    try:
        parts = tuple(shlex.split(command))
    except ValueError as problem:
        raise UsageError(f"--key-command: {problem}") from None
    if not parts:
        raise UsageError("--key-command must name a program that prints the key")
    return parts


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text).absolute()


def _list(_arguments: argparse.Namespace, _server: Server, out: Output) -> ExitCode:
    store = ServerStore()
    servers = [store.find(name) for name in store.names()]
    if out.as_json:
        out.document({"servers": [_server_document(server) for server in servers]})
    elif not servers:
        messages.note("no Connect server is configured: pysteward connect add NAME URL adds one")
    else:
        rows = [
            (
                server.name,
                server.url,
                server.matching.value if server.matching else "not known",
                _key_words(server),
            )
            for server in servers
        ]
        out.table(("NAME", "URL", "MATCHING", "KEY"), rows)
    return ExitCode.YES


def _server_document(server: ConnectServer) -> dict[str, object]:
    return {
        "name": server.name,
        "url": server.url,
        "matching": server.matching.value if server.matching else None,
        "key": "command" if server.key_command else "file",
        "key_file": str(server.key_file) if server.key_file else None,
        "ca": str(server.ca) if server.ca else None,
    }


def _key_words(server: ConnectServer) -> str:
    return f"from {server.key_command[0]}" if server.key_command else f"in {server.key_file}"


def _remove(arguments: argparse.Namespace, _server: Server, out: Output) -> ExitCode:
    ServerStore().remove(arguments.name)
    if out.as_json:
        out.document({"removed": arguments.name})
    else:
        out.line(f"removed {arguments.name}")
    return ExitCode.YES


def _test(arguments: argparse.Namespace, _server: Server, out: Output) -> ExitCode:
    """Try what the key can read; NO when that is not enough for a first answer."""
    from ....core.remotes.connect import try_access
    from ..connect_source import open_session

    with open_session(arguments.name) as session:
        tried = []
        for access in try_access(session.client):
            tried.append(access)
            if not out.as_json:
                out.line(f"{'-' if access.code else 'ok':<3} {access.name:<9} {access.said}")
    if out.as_json:
        rows = [{"name": each.name, "said": each.said, "error": each.code} for each in tried]
        out.document({"connect": session.server.name, "url": session.server.url, "access": rows})
    needed = {"Pythons", "content"}
    return ExitCode.NO if any(a.code and a.name in needed for a in tried) else ExitCode.YES


def _failures(arguments: argparse.Namespace, _server: Server, out: Output) -> ExitCode:
    from ..connect_failures import show_failures

    return show_failures(arguments, out)


def _scenario(arguments: argparse.Namespace, _server: Server, out: Output) -> ExitCode:
    """Save the server as a scenario."""
    from ....core.remotes.connect import RemoteRequest, read_requests, scenario_of
    from ....core.scenarios import save
    from ..connect_source import Progress, open_session, read_source

    target = Path(arguments.output)
    with open_session(arguments.name, arguments.matching) as session:
        inventory = read_source(session)
        asked = [item for item in inventory.content if item.bundle is not None]
        if not arguments.read_bundles:
            asked = [item for item in asked if session.cache.bundle(item.bundle or "")]
        known: dict[str, RemoteRequest] = {}
        progress = Progress()
        for number, (item, got) in enumerate(
            read_requests(session.client, session.cache, asked), 1
        ):
            if isinstance(got, RemoteRequest):
                known[item.guid] = got
            progress.say(f"{number:,} of {len(asked):,} bundles read")
    made = scenario_of(
        inventory,
        known,
        title=arguments.title or "A Connect server",
        policy=None if session.policy_is_assumed else session.policy,
        with_names=arguments.with_names,
    )
    save(made, target)
    if out.as_json:
        out.document(
            {
                "file": str(target),
                "installations": len(made.installations),
                "requests": len(made.requests),
                "bundles_read": len(known),
            }
        )
    else:
        out.line(
            f"saved {target}: {len(made.installations)} installations, "
            f"{len(made.requests)} requests; pysteward scenario {target} runs it"
        )
    return ExitCode.YES


def _pull(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    from ..connect_pull import show_pulled

    return show_pulled(arguments, server, out)


def _eol(arguments: argparse.Namespace, _server: Server, out: Output) -> ExitCode:
    from ..connect_source import open_session, read_source
    from ..connect_tables import server_document, show_aging

    with open_session(arguments.name) as session:
        inventory = read_source(session)
    about = server_document(session, inventory.missing)
    return ExitCode.NO if show_aging(inventory.aging(), out, about) else ExitCode.YES


def _configure_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="what to call the server")
    parser.add_argument("url", metavar="URL", nargs="?", help="its address")
    key = parser.add_mutually_exclusive_group()
    key.add_argument("--key-file", metavar="FILE", help="file with the key, yours alone")
    key.add_argument("--key-command", metavar="COMMAND", help="program that prints the key")
    key.add_argument("--from-rsconnect", metavar="NAME", help="take rsconnect-python's server")
    parser.add_argument("--ca", metavar="FILE", help="CA to trust instead of the system's")
    parser.add_argument("--client-certificate", metavar="FILE", help="certificate to show (PEM)")
    parser.add_argument("--client-key", metavar="FILE", help="the key of that certificate")
    parser.add_argument("--key-header", choices=KEY_HEADERS, help="where the API key is sent")
    parser.add_argument("--matching", metavar="POLICY", help="the server's matching policy")
    parser.add_argument("--allow-http", action="store_true", help="send the key without TLS")
    parser.add_argument("--replace", action="store_true", help="replace a server of this name")
    add_json(parser)


def _configure_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="name of the server")
    add_json(parser)


def _configure_failures(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="name of the server")
    parser.add_argument(
        "--since", metavar="TIME", default="7d", help="7d, 12h or 2026-11-20 (default: 7d)"
    )
    parser.add_argument("--refresh", action="store_true", help="ask for all jobs again")
    parser.add_argument("--matching", metavar="POLICY", help="the server's matching policy")
    parser.add_argument("--report", metavar="FILE.md", help="also write a Markdown report")
    add_json(parser)


def _configure_scenario(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="name of the server")
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="scenario file")
    parser.add_argument("--title", help="its title")
    parser.add_argument("--matching", metavar="POLICY", help="the server's matching policy")
    parser.add_argument(
        "--read-bundles", action="store_true", help="read what all content asks for"
    )
    parser.add_argument(
        "--with-names", action="store_true", help="name content and owners in the notes"
    )
    add_json(parser)


def _configure_pull(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="name of the server")
    parser.add_argument("content", metavar="CONTENT", help="GUID, name or dashboard address")
    parser.add_argument(
        "-o", "--output", metavar="DIR", help="new directory (default: the content's name)"
    )
    parser.add_argument(
        "--deploy", action="store_true", help="also deploy it here, and compare the packages"
    )
    add_json(parser)


VERBS = (
    Verb(
        "add",
        "add a server, and keep its API key in a private file",
        _configure_add,
        _add,
        "connect add prod https://connect.example.com",
    ),
    Verb("list", "list the configured servers", add_json, _list, "connect list"),
    Verb("remove", "forget a server and its key", _configure_name, _remove, "connect remove prod"),
    Verb("test", "show what the key can read", _configure_name, _test, "connect test prod"),
    Verb(
        "failures",
        "list failed jobs, each diagnosed from its log",
        _configure_failures,
        _failures,
        "connect failures prod --since 7d",
    ),
    Verb(
        "scenario",
        "save the server as a scenario for training",
        _configure_scenario,
        _scenario,
        "connect scenario prod -o prod.toml",
    ),
    Verb(
        "pull",
        "take content, to build it here as it is there",
        _configure_pull,
        _pull,
        "connect pull prod sales-report --deploy",
    ),
    Verb(
        "eol",
        "list content by the end of life of its Python",
        _configure_name,
        _eol,
        "connect eol prod",
    ),
)
