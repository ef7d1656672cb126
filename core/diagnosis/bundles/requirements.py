"""Whether the requirements can be read, and installed anywhere but at their author's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.requirements import InvalidRequirement, Requirement as PackagingRequirement

from ...bundles import (
    Bundle,
    LineKind,
    RequirementLine,
    Requirements,
    remove_prohibited,
)
from ...findings import Evidence, Finding
from ...package_names import normalize
from ...secrets import mask_secrets
from ..requirement_lines import conda_list, is_conda_line
from .check import (
    BundleCheck,
    from_error,
    line_evidence,
    shown,
)


def readable(case: BundleCheck) -> Iterator[Finding]:
    if case.unreadable is not None:
        yield from_error(case.unreadable, "manifest.json")
    for problem in case.requirements.problems:
        remedy, author = _PROBLEM_REMEDIES.get(problem.code, _PROBLEM_REMEDIES[""])
        line = problem.line or 1
        evidence = Evidence(problem.file, line, _raw(case.requirements, problem.file, line))
        cause = f"{problem.file}: {problem.message}."
        yield Finding(problem.code, "cause", cause, remedy, author, (evidence,))
    for file in case.requirements.files:
        if file.has_bom and file.encoding != "utf-8":
            yield Finding(
                "requirements-encoding",
                "warning",
                f"{file.name} is {file.encoding.upper()}: pip reads it, uv and other tools do not.",
                "Nothing, as long as pip installs the packages.",
                "Save it as UTF-8 (in PowerShell: Out-File -Encoding utf8).",
                (Evidence(file.name, 1, file.lines[0].text if file.lines else ""),),
            )


_PROBLEM_REMEDIES = {
    "requirements-encoding": (
        "Have the author save the file as UTF-8.",
        "Save the file as UTF-8 and deploy again.",
    ),
    "requirements-file-missing": (
        "Have the author add the file to the bundle.",
        "Add the file to the bundle, or take out the line that names it.",
    ),
    "": ("Have the author correct the line.", "Correct the line and deploy again."),
}


def portable(case: BundleCheck) -> Iterator[Finding]:
    """Yield one finding for each reason why lines mean nothing on this server."""
    groups: dict[str, list[tuple[RequirementLine, str]]] = {}
    for line in case.lines():
        kind, why = _not_portable(case.bundle, line)
        if kind is None and (line.kind is LineKind.UNKNOWN or not _is_requirement(line)):
            kind, why = "syntax", f"{shown(line)!r} is not a requirement"
        if kind is not None:
            groups.setdefault(kind, []).append((line, why))
    for kind, lines in groups.items():
        yield _one_reason(kind, lines)


_REASONS = {
    # kind: code, what several lines are, remedy, what the author does; see `conda_list`, too
    "conda": (
        "requirements-syntax",
        "",
        "Have the author make the list for pip.",
        "Make it for pip: `pip list --format=freeze`; conda's own list cannot be installed.",
    ),
    "path": (
        "requirements-local-path",
        "point at the author's own disk",
        "Have the author name the package and its version instead.",
        "Write name==version; a list made inside conda: `pip list --format=freeze`.",
    ),
    "syntax": (
        "requirements-syntax",
        "are not requirements",
        "Have the author correct the line.",
        "Write NAME==VERSION, an address, or an option that pip knows.",
    ),
}
_MOST_SHOWN = 3


def _one_reason(kind: str, lines: list[tuple[RequirementLine, str]]) -> Finding:
    code, what, remedy, author = _REASONS[kind]
    first, why = lines[0]
    if len(lines) == 1:
        cause = f"{first.file}, line {first.number}: {why}."
    elif kind == "conda":
        cause = conda_list(first.file, [line.text.strip() for line, _ in lines])
    else:
        some = ", ".join(repr(shown(line)) for line, _ in lines[:_MOST_SHOWN])
        more = f" and {len(lines) - _MOST_SHOWN} more" if len(lines) > _MOST_SHOWN else ""
        cause = f"{len(lines)} lines of {first.file} {what}: {some}{more}."
    evidence = tuple(line_evidence(line) for line, _ in lines[:_MOST_SHOWN])
    return Finding(code, "cause", cause, remedy, author, evidence)


def own_index(case: BundleCheck) -> Iterator[Finding]:
    """Yield a warning for lines that name an index: they win over the server's configuration."""
    found = [
        line
        for file, line in case.requirements.walk()
        if _INDEX_LINE.match(line.text) and not file.is_constraints
    ]
    if found:
        first = found[0]
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        yield Finding(
            "index-in-requirements",
            "warning",
            f"{first.file}, line {first.number} names a package index of its own{more}: "
            f"{shown(first)}. It wins over the server's configuration.",
            "See that this server can reach that index; if not, have the author take the line out.",
            "Take the line out, unless the server can reach that index and needs it.",
            tuple(map(line_evidence, found[:_MOST_SHOWN])),
        )


_INDEX_LINE = re.compile(r"\s*(?:--(?:extra-)?index-url|-i|--no-index|--find-links|-f)\b")


def _is_requirement(line: RequirementLine) -> bool:
    """Whether a line that names a package does so as PEP 508 has it."""
    if line.kind is not LineKind.NAMED:
        return True
    marker = f" ; {line.parsed.marker}" if line.parsed.marker else ""
    try:
        PackagingRequirement(line.parsed.subject + marker)
    except InvalidRequirement:
        return False
    return True


