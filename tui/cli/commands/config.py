"""`pysteward config`: show, check, change and convert the settings."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ....core import settings as engine
from ....core.errors import SettingsError, UsageError
from ....core.processes import Confinement, find_confinement
from ....core.secrets import mask_secrets
from ....core.server import BUILDS_AS_ROOT, Server
from ....core.services import InstallationService
from ....core.settings import assignments, origin_of, values_of
from ... import messages
from ...messages import ExitCode
from ...output import Output
from ..server_option import add_server
from . import Verb, add_json

if TYPE_CHECKING:
    from ....core.settings import Edit, Settings, SettingsWarning


def document(settings: Settings) -> dict[str, object]:
    """Return the settings as JSON (section 7 of the design), with passwords masked."""
    return {
        "file": None if settings.file is None else str(settings.file),
        "format": settings.format,
        "settings": {
            item.field: _plain(getattr(settings, item.field), settings) for item in engine.SETTINGS
        },
        "effective_prohibited": list(settings.effective_prohibited),
        "origins": {
            item.field: {
                "set": not origin.is_default,
                "file": None if origin.file is None else str(origin.file),
                "lines": list(origin.lines),
            }
            for item in engine.SETTINGS
            for origin in [settings.origins[item.field]]
        },
        "warnings": _warnings(settings),
    }


def _warnings(settings: Settings) -> list[dict[str, object]]:
    return [
        {
            "line": warning.line,
            "message": warning.message,
            "file": None if warning.file is None else str(warning.file),
        }
        for warning in settings.warnings
    ]


def _plain(value: object, settings: Settings) -> object:
    if isinstance(value, Mapping):
        lines = assignments(value, settings.secret_variables)
        return dict(line.split("=", 1) for line in lines)
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Path) else value


def _show(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    if arguments.server is not None:
        from ..server_tables import show_settings
        from ..servers_asked import ask_servers

        return show_settings(ask_servers(arguments, server, ["config", "show"]), out)
    settings = server.settings
    if out.as_json:
        out.document({**document(settings), "confinement": _confinement(server)})
        return ExitCode.YES
    if settings.file is None:
        out.line("No settings file: the default settings, with the Pythons of this machine")
    else:
        out.line(f"Settings: {settings.file} ({settings.format})")
    rows: list[tuple[str, str, str]] = []
    for item in engine.SETTINGS:
        for number, value in enumerate(values_of(settings, item) or ["-"]):
            name = item.toml if number == 0 else ""
            rows.append((name, value, origin_of(settings, item, number)))
    out.table(("setting", "value", "from"), rows)
    if settings.builtin_prohibited_packages:
        out.line(f"Also never installed: {', '.join(engine.BUILT_IN_PROHIBITED)}")
    found = _found(settings)
    out.line(f"Builds are confined by: {found.tool or 'nothing'}{_because(found.reason)}")
    if not settings.only_wheels:
        out.line(
            "The code of source archives runs while they are resolved and built; resolving, it "
            "can reach the network and read the index's credentials (only-wheels refuses them)"
        )
    _warn(settings.warnings)
    return ExitCode.YES


def _found(settings: Settings) -> Confinement:
    """Return what confines builds under these settings."""
    if settings.confinement == "off":
        return Confinement(None, reason='the setting confinement is "off"')
    return find_confinement()


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _confinement(server: Server) -> dict[str, object]:
    """Return what confines the programs of builds, and what does not hold where nothing does."""
    found = _found(server.settings)
    return {
        "tool": found.tool,
        "reason": found.reason,
        "does_not_hold": list(found.what_does_not_hold(server.run_as is not None)),
    }


def _warn(warnings: tuple[SettingsWarning, ...]) -> None:
    for warning in warnings:
        where = [str(part) for part in (warning.file, warning.line) if part is not None]
        messages.warn(f"{':'.join(where)}: {warning.message}" if where else warning.message)


def _check(_: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    settings = server.settings
    if out.as_json:
        file = None if settings.file is None else str(settings.file)
        out.document(
            {
                "file": file,
                "valid": True,
                "warnings": _warnings(settings),
                "confinement": _confinement(server),
            }
        )
        return ExitCode.YES
    _warn(settings.warnings)
    if settings.enabled and not settings.executables:
        messages.note(InstallationService(server).offered())
    if server.builds_as_root:
        messages.warn(BUILDS_AS_ROOT)
    confinement = _found(settings)
    missing = confinement.what_does_not_hold(server.run_as is not None)
    for sentence in missing:
        messages.warn(f"{sentence}: builds are not confined{_because(confinement.reason)}")
    count = len(settings.warnings) + len(missing)
    said = f"can be used; {count or 'no'} warning{'' if count == 1 else 's'}"
    out.line(f"{settings.file or 'The default settings'}: {said}")
    return ExitCode.YES


def _set(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    name, values = arguments.name, arguments.values
    edit = engine.set_value(_file(server), name, _to_set(name, values))
    return _write(edit, arguments, server, out)


def _add(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    edit = engine.add_value(_file(server), arguments.name, arguments.values)
    return _write(edit, arguments, server, out)


def _remove(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    edit = engine.remove_value(_file(server), arguments.name, arguments.values or None)
    return _write(edit, arguments, server, out)


def _write(edit: Edit, arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Write a change unless --dry-run is given, and show it."""
    file = _file(server)
    backup = None if arguments.dry_run else edit.write()
    if out.as_json:
        out.document(
            {
                "file": str(file),
                "changed": edit.changes,
                "written": backup is not None,
                "backup": None if backup is None else str(backup),
                "diff": mask_secrets(edit.diff()),
            }
        )
        return ExitCode.YES
    if not edit.changes:
        out.line(f"{file}: nothing to change")
        return ExitCode.YES
    out.line(mask_secrets(edit.diff()).removesuffix("\n"))
    if backup is None:
        messages.note("Nothing was written (--dry-run).")
    else:
        messages.note(f"Written to {file}; the previous file: {backup}")
        messages.note("A running program continues with the settings that it read at its start.")
    return ExitCode.YES


