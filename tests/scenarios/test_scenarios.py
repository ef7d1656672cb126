"""Scenario files: read, written, and what the built-in ones claim."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pysteward.core.errors import ScenarioError
from pysteward.core.matching import Policy, Verdict
from pysteward.core.scenarios import (
    NO_MATCH,
    Scenario,
    ScenarioInstallation,
    ScenarioRequest,
    built_in,
    dump,
    find,
    load,
    parse,
    play,
    save,
)
from pysteward.core.versions import PythonVersion

WRITTEN_BY_HAND = """\
# For Monday's class.
title = "A small server"
matching = 'Nearest'
notes = \"\"\"
Two lines,
"quoted".\"\"\"
requests = ["3.8", ">=3.9"]  # in short

[[installations]]
version = "3.8.18"
on = false
notes = "Past its end of life."

[[installations]]
version = "3.9.18"
executable = "/opt/python/3.9.18/bin/python3"

[[installations]]
version = "3.10.13"
unusable = "pip is missing"
"""


def refused(text: str) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        parse(text, file="class.toml")
    assert "\n" not in str(caught.value)
    assert caught.value.file == "class.toml"
    return caught.value


def test_a_file_written_by_hand_is_read_whole() -> None:
    scenario = parse(WRITTEN_BY_HAND)
    assert scenario.title == "A small server"
    assert scenario.policy is Policy.NEAREST
    assert scenario.notes == 'Two lines,\n"quoted".'
    assert [request.text for request in scenario.requests] == ["3.8", ">=3.9"]
    assert [item.on for item in scenario.installations] == [False, True, True]


def test_what_is_off_or_unusable_takes_no_part_and_is_still_shown() -> None:
    first, second = play(parse(WRITTEN_BY_HAND))
    assert str(first.selected.version) == "3.9.18"
    assert str(second.selected.version) == "3.9.18"
    assert [line.why for line in first.considered if line.verdict is Verdict.UNUSABLE] == [
        "switched off",
        "pip is missing",
    ]


def test_a_version_below_the_supported_minimum_takes_no_part() -> None:
    scenario = parse('installations = ["2.6.9", "3.3.0"]\nrequests = ["2.6.9"]')
    assert play(scenario)[0].selected is None


@pytest.mark.parametrize("scenario", built_in(), ids=lambda scenario: scenario.name)
def test_every_claim_of_a_built_in_scenario_is_true(scenario: Scenario) -> None:
    assert scenario.title
    assert scenario.notes
    for request, decision in zip(scenario.requests, play(scenario), strict=True):
        assert request.agrees(decision), request.text


def test_all_files_of_the_directory_are_built_in() -> None:
    from pysteward.core import scenarios

    directory = Path(scenarios.__file__).parent / "built_in"
    assert {file.stem for file in directory.iterdir()} == {scenario.name for scenario in built_in()}


@pytest.mark.parametrize(
    ("name", "switch", "policy", "request_", "expected"),
    [
        ("policies", "3.11.7", Policy.NEAREST, "3.10.2", "3.11.7"),
        ("policies", None, Policy.NEAREST, "3.10.2", "3.9.18"),
        ("policies", None, Policy.EXACT, "3.9.7", NO_MATCH),
        ("retirement", "3.8.18", Policy.MAJOR_MINOR, "3.8.2", NO_MATCH),
        ("retirement", "3.8.18", Policy.NEAREST, "3.8.2", "3.9.18"),
        ("retirement", "3.8.18", Policy.MAJOR_MINOR, ">=3.8,<3.9", NO_MATCH),
        ("pre-releases", None, Policy.MAJOR_MINOR, "3.13.0", NO_MATCH),
    ],
)
def test_what_the_notes_invite_to_try_comes_out_as_they_say(
    name: str, switch: str | None, policy: Policy, request_: str, expected: str
) -> None:
    scenario = find(name)
    installations = tuple(
        replace(item, on=not item.on) if str(item.version) == switch else item
        for item in scenario.installations
    )
    request = ScenarioRequest(request_, expected)
    changed = replace(scenario, installations=installations, policy=policy, requests=(request,))
    assert request.agrees(play(changed)[0])


# Mistakes


@pytest.mark.parametrize(
    ("text", "says", "line", "column"),
    [
        ('title = "x"\nmatching = "close"\n', "unknown matching policy 'close'", 2, 12),
        ('titel = "x"\n', "titel means nothing here; did you mean title?", 1, 9),
        ("\n\ncolour = 1\n", "colour means nothing here; known: title", 3, 10),
        ("title = 3\n", "title must be text: put it in quotes", 1, 9),
        ("installations = 3\n", "must be a list: write [[installations]]", 1, 17),
        ("installations = [\n  3\n]\n", "an item of installations must be", 2, 3),
        (
            '[[installations]]\nversion = "3.8"\n\n[[installations]]\non = true\n',
            "version is missing",
            4,
            1,
        ),
        ("[[installations]]\nversion = 3.8\n", "version must be text: put it in quotes", 2, 11),
        ('[[installations]]\nversion = "3"\n', "'3' is not a Python version", 2, 11),
        ('[[installations]]\nversion = "3.8"\non = "no"\n', "on must be true or false", 3, 6),
        (
            'notes = """\nversion = 1\n"""\n[[installations]]\nnotes = """\na"""\nversion = "x"\n',
            "'x' is not a Python version",
            7,
            11,
        ),
        ('[[requests]]\npython = ">>3"\n', "'>>3' is not a version constraint", 2, 10),
        ('[[requests]]\npython = "3.8"\nexpect = "no"\n', "'no' is not a Python version", 3, 10),
        ('[[requests]]\npithon = "3.8"\n', "did you mean python?", 2, 10),
        ('title = "x\n', "is not TOML", 1, 11),
        ("a = 1\na = 2\n", "is not TOML", None, None),
        ("a = " + "[" * 10_000, "", None, None),
        ("a = " + "9" * 5000, "", None, None),
    ],
)
def test_a_mistake_is_told_with_its_line_and_column(
    text: str, says: str, line: int | None, column: int | None
) -> None:
    error = refused(text)
    assert says in error.message
    if line is not None:
        assert (error.line, error.column) == (line, column)
        assert error.source == text.split("\n")[line - 1]


def test_a_file_that_cannot_be_used_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    for content, says in (
        (b"\xff\xfe", "UTF-8"),
        (b"title = '\n\xe9'", "UTF-8"),
        (b" " * 2_000_000, "too large"),
    ):
        file.write_bytes(content)
        with pytest.raises(ScenarioError, match=says):
            load(file)
    for absent in (tmp_path / "absent.toml", tmp_path, "a\0b"):
        with pytest.raises(ScenarioError, match="cannot be read"):
            load(absent)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b'\xef\xbb\xbftitle = "x"\r\n')
    assert load(tmp_path / "x.toml").title == "x"


def test_a_name_finds_what_is_built_in_and_a_file_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find("nearest").policy is Policy.NEAREST
    with pytest.raises(ScenarioError, match="major-minor"):
        find("farthest")
    Path("nearest").write_text('title = "mine"')
    assert find("nearest").title == "mine"


# Saving

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
versions = st.builds(
    PythonVersion,
    st.integers(2, 4),
    st.integers(0, 20),
    st.integers(0, 30),
    st.none() | st.just("rc1"),
)
named = texts.filter(bool)
scenarios = st.builds(
    Scenario,
    title=named,
    notes=texts,
    policy=st.sampled_from(Policy),
    installations=st.lists(
        st.builds(
            ScenarioInstallation,
            versions,
            st.booleans(),
            st.none() | named,
            st.none() | named,
            texts,
        ),
        max_size=3,
    ).map(tuple),
    requests=st.lists(
        st.builds(
            ScenarioRequest,
            versions.map(str) | st.just(">=3.8,<3.11"),
            st.none() | st.just(NO_MATCH) | versions.map(str),
            texts,
        ),
        max_size=3,
    ).map(tuple),
)


@given(scenarios)
def test_what_is_written_is_read_again(scenario: Scenario) -> None:
    assert parse(dump(scenario)) == scenario


@pytest.mark.skipif(sys.version_info < (3, 11), reason="tomlkit reads it there anyway")
@given(scenarios)
def test_both_toml_parsers_read_what_is_written(scenario: Scenario) -> None:
    import tomlkit
    import tomllib

    text = dump(scenario)
    assert tomlkit.parse(text).unwrap() == tomllib.loads(text)


@given(st.text(max_size=80))
def test_no_text_crashes_the_reader(text: str) -> None:
    try:
        parse(text)
    except ScenarioError as error:
        again = str(error)
    else:
        again = ""
    assert "Traceback" not in again


def test_saving_replaces_the_file_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "class.toml"
    file.write_text("old")
    file.chmod(0o640)
    save(built_in()[0], file)
    assert replace(load(file), name="") == replace(built_in()[0], name="")
    assert file.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["class.toml"]


def test_what_cannot_be_saved_leaves_the_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "class.toml"
    file.write_text("old")
    with pytest.raises(ScenarioError, match="cannot be written"):
        save(Scenario("half \ud800"), file)
    with pytest.raises(ScenarioError, match="cannot be written"):
        save(Scenario("x"), tmp_path / "absent" / "x.toml")
    assert file.read_text() == "old"
