"""The grammar of the command line, its old spellings, and the help.

A call parses with the parser of its one verb; all verbs are put together only for the
completion scripts and the manual page (``program_parser``).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple, NoReturn

from ...core import __version__
from ...core.errors import UsageError
from .commands import NOUNS, Run, Verb

PROGRAM = "pysteward"
DESCRIPTION = "manage a server's Pythons and environments; alone, open the interface"
EXAMPLE = "match 3.7.1"

OLD_SPELLINGS = {
    "content": {"restore": "rollback", "--afresh": "--force"},
    "environments": {
        "--orphaned": "--unused",
        "--python-gone": "--missing-python",
        "--even-used": "--include-used",
    },
    "diagnose": {"--screen": "--tui"},
    "upgrade": {
        "--apply": "apply",
        "--status": "status",
        "--resume": "resume",
        "--retry": "retry",
        "--stop": "stop",
        "--abandon": "abandon",
        "--predictions": "predictions",
        "--afresh": "--refresh",
    },
    "build-python": {"--script": "script", "--source": "install", "--optimise": "--optimize"},
    "scenario": {"--list": "list", "--play": "--tui"},
}
"""For each noun, what its verbs and options were called before: these work for good, unlisted.

A verb or an option became another, or an option became a verb. The value of such an option became
the verb's argument: `--source FILE` is `install FILE`.
"""

_SHARED = ("--config", "--state-dir")  # each takes a value


class Call(NamedTuple):
    """One call of the program: what to run, with which arguments.

    run: None for the bare program, which opens the terminal interface.
    """

    run: Run | None
    arguments: argparse.Namespace


def parse(given: Sequence[str]) -> Call:
    """Understand a command line. given: the arguments after the name of the program.

    Raises: UsageError; SystemExit after `--help` and `--version`.
    """
    at = _first_word(given, _SHARED)
    before = given[:at]
    if at == len(given) or not {"-h", "--help", "--version"}.isdisjoint(before):
        return Call(None, program_parser().parse_args(before))
    name, noun = given[at], NOUNS.get(given[at])
    if noun is None:
        raise UsageError(f"there is no command {name!r} (see {PROGRAM} --help)")
    verbs = noun.verbs()
    verb, rest = _find_verb(name, verbs, _respell(name, [*before, *given[at + 1 :]]))
    if verb is None:
        return Call(None, noun_parser(name, verbs).parse_args(["--help"]))
    parser = verb_parser(name, verb)
    return Call(verb.run, parser.parse_args(_options_first(parser, rest)))


def _find_verb(
    name: str, verbs: Mapping[str, Verb], rest: list[str]
) -> tuple[Verb | None, list[str]]:
    """Return the verb that is called and what is left for it.

    None where the noun's help is called.
    """
    if "" in verbs:
        return verbs[""], rest
    old = OLD_SPELLINGS.get(name, {})
    at = 0
    if rest and _is_option(rest[0]) and any(word in verbs or word in old for word in rest):
        # Options before the verb: which of them take a value, only the verbs know.
        parsers = [verb_parser(name, verb) for verb in verbs.values()]
        at = _first_word(rest, _options_with_value(*parsers))
    word = rest[at] if at < len(rest) else ""
    verb = verbs.get(old.get(word, word))
    if verb is not None:
        return verb, [*rest[:at], *rest[at + 1 :]]
    if not {"-h", "--help"}.isdisjoint(rest):
        return None, rest
    verb = verbs.get(NOUNS[name].default or "")
    is_word = word != "" and not _is_option(word)
    if verb is None or (is_word and not words_of(verb_parser(name, verb))):
        what = f"has no verb {word!r}" if is_word else "needs a verb"
        raise UsageError(f"{name} {what}: use {', '.join(verbs)} (see {PROGRAM} {name} --help)")
    return verb, rest


def _respell(name: str, rest: list[str]) -> list[str]:
    """Replace old spellings of options; an option that became a verb comes first."""
    old = OLD_SPELLINGS.get(name)
    if old is None:
        return rest
    end = rest.index("--") if "--" in rest else len(rest)
    verb: list[str] = []
    found: list[str] = []
    for word in rest[:end]:
        option, equals, value = word.partition("=")
        new = old.get(option) if option.startswith("--") else None
        if new is None or (verb and not new.startswith("--")):
            found.append(word)
        elif new.startswith("--"):
            found.append(f"{new}{equals}{value}")
        else:
            verb = [new]
            found += [value] if equals else []
    return [*verb, *found, *rest[end:]]


def _first_word(given: Sequence[str], takes_value: Collection[str]) -> int:
    """Return the place of the first argument that is neither an option nor an option's value.

    The number of arguments where there is none.
    """
    at = 0
    while at < len(given) and given[at] != "--":
        if not _is_option(given[at]):
            return at
        at += 2 if given[at] in takes_value else 1
    return len(given)


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"


def _options_first(parser: argparse.ArgumentParser, given: Sequence[str]) -> list[str]:
    """Put options before words: argparse takes words as one list only where they stand together."""
    if not words_of(parser):
        return list(given)
    takes_value = _options_with_value(parser)
    options: list[str] = []
    rest: list[str] = []
    left = list(given)
    while left:
        word = left.pop(0)
        if word == "--":
            rest += left
            break
        if not _is_option(word):
            rest.append(word)
            continue
        options.append(word)
        if word in takes_value and left:
            options.append(left.pop(0))
    return [*options, "--", *rest] if rest else options


class _Help(argparse.HelpFormatter):
    """As wide as the terminal; argparse imports shutil to learn the width, for every call."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_width(), max_help_position=26)


