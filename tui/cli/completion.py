"""Completion scripts for shells, made by shtab from the parser of all commands."""

from __future__ import annotations

import argparse

import shtab

from ...core.matching import Policy
from .commands import NOUNS
from .parser import (
    PROGRAM,
    add_arguments,
    add_shared,
    options_of,
    program_parser,
    verb_parser,
    words_of,
)

_FILES = ("FILE", "FILE.md", "BUNDLE", "PATH", "ARCHIVE", "V|PATH")
_DIRECTORIES = ("DIR",)


def completion_script(shell: str) -> str:
    """Return the script that completes `pysteward` in a shell. shell: bash, zsh or fish."""
    return shtab.complete(_tree(), shell)


def _tree() -> argparse.ArgumentParser:
    """Return the parser of all commands with their verbs, as shtab reads it."""
    parser = program_parser()
    nouns = parser.add_subparsers(prog=PROGRAM, parser_class=argparse.ArgumentParser)
    for name, noun in NOUNS.items():
        of_noun = nouns.add_parser(name, help=noun.help, add_help=False)
        verbs = noun.verbs()
        if "" in verbs:
            add_arguments(of_noun, verbs[""])
            _say_what_completes(of_noun)
            continue
        if noun.default:
            # The bare noun takes what its default verb takes; words stay the verbs' names.
            for option in options_of(verb_parser(name, verbs[noun.default])):
                of_noun._add_action(option)  # pyright: ignore[reportPrivateUsage]
        else:
            add_shared(of_noun)
        named = of_noun.add_subparsers(parser_class=argparse.ArgumentParser)
        for verb in verbs.values():
            of_verb = named.add_parser(verb.name, help=verb.help, add_help=False)
            add_arguments(of_verb, verb)
            _say_what_completes(of_verb)
        _say_what_completes(of_noun)
    _say_what_completes(parser)
    return parser


def _say_what_completes(parser: argparse.ArgumentParser) -> None:
    """Tell by an argument's metavar what it completes to; shtab reads ``complete``."""
    for action in [*words_of(parser), *options_of(parser)]:
        if action.metavar in _FILES:
            action.complete = shtab.FILE  # pyright: ignore[reportAttributeAccessIssue]
        elif action.metavar in _DIRECTORIES:
            action.complete = shtab.DIRECTORY  # pyright: ignore[reportAttributeAccessIssue]
        elif action.metavar == "POLICY":
            action.choices = [policy.value for policy in Policy]
