"""Would content still install on another Python? Asked of an index, never of that Python."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pysteward.core.bundles import parse_requirements
from pysteward.core.resolution import (
    Pip,
    unpacked_pip,
)
from pysteward.core.upgrades import (
    PreflightAnswer,
    PreflightQuestion,
    answer_question,
    compare,
    list_predictions,
    merged,
    note_start,
    predict,
)
from pysteward.core.versions import PythonVersion
from tests.support.wheels import make_sdist, make_wheel

pytestmark = pytest.mark.slow

NEW = PythonVersion(3, 12, 4)
Asked = Callable[..., PreflightAnswer]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    directory = tmp_path / "index"
    directory.mkdir()
    return directory


@pytest.fixture
def environment(index: Path, tmp_path: Path) -> dict[str, str]:
    """All that pip gets: no index but the directory."""
    return {
        "PATH": os.defpath,
        "HOME": str(tmp_path),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(index),
    }


@pytest.fixture(scope="session")
def pip_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked_pip(tmp_path_factory.mktemp("pip"))


@pytest.fixture
def pip(environment: dict[str, str], pip_directory: Path) -> Pip:
    return Pip(pip_directory, environment)


@pytest.fixture
def asked(environment: dict[str, str], pip_directory: Path) -> Asked:
    def asked(text: str, python: PythonVersion = NEW, **changed: str) -> PreflightAnswer:
        question = PreflightQuestion(parse_requirements(text), python, ())
        return answer_question(question, Pip(pip_directory, {**environment, **changed}))

    return asked


def test_what_has_wheels_installs(index: Path, asked: Asked) -> None:
    make_wheel(index, "apple", "1.0", requires=["pear>=2"])
    make_wheel(index, "pear", "2.1")
    answer = asked("apple==1.0  # the fruit\n")
    assert answer == PreflightAnswer("installs", (("apple", "1.0"), ("pear", "2.1")))


def test_markers_are_those_of_the_other_python(index: Path, asked: Asked) -> None:
    make_wheel(index, "apple", "1.0", requires=["backport; python_version < '3.6'"])
    make_wheel(index, "backport", "1.0")
    assert asked("apple", NEW).packages == (("apple", "1.0"),)
    old = asked("apple", PythonVersion(3, 5, 2))
    assert old.packages == (("apple", "1.0"), ("backport", "1.0"))


def test_a_release_may_exclude_the_new_python(index: Path, asked: Asked) -> None:
    make_wheel(index, "apple", "1.0", requires_python="<3.12")
    answer = asked("apple==1.0\n")
    assert answer.outcome == "fails"
    assert answer.findings[0].code == "requires-python"


def test_what_has_only_a_source_archive_must_be_built(index: Path, asked: Asked) -> None:
    make_sdist(index, "plum", "3.0")
    make_wheel(index, "apple", "1.0")
    answer = asked("plum==3.0\napple\n")
    assert (answer.outcome, answer.source_only) == ("needs-source-build", ("plum==3.0",))
    assert answer.packages == (("apple", "1.0"),)


def test_a_failure_behind_a_source_archive_is_found_too(index: Path, asked: Asked) -> None:
    make_sdist(index, "plum", "3.0")
    answer = asked("plum==3.0\ngone==1.0\n")
    assert (answer.outcome, answer.source_only) == ("fails", ("plum==3.0",))
    assert "gone" in answer.findings[0].cause


@pytest.mark.parametrize("option", ["--only-binary :all:", "--only-binary=Plum,fig"])
def test_a_source_archive_that_the_requirements_forbid_fails(
    index: Path, asked: Asked, option: str
) -> None:
    make_sdist(index, "plum", "3.0")
    answer = asked(f"{option}\nplum==3.0\n")
    assert (answer.outcome, answer.source_only) == ("fails", ())


def test_the_last_word_on_what_is_built_counts(index: Path, asked: Asked) -> None:
    make_sdist(index, "plum", "3.0")
    answer = asked("--only-binary :all:\n--no-binary plum\nplum==3.0\n")
    assert (answer.outcome, answer.source_only) == ("needs-source-build", ("plum==3.0",))


def test_what_must_come_from_source_is_not_built_by_a_preflight(index: Path, asked: Asked) -> None:
    make_wheel(index, "plum", "3.0")
    make_sdist(index, "plum", "3.0", while_building="raise SystemExit('built')")
    answer = asked("--no-binary plum\nplum==3.0\n")
    assert (answer.outcome, answer.source_only) == ("needs-source-build", ("plum==3.0",))


def test_a_conflict_is_one_on_the_other_python(index: Path, asked: Asked) -> None:
    make_wheel(index, "apple", "1.0", requires=["pear==1"])
    make_wheel(index, "pear", "1")
    make_wheel(index, "pear", "2")
    answer = asked("apple\npear==2\n")
    assert (answer.outcome, answer.findings[0].code) == ("fails", "dependency-conflict")


def test_an_address_is_not_judged(index: Path, asked: Asked) -> None:
    make_wheel(index, "apple", "1.0")
    answer = asked("apple\ngit+https://git.example.org/x#egg=x\n")
    assert answer.outcome == "needs-source-build"
    assert answer.not_judged == ("git+https://git.example.org/x#egg=x",)


def test_an_index_that_does_not_answer_predicts_nothing(asked: Asked) -> None:
    closed = {
        "PIP_NO_INDEX": "0",
        "PIP_FIND_LINKS": "",
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
    }
    assert asked("apple\n", NEW, **closed).outcome == "unknown"


def test_each_distinct_list_is_asked_once_and_kept(index: Path, pip: Pip, tmp_path: Path) -> None:
    make_wheel(index, "apple", "1.0")
    kept = tmp_path / "predictions"
    questions = merged(
        [
            PreflightQuestion(parse_requirements("apple\n"), NEW, ("one",)),
            PreflightQuestion(parse_requirements("# a comment\napple \n"), NEW, ("two",)),
            PreflightQuestion(parse_requirements("gone\n"), NEW, ("three",)),
        ]
    )
    made = list(predict(questions, kept, pip, at_once=2))
    assert {p.content: p.answer.outcome for p in made} == {
        ("one", "two"): "installs",
        ("three",): "fails",
    }
    # The index may be gone: what is kept is not asked again.
    for path in index.iterdir():
        path.unlink()
    again = list(predict(questions, kept, pip, at_once=2))
    assert sorted(again, key=lambda p: p.key) == sorted(made, key=lambda p: p.key)


def test_a_prediction_is_compared_with_what_happened(index: Path, pip: Pip, tmp_path: Path) -> None:
    make_wheel(index, "apple", "1.0")
    kept = tmp_path / "predictions"
    question = PreflightQuestion(parse_requirements("apple\n"), NEW, ("one",))
    list(predict([question], kept, pip, at_once=1))
    settled = compare(kept, question.key, "a-build", False, "requires-python")
    assert settled is not None
    assert (settled.build, settled.came_true) == ("a-build", False)
    assert settled.happened == "failed: requires-python"
    assert list_predictions(kept) == (settled,)
    assert settled.all_start is None
    for content, starts in (("one", "yes"), ("two", "no"), ("one", "no")):
        note_start(kept, question.key, content, starts)
    (noted,) = list_predictions(kept)
    assert noted.starts == (("one", "yes"), ("two", "no"))
    assert noted.all_start == "no"


def test_a_damaged_prediction_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"key": "x"')
    assert list_predictions(tmp_path) == ()
