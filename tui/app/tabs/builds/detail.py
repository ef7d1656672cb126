"""One build in words: the cause if it failed, then the request and the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from ....terminal.display import Display
from ...widgets.durations import clock, seconds_between, span
from ...widgets.facts import facts
from ...widgets.finding_paragraphs import finding_paragraphs, findings_of
from ...widgets.outcome_cell import outcome_cell
from ...widgets.paragraphs import Paragraph

if TYPE_CHECKING:
    from .....core.builds import Build

_STYLES = {"good": "$text-success", "bad": "$text-error", "doubtful": "$text-warning"}


def detail_of(build: Build, display: Display, now: float) -> list[Paragraph]:
    """Return the detail. now: seconds since 1970."""
    lines = [head_of(build, display, now)]
    for finding in findings_of(build.findings):
        lines += [Paragraph(), *finding_paragraphs(finding, display)]
    lines += [Paragraph(), *facts(_facts(build, now), display)]
    if build.considered:
        lines += [Paragraph(), Paragraph(Content.styled("Considered", "bold"))]
        lines += [
            Paragraph(
                Content(display.line(f"{each.version or '?'}: {each.verdict}, {each.why}")), 2, 2
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
            Paragraph(Content(display.line(names)), 2),
        ]
    return lines


def head_of(build: Build, display: Display, now: float) -> Paragraph:
    """Outcome, content and how long, in one line."""
    outcome = outcome_cell(build.outcome, display)
    took = span(seconds_between(build.started, build.finished, now))
    return Paragraph(
        Content.assemble(
            (outcome.text, f"bold {_STYLES.get(outcome.role, '$text-primary')}"),
            "  ",
            (display.line(build.content), "bold"),
            ("" if build.check is None else f"  starts: {build.check.starts}", "bold"),
            (f"  {took}", "$muted"),
        )
    )


def _facts(build: Build, now: float) -> list[tuple[str, str]]:
    python, environment = build.python, build.environment
    said = [("Build", build.id), ("Request", f"{build.asked.request} ({build.asked.matching})")]
    if python is not None:
        said.append(("Python", f"{python.version} by {python.rule}"))
        said.append(("Runs", python.executable))
    said.append(("Because", build.reason))
    if environment is not None:
        how = "reused: " if build.reused else ""
        said.append(("Environment", how + (environment.id or "the installation's own packages")))
        said.append(("Lies in", environment.path))
    if build.skipped:
        said.append(("Skipped", ", ".join(build.skipped)))
    said.append(("Asked by", f"{build.asked.by}, {build.asked.kind} of {build.asked.bundle}"))
    said.append(("Started", clock(build.started, now)))
    if build.finished:
        said.append(("Finished", clock(build.finished, now)))
    said += [("Notice", notice) for notice in build.notices]
    said.append(("Log", str(build.log)))
    return said
