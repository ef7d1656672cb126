"""One installation in words: its problems with remedies, its health, what its probe said."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from ....terminal.display import Display
from ...widgets.paragraphs import Paragraph

if TYPE_CHECKING:
    from .....core.installations import Installation, Interpreter, Problem

_LABEL = 13


def worst_first(installation: Installation) -> tuple[Problem, ...]:
    """Its problems, those before the others that make it unusable."""
    return tuple(sorted(installation.problems, key=lambda each: each.severity != "unusable"))


def detail_of(
    installation: Installation, problem: int, used: int, looks: Display, today: date
) -> list[Paragraph]:
    """The detail. problem: the number of the selected one, the worst first."""
    lines = [_head(installation, looks)]
    for number, each in enumerate(worst_first(installation)):
        lines.append(Paragraph())
        lines += _problem(each, number, number == problem, looks)
    if not installation.problems and installation.verified:
        lines += [Paragraph(), Paragraph(Content("Nothing is wrong with it."))]
    lines += [Paragraph(), *_facts(installation, used, looks, today)]
    if installation.interpreter is not None:
        lines += [Paragraph(), *_probe(installation.interpreter, looks)]
    elif not installation.verified:
        lines += [
            Paragraph(),
            Paragraph(Content.styled("Read from its files; not run yet.", "$muted")),
        ]
    return lines


def _head(installation: Installation, looks: Display) -> Paragraph:
    version = f"Python {installation.version}" if installation.version else "No version known"
    if not installation.verified and not installation.problems:
        word, style = "waiting for its analysis", "$muted"
    elif installation.usable:
        word, style = "usable", "bold $text-success"
    else:
        word, style = "unusable", "bold $text-error"
    return Paragraph(Content.assemble((version, "bold"), "  ", (word, style)))


def _problem(problem: Problem, number: int, is_selected: bool, looks: Display) -> list[Paragraph]:
    is_fatal = problem.severity == "unusable"
    sign = looks.bad if is_fatal else looks.doubtful
    word = "unusable" if is_fatal else "warning"
    style = "$text-error" if is_fatal else "$text-warning"
    mark = looks.chosen if is_selected else " "
    tag = str(number)
    lines = [
        Paragraph(
            Content.assemble(f"{mark} ", (f"{sign} {word} ", style), (problem.code, "$muted")),
            tag=tag,
        ),
        Paragraph(Content(looks.line(problem.message)), indent=4, tag=tag),
    ]
    if problem.remedy:
        can_run = "  (x runs it)" if problem.fix is not None else ""
        lines.append(Paragraph(Content.styled(f"Remedy{can_run}", "$muted"), indent=4, tag=tag))
        lines += [
            Paragraph(Content.styled(text, "bold"), indent=6, hang=2, tag=tag)
            for text in looks.lines(problem.remedy).split("\n")
        ]
    return lines


def _facts(installation: Installation, used: int, looks: Display, today: date) -> list[Paragraph]:
    end = installation.end_of_life
    facts: list[tuple[str, str]] = [("Path", installation.path)]
    if installation.executable and installation.executable != installation.path:
        facts.append(("Runs", installation.executable))
    if installation.target and installation.target not in (
        installation.executable,
        installation.path,
    ):
        facts.append(("Points to", installation.target))
    if installation.version is not None:
        facts.append(("pip", installation.pip or "missing"))
        facts.append(("virtualenv", installation.virtualenv or "missing"))
    if installation.version is not None and installation.verified:
        facts.append(("venv", "works" if installation.venv else "does not work"))
    if end is not None:
        ended = " (past)" if end < today else ""
        facts.append(("End of life", f"{end.isoformat()}{ended}"))
    facts.append(("Used by", f"{used} content" if used else "no content"))
    return [_fact(label, value, looks) for label, value in facts]


def _probe(said: Interpreter, looks: Display) -> list[Paragraph]:
    """What lies below the prefix is named from there on."""
    prefix = f"{said.prefix}/"
    facts = [
        ("Kind", f"{said.implementation}, {said.bits} bits, {said.machine}"),
        ("Came from", said.origin),
        ("Prefix", said.prefix),
        ("Library", said.stdlib.removeprefix(prefix)),
    ]
    if said.libpython:
        facts.append(("libpython", said.libpython.removeprefix(prefix)))
    if said.libc:
        facts.append(("C library", said.libc))
    if said.missing_modules:
        facts.append(("Lacks", ", ".join(module.name for module in said.missing_modules)))
    return [
        Paragraph(Content.styled("What its probe said", "bold")),
        *[_fact(label, value, looks) for label, value in facts],
    ]


def _fact(label: str, value: str, looks: Display) -> Paragraph:
    return Paragraph(
        Content.assemble((f"{label:<{_LABEL}}", "$muted"), looks.line(value)), hang=_LABEL
    )
