"""One build in words: its cause first where it failed, then what was asked and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from ....terminal.display import Display
from ...widgets.durations import clock, seconds_between, span
from ...widgets.paragraphs import Paragraph
from .table import outcome_cell

if TYPE_CHECKING:
    from .....core.builds import Build
    from .....core.findings import Finding

_LABEL = 13
_STYLES = {"good": "$text-success", "bad": "$text-error", "doubtful": "$text-warning"}


def detail_of(build: Build, looks: Display, now: float) -> list[Paragraph]:
    """The detail. now: seconds since 1970."""
    lines = [head_of(build, looks, now)]
    for finding in build.findings:
        lines += [Paragraph(), *finding_lines(finding, looks)]
    lines += [Paragraph(), *_facts(build, looks, now)]
    if build.considered:
        lines += [Paragraph(), Paragraph(Content.styled("Considered", "bold"))]
        lines += [
            Paragraph(
                Content(looks.line(f"{each.version or '?'}: {each.verdict}, {each.why}")), 2, 2
            )
            for each in build.considered
        ]
    if build.packages:
        names = ", ".join(f"{name} {version}" for name, version in build.packages)
        count = len(build.packages)
        title = f"{count} package{'s' * (count != 1)} in the environment"
        lines += [
            Paragraph(),
            Paragraph(Content.styled(title, "bold")),
            Paragraph(Content(looks.line(names)), 2),
        ]
    return lines


def head_of(build: Build, looks: Display, now: float) -> Paragraph:
    """Outcome, content and how long, in one line."""
    outcome = outcome_cell(build.outcome, looks)
    took = span(seconds_between(build.started, build.finished, now))
    return Paragraph(
        Content.assemble(
            (outcome.text, f"bold {_STYLES.get(outcome.role, '$text-primary')}"),
            "  ",
            (looks.line(build.content), "bold"),
            (f"  {took}", "$muted"),
        )
    )


def finding_lines(finding: Finding, looks: Display, tag: str | None = None) -> list[Paragraph]:
    """A finding: what went wrong, and what cures it."""
    role = finding.role
    sign = looks.doubtful if role == "warning" else looks.bad
    style = "$text-warning" if role == "warning" else "bold $text-error"
    lines = [
        Paragraph(
            Content.assemble((f"{sign} {role} ", style), (looks.line(finding.code), "$muted")),
            tag=tag,
        ),
        Paragraph(Content(looks.line(finding.cause)), 2, 0, tag),
        *_remedy("Remedy", finding.remedy, looks, tag),
    ]
    if finding.author_remedy:
        lines += _remedy("For the author", finding.author_remedy, looks, tag)
    return lines


def _remedy(label: str, text: str, looks: Display, tag: str | None) -> list[Paragraph]:
    return [
        Paragraph(Content.styled(label, "$muted"), 2, 0, tag),
        *[
            Paragraph(Content.styled(line, "bold"), 4, 2, tag)
            for line in looks.lines(text).split("\n")
        ],
    ]


def _facts(build: Build, looks: Display, now: float) -> list[Paragraph]:
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
        Paragraph(
            Content.assemble((f"{label:<{_LABEL}}", "$muted"), looks.line(value)), hang=_LABEL
        )
        for label, value in facts
        if value
    ]
