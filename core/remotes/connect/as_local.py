"""A Connect server's Pythons and content as the values of a local server, for the interface."""

from __future__ import annotations

import time
from collections.abc import Mapping

from ...builds import Content, Python
from ...installations import Installation, Problem
from ...matching import Candidate
from ...upgrades import Subject
from ...versions import PythonVersion, ended
from .model import Inventory, RemoteContent
from .proposal import Requests, subject_names

_CHOSEN_THERE = "the server's choice"


def place_of(version: PythonVersion, server: str) -> str:
    """What stands where a local installation has its path. server: its name."""
    return f"{server}: Python {version}"


def installations_of(inventory: Inventory, server: str) -> tuple[Installation, ...]:
    """The server's Pythons, one of each version, in its order; none of them is a file here."""
    closed = {
        candidate.version
        for candidate in inventory.candidates(for_new_content=True)
        if candidate.unusable is not None
    }
    return tuple(
        Installation(
            path=place_of(version, server),
            version=version,
            venv=True,
            problems=tuple(_problems(version, is_closed=version in closed)),
            verified=True,
        )
        for version in dict.fromkeys(python.version for python in inventory.pythons)
    )


def usage_of(inventory: Inventory, server: str) -> dict[str, int]:
    """How much content runs on each of them, by its place."""
    counts: dict[str, int] = {}
    for item in inventory.content:
        python = inventory.python_of(item)
        if python is not None:
            place = place_of(python, server)
            counts[place] = counts.get(place, 0) + 1
    return counts


def contents_of(inventory: Inventory, requests: Requests, server: str) -> tuple[Content, ...]:
    """The content that runs Python, by name; see `subject_names` for how it is called."""
    names = subject_names(inventory.content)
    found = [
        _content(item, names[item.guid], inventory.python_of(item), requests, server)
        for item in inventory.content
        if item.runs_python or inventory.python_of(item) is not None
    ]
    return tuple(sorted(found, key=lambda content: content.name))


def subjects_of(inventory: Inventory, requests: Requests, server: str) -> tuple[Subject, ...]:
    """The same as subjects of an upgrade; what a bundle did not tell is the Python that it has."""
    from ...matching import parse_request

    names = subject_names(inventory.content)
    kept: dict[PythonVersion, Candidate] = {}
    subjects: list[Subject] = []
    for item in inventory.content:
        python, known = inventory.python_of(item), requests.get(item.guid)
        if python is None and known is None:
            continue
        asked = known.request if known is not None else parse_request(str(python))
        candidate = (
            None
            if python is None
            else kept.setdefault(python, Candidate(python, place_of(python, server)))
        )
        subjects.append(Subject(names[item.guid], asked, candidate, is_assumed=known is None))
    return tuple(subjects)


def content_by_name(inventory: Inventory) -> Mapping[str, RemoteContent]:
    """The content by what it is called in the interface."""
    names = subject_names(inventory.content)
    return {names[item.guid]: item for item in inventory.content}


def _problems(version: PythonVersion, *, is_closed: bool) -> list[Problem]:
    problems: list[Problem] = []
    if is_closed:
        problems.append(
            Problem(
                "not-publishable",
                "New content cannot use it; content that is there can be deployed again.",
                None,
                "warning",
            )
        )
    end = ended(version)
    if end is not None:
        problems.append(
            Problem(
                "end-of-life",
                f"Python {version.major}.{version.minor} gets no security fixes since {end}.",
                "Have its content moved to a newer Python.",
                "warning",
            )
        )
    return problems


def _content(
    item: RemoteContent,
    name: str,
    python: PythonVersion | None,
    requests: Requests,
    server: str,
) -> Content:
    known = requests.get(item.guid)
    chosen = None
    if python is not None:
        chosen = Python(str(python), place_of(python, server), _CHOSEN_THERE)
    deployed = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(item.deployed or 0))
    return Content(
        name=name,
        request=known.request.text if known is not None else str(python or "not read"),
        python=chosen,
        environment=None,
        build="",
        outcome="succeeded" if python is not None else "no-match",
        bundle=item.bundle or "",
        created=deployed,
        updated=deployed,
    )
