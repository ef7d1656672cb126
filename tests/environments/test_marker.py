"""Only a marker that was written last, whole and by this run of the machine, is believed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pysteward.core.environments import (
    complete,
    completion,
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


def pipe(at: Path) -> None:
    os.mkfifo(at)


def zeros(at: Path) -> None:
    at.symlink_to("/dev/zero")


def large(at: Path) -> None:
    at.touch()
    os.truncate(at, 3 << 30)


def nested(at: Path) -> None:
    at.write_text('{"schema": 1, "identity": ' + "[" * 100_000)


@pytest.mark.parametrize("plant", [pipe, zeros, large, nested, Path.mkdir])
def test_whatever_a_package_puts_in_the_place_of_the_marker_is_none(
    environment: Path, plant: Callable[[Path], None]
) -> None:
    (environment / marker.NAME).unlink()
    plant(environment / marker.NAME)
    assert complete(environment) is None
    invalidate(environment)
    assert list(environment.iterdir()) == []


def forged(environment: Path) -> Path:
    """An environment whose package has written a marker as a complete one has it."""
    victim = environment.with_name("VVVVVVVVVVVVVVVVVVVVVV")
    victim.mkdir()
    text = (environment / marker.NAME).read_text().replace(environment.name, victim.name)
    assert json.loads(text)["identity"] == victim.name
    (victim / marker.NAME).write_text(text)
    (victim / "pysteward.settled").touch()
    return victim


def test_a_marker_that_a_package_has_written_is_none(environment: Path) -> None:
    assert complete(forged(environment)) is None


def test_a_changed_marker_is_none(environment: Path) -> None:
    text = (environment / marker.NAME).read_text()
    (environment / marker.NAME).write_text(text.replace("flask", "flusk"))
    assert complete(environment) is None


def test_an_environment_of_a_version_without_notes_stays_complete(environment: Path) -> None:
    shutil.rmtree(environment.parent / completion.DIRECTORY)
    assert complete(environment) == MARKER
    completion.start_notes(environment.parent, marker.marker_before_notes)
    assert complete(environment) == MARKER
    # From then on a marker alone is no proof any more.
    assert complete(forged(environment)) is None


def test_in_a_version_without_notes_what_others_can_write_is_none(environment: Path) -> None:
    shutil.rmtree(environment.parent / completion.DIRECTORY)
    environment.chmod(0o777)
    assert complete(environment) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_marker_of_another_user_is_none(environment: Path) -> None:
    os.chown(environment / marker.NAME, 54321, 54321)
    assert complete(environment) is None


def test_a_note_that_leads_elsewhere_is_none(environment: Path, tmp_path: Path) -> None:
    note = environment.parent / completion.DIRECTORY / environment.name
    os.rename(note, tmp_path / "note")
    note.symlink_to(tmp_path / "note")
    assert complete(environment) is None


def test_the_files_of_an_environment_are_noted_with_it(environment: Path) -> None:
    (environment / "lib" / "deep").mkdir(parents=True)
    (environment / "lib" / "deep" / "file\udcff").touch()
    files = completion.list_files(environment)
    assert files == ["lib/", "lib/deep/", "lib/deep/file\udcff", marker.NAME]
    marker.write_marker(environment, MARKER, files)
    assert completion.files_of(environment) == set(files)
    listed = environment.parent / completion.DIRECTORY / f"{environment.name}.files"
    listed.write_bytes(listed.read_bytes()[:-1])
    assert completion.files_of(environment) is None


def test_directories_nested_too_deep_are_refused_and_not_descended(tmp_path: Path) -> None:
    inner = tmp_path
    for _ in range(completion.MOST_DEPTH + 2):
        inner = inner / "d"
        inner.mkdir()
    with pytest.raises(OSError, match="nested deeper than 100 levels"):
        completion.list_files(tmp_path)


def test_after_a_power_cut_only_what_had_settled_is_believed(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marker, "boot_id", lambda: "the next run of the machine")
    assert complete(environment) is None


def test_what_has_settled_outlasts_a_power_cut(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush(environment)
    monkeypatch.setattr(marker, "boot_id", lambda: "the next run of the machine")
    assert complete(environment) == MARKER


def test_what_is_distrusted_is_incomplete_for_good(environment: Path) -> None:
    flush(environment)
    invalidate(environment)
    assert complete(environment) is None
    assert list(environment.iterdir()) == []


def test_nothing_that_is_incomplete_settles(tmp_path: Path) -> None:
    flush(tmp_path)
    assert list(tmp_path.iterdir()) == []
