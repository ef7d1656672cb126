"""What several servers answer, beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import cast

from ...core.remotes.ssh import Fields, rows_of, text_of
from ...core.upgrades import WORST_FIRST
from ..messages import ExitCode
from ..output import Output
from .servers_asked import ServerAnswer, answers_document, show_answers, status_of


def show_installations(answers: Sequence[ServerAnswer], out: Output) -> ExitCode:
    def rows(fields: Fields) -> list[tuple[str, ...]]:
        return [
            (
                _status(row),
                text_of(row, "version"),
                text_of(row, "pip"),
                text_of(row, "virtualenv"),
                text_of(row, "path"),
                ", ".join(text_of(problem, "code") for problem in rows_of(row, "problems")) or "-",
            )
            for row in rows_of(fields, "installations")
        ]

    header = ("STATUS", "VERSION", "PIP", "VIRTUALENV", "INSTALLATION", "PROBLEMS")
    return show_answers(answers, out, header, rows, "No server has a Python.")


def _status(row: Fields) -> str:
    if row.get("usable") is not True:
        return "unusable"
    return "warnings" if row.get("problems") else "usable"


def show_content(answers: Sequence[ServerAnswer], out: Output) -> ExitCode:
    def rows(fields: Fields) -> list[tuple[str, ...]]:
        return [
            (
                text_of(row, "name"),
                text_of(row, "request"),
                text_of(row, "python", "version"),
                text_of(row, "outcome"),
                text_of(row, "environment", "id"),
            )
            for row in rows_of(fields, "content")
        ]

    header = ("CONTENT", "REQUEST", "PYTHON", "LAST BUILD", "ENVIRONMENT")
    return show_answers(answers, out, header, rows, "No server has content.")


def show_builds(answers: Sequence[ServerAnswer], out: Output) -> ExitCode:
    def rows(fields: Fields) -> list[tuple[str, ...]]:
        keys = (("id",), ("outcome",), ("python", "version"), ("started",), ("content",))
        return [tuple(text_of(row, *key) for key in keys) for row in rows_of(fields, "builds")]

    header = ("BUILD", "OUTCOME", "PYTHON", "STARTED", "CONTENT")
    return show_answers(answers, out, header, rows, "No server has builds.")


def show_environments(answers: Sequence[ServerAnswer], out: Output) -> ExitCode:
    def rows(fields: Fields) -> list[tuple[str, ...]]:
        return [
            (
                text_of(row, "id"),
                text_of(row, "python", "version"),
                text_of(row, "installer"),
                text_of(row, "state"),
                text_of(row, "last_used"),
                text_of(row, "size"),
                ", ".join(_texts(row.get("used_by"))) or "-",
            )
            for row in rows_of(fields, "environments")
        ]

    header = ("ENVIRONMENT", "PYTHON", "INSTALLER", "STATE", "LAST USED", "BYTES", "USED BY")
    return show_answers(answers, out, header, rows, "No server has environments.")


def show_matches(answers: Sequence[ServerAnswer], out: Output) -> ExitCode:
    """The requests that servers answer otherwise come first."""
    decided: dict[str, list[tuple[str, Fields]]] = {}
    for each in answers:
        for row in rows_of(each.fields, "decisions"):
            decided.setdefault(text_of(row, "requested"), []).append((each.server.name, row))
    differs = [
        request
        for request, found in decided.items()
        if len({text_of(row, "selected") for _, row in found}) > 1
    ]
    if out.as_json:
        out.document(answers_document(answers) | {"differs": differs})
        return status_of(answers)
    for request in [*differs, *(request for request in decided if request not in differs)]:
        out.line(f"{request}: {'the servers differ' if request in differs else 'the same on all'}")
        out.table(
            ("  SERVER", "PYTHON", "RULE", "WHY"),
            [
                (
                    f"  {name}",
                    text_of(row, "selected"),
                    text_of(row, "rule"),
                    text_of(row, "reason"),
                )
                for name, row in decided[request]
            ],
        )
    return status_of(answers)


def show_settings(answers: Sequence[ServerAnswer], out: Output) -> ExitCode:
    """The settings that differ, each value with the servers that have it."""
    values: dict[str, dict[str, list[str]]] = {}
    for each in answers:
        found = each.fields.get("settings")
        settings = cast("Fields", found) if isinstance(found, dict) else {}
        for name, value in settings.items():
            values.setdefault(name, {}).setdefault(_setting(value), []).append(each.server.name)
    asked = sum(each.document is not None for each in answers)
    differs = {
        name: found
        for name, found in values.items()
        if len(found) > 1 or len(next(iter(found.values()))) < asked
    }
    if out.as_json:
        out.document(answers_document(answers) | {"differs": differs})
        return status_of(answers)
    rows = [
        (name if number == 0 else "", value, ", ".join(servers))
        for name, found in differs.items()
        for number, (value, servers) in enumerate(found.items())
    ]
    if rows:
        out.table(("SETTING", "VALUE", "SERVERS"), rows)
        out.line()
    out.line(f"{len(values) - len(differs)} of {len(values)} settings are the same on {asked}.")
    return status_of(answers)


def show_plans(answers: Sequence[ServerAnswer], out: Output) -> ExitCode:
    """The sum over all servers, then each server's, then what does not keep its Python."""
    fates = [fate.value for fate in WORST_FIRST]
    total: Counter[str] = Counter()
    rows: list[tuple[str, ...]] = []
    changes: list[tuple[str, ...]] = []
    for each in answers:
        found = each.fields.get("counts")
        counts = cast("Fields", found) if isinstance(found, dict) else {}
        own = {fate: _number(counts.get(fate)) for fate in fates}
        total.update(own)
        if each.document is not None:
            rows.append((each.server.name, *(str(own[fate]) for fate in fates)))
        changes += [
            (
                each.server.name,
                text_of(row, "name"),
                text_of(row, "requested"),
                text_of(row, "fate"),
                text_of(row, "from", "version"),
                text_of(row, "to", "version"),
            )
            for row in rows_of(each.fields, "changes")
            if row.get("fate") != "keeps"
        ]
    if out.as_json:
        out.document(answers_document(answers) | {"counts": {fate: total[fate] for fate in fates}})
        return status_of(answers)
    header = ("SERVER", *(fate.upper() for fate in fates))
    out.table(header, [*rows, ("all", *(str(total[fate]) for fate in fates))])
    if changes:
        out.line()
        changes.sort(key=lambda row: fates.index(row[3]) if row[3] in fates else 0)
        out.table(("SERVER", "NAME", "REQUEST", "FATE", "FROM", "TO"), changes)
    return status_of(answers)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _texts(value: object) -> list[str]:
    return [str(item) for item in cast("list[object]", value)] if isinstance(value, list) else []


def _setting(value: object) -> str:
    """Return a setting's value as one line, so that two can be compared."""
    if isinstance(value, list):
        return ", ".join(_texts(value)) or "-"
    if isinstance(value, dict):
        table = cast("Fields", value)
        return ", ".join(f"{name}={text}" for name, text in table.items()) or "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "-" if value is None else str(value)
