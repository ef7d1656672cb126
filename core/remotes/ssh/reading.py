"""The installations of a server, as values of this machine's kind."""

from __future__ import annotations

import time

from ...errors import RemoteError, RequestError
from ...frozen import frozen
from ...installations import Installation, Problem
from ...versions import PythonVersion
from .asking import MISSING, Fields, ask_json, rows_of, text_of
from .bare import read_pythons
from .connection import Connection


@frozen
class RemoteInstallations:
    """matching: the policy there; None where it is not known. notes: what is missing."""

    installations: tuple[Installation, ...]
    matching: str | None
    notes: tuple[str, ...] = ()


def read_installations(connection: Connection, seconds: float) -> RemoteInstallations:
    """Return the Pythons of a server, also of one without pysteward. Raises RemoteError."""
    deadline = time.monotonic() + seconds
    try:
        found = ask_json(connection, ["installations"], seconds).fields
    except RemoteError as problem:
        if problem.code != MISSING:
            raise
        pythons, is_all = read_pythons(connection, max(deadline - time.monotonic(), 0.1))
        notes = ["pysteward is not installed there: these are the Pythons that were found"]
        if not is_all:
            notes.append("some had not answered in time")
        return RemoteInstallations(pythons, None, tuple(notes))
    listed = tuple(_installation(row) for row in rows_of(found, "installations"))
    return RemoteInstallations(listed, text_of(found, "matching"))


def _installation(row: Fields) -> Installation:
    return Installation(
        path=text_of(row, "path"),
        executable=_or_none(row, "executable"),
        target=_or_none(row, "target"),
        version=_version(text_of(row, "version")),
        pip=_or_none(row, "pip"),
        virtualenv=_or_none(row, "virtualenv"),
        venv=row.get("venv") is True,
        problems=tuple(_problem(problem) for problem in rows_of(row, "problems")),
        verified=True,
    )


def _problem(row: Fields) -> Problem:
    severity = "warning" if row.get("severity") == "warning" else "unusable"
    return Problem(text_of(row, "code"), text_of(row, "message"), _or_none(row, "remedy"), severity)


def _or_none(row: Fields, name: str) -> str | None:
    found = row.get(name)
    return found if isinstance(found, str) else None


def _version(text: str) -> PythonVersion | None:
    try:
        return PythonVersion.parse(text)
    except RequestError:
        return None
