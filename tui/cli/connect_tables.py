"""Connect servers on the command line: tables for people, JSON for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from ...core.content import AgingContent
from ...core.diagnosis import diagnosis_as_json
from ...core.remotes.connect import (
    ConnectSession,
    Failure,
    Inventory,
    RemoteContent,
    RemoteSimulation,
    cause_words,
    causes_of,
    day_of,
    subject_names,
)
from ...core.upgrades import Prediction
from ...core.versions import PythonVersion, end_of_life
from ..output import Output
from .upgrade_tables import document


def server_document(session: ConnectSession, missing: Sequence[str] = ()) -> dict[str, object]:
    """Return the fields that every answer about a server begins with."""
    return {
        "connect": session.server.name,
        "url": session.server.url,
        "matching": session.policy.value,
        "matching_assumed": session.policy_is_assumed,
        "missing": list(missing),
    }


def content_document(content: RemoteContent) -> dict[str, object]:
    return {
        "guid": content.guid,
        "name": content.name,
        "title": content.title,
        "app_mode": content.app_mode,
        "owner": content.owner,
        "owner_guid": content.owner_guid,
        "python": str(content.python) if content.python else None,
        "bundle": content.bundle,
        "deployed": moment(content.deployed),
        "dashboard_url": content.dashboard_url,
    }


def moment(seconds: float | None) -> str | None:
    """Return a time as RFC 3339, UTC, to the second."""
    import time

    if seconds is None:
        return None
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def show_pythons(session: ConnectSession, inventory: Inventory, out: Output) -> None:
    """Write the server's Pythons, and how much content runs on each."""
    used = Counter(inventory.python_of(item) for item in inventory.content)
    if out.as_json:
        rows = [
            {
                "version": str(python.version),
                "cluster": python.cluster,
                "image": python.image,
                "publishable": python.publishable,
                "end_of_life": _end(python.version),
                "content": used[python.version],
            }
            for python in inventory.pythons
        ]
        out.document(server_document(session, inventory.missing) | {"installations": rows})
        return
    out.line(f"{session.server.name}  {session.server.url}; matching {session.policy.value}")
    out.table(
        ("VERSION", "NEW CONTENT", "CONTENT", "END OF LIFE", "WHERE"),
        [
            (
                str(python.version),
                {True: "yes", False: "no", None: "-"}[python.publishable],
                f"{used[python.version]:,}",
                _end(python.version) or "-",
                python.image or python.cluster or "-",
            )
            for python in inventory.pythons
        ],
    )
    there = {python.version for python in inventory.pythons}
    gone = sorted({python for python in used if python is not None} - there)
    for version in gone:
        out.line(f"{used[version]:,} on Python {version}, which the server does not have any more")


def show_content(session: ConnectSession, inventory: Inventory, out: Output) -> None:
    """Write the server's content that runs Python, by name."""
    items = sorted(
        (item for item in inventory.content if item.runs_python or inventory.python_of(item)),
        key=lambda item: (item.name, item.guid),
    )
    remarks = _Remarks(inventory)
    if out.as_json:
        rows = [
            content_document(item)
            | {"python": _text(inventory.python_of(item)), "remark": remarks.of(item)}
            for item in items
        ]
        out.document(server_document(session, inventory.missing) | {"content": rows})
        return
    names = subject_names(items)
    out.table(
        ("CONTENT", "OWNER", "KIND", "PYTHON", "DEPLOYED (UTC)", "REMARK"),
        [
            (
                names[item.guid],
                item.owner or "-",
                item.app_mode or "-",
                _text(inventory.python_of(item)) or "-",
                day_of(item.deployed),
                remarks.of(item) or "",
            )
            for item in items
        ],
    )
    without = len(inventory.content) - len(items)
    out.line()
    out.line(f"{len(items):,} run Python, {without:,} do not or are not known to.")


