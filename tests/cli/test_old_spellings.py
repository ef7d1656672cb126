"""What the command line took before goes on working: the same outcome and the same JSON."""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from pysteward.core.builds import find, find_content, list_builds
from pysteward.core.upgrades import last_plan
from pysteward.tui.cli import main as command_line
from pysteward.tui.cli.commands import NOUNS
from pysteward.tui.cli.parser import OLD_SPELLINGS, parse, verb_parser
from pysteward.tui.start import Start
from tests.source_builds.sources import Workshop, workshop
from tests.support.installation import Installation, make_installation
from tests.support.server import SampleServer
from tests.support.wheels import make_wheel

__all__ = ["workshop"]


class Pair(NamedTuple):
    """The same call as it was spelled and as it is."""

    old: str
    new: str


LINE = f"{sys.version_info.major}.{sys.version_info.minor}"

# On a server whose content has a way back, and whose last upgrade has a step that failed.
ON_A_SERVER = [
    Pair("content restore app", "content rollback app"),
    Pair("content rebuild app --afresh", "content rebuild app --force"),
    Pair("environments prune --orphaned", "environments prune --unused"),
    Pair("environments prune --python-gone --yes", "environments prune --missing-python --yes"),
    Pair("environments prune --orphaned --even-used", "environments prune --unused --include-used"),
    Pair("upgrade --status", "upgrade status"),
    Pair("upgrade --stop", "upgrade stop"),
    Pair("upgrade --resume", "upgrade resume"),
    Pair("upgrade --retry --jobs 1", "upgrade retry --jobs 1"),
    Pair("upgrade --abandon", "upgrade abandon"),
    Pair("upgrade --predictions", "upgrade predictions"),
    Pair("upgrade --matching exact --apply --yes", "upgrade apply --matching exact --yes"),
    Pair(
        f"upgrade --remove {LINE} --add {LINE}.99 --preflight --afresh",
        f"upgrade plan --remove {LINE} --add {LINE}.99 --preflight --refresh",
    ),
]
ON_SOURCES = [
    Pair(
        "build-python --source {} --prefix {} --optimise",
        "build-python install {} --prefix {} --optimize",
    ),
    Pair("build-python 3.11.9 --script --optimise", "build-python script 3.11.9 --optimize"),
]
IN_THE_INTERFACE = [
    Pair("diagnose build.log --screen", "diagnose build.log --tui"),
    Pair("scenario exact --play", "scenario run exact --tui"),
]
ANYWHERE = [Pair("scenario --list", "scenario list")]


def sampled(pairs: list[Pair], nouns: set[str]) -> list[object]:
    """These pairs as parameters; of nouns that are not named, only a full run takes all."""
    return [
        pytest.param(
            pair,
            id=pair.old,
            marks=() if pair.old.split()[0] in nouns else pytest.mark.full,
        )
        for pair in pairs
    ]


def test_each_old_spelling_is_compared_with_the_new_one() -> None:
    compared = {
        (pair.old.split()[0], word)
        for pair in (*ON_A_SERVER, *ON_SOURCES, *IN_THE_INTERFACE, *ANYWHERE)
        for word in pair.old.split()
    }
    for noun, spellings in OLD_SPELLINGS.items():
        assert {(noun, old) for old in spellings} <= compared


def told(server: SampleServer, line: str) -> tuple[int, object]:
    """The status and the JSON of a call, without what differs from run to run."""
    ended = server.run(*line.split(), "--json")
    text = re.sub(r"\d{8}-\d{9}(-\w+)?", "ID", ended.stdout)
    text = re.sub(r"\d{8}T\d{6}Z", "TIME", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)
    text = re.sub(r'"(freed|size)": \d+', r'"\1": 0', text)
    # The driver of a plan that is over may be gone already, or about to go.
    text = text.replace('"running": true', '"running": false')
    return ended.returncode, json.loads(text)


def wait_for_workers(server: SampleServer) -> None:
    """Wait until nothing writes into the state directory any more."""
    for row in list_builds(server.state_dir):
        record = find(server.state_dir, row.id)
        while record.is_alive():
            time.sleep(0.01)
    while last_plan(server.state_dir).is_driven():
        time.sleep(0.01)