def _width() -> int:
    """Return the columns for help, as argparse counts them."""
    told = os.environ.get("COLUMNS", "")
    columns = int(told) if told.isdecimal() else 0
    if not columns:
        with suppress(OSError):  # standard output is not a terminal
            columns = os.get_terminal_size(1).columns
    return (columns or 80) - 2


class Parser(argparse.ArgumentParser):
    """Report bad usage as every other error; show help that fits a small terminal.

    listed: commands or verbs to list in the help, with a line each. more: commands that are only
    named, so that the help fits a screen.
    """

    def __init__(
        self,
        prog: str,
        text: str,
        example: str,
        listed: Mapping[str, str] | None = None,
        more: Sequence[str] = (),
    ) -> None:
        super().__init__(
            prog=prog,
            description=text,
            formatter_class=_Help,
            add_help=False,  # it is added last, below what one looks for
            allow_abbrev=False,
        )
        self.example = f"{PROGRAM} {example}"
        self.listed = listed or {}
        self.more = more

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")

    def format_usage(self) -> str:
        return f"usage: {synopsis(self)}\n"

    def format_help(self) -> str:
        """Usage, description, one list of all there is, an example."""
        formatter = self._get_formatter()
        formatter.add_text(self.description)
        listed = [argparse.Action([], name, help=text) for name, text in self.listed.items()]
        if self.more:
            listed.append(argparse.Action([], "more:", help=", ".join(self.more)))
        for part in (listed, [*words_of(self), *options_of(self)]):
            formatter.start_section(None)
            formatter.add_arguments(part)
            formatter.end_section()
        return f"{self.format_usage()}\n{formatter.format_help()}\nexample: {self.example}\n"


def synopsis(parser: Parser) -> str:
    """Return how a command is called, in one line: `pysteward builds show BUILD [options]`."""
    words = [_value(word) for word in words_of(parser) if word.help != argparse.SUPPRESS]
    if parser.listed:
        words = ["[COMMAND]" if parser.prog == PROGRAM else "VERB"]
    return " ".join([parser.prog, *words, "[options]"])


def _value(action: argparse.Action) -> str:
    """Return how a value is written: optional, or one of several, or one."""
    forms = {"?": "[{}]", "*": "[{} ...]", "+": "{} [...]"}
    choices = "{" + ",".join(map(str, action.choices or ())) + "}"
    return forms.get(str(action.nargs), "{}").format(action.metavar or choices)


def help_entries(parser: argparse.ArgumentParser) -> list[tuple[str, str]]:
    """Return how each argument and option is written, with its help, in the order of the help."""
    entries: list[tuple[str, str]] = []
    for action in [*words_of(parser), *options_of(parser)]:
        names = ", ".join(action.option_strings)
        value = "" if action.nargs == 0 else _value(action) if names else str(action.metavar)
        if action.help != argparse.SUPPRESS:
            entries.append((f"{names} {value}".strip(), action.help or ""))
    return entries


def words_of(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the arguments of a parser that are not options."""
    return [action for action in _actions_of(parser) if not action.option_strings]


def options_of(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in _actions_of(parser) if action.option_strings]


def _actions_of(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return what was added to a parser; argparse has no public name for it."""
    return parser._actions  # pyright: ignore[reportPrivateUsage]


def _options_with_value(*parsers: argparse.ArgumentParser) -> set[str]:
    options = [option for parser in parsers for option in options_of(parser)]
    return {name for option in options if option.nargs != 0 for name in option.option_strings}


def program_parser() -> Parser:
    """Return the parser of the program without a command; its help lists the commands."""
    listed = {name: noun.help for name, noun in NOUNS.items() if not noun.is_rare}
    more = [name for name, noun in NOUNS.items() if noun.is_rare]
    parser = Parser(PROGRAM, DESCRIPTION, EXAMPLE, listed, more)
    parser.add_argument(
        "--version", action="version", version=f"{PROGRAM} {__version__}", help="print the version"
    )
    parser.add_argument(
        "--linear", action="store_true", help="open it as lines, for a screen reader"
    )
    add_shared(parser)
    return parser


def noun_parser(name: str, verbs: Mapping[str, Verb]) -> Parser:
    """Return the parser of a noun without a verb; its help lists the verbs."""
    noun = NOUNS[name]
    listed = {
        verb.name: f"{verb.help} (default)" if verb.name == noun.default else verb.help
        for verb in verbs.values()
    }
    example = verbs[noun.default or next(iter(verbs))].example
    parser = Parser(f"{PROGRAM} {name}", noun.help, example, listed)
    add_shared(parser)
    return parser


def verb_parser(name: str, verb: Verb) -> Parser:
    """Return the parser of one verb."""
    parser = Parser(f"{PROGRAM} {name} {verb.name}".rstrip(), verb.help, verb.example)
    add_arguments(parser, verb)
    return parser


def add_arguments(parser: argparse.ArgumentParser, verb: Verb) -> None:
    """Add all arguments of a verb to its parser."""
    verb.configure(parser)
    add_shared(parser)


def add_shared(parser: argparse.ArgumentParser) -> None:
    """Add what may stand anywhere in a call."""
    parser.add_argument("--config", metavar="FILE", help="use this settings file")
    parser.add_argument("--state-dir", metavar="DIR", help="use this state directory")
    parser.add_argument("-h", "--help", action="help", help="show this help")
