"""Only a marker that was written last, whole and by this run of the machine, is believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pysteward.core.environments import (
    complete,
    flush,
    invalidate,
    marker,
)

NAME = "0123456789ABCDEFGHIJKL"
MARKER = marker.Marker(
    identity=NAME,
    executable="/opt/python/3.12.1/bin/python3",
    interpreter="/opt/python/3.12.1/bin/python3.12",
    python="3.12.1",
    creator="virtualenv",
    installer="pip",
    installer_version="24.0",
    requirements=("flask",),
    packages=(("flask", "3.0"),),
    complaints=("it hurts",),
    created="2026-01-01T00:00:00.000Z",
)


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.mkdir()
    marker.write_marker(path, MARKER)
    return path


def test_what_was_written_is_read(environment: Path) -> None:
    assert complete(environment) == MARKER


def test_nothing_else_is_left_beside_the_marker(environment: Path) -> None:
    assert [file.name for file in environment.iterdir()] == [marker.NAME]


def test_an_environment_without_a_marker_is_incomplete(tmp_path: Path) -> None:
    assert complete(tmp_path / "not-there") is None
    assert complete(tmp_path) is None


def test_a_marker_cut_off_anywhere_is_none(environment: Path) -> None:
    whole = (environment / marker.NAME).read_bytes()
    for length in range(len(whole) - 1):
        (environment / marker.NAME).write_bytes(whole[:length])
        assert complete(environment) is None


@pytest.mark.parametrize("text", ["[]", "null", '{"schema": 1}', '{"schema": 99}', "\0"])
def test_what_is_no_marker_is_none(environment: Path, text: str) -> None:
    (environment / marker.NAME).write_text(text)
    assert complete(environment) is None


def test_the_marker_of_another_environment_is_none(environment: Path) -> None:
    moved = environment.with_name("ZZZZZZZZZZZZZZZZZZZZZZ")
    environment.rename(moved)
    assert complete(moved) is None


def test_after_a_power_cut_only_what_had_settled_is_believed(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marker, "_boot", lambda: "the next run of the machine")
    assert complete(environment) is None


def test_what_has_settled_outlasts_a_power_cut(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush(environment)
    monkeypatch.setattr(marker, "_boot", lambda: "the next run of the machine")
    assert complete(environment) == MARKER


def test_what_is_distrusted_is_incomplete_for_good(environment: Path) -> None:
    flush(environment)
    invalidate(environment)
    assert complete(environment) is None
    assert list(environment.iterdir()) == []


def test_nothing_that_is_incomplete_settles(tmp_path: Path) -> None:
    flush(tmp_path)
    assert list(tmp_path.iterdir()) == []
