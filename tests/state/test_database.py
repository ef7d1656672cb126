"""The database of a state directory: shared, guarded, and never the only truth."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pysteward.core.errors import StateError
from pysteward.core.state import (
    BuildRow,
    BundleRow,
    ContentRow,
    Database,
    EnvironmentRow,
    directory as state_dirs,
    open_database,
)
from pysteward.core.state.directory import (
    make_directory,
    prepare,
    refuse_network_filesystem,
    write_whole,
)
from pysteward.core.times import seconds_of, timestamp

BUNDLE = BundleRow("d" * 64, "app.tar.gz", 1000, "2026-11-22T18:00:00.000Z")
ENVIRONMENT = EnvironmentRow("e" * 22, "/srv/e", "3.11.7", "/opt/python3", "pip", "c", "u")
CONTENT = ContentRow(
    "app", BUNDLE.digest, "3.8", "3.11.7", "/opt/python3", "nearest", None, "b1", "c", "u"
)
BUILD = BuildRow(
    "b1", "app", BUNDLE.digest, "running", False, None, None, None, None, None, "s", None
)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    directory = tmp_path / "state"
    prepare(directory)
    return directory


PYTHON = ("3.11.7", "/opt/python3", "nearest")


def test_what_was_put_in_comes_out(state: Path) -> None:
    with open_database(state) as store:
        with store.change():
            store.put_bundle(BUNDLE)
            store.put_content(CONTENT)
            store.put_build(BUILD)
            store.put_environment(ENVIRONMENT)
            store.use_environment("app", ENVIRONMENT.id, "b1", PYTHON)
        assert store.bundles() == (BUNDLE,)
        assert store.environments() == (ENVIRONMENT,)
        assert store.builds(outcome="running") == (BUILD,)
        (content,) = store.content()
        assert content._replace(environment=None, updated="u") == CONTENT
        assert content.environment == ENVIRONMENT.id
        assert store.users_of(ENVIRONMENT.id) == ("app",)


def test_content_keeps_the_day_of_its_first_deploy(state: Path) -> None:
    with open_database(state) as store, store.change():
        store.put_bundle(BUNDLE)
        store.put_content(CONTENT)
        store.put_content(CONTENT._replace(created="later", updated="later", request="3.9"))
        (content,) = store.content("app")
        assert (content.created, content.updated, content.request) == ("c", "later", "3.9")


def test_an_older_build_that_ends_later_does_not_change_the_environment(state: Path) -> None:
    with open_database(state) as store, store.change():
        store.put_bundle(BUNDLE)
        store.put_environment(ENVIRONMENT)
        store.put_content(CONTENT._replace(build="b2"))
        store.use_environment("app", ENVIRONMENT.id, "b1", PYTHON)
        assert store.content("app")[0].environment is None


def test_a_change_happens_whole_or_not_at_all(state: Path) -> None:
    with open_database(state) as store:
        with pytest.raises(TypeError):
            put_and_stumble(store)
        assert store.bundles() == ()


def put_and_stumble(store: Database) -> None:
    with store.change():
        store.put_bundle(BUNDLE)
        store.put_bundle(None)


def test_bundles_that_nothing_refers_to_are_forgotten(state: Path) -> None:
    other = BUNDLE._replace(digest="o" * 64)
    with open_database(state) as store, store.change():
        store.put_bundle(BUNDLE)
        store.put_bundle(other)
        store.put_content(CONTENT)
        assert store.remove_unused_bundles() == (other.digest,)
        assert store.bundles() == (BUNDLE,)


def test_where_there_is_no_database_there_is_nothing(tmp_path: Path) -> None:
    with open_database(tmp_path / "absent") as store:
        assert store.content() == store.builds() == store.environments() == ()
    assert not (tmp_path / "absent").exists()


def test_many_may_open_a_new_database_at_once(state: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from pysteward.core.state.database import *\n"
        "with open_database(Path(sys.argv[1])) as store, store.change():\n"
        "    store.put_bundle(BundleRow(sys.argv[2], 'n', 1, 'a'))\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(state), str(number)])
        for number in range(8)
    ]
    assert [process.wait(120) for process in started] == [0] * 8
    with open_database(state) as store:
        assert len(store.bundles()) == 8


def test_a_damaged_database_is_one_clear_error(state: Path) -> None:
    (state / "pysteward.sqlite3").write_bytes(b"this is no database, " * 100)
    with pytest.raises(StateError) as refused, open_database(state) as store:
        store.content()
    assert refused.value.code == "state-damaged"


def test_a_database_of_a_newer_pysteward_is_refused(state: Path) -> None:
    open_database(state).close()
    connection = sqlite3.connect(state / "pysteward.sqlite3")
    connection.execute("PRAGMA user_version = 1000")
    connection.close()
    with pytest.raises(StateError) as refused:
        open_database(state)
    assert refused.value.code == "state-newer"


def test_files_are_for_the_owner_and_the_group_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        directory = tmp_path / "state"
        prepare(directory)
        open_database(directory).close()
        write_whole(directory / "file", b"data")
        inner = make_directory(directory / "a" / "b")
    finally:
        os.umask(before)
    for path in (directory, inner, inner.parent):
        assert oct(path.stat().st_mode & 0o7777) == "0o2750", path
    for path in (directory / "file", directory / "pysteward.sqlite3"):
        assert oct(path.stat().st_mode & 0o7777) == "0o640", path


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_a_member_of_the_group_may_look_and_not_change(state: Path, tmp_path: Path) -> None:
    group = 12345
    for directory in (state, tmp_path, *tmp_path.parents):
        if directory.stat().st_mode & 0o077 == 0:  # pytest's own, and ours
            directory.chmod(0o755)
    os.chown(state, -1, group)
    state.chmod(0o2750)
    with open_database(state) as store, store.change():
        store.put_bundle(BUNDLE)
    reader = os.fork()
    if reader == 0:
        status = 1
        try:
            os.setgroups([group])
            os.setresgid(54321, 54321, 54321)
            os.setresuid(54321, 54321, 54321)
            with open_database(state) as store:
                seen = store.bundles() == (BUNDLE,)
                with pytest.raises(StateError), store.change():
                    pass
                status = 0 if seen else 2
        finally:
            os._exit(status)
    assert os.waitpid(reader, 0)[1] == 0
    with open_database(state) as store, store.change():
        store.put_bundle(BUNDLE._replace(digest="another"))


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "9p"])
def test_a_network_filesystem_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(state_dirs, "_filesystem", lambda _: kind)
    with pytest.raises(StateError) as refused:
        prepare(tmp_path / "state")
    assert refused.value.code == "state-on-network"
    assert kind in refused.value.message
    assert not (tmp_path / "state").exists()
    with pytest.raises(StateError):
        refuse_network_filesystem(tmp_path)


def test_an_unknown_group_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StateError) as refused:
        prepare(tmp_path / "state", group="no-such-group-here")
    assert refused.value.code == "state-group-unknown"


def test_a_state_directory_that_is_a_file_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(StateError):
        prepare(tmp_path / "state")


def test_a_file_is_replaced_whole_or_left_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write_whole(file, b"one")
    write_whole(file, b"two")
    assert file.read_bytes() == b"two"
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "absent" / "file", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("seconds", [0.0, 1700000000.125, 1700000000.999])
def test_times_come_back_to_the_millisecond(seconds: float) -> None:
    assert abs(seconds_of(timestamp(seconds)) - seconds) < 0.0011
    assert timestamp(0.0) == "1970-01-01T00:00:00.000Z"
