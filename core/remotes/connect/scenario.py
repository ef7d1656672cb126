"""A Connect server as a scenario for training: its Pythons, and what its content asks for."""

from __future__ import annotations

from collections import Counter

from ...matching import Matcher, Policy, parse_request
from ...scenarios import NO_MATCH, Scenario, ScenarioInstallation, ScenarioRequest
from .model import ASSUMED_POLICY, Inventory, RemoteContent
from .proposal import Requests

_MOST_REQUESTS = 40
_MOST_NAMED = 5


def scenario_of(
    inventory: Inventory,
    requests: Requests,
    *,
    title: str,
    policy: Policy | None = None,
    with_names: bool = False,
) -> Scenario:
    """Return the scenario; its requests are ordered by how much content makes them.

    requests: by GUID, what content asks for; other content asks for the Python that it has.
    policy: None where it is not known. with_names: name content and owners in the notes.
    """
    used = policy or ASSUMED_POLICY
    candidates = inventory.candidates(for_new_content=True)
    users: dict[str, list[RemoteContent]] = {}
    for item in inventory.content:
        known, python = requests.get(item.guid), inventory.python_of(item)
        if known is not None:
            users.setdefault(known.request.text, []).append(item)
        elif python is not None:
            users.setdefault(str(python), []).append(item)
    counts = Counter({text: len(items) for text, items in users.items()})
    matcher = Matcher(candidates, used)
    asked: list[ScenarioRequest] = []
    for text, count in counts.most_common(_MOST_REQUESTS):
        selected = matcher.decide(parse_request(text)).selected
        asked.append(
            ScenarioRequest(
                text,
                str(selected.version) if selected else NO_MATCH,
                _notes(users[text], count, with_names=with_names),
            )
        )
    return Scenario(
        title=title,
        notes=_introduction(inventory, requests, counts, policy),
        policy=used,
        installations=tuple(
            ScenarioInstallation(candidate.version, unusable=candidate.unusable)
            for candidate in candidates
            if candidate.version is not None
        ),
        requests=tuple(asked),
    )


def _introduction(
    inventory: Inventory, requests: Requests, counts: Counter[str], policy: Policy | None
) -> str:
    """Return what the numbers mean, and where they come from."""
    total = sum(counts.values())
    known = sum(item.guid in requests for item in inventory.content)
    lines = [f"From a Connect server with {total:,} pieces of content that run Python."]
    if known < total:
        lines.append(
            f"What {known:,} of them ask for was read from their bundles; for the others the "
            "Python that they run on stands for it."
        )
    if policy is None:
        lines.append(f"The server's policy is not known: {ASSUMED_POLICY.value} is assumed.")
    if len(counts) > _MOST_REQUESTS:
        lines.append(f"{len(counts) - _MOST_REQUESTS} rarer requests are left out.")
    return "\n".join(lines)


def _notes(items: list[RemoteContent], count: int, *, with_names: bool) -> str:
    """Return who makes a request: how many, or by name where that is wanted."""
    of = f"{count:,} {'piece' if count == 1 else 'pieces'} of content"
    if not with_names:
        return f"{of}."
    names = [f"{item.label} ({item.owner or 'owner not known'})" for item in items[:_MOST_NAMED]]
    more = f" and {count - _MOST_NAMED:,} more" if count > _MOST_NAMED else ""
    return f"{of}: {', '.join(names)}{more}."
