"""One installation in words: problems with remedies, facts, and its interpreter."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from ....terminal.display import Display
from ...widgets.facts import facts
from ...widgets.paragraphs import Paragraph

if TYPE_CHECKING:
    from .....core.installations import Installation, Interpreter, Problem


def worst_first(installation: Installation) -> tuple[Problem, ...]:
    """Its problems; those that make it unusable come first."""
    return tuple(sorted(installation.problems, key=lambda each: each.severity != "unusable"))


def detail_of(
    installation: Installation,
    problem: int,
    used: int,
    display: Display,
    today: date,
    *,
    creator: str = "",
    can_run: bool = True,
) -> list[Paragraph]:
    """Return the detail. problem: the number of the selected one, the worst first.

    creator: of environments, as the settings have it. can_run: whether remedies can be run.
    """
    lines = [_head(installation, display)]
    for number, each in enumerate(worst_first(installation)):
        lines.append(Paragraph())
        lines += _problem(each, number, number == problem, display, can_run=can_run)
    if not installation.problems and installation.verified:
        lines += [Paragraph(), Paragraph(Content("No problems."))]
    lines += [Paragraph(), *_facts(installation, used, display, today, creator)]
    if installation.interpreter is not None:
        lines += [Paragraph(), *_probe(installation.interpreter, display)]
    elif not installation.verified:
        lines += [
            Paragraph(),
            Paragraph(Content.styled("Read from its files; not run yet.", "$muted")),
        ]
    return lines


def _head(installation: Installation, display: Display) -> Paragraph:
    version = f"Python {installation.version}" if installation.version else "No version known"
    if not installation.verified and not installation.problems:
        word, style = "waiting for its analysis", "$muted"
    elif installation.usable:
        word, style = "usable", "bold $text-success"
    else:
        word, style = "unusable", "bold $text-error"
    return Paragraph(Content.assemble((version, "bold"), "  ", (word, style)))


def _problem(
    problem: Problem, number: int, is_selected: bool, display: Display, *, can_run: bool
) -> list[Paragraph]:
    is_fatal = problem.severity == "unusable"
    sign = display.bad if is_fatal else display.doubtful
    word = "unusable" if is_fatal else "warning"
    style = "$text-error" if is_fatal else "$text-warning"
    mark = display.chosen if is_selected else " "
    tag = str(number)
    lines = [
        Paragraph(
            Content.assemble(f"{mark} ", (f"{sign} {word} ", style), (problem.code, "$muted")),
            tag=tag,
        ),
        Paragraph(Content(display.line(problem.message)), indent=4, tag=tag),
    ]
    if problem.remedy:
        key = "  (x runs it)" if problem.command is not None and can_run else ""
        lines.append(Paragraph(Content.styled(f"Remedy{key}", "$muted"), indent=4, tag=tag))
        lines += [
            Paragraph(Content.styled(text, "bold"), indent=6, hang=2, tag=tag)
            for text in display.lines(problem.remedy).split("\n")
        ]
    return lines


def _facts(
    installation: Installation, used: int, display: Display, today: date, creator: str
) -> list[Paragraph]:
    end = installation.end_of_life
    said: list[tuple[str, str]] = [("Path", installation.path)]
    if installation.executable and installation.executable != installation.path:
        said.append(("Runs", installation.executable))
    if installation.target and installation.target not in (
        installation.executable,
        installation.path,
    ):
        said.append(("Points to", installation.target))
    if installation.version is not None:
        said.append(("pip", installation.pip or "missing"))
        absent = "not needed (bundled)" if creator == "bundled" else "missing"
        said.append(("virtualenv", installation.virtualenv or absent))
    if installation.version is not None and installation.verified:
        said.append(("venv", "works" if installation.venv else "does not work"))
    if end is not None:
        ended = " (past)" if end < today else ""
        said.append(("End of life", f"{end.isoformat()}{ended}"))
    said.append(("Used by", f"{used} content" if used else "no content"))
    return facts(said, display)


def _probe(interpreter: Interpreter, display: Display) -> list[Paragraph]:
    """Paths below the prefix are shown relative to it."""
    prefix = f"{interpreter.prefix}/"
    said = [
        ("Kind", f"{interpreter.implementation}, {interpreter.bits} bits, {interpreter.machine}"),
        ("Came from", interpreter.origin),
        ("Prefix", interpreter.prefix),
        ("Library", interpreter.stdlib.removeprefix(prefix)),
    ]
    if interpreter.libpython:
        said.append(("libpython", interpreter.libpython.removeprefix(prefix)))
    if interpreter.libc:
        said.append(("C library", interpreter.libc))
    if interpreter.missing_modules:
        said.append(("Lacks", ", ".join(module.name for module in interpreter.missing_modules)))
    return [
        Paragraph(Content.styled("Interpreter", "bold")),
        *facts(said, display),
    ]
