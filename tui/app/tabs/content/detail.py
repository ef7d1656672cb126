"""One content item in words: request, Python, environment, manifest and requirements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.content import Content

from .....core.matching import NO_PYTHON
from ....terminal.display import Display
from ...widgets.durations import clock
from ...widgets.facts import facts
from ...widgets.paragraphs import Paragraph

if TYPE_CHECKING:
    from .....core.bundles import Bundle, Manifest, RequirementFile
    from .....core.content import ContentStatus

_MOST_LINES = 2000


def detail_of(each: ContentStatus, display: Display, now: float) -> list[Paragraph]:
    """Return what is recorded of it, without its bundle. now: seconds since 1970."""
    content = each.content
    lines = [Paragraph(Content.styled(display.line(content.name), "bold"))]
    if content.put_back is not None:
        stays = "It was rolled back, and stays so until it is deployed or rebuilt."
        lines.append(
            Paragraph(Content.styled(f"{display.doubtful} {stays}", "$text-warning"), hang=2)
        )
    lines += _outdated(each, display)
    python, environment = content.python, content.environment
    said = [("Request", content.request)]
    if content.request == NO_PYTHON:
        said.append(("Python", "needs none"))
    elif python is None:
        said.append(("Python", "no match"))
    else:
        said += [
            ("Python", f"{python.version}, chosen by {python.rule}"),
            ("Runs", python.executable),
        ]
    if environment is None and content.request == NO_PYTHON:
        said.append(("Environment", "needs none"))
    elif environment is None:
        is_built = content.outcome == "succeeded"
        none = "the installation's own packages" if is_built else "none yet"
        said.append(("Environment", none))
    else:
        said.append(("Environment", environment.id or "the installation's own packages"))
        said.append(("Lies in", environment.path))
    said += [
        ("Last build", f"{content.outcome}, {content.build}"),
        ("Deployed", clock(content.created, now)),
        ("Updated", clock(content.updated, now)),
    ]
    if content.put_back is not None:
        said.append(("Rolled back", clock(content.put_back, now)))
    if each.rollback.python is not None:
        said.append(("Previous", f"Python {each.rollback.python}; u rolls back to it"))
    return [*lines, Paragraph(), *facts(said, display)]


def _outdated(each: ContentStatus, display: Display) -> list[Paragraph]:
    """Return what has changed since it was built, and what to do about it."""
    lines: list[Paragraph] = []
    if each.need is not None:
        why = display.line(f"{each.need.why[:1].upper()}{each.need.why[1:]}")
        lines.append(Paragraph(Content.styled(f"{display.bad} {why}", "$text-error"), hang=2))
    said = [*each.changes, *([each.new_deploy] if each.new_deploy is not None else [])]
    lines += [
        Paragraph(
            Content.styled(f"{display.doubtful} {display.line(text)}", "$text-warning"), hang=2
        )
        for text in said
    ]
    if each.need is not None:
        lines.append(
            Paragraph(Content.styled("b rebuilds it, on the Python that matches now.", "$muted"))
        )
    elif each.changes:
        lines.append(Paragraph(Content.styled("The settings have changed; b rebuilds.", "$muted")))
    elif each.new_deploy is not None and each.content.python and each.content.put_back is None:
        lines.append(Paragraph(Content.styled("A rebuild keeps its Python.", "$muted")))
    return lines


def bundle_lines(bundle: Bundle, prohibited: Iterable[str], display: Display) -> list[Paragraph]:
    """Return the manifest and the requirements; prohibited packages are marked. Raises:
    BundleError."""
    lines = [
        Paragraph(),
        Paragraph(Content.styled("manifest.json", "bold")),
        *_manifest(bundle, display),
    ]
    if bundle.package_file is None:
        return [
            *lines,
            Paragraph(),
            Paragraph(Content("It names no package file, so nothing is installed.")),
        ]
    requirements = bundle.requirements()
    unwanted = _skipped(bundle, prohibited)
    for file in requirements.files:
        lines += [Paragraph(), Paragraph(Content.styled(display.line(file.name), "bold"))]
        lines += _requirements(file, unwanted, display)
    return lines


def _skipped(bundle: Bundle, prohibited: Iterable[str]) -> frozenset[tuple[str, int]]:
    """File and number of each line that requires a prohibited package."""
    from .....core.bundles import remove_prohibited

    removed = remove_prohibited(bundle.requirements(), prohibited).removed
    return frozenset((line.file, line.number) for line in removed)


def _manifest(bundle: Bundle, display: Display) -> list[Paragraph]:
    manifest = bundle.manifest
    said = [
        ("Kind", manifest.appmode),
        ("Entry point", manifest.entrypoint),
        ("Python", _python(manifest)),
        ("Packages", bundle.package_file),
        ("Packaging", _manager(manifest)),
        ("Image", manifest.image),
        ("Files", f"{len(bundle.members)}, {bundle.size:,} bytes"),
    ]
    lines = facts([(label, value or "") for label, value in said], display)
    if manifest.environment_management is False:
        lines.append(Paragraph(Content("Its author asks for no packages to be installed.")))
    lines += [
        Paragraph(
            Content.styled(f"{display.doubtful} {display.line(warning)}", "$text-warning"), hang=2
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
    file: RequirementFile, skipped: frozenset[tuple[str, int]], display: Display
) -> list[Paragraph]:
    lines: list[Paragraph] = []
    for each in file.lines[:_MOST_LINES]:
        text = display.line(each.raw.rstrip("\r\n"), 500)
        if (file.name, each.number) in skipped:
            mark = f"{display.bad} {text}  (prohibited, skipped)"
            lines.append(Paragraph(Content.styled(mark, "$text-error"), 2, 2))
        else:
            lines.append(Paragraph(Content(text), 4, 2))
    if len(file.lines) > _MOST_LINES:
        lines.append(Paragraph(Content(f"and {len(file.lines) - _MOST_LINES:,} lines more"), 4))
    return lines
