"""Environments on the command line: as text for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..output import Output

if TYPE_CHECKING:
    from ...core.builds import Orphan
    from ...core.environments import (
        Defect,
        Environment,
        Removal,
        Usage,
    )

_HEADER = ("ENVIRONMENT", "PYTHON", "INSTALLER", "STATE", "LAST USED", "USED BY")


def environment_document(environment: Environment, usage: Usage | None = None) -> dict[str, object]:
    """Return an environment as JSON (section 7 of the design). usage: None means no size."""
    marker = environment.marker
    return {
        "id": environment.identity,
        "path": str(environment.path),
        "python": {"version": environment.python, "executable": environment.executable},
        "installer": environment.installer,
        "state": environment.state,
        "created": environment.created,
        "last_used": environment.last_used,
        "used_by": list(environment.used_by),
        "previous_of": list(environment.previous_of),
        "size": usage.sizes[environment.path] if usage else None,
        "packages": None
        if marker is None
        else [{"name": name, "version": version} for name, version in marker.packages],
        "complaints": None if marker is None else list(marker.complaints),
    }


def removal_document(removal: Removal) -> dict[str, object]:
    return {**environment_document(removal.environment), "reason": removal.reason}


def leftover_document(leftover: Orphan) -> dict[str, object]:
    return {"path": str(leftover.path), "size": leftover.size, "reason": leftover.reason}


def flaw_document(flaw: Defect) -> dict[str, object]:
    return {
        "code": flaw.code,
        "message": flaw.message,
        "package": flaw.package,
        "file": flaw.file,
    }


def show_list(environments: Sequence[Environment], usage: Usage | None, out: Output) -> None:
    """Write a row for each environment, with its size where that was measured."""
    sized = ("SIZE",) if usage else ()
    out.table(
        (*_HEADER[:-1], *sized, _HEADER[-1]),
        [
            (
                *(item.identity, item.python, item.installer, item.state, _date(item.last_used)),
                *((size_text(usage.sizes[item.path]),) if usage else ()),
                ", ".join(item.used_by) or "-",
            )
            for item in environments
        ],
    )
    if usage:
        out.line(f"Total: {size_text(usage.total)}; files that several share are counted once.")


def describe(item: Environment, usage: Usage) -> Iterator[str]:
    """Yield the lines of `environments show`."""
    yield f"{item.identity}  {item.state}"
    facts = [
        ("path", str(item.path)),
        ("Python", f"{item.python}  {item.executable or ''}".rstrip()),
        ("installer", _installer(item)),
        ("created", item.created or "not known"),
        ("last used", item.last_used or "not known"),
        ("used by", ", ".join(item.used_by) or "no content"),
        *((("rollback", ", ".join(item.previous_of)),) if item.previous_of else ()),
        ("size", size_text(usage.sizes[item.path])),
    ]
    for name, value in facts:
        yield f"  {name:<10} {value}"
    if item.marker is None:
        return
    for complaint in item.marker.complaints:
        yield f"  warning    {complaint}"
    yield "  packages"
    for name, version in item.marker.packages:
        yield f"    {name}=={version}"


def removal_line(removal: Removal) -> str:
    item = removal.environment
    return f"{item.identity}  Python {item.python}  {removal.reason}"


def size_text(size: int) -> str:
    """Bytes in the unit that people read. size: in bytes."""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1000:.0f} kB"


def _installer(item: Environment) -> str:
    version = item.marker.installer_version if item.marker else ""
    return f"{item.installer} {version}".rstrip()


def _date(text: str | None) -> str:
    return text.partition("T")[0] if text else "-"
