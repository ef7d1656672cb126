"""`pysteward config`: which settings are in force, whether they are right, and changes to them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ....core import settings as engine
from ....core.errors import SettingsError, UsageError
from ....core.secrets import mask_secrets
from ....core.settings import assignments, origin_of, values_of
from ... import messages
from ...app.context import Context
from ...messages import ExitCode
from ...output import Output

if TYPE_CHECKING:
    from ....core.settings import Edit, Settings, SettingsWarning


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    _action(actions, "show", "every setting, and whether it is set or default")
    _action(actions, "check", "whether the file can be used; shows the line that is wrong")
    change = _action(actions, "set", "set a setting, a list or table as a whole")
    _name(change)
    change.add_argument("values", nargs="*", metavar="VALUE", help="NAME=VALUE for a table")
    change = _action(actions, "add", "add items to a list or table")
    _name(change)
    change.add_argument("values", nargs="+", metavar="VALUE", help="NAME=VALUE for a table")
    change = _action(actions, "remove", "remove items, or the setting, so that its default holds")
    _name(change)
    change.add_argument("values", nargs="*", metavar="VALUE", help="NAME alone for a table")
    convert = _action(actions, "convert", "print the settings in the other format")
    convert.add_argument("--to", choices=("gcfg", "toml"), help="by default the other format")
    convert.add_argument("--output", metavar="FILE", help="write a new file instead of printing")


def _action(actions: argparse._SubParsersAction, name: str, text: str) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    return parser


def _name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="show the change, write nothing")
    parser.add_argument("name", metavar="SETTING", help="such as executables or Executable")


def run(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    actions: dict[str, Callable[[argparse.Namespace, Context, Output], None]] = {
        "show": _show,
        "check": _check,
        "set": _change,
        "add": _change,
        "remove": _change,
        "convert": _convert,
    }
    actions[arguments.action](arguments, context, out)
    return ExitCode.YES


def document(settings: Settings) -> dict[str, object]:
    """The settings as the JSON of the design's section 7; passwords in them are masked."""
    return {
        "file": None if settings.file is None else str(settings.file),
        "format": settings.format,
        "settings": {item.field: _plain(getattr(settings, item.field)) for item in engine.SETTINGS},
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


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(line.split("=", 1) for line in assignments(value))
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Path) else value


def _show(_: argparse.Namespace, context: Context, out: Output) -> None:
    settings = context.settings
    if out.as_json:
        out.document(document(settings))
        return
    if settings.file is None:
        out.line("No settings file: the embedded default, with the Pythons of this machine")
    else:
        out.line(f"Settings: {settings.file} ({settings.format})")
    rows: list[tuple[str, str, str]] = []
    for item in engine.SETTINGS:
        for number, value in enumerate(values_of(settings, item) or ["-"]):
            name = item.toml if number == 0 else ""
            rows.append((name, value, origin_of(settings, item, number)))
    out.table(("setting", "value", "from"), rows)
    if settings.builtin_prohibited_packages:
        out.line(f"Never installed besides: {', '.join(engine.BUILT_IN_PROHIBITED)}")
    _tell(settings.warnings)


def _tell(warnings: tuple[SettingsWarning, ...]) -> None:
    for warning in warnings:
        where = [str(part) for part in (warning.file, warning.line) if part is not None]
        messages.warn(f"{':'.join(where)}: {warning.message}" if where else warning.message)


def _check(_: argparse.Namespace, context: Context, out: Output) -> None:
    settings = context.settings
    if out.as_json:
        file = None if settings.file is None else str(settings.file)
        out.document({"file": file, "valid": True, "warnings": _warnings(settings)})
        return
    _tell(settings.warnings)
    count = len(settings.warnings)
    said = f"can be used; {count or 'no'} warning{'' if count == 1 else 's'}"
    out.line(f"{settings.file or 'The embedded default'}: {said}")


def _change(arguments: argparse.Namespace, context: Context, out: Output) -> None:
    file = _file(context)
    edit = _edit(file, arguments)
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
        return
    if not edit.changes:
        out.line(f"{file}: nothing to change")
        return
    out.line(mask_secrets(edit.diff()).removesuffix("\n"))
    if backup is None:
        messages.note("Nothing was written (--dry-run).")
    else:
        messages.note(f"Written to {file}; the file as it was: {backup}")
        messages.note("A program that is running goes on with the settings that it read at start.")


def _edit(file: Path, arguments: argparse.Namespace) -> Edit:
    name, values = arguments.name, arguments.values
    if arguments.action == "set":
        return engine.set_value(file, name, _to_set(name, values))
    if arguments.action == "add":
        return engine.add_value(file, name, values)
    return engine.remove_value(file, name, values or None)


def _to_set(name: str, values: list[str]) -> str | list[str]:
    """One value, or all of a list or table."""
    setting = engine.by_name(name)
    if setting is not None and setting.kind in (engine.Kind.LIST, engine.Kind.TABLE):
        return values
    if len(values) != 1:
        raise UsageError(f"config set {name} takes exactly one VALUE")
    return values[0]


def _convert(arguments: argparse.Namespace, context: Context, out: Output) -> None:
    file = _file(context)
    form = arguments.to or ("gcfg" if file.suffix.lower() == ".toml" else "toml")
    text, notes = engine.convert(file, form)
    if arguments.output is not None:
        engine.write_new(arguments.output, text)
    if out.as_json:
        out.document({"format": form, "text": text, "notes": list(notes)})
        return
    for note in notes:
        messages.warn(note)
    if arguments.output is None:
        out.raw(text)
    else:
        messages.note(f"Written to {arguments.output}")


def _file(context: Context) -> Path:
    file = engine.find(context.config, os.environ)
    if file is None:
        raise SettingsError(
            "there is no settings file: make one (an empty file will do) and name it with --config",
            code="settings-missing",
        )
    return file