class _Remarks:
    """What is worth knowing about the Python of content."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._there = {python.version for python in inventory.pythons}
        new = inventory.candidates(for_new_content=True)
        self._closed = {candidate.version for candidate in new if candidate.unusable is not None}
        self._today = date.today()

    def of(self, content: RemoteContent) -> str | None:
        python = self._inventory.python_of(content)
        if python is None:
            return "it never got a Python"
        if self._there and python not in self._there:
            return "its Python is gone"
        if python in self._closed:
            return "new content cannot use its Python"
        end = end_of_life(python)
        return f"its Python ended {end}" if end is not None and end < self._today else None


def simulation_document(
    session: ConnectSession,
    inventory: Inventory,
    found: RemoteSimulation,
    predictions: Sequence[Prediction] | None,
) -> dict[str, object]:
    """Return the JSON of `upgrade plan`, with what the server adds to each change."""
    told = document(found.simulation, predictions)
    changes: list[dict[str, object]] = told["changes"]  # type: ignore[assignment]
    for change in changes:
        name = str(change["name"])
        content = found.content[name]
        change |= {
            "guid": content.guid,
            "owner": content.owner,
            "request_known": name not in found.assumed,
        }
    about = server_document(session, inventory.missing)
    del about["matching"]
    return told | about | {"unread": dict(found.unread)}


def failure_row(failure: Failure) -> str:
    """Return one failure in one line."""
    item = failure.content
    solved = ", solved since" if failure.solved else ""
    owner = item.owner or item.owner_guid or "owner not known"
    return (
        f"{day_of(failure.when):<16}  {failure.kind.value:<11}  {item.label} ({owner}): "
        f"{cause_words(failure.code)}{solved}: {failure.cause}"
    )


def show_causes(failures: Sequence[Failure], out: Output) -> None:
    """The table of causes over all failures."""
    out.line()
    for code, count in causes_of(failures):
        out.line(f"{count:,} of {len(failures):,}: {cause_words(code)}")


def failure_document(failure: Failure) -> dict[str, object]:
    job, error = failure.job, failure.error
    return {
        "content": content_document(failure.content),
        "kind": failure.kind.value,
        "when": moment(failure.when),
        "job": None
        if job is None
        else {"key": job.key, "tag": job.tag, "exit_code": job.exit_code, "bundle": job.bundle},
        "code": failure.code,
        "cause": failure.cause,
        "solved": failure.solved,
        "connect_error": None if error is None else {"code": error.code, "summary": error.summary},
        "diagnosis": dict(diagnosis_as_json(failure.diagnosis)),
    }


def show_aging(aging: Sequence[AgingContent], out: Output, about: dict[str, object]) -> bool:
    """Write content by the end of life of its Python. Returns whether support is over for some.

    about: fields that the JSON begins with.
    """
    today = date.today()
    ended = [item for item in aging if item.end is not None and item.end < today]
    if out.as_json:
        rows = [
            {
                "name": item.name,
                "id": item.id,
                "owner": item.owner,
                "python": str(item.python),
                "end_of_life": item.end.isoformat() if item.end else None,
                "days_left": item.days_left(today),
                "deployed": moment(item.deployed),
            }
            for item in aging
        ]
        out.document(about | {"content": rows})
    elif not aging:
        out.line("No content runs Python here.")
    else:
        out.table(
            ("END OF LIFE", "LEFT", "PYTHON", "CONTENT", "OWNER", "DEPLOYED (UTC)"),
            [
                (
                    item.end.isoformat() if item.end else "not known",
                    _left(item.days_left(today)),
                    str(item.python),
                    item.name,
                    item.owner or "-",
                    day_of(item.deployed),
                )
                for item in aging
            ],
        )
        out.line()
        out.line(f"{len(ended):,} of {len(aging):,} run on a Python without security fixes.")
    return bool(ended)


def _left(days: int | None) -> str:
    if days is None:
        return "-"
    return "over" if days < 0 else f"{days:,} days"


def _end(version: PythonVersion) -> str | None:
    end = end_of_life(version)
    return None if end is None else end.isoformat()


def _text(version: PythonVersion | None) -> str | None:
    return None if version is None else str(version)
