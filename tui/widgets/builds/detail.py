"""One build in words: its cause first where it failed, then what was asked and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual.content import Content

from ...looks import Looks
from ..lines import Line
from .moments import clock, seconds_between, span
from .table import outcome_cell

if TYPE_CHECKING:
    from ....core.builds import Build

_LABEL = 13
_STYLES = {"good": "$text-success", "bad": "$text-error", "doubtful": "$text-warning"}


def detail_of(build: Build, looks: Looks, now: float) -> list[Line]:
    """The detail. now: seconds since 1970."""
    lines = [head_of(build, looks, now)]
    for finding in build.findings:
        lines += [Line(), *finding_lines(finding, looks)]
    lines += [Line(), *_facts(build, looks, now)]
    if build.considered:
        lines += [Line(), Line(Content.styled("Considered", "bold"))]
        lines += [
            Line(Content(looks.line(f"{each.version or '?'}: {each.verdict}, {each.why}")), 2, 2)
            for each in build.considered
        ]
    if build.packages:
        names = ", ".join(f"{name} {version}" for name, version in build.packages)
        count = len(build.packages)
        title = f"{count} package{'s' * (count != 1)} in the environment"
        lines += [Line(), Line(Content.styled(title, "bold")), Line(Content(looks.line(names)), 2)]
    return lines


def head_of(build: Build, looks: Looks, now: float) -> Line:
    """Outcome, content and how long, in one line."""
    outcome = outcome_cell(build.outcome, looks)
    took = span(seconds_between(build.started, build.finished, now))
    return Line(
        Content.assemble(
            (outcome.text, f"bold {_STYLES.get(outcome.role, '$text-primary')}"),
            "  ",
            (looks.line(build.content), "bold"),
            (f"  {took}", "$muted"),
        )
    )


def finding_lines(finding: Mapping[str, Any], looks: Looks, tag: str | None = None) -> list[Line]:
    """A finding: what went wrong, and what cures it."""
    role = str(finding["role"])
    sign = looks.doubtful if role == "warning" else looks.bad
    style = "$text-warning" if role == "warning" else "bold $text-error"
    lines = [
        Line(
            Content.assemble(
                (f"{sign} {role} ", style), (looks.line(str(finding["code"])), "$muted")
            ),
            tag=tag,
        ),
        Line(Content(looks.line(str(finding["cause"]))), 2, 0, tag),
        *_remedy("Remedy", str(finding["remedy"]), looks, tag),
    ]
    if finding["author_remedy"]:
        lines += _remedy("For the author", str(finding["author_remedy"]), looks, tag)
    return lines


def _remedy(label: str, text: str, looks: Looks, tag: str | None) -> list[Line]:
    return [
        Line(Content.styled(label, "$muted"), 2, 0, tag),
        *[Line(Content.styled(line, "bold"), 4, 2, tag) for line in looks.lines(text).split("\n")],
    ]


def _facts(build: Build, looks: Looks, now: float) -> list[Line]:
    python, environment = build.python, build.environment
    facts = [("Build", build.id), ("Request", f"{build.asked.request} ({build.asked.matching})")]
    if python is not None:
        facts.append(("Python", f"{python.version} by {python.rule}"))
        facts.append(("Runs", python.executable))
    facts.append(("Because", build.reason))
    if environment is not None:
        how = "reused: " if build.reused else ""
        facts.append(("Environment", how + (environment.id or "the installation's own packages")))
        facts.append(("Lies in", environment.path))
    if build.skipped:
        facts.append(("Skipped", ", ".join(build.skipped)))
    facts.append(("Asked by", f"{build.asked.by}, {build.asked.kind} of {build.asked.bundle}"))
    facts.append(("Started", clock(build.started, now)))
    if build.finished:
        facts.append(("Finished", clock(build.finished, now)))
    facts += [("Notice", notice) for notice in build.notices]
    facts.append(("Log", str(build.log)))
    return [
        Line(Content.assemble((f"{label:<{_LABEL}}", "$muted"), looks.line(value)), hang=_LABEL)
        for label, value in facts
        if value
    ]