def _to_set(name: str, values: list[str]) -> str | list[str]:
    """Return what to set: one value, or all items of a list or table."""
    setting = engine.by_name(name)
    if setting is not None and setting.kind in (engine.Kind.LIST, engine.Kind.TABLE):
        return values
    if len(values) != 1:
        raise UsageError(f"config set {name} takes exactly one VALUE")
    return values[0]


def _convert(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    file = _file(server)
    form = arguments.to or ("gcfg" if file.suffix.lower() == ".toml" else "toml")
    text, notes = engine.convert(file, form)
    if arguments.output is not None:
        engine.write_new(arguments.output, text)
    if out.as_json:
        out.document({"format": form, "text": text, "notes": list(notes)})
        return ExitCode.YES
    for note in notes:
        messages.warn(note)
    if arguments.output is None:
        out.raw(text)
    else:
        messages.note(f"Written to {arguments.output}")
    return ExitCode.YES


def _file(server: Server) -> Path:
    file = engine.find(server.config, os.environ)
    if file is None:
        raise SettingsError(
            "there is no settings file; create one (it may be empty) and name it with --config",
            code="settings-missing",
        )
    return file


def _configure_show(parser: argparse.ArgumentParser) -> None:
    add_server(parser)
    add_json(parser)


def _configure_change(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="SETTING", help="such as executables or Executable")
    parser.add_argument("--dry-run", action="store_true", help="show the change, write nothing")
    add_json(parser)


def _configure_set(parser: argparse.ArgumentParser) -> None:
    _configure_change(parser)
    parser.add_argument("values", nargs="*", metavar="VALUE", help="NAME=VALUE for a table")


def _configure_add(parser: argparse.ArgumentParser) -> None:
    _configure_change(parser)
    parser.add_argument("values", nargs="+", metavar="VALUE", help="NAME=VALUE for a table")


def _configure_remove(parser: argparse.ArgumentParser) -> None:
    _configure_change(parser)
    parser.add_argument("values", nargs="*", metavar="VALUE", help="NAME for a table")


def _configure_convert(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to", choices=("gcfg", "toml"), help="target format (default: the other one)"
    )
    parser.add_argument(
        "--output", metavar="FILE", help="write a new file instead of standard output"
    )
    add_json(parser)


VERBS = (
    Verb(
        "show",
        "show every setting with its value and origin",
        _configure_show,
        _show,
        "config show --config /etc/pysteward.toml",
    ),
    Verb("check", "validate the settings file", add_json, _check, "config check"),
    Verb(
        "set",
        "set a value (replaces a whole list or table)",
        _configure_set,
        _set,
        "config set version-matching nearest --dry-run",
    ),
    Verb(
        "add",
        "add items to a list or table",
        _configure_add,
        _add,
        "config add executables /opt/python/3.12.4/bin/python3",
    ),
    Verb(
        "remove",
        "remove items, or reset the setting to its default",
        _configure_remove,
        _remove,
        "config remove executables /opt/python/3.8.18/bin/python3",
    ),
    Verb(
        "convert",
        "convert the settings between .gcfg and .toml",
        _configure_convert,
        _convert,
        "config convert --to toml --output pysteward.toml",
    ),
)
