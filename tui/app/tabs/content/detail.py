"""One piece of content in words: request, Python, environment, manifest and requirements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.content import Content

from ....terminal.display import Display
from ...widgets.durations import clock
from ...widgets.paragraphs import Paragraph

if TYPE_CHECKING:
    from .....core.bundles import Bundle, Manifest, RequirementFile
    from ....services.content import ContentStatus

_LABEL = 13
_MOST_LINES = 2000


def detail_of(each: ContentStatus, looks: Display, now: float) -> list[Paragraph]:
    """What the list and the store know of it. now: seconds since 1970."""
    content = each.content
    lines = [Paragraph(Content.styled(looks.line(content.name), "bold"))]
    if content.put_back is not None:
        stays = "It was put back, and stays so until it is deployed or built again."
        lines.append(
            Paragraph(Content.styled(f"{looks.doubtful} {stays}", "$text-warning"), hang=2)
        )
    lines += _otherwise_today(each, looks)
    python, environment = content.python, content.environment
    facts = [("Request", content.request)]
    if python is None:
        facts.append(("Python", "none matched"))
    else:
        facts += [
            ("Python", f"{python.version}, chosen by {python.rule}"),
            ("Runs", python.executable),
        ]
    if environment is None:
        facts.append(("Environment", "none yet"))
    else:
        facts.append(("Environment", environment.id or "the installation's own packages"))
        facts.append(("Lies in", environment.path))
    facts += [
        ("Last build", f"{content.outcome}, {content.build}"),
        ("Deployed", clock(content.created, now)),
        ("Updated", clock(content.updated, now)),
    ]
    if content.put_back is not None:
        facts.append(("Put back", clock(content.put_back, now)))
    if each.before is not None:
        facts.append(("Before", f"Python {each.before}: u puts it back on that"))
    return [*lines, Paragraph(), *_facts(facts, looks)]


def _otherwise_today(each: ContentStatus, looks: Display) -> list[Paragraph]:
    """What is not as it was when this was built, and what to do about it."""
    lines: list[Paragraph] = []
    if each.need is not None:
        why = looks.line(f"{each.need.why[:1].upper()}{each.need.why[1:]}")
        lines.append(Paragraph(Content.styled(f"{looks.bad} {why}", "$text-error"), hang=2))
    said = [*each.changes, *([each.otherwise] if each.otherwise is not None else [])]
    lines += [
        Paragraph(Content.styled(f"{looks.doubtful} {looks.line(text)}", "$text-warning"), hang=2)
        for text in said
    ]
    if each.need is not None:
        lines.append(Paragraph(Content.styled("b builds it again, on what matches now.", "$muted")))
    elif each.changes:
        lines.append(
            Paragraph(Content.styled("Settings have changed since: b rebuilds.", "$muted"))
        )
    elif each.otherwise is not None and each.content.python and each.content.put_back is None:
        lines.append(Paragraph(Content.styled("Built again, it keeps its Python.", "$muted")))
    return lines


def bundle_lines(bundle: Bundle, prohibited: Iterable[str], looks: Display) -> list[Paragraph]:
    """What its bundle says; prohibited packages are marked. Raises BundleError."""
    lines = [
        Paragraph(),
        Paragraph(Content.styled("manifest.json", "bold")),
        *_manifest(bundle, looks),
    ]
    if bundle.package_file is None:
        return [
            *lines,
            Paragraph(),
            Paragraph(Content("It names no package file: nothing is installed.")),
        ]
    requirements = bundle.requirements()
    unwanted = _skipped(bundle, prohibited)
    for file in requirements.files:
        lines += [Paragraph(), Paragraph(Content.styled(looks.line(file.name), "bold"))]
        lines += _requirements(file, unwanted, looks)
    return lines


def _skipped(bundle: Bundle, prohibited: Iterable[str]) -> frozenset[tuple[str, int]]:
    """File and number of each line that asks for a prohibited package."""
    from .....core.bundles import remove_prohibited

    removed = remove_prohibited(bundle.requirements(), prohibited).removed
    return frozenset((line.file, line.number) for line in removed)


def _manifest(bundle: Bundle, looks: Display) -> list[Paragraph]:
    manifest = bundle.manifest
    facts = [
        ("Kind", manifest.appmode),
        ("Starts", manifest.entrypoint),
        ("Python", _python(manifest)),
        ("Packages", bundle.package_file),
        ("Packaging", _manager(manifest)),
        ("Image", manifest.image),
        ("Files", f"{len(bundle.members)}, {bundle.size:,} bytes"),
    ]
    lines = _facts([(label, value) for label, value in facts if value], looks)
    if manifest.environment_management is False:
        lines.append(Paragraph(Content("Its author wants no packages installed.")))
    lines += [
        Paragraph(
            Content.styled(f"{looks.doubtful} {looks.line(warning)}", "$text-warning"), hang=2
        )
        for warning in bundle.warnings
    ]
    return lines


def _python(manifest: Manifest) -> str | None:
    if manifest.python_requires is not None:
        return f"{manifest.python_requires} (wins over {manifest.python_version or 'no version'})"
    return manifest.python_version


def _manager(manifest: Manifest) -> str | None:
    parts = (manifest.package_manager, manifest.package_manager_version)
    return " ".join(part for part in parts if part) or None


def _requirements(
    file: RequirementFile, skipped: frozenset[tuple[str, int]], looks: Display
) -> list[Paragraph]:
    lines: list[Paragraph] = []
    for each in file.lines[:_MOST_LINES]:
        text = looks.line(each.raw.rstrip("\r\n"), 500)
        if (file.name, each.number) in skipped:
            mark = f"{looks.bad} {text}  (prohibited, skipped)"
            lines.append(Paragraph(Content.styled(mark, "$text-error"), 2, 2))
        else:
            lines.append(Paragraph(Content(text), 4, 2))
    if len(file.lines) > _MOST_LINES:
        lines.append(Paragraph(Content(f"and {len(file.lines) - _MOST_LINES:,} lines more"), 4))
    return lines


def _facts(facts: Iterable[tuple[str, str]], looks: Display) -> list[Paragraph]:
    return [
        Paragraph(
            Content.assemble((f"{label:<{_LABEL}}", "$muted"), looks.line(value)), hang=_LABEL
        )
        for label, value in facts
    ]
