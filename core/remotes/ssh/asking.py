"""What a server is asked, and its answers as values; an answer may be anything."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import cast

from ...errors import RemoteError, RequestError
from ...frozen import frozen
from ...installations import Installation
from ...json_values import JsonError, from_json, parse_json
from ...secrets import mask_secrets
from ...services import PythonRow, ServerOverview
from ...versions import PythonVersion
from .bare import read_pythons
from .connection import MOST_BYTES, NOT_FOUND, Answer, Connection

_NO_COMMAND = "there is no command 'servers'"

Fields = Mapping[str, object]

_LONGEST = 300  # characters of what a server says of an error
MISSING = "remote-no-pysteward"
"""The code of an error that says that pysteward is not installed there."""


@frozen
class RemoteDocument:
    """What a command prints there. is_yes: whether its exit status is 0."""

    fields: Fields
    is_yes: bool


def ask_json(connection: Connection, arguments: Sequence[str], seconds: float) -> RemoteDocument:
    """Return the document that `pysteward ARGUMENTS --json` prints there. Raises RemoteError."""
    answer = connection.call([*arguments, "--json"], seconds)
    return RemoteDocument(_document(connection, answer), answer.status == 0)


def ask_overview(connection: Connection, seconds: float) -> ServerOverview:
    """Return a server in a row; one without pysteward is known by its Pythons alone.

    Raises RemoteError.
    """
    deadline = time.monotonic() + seconds

    def left() -> float:
        return max(deadline - time.monotonic(), 0.1)

    try:
        found = ask_json(connection, ["servers", "--this"], seconds)
    except RemoteError as problem:
        if problem.code == MISSING:
            return _bare(read_pythons(connection, left())[0])
        if _NO_COMMAND not in problem.message:
            raise
        return _of_earlier(ask_json(connection, ["installations"], left()).fields)
    try:
        return from_json(ServerOverview, found.fields)
    except JsonError as problem:
        raise _wrong(connection, f"the answer of pysteward cannot be used: {problem}") from None


def rows_of(fields: Fields, name: str) -> list[Fields]:
    """Return a list of objects in a document; what is not one is left out."""
    found = fields.get(name)
    listed = cast("list[object]", found) if isinstance(found, list) else []
    return [cast("Fields", item) for item in listed if isinstance(item, dict)]


def text_of(fields: Fields, *names: str) -> str:
    """Return a value in a document, the names leading to it, as text; "-" where there is none."""
    found: object = fields
    for name in names:
        found = cast("Fields", found).get(name) if isinstance(found, dict) else None
    if isinstance(found, str):
        return found[:_LONGEST] or "-"
    return "-" if found is None or isinstance(found, (dict, list)) else str(found)


def _bare(pythons: Sequence[Installation]) -> ServerOverview:
    rows = (
        PythonRow(each.path, each.version, each.usable, tuple(p.code for p in each.problems))
        for each in pythons
    )
    return ServerOverview(None, "", None, None, None, tuple(rows))


def _of_earlier(fields: Fields) -> ServerOverview:
    """Return what a release without `servers` says of itself: its Pythons and its policy."""
    rows: list[PythonRow] = []
    for row in rows_of(fields, "installations"):
        try:
            version = PythonVersion.parse(text_of(row, "version"))
        except RequestError:
            version = None
        codes = tuple(text_of(problem, "code") for problem in rows_of(row, "problems"))
        rows.append(PythonRow(text_of(row, "path"), version, row.get("usable") is True, codes))
    config = fields.get("config")
    return ServerOverview(
        version="earlier",
        user="",
        state_dir=None,
        config=config if isinstance(config, str) else None,
        matching=text_of(fields, "matching"),
        pythons=tuple(rows),
    )


def _document(connection: Connection, answer: Answer) -> Fields:
    command = " ".join(connection.server.command)
    name = connection.server.name
    if answer.status == NOT_FOUND or (not answer.output.strip() and _is_missing(answer)):
        raise RemoteError(
            f"{name}: {command} is not installed there, or not on the PATH of `ssh`; "
            f"command in [servers.{name}] names it",
            code=MISSING,
        )
    try:
        found = parse_json(answer.output, largest=MOST_BYTES)
    except JsonError:
        said = answer.complaints or "what it printed is not JSON"
        raise _wrong(connection, f"{command} ended with status {answer.status}: {said}") from None
    if not isinstance(found, dict):
        raise _wrong(connection, f"{command} answers with something else than an object")
    fields = cast("dict[str, object]", found)
    problem = fields.get("error")
    if isinstance(problem, dict):
        told = cast("dict[str, object]", problem)
        message = mask_secrets(str(told.get("message", "an error")))[:_LONGEST]
        raise RemoteError(f"{name}: {message}", code="remote-refused")
    return fields


def _is_missing(answer: Answer) -> bool:
    """Return whether `sudo` and its kin say so, which leave with a status of their own."""
    return "command not found" in answer.complaints


def _wrong(connection: Connection, what: str) -> RemoteError:
    return RemoteError(f"{connection.server.name}: {what}", code="remote-answer")
