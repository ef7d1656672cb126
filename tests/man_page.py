"""Write the manual page from the parser of all commands.

    python tests/man_page.py        renews docs/pysteward.1, which the wheel installs

A test holds that the file says what the parser says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pysteward.core import __version__
from pysteward.tui.cli.commands import NOUNS
from pysteward.tui.cli.parser import (
    DESCRIPTION,
    PROGRAM,
    Parser,
    help_entries,
    program_parser,
    synopsis,
    verb_parser,
)

FILE = Path(__file__).resolve().parents[1] / "docs" / "pysteward.1"
# What every verb takes is described once.
_EVERYWHERE = ("--config FILE", "--state-dir DIR", "-h, --help")
_PARAGRAPHS = {
    "EXIT STATUS": [
        ("0", "Done; the answer is yes."),
        (
            "1",
            "Done; the answer is no: no match, a failed build, an unusable installation, findings.",
        ),
        ("2", "The command line, the settings or another input cannot be used."),
        ("130", "Ctrl-C."),
    ],
    "ENVIRONMENT": [
        ("PYSTEWARD_CONFIG", "The settings file, where --config is not given."),
        ("PYSTEWARD_STATE_DIR", "The state directory, where --state-dir is not given."),
        ("NO_COLOR", "Where it is set, the terminal interface uses no color."),
    ],
    "FILES": [
        ("~/.config/pysteward/pysteward.toml", "The settings of a user."),
        ("/etc/pysteward/pysteward.toml", "The settings of the system."),
        ("/etc/rstudio-connect/rstudio-connect.gcfg", "The settings of RStudio Connect."),
        (
            "/var/lib/pysteward",
            "The state directory of root: bundles, environments, builds, caches.",
        ),
        ("~/.local/state/pysteward", "The state directory of another user."),
    ],
}


def page() -> str:
    """The manual page, in the man macros of roff."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    program = program_parser()
    yield f'.TH PYSTEWARD 1 "" "{PROGRAM} {__version__}" "User Commands"'
    yield from ('.\\" Made by tests/man_page.py from the parser; do not edit.', ".SH NAME")
    yield f"{PROGRAM} \\- {_text(DESCRIPTION.partition(';')[0])}"
    yield from (".SH SYNOPSIS", f".B {_text(PROGRAM)}", "[COMMAND] [options]")
    yield from (".SH DESCRIPTION", f"{_text(DESCRIPTION[:1].upper() + DESCRIPTION[1:])}.")
    yield ".SH OPTIONS"
    yield from _listed(help_entries(program))
    yield ".SH COMMANDS"
    for name, noun in NOUNS.items():
        yield f".SS {_text(name)}"
        if noun.default != "":
            yield f"{_text(noun.help[:1].upper() + noun.help[1:])}."
        if noun.default:
            yield f"Without a verb, it is \\fB{_text(name)} {_text(noun.default)}\\fR."
        for verb in noun.verbs().values():
            yield from _command(verb_parser(name, verb))
    for title, items in _PARAGRAPHS.items():
        yield f".SH {title}"
        yield from _listed(items)
    yield from (".SH EXAMPLES", ".nf")
    for noun in NOUNS.values():
        yield from (_text(f"{PROGRAM} {verb.example}") for verb in noun.verbs().values())
    yield ".fi"


def _command(parser: Parser) -> Iterator[str]:
    """One verb: how it is called, what it does, its arguments."""
    yield from (".TP", f".B {_text(synopsis(parser))}")
    yield _text(parser.description or "")
    own = [entry for entry in help_entries(parser) if entry[0] not in _EVERYWHERE]
    if own:
        yield from (".RS", *_listed(own), ".RE")


def _listed(items: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, text in items:
        yield from (".TP", f".B {_text(name)}", _text(text))


def _text(text: str) -> str:
    """Text as roff takes it: neither a request at the start of a line nor an escape in it."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "\\[u2026]")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    FILE.write_text(page(), "utf-8")