@pytest.fixture(scope="module")
def busy(
    installation: Installation, packages: Path, seed: Path, tmp_path_factory: pytest.TempPathFactory
) -> SampleServer:
    """Content with a way back, and an upgrade of which a step failed."""
    directory = tmp_path_factory.mktemp("busy")
    wheels = directory / "wheels"
    make_wheel(wheels, "alpha")
    make_wheel(wheels, "beta")
    server = SampleServer(directory, [installation.directory], wheels)
    server.environment["VIRTUALENV_OVERRIDE_APP_DATA"] = str(seed)
    server.environment["VIRTUALENV_NO_SETUPTOOLS"] = "1"
    for requirements in ("alpha\n", "beta\n"):
        assert server.run("deploy", server.bundle("app", requirements)).returncode == 0
        shutil.rmtree(directory / "bundles")
    assert server.run("deploy", server.bundle("broken", "alpha\n")).returncode == 0
    second = make_installation(directory / "second")
    server.installations = [second.directory]
    (wheels / "alpha-1.0-py2.py3-none-any.whl").unlink()
    failed = server.run("upgrade", "apply", "--yes")
    assert failed.returncode == 1, failed.stderr
    wait_for_workers(server)
    shutil.copytree(server.state_dir, directory / "kept", symlinks=True)
    return server


@pytest.mark.slow
@pytest.mark.parametrize("pair", sampled(ON_A_SERVER, {"environments"}))
def test_an_old_spelling_does_the_same(busy: SampleServer, pair: Pair) -> None:
    answers = []
    for line in pair:
        shutil.rmtree(busy.state_dir)
        shutil.copytree(busy.directory / "kept", busy.state_dir, symlinks=True)
        status, document = told(busy, line)
        wait_for_workers(busy)
        content = find_content(busy.state_dir, "app")
        answers.append((status, document, content.environment, content.outcome))
    assert answers[0] == answers[1]
    assert answers[0][0] in (0, 1), answers[0]


@pytest.mark.slow
@pytest.mark.parametrize("pair", sampled(ON_SOURCES, set()))
def test_an_old_spelling_builds_the_same_python(workshop: Workshop, pair: Pair) -> None:
    answers = []
    for line in pair:
        shutil.rmtree(workshop.prefix, ignore_errors=True)
        status, document = told(
            workshop.server, line.format(workshop.working_source(), workshop.prefix)
        )
        answers.append((status, document, workshop.program.exists()))
    assert answers[0] == answers[1]
    assert answers[0][0] == 0, answers[0]


@pytest.mark.parametrize("pair", IN_THE_INTERFACE, ids=lambda pair: pair.old)
def test_an_old_spelling_opens_the_same(pair: Pair) -> None:
    starts = [command_line.run(parse(line.split())) for line in pair]
    for start in starts:
        assert isinstance(start, Start)
    first, second = starts
    assert isinstance(first, Start)
    assert isinstance(second, Start)
    assert (first.tab, first.argument) == (second.tab, second.argument)


@pytest.mark.parametrize("pair", ANYWHERE, ids=lambda pair: pair.old)
def test_an_old_spelling_answers_the_same(pair: Pair, capsys: pytest.CaptureFixture[str]) -> None:
    answers = []
    for line in pair:
        status = command_line.run(parse([*line.split(), "--json"]))
        answers.append((status, json.loads(capsys.readouterr().out)))
    assert answers[0] == answers[1]


def test_old_spellings_are_not_listed() -> None:
    for noun, spellings in OLD_SPELLINGS.items():
        for verb in NOUNS[noun].verbs().values():
            listed = verb_parser(noun, verb).format_help()
            assert not set(spellings) & set(listed.split())


def test_an_old_word_that_is_a_value_stays_one() -> None:
    call = parse(["content", "show", "restore"])
    assert call.arguments.name == "restore"
    assert parse(["builds", "--content=--apply"]).arguments.content == "--apply"
    assert parse(["build-python", "--source=a.tgz"]).arguments.archive == "a.tgz"