_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def _not_portable(bundle: Bundle, line: RequirementLine) -> tuple[str | None, str]:
    """The kind of reason why a line means something only on its author's machine, in words."""
    text, subject = line.text.strip(), line.parsed.subject.strip()
    if is_conda_line(text):
        return "conda", f"{text!r} is a line of conda's list, with a build that no index has"
    if "file:" in subject.lower():
        return "path", f"{shown(line)!r} points at the author's own disk"
    if line.kind not in (LineKind.PATH, LineKind.EDITABLE) or re.match(r"[a-z+]+://", subject):
        return None, ""
    if line.kind is LineKind.EDITABLE and ("://" in subject or subject.startswith("git@")):
        return None, ""
    path = subject.partition("[")[0].replace("\\", "/").removeprefix("./").rstrip("/")
    if path.startswith(("/", "~", "..")) or _DRIVE.match(subject):
        return "path", f"{shown(line)!r} points outside the bundle, at the author's own disk"
    inside = path in ("", ".") or any(
        name == path or name.startswith(f"{path}/") for name in bundle.members
    )
    return (
        (None, "") if inside else ("path", f"{shown(line)!r} is a path that is not in the bundle")
    )


def pins_agree(case: BundleCheck) -> Iterator[Finding]:
    """Two exact pins of one package, without markers that keep them apart."""
    pins: dict[str, tuple[str, RequirementLine]] = {}
    for line in case.lines():
        found = re.search(r"={2,3}\s{0,9}([^\s,;*]+)\s*$", line.parsed.subject)
        if line.kind is not LineKind.NAMED or line.name is None or line.parsed.marker or not found:
            continue
        version, first = pins.setdefault(line.name, (found[1], line))
        if version != found[1]:
            yield Finding(
                "dependency-conflict",
                "cause",
                f"{line.name} is pinned twice, to {version} and to {found[1]}.",
                "Have the author keep one of the two lines.",
                "Keep one of the two lines.",
                (line_evidence(first), line_evidence(line)),
            )


def hashes_complete(case: BundleCheck) -> Iterator[Finding]:
    """pip's hash-checking mode: one hash, and every requirement needs one."""
    asked = (LineKind.NAMED, LineKind.ADDRESS, LineKind.PATH, LineKind.EDITABLE)
    lines = [line for line in case.lines() if line.kind in asked]
    without = [line for line in lines if not any(o == "--hash" for o, _ in line.parsed.options)]
    if without and len(without) < len(lines):
        yield Finding(
            "hash-missing",
            "cause",
            f"Some requirements have a hash, so pip wants one for all; "
            f"{len(without)} of {len(lines)} have none.",
            "Have the author write the list with all hashes, or with none.",
            "Write the list with all hashes (pip-compile --generate-hashes), or with none.",
            tuple(map(line_evidence, without[:3])),
        )


def prohibited_left_out(case: BundleCheck) -> Iterator[Finding]:
    filtered = remove_prohibited(case.requirements, case.server.prohibited)
    for name in filtered.skipped:
        lines = [line for line in filtered.removed if line.name == name]
        users = list(_imports_of(case.bundle, name))
        left = len(set(case.requirements.packages) - set(filtered.skipped))
        behind = (
            f"{users[0].source} imports it and will fail there"
            if users
            else f"{left} packages are left, and no file of the bundle imports it"
        )
        yield Finding(
            "package-prohibited",
            "warning",
            f"{name} is prohibited on this server and is not installed; {behind}.",
            "Nothing, unless the content needs it: then take it off ProhibitedPackage.",
            f"Take {name} off the list, and import it only where it exists.",
            (*map(line_evidence, lines), *users[:3]),
        )


# Distributions whose modules are called otherwise.
_MODULES = {
    "pywin32": ("win32api", "win32com", "win32con", "win32gui", "pythoncom", "pywintypes"),
    "pypiwin32": ("win32api", "win32com", "pythoncom", "pywintypes"),
    "pywinpty": ("winpty",),
    "pyobjc": ("objc", "AppKit", "Foundation"),
    "pyobjc-core": ("objc",),
    "windows-curses": ("curses",),
}
_SOURCES = (".py", ".ipynb", ".qmd", ".rmd")


def _imports_of(bundle: Bundle, package: str) -> Iterator[Evidence]:
    modules = _MODULES.get(package, (normalize(package).replace("-", "_"),))
    names = "|".join(map(re.escape, modules))
    pattern = re.compile(rf"(?:^|[\s\"])(?:import|from)[ \t]{{1,9}}(?:{names})\b", re.IGNORECASE)
    for name, member in bundle.members.items():
        if not name.lower().endswith(_SOURCES) or member.size > bundle.limits.read_bytes:
            continue
        text = bundle.read(name).decode("utf-8", "replace")
        for number, line in enumerate(text.split("\n"), 1):
            if pattern.search(line[:2000]):
                yield Evidence(name, number, mask_secrets(line.strip()[:400]))


def _raw(requirements: Requirements, name: str, number: int) -> str:
    for file in requirements.files:
        if file.name == name:
            for line in file.lines:
                if line.number == number:
                    return shown(line)
    return ""
