"""The grammar `pysteward NOUN VERB [ARGUMENT] [--options]`, its help, and what it refuses."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from pysteward.core.errors import UsageError
from pysteward.tui.cli.commands import NOUNS, Verb
from pysteward.tui.cli.parser import noun_parser, parse, program_parser, verb_parser


def verbs() -> Iterator[tuple[str, Verb]]:
    for name, noun in NOUNS.items():
        for verb in noun.verbs().values():
            yield name, verb


VERBS = list(verbs())
WITH_VERBS = [name for name, noun in NOUNS.items() if "" not in noun.verbs()]


def called(line: str) -> tuple[str, dict[str, object]]:
    """The function that a command line runs, with the arguments that were given."""
    call = parse(line.split())
    assert call.run is not None
    given = {name: value for name, value in vars(call.arguments).items() if value}
    return f"{call.run.__module__.rpartition('.')[2]}{call.run.__name__}", given


def help_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    with pytest.raises(SystemExit) as end:
        parse(arguments)
    assert end.value.code == 0
    return capsys.readouterr().out.splitlines()


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize(
    ("name", "verb"), VERBS, ids=[f"{name} {verb.name}".strip() for name, verb in VERBS]
)
def test_the_help_of_a_verb_fits_a_small_terminal_and_its_example_parses(
    name: str, verb: Verb, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [name, verb.name] if verb.name else [name]
    lines = help_of(capsys, *words, "--help")
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith(f"usage: pysteward {' '.join(words)}")
    assert verb.help in " ".join(lines)
    assert lines[-1] == f"example: pysteward {verb.example}"
    program = verb.example.split(" > ")[0].replace("'", "").split()
    assert parse(program).run is verb.run


@pytest.mark.parametrize("name", WITH_VERBS)
def test_the_help_of_a_noun_lists_its_verbs_and_fits_a_small_terminal(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = help_of(capsys, name, "--help")
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    listed = {line.split()[0] for line in lines if line[:3].strip()} - {"usage:", "example:"}
    assert set(NOUNS[name].verbs()) <= listed
    assert lines[-1].startswith(f"example: pysteward {name} ")
    default = NOUNS[name].default
    marked = [line.split()[0] for line in lines if line.endswith("(default)")]
    assert marked == ([default] if default else [])


def test_the_help_of_the_program_names_every_command_on_one_screen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = help_of(capsys, "--help")
    assert len(lines) <= 24
    more = " ".join(lines).partition("more:")[2].replace(",", "").split()
    for name, noun in NOUNS.items():
        if noun.is_rare:
            assert name in more
        else:
            assert any(line.split() == [name, *noun.help.split()] for line in lines), name


@pytest.mark.parametrize(("name", "verb"), VERBS)
def test_help_is_lower_case_without_a_period(name: str, verb: Verb) -> None:
    parser = verb_parser(name, verb)
    told = [action.help or "" for action in parser._actions]
    for text in (verb.help, NOUNS[name].help, *told):
        assert text, f"{name} {verb.name} has an argument without help"
        assert not text.endswith("."), text
        assert not text[:2].istitle() or text.startswith("Python "), text


@pytest.mark.parametrize(
    ("bare", "verb"),
    [
        ("content", "content list"),
        ("content --json", "content list --json"),
        ("builds --content app", "builds list --content app"),
        ("environments --sizes", "environments list --sizes"),
        ("environments 3f2a", "environments list 3f2a"),
        ("upgrade --add 3.12.4", "upgrade plan --add 3.12.4"),
        ("upgrade 3.8.1 --remove 3.8", "upgrade plan 3.8.1 --remove 3.8"),
        ("scenario exact", "scenario run exact"),
    ],
)
def test_the_bare_noun_is_its_default_verb(bare: str, verb: str) -> None:
    assert called(bare) == called(verb)


@pytest.mark.parametrize(
    ("mixed", "ordered"),
    [
        ("environments verify --rebuild 3f2a", "environments verify 3f2a --rebuild"),
        ("environments remove --yes 3f2a 77", "environments remove 3f2a 77 --yes"),
        ("environments show 3f2a --json 77", "environments show 3f2a 77 --json"),
        ("environments --json show 3f2a", "environments show 3f2a --json"),
        ("environments --older-than 9 prune", "environments prune --older-than 9"),
        ("--json content show app", "content show app --json"),
        ("--config a.toml content --json show app", "content show app --json --config a.toml"),
        ("builds log --follow 2026", "builds log 2026 --follow"),
        (
            "match --installed 3.8.1 3.8 --with 3.9.1 -",
            "match 3.8 - --installed 3.8.1 --with 3.9.1",
        ),
        ("config set --dry-run timeout 30", "config set timeout 30 --dry-run"),
        ("config --dry-run set timeout 30", "config set timeout 30 --dry-run"),
        ("upgrade --add 3.9.1 apply --yes", "upgrade apply --add 3.9.1 --yes"),
        ("deploy --state-dir s --json bundle", "deploy bundle --state-dir s --json"),
        ("builds export --json 2026 a.tar.gz", "builds export 2026 a.tar.gz --json"),
        ("scenario --matching exact run major-minor", "scenario run major-minor --matching exact"),
    ],
)
def test_options_may_stand_anywhere(mixed: str, ordered: str) -> None:
    assert called(mixed) == called(ordered)


def test_a_value_of_an_option_is_not_taken_for_a_verb() -> None:
    assert called("builds --content list")[1]["content"] == "list"
    assert called("upgrade --add plan --remove 3.8")[1]["add"] == ["plan"]


def test_words_after_two_dashes_are_no_options() -> None:
    assert called("deploy --json -- --odd")[1] == {"bundle": "--odd", "json": True}
    assert called("content show -- --afresh")[1] == {"name": "--afresh"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "there is no command 'nonsense' (see pysteward --help)"),
        ("content shwo", "content has no verb 'shwo': use list, show, "),
        ("config", "config needs a verb: use show, check, "),
        ("config --json", "config needs a verb: use show, check, "),
        ("content show", "the following arguments are required: NAME (see pysteward content show"),
        ("environments rebuild", "the following arguments are required: ID"),
        ("content list app", "unrecognized arguments: app"),
        ("content --jsn", "unrecognized arguments: --jsn"),
        ("builds show 1 --conf x", "unrecognized arguments: --conf"),
        ("completion csh", "invalid choice: 'csh'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(line: str, said: str) -> None:
    with pytest.raises(UsageError, match="--help") as error:
        parse(line.split())
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_readme_names_every_command_as_it_is_called() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    calls = re.findall(r"`(?:source <\()?pysteward ([^`…)]+)", text)
    named = [shlex.split(call) for call in calls]
    for words in named:
        assert words[0].startswith("-") or parse(words).run is not None, words
    nouns = {words[0] for words in named} | set(re.findall(r", `([a-z-]+)`", text))
    assert set(NOUNS) <= nouns


def test_the_bare_program_runs_no_command() -> None:
    assert parse([]).run is None
    assert parse(["--config", "a.toml"]).arguments.config == "a.toml"


def test_all_parsers_take_the_shared_options() -> None:
    parsers = [program_parser(), *(noun_parser(name, NOUNS[name].verbs()) for name in WITH_VERBS)]
    for parser in (*parsers, *(verb_parser(name, verb) for name, verb in VERBS)):
        options = {option for action in parser._actions for option in action.option_strings}
        assert {"--config", "--state-dir", "--help"} <= options
