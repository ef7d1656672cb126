"""A wheel is stored once and as a whole, read-only; hostile ones are not stored at all."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import random
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from pysteward.core.state import hold
from pysteward.core.wheels import WheelStore, check_store, list_wheels, remove_wheels
from tests.support.sizes import how_many
from tests.support.wheel_kinds import MODULE, good_wheels, hostile_wheels, write_wheel
from tests.wheels.conftest import COMPILER, Storing, archive_of, make_storing


def test_a_stored_wheel_is_read_only_and_compiled(storing: Storing) -> None:
    (wheel,) = storing.take(
        [write_wheel(storing.directory, "one", {"one/__init__.py": MODULE, "one/bad.py": b"x ="})]
    )
    found = storing.store.find(wheel.sha256)
    assert found == wheel
    assert storing.store.is_settled(wheel)
    assert (wheel.tree / "one/__init__.py").read_bytes() == MODULE
    bytecode = storing.store.bytecode(wheel, COMPILER.key)
    assert bytecode is not None
    # What is not valid for this Python is not compiled, as pip does it.
    assert list(bytecode.files) == ["one/__init__.py"]
    compiled = (bytecode.directory / bytecode.path_of("one/__init__.py")).read_bytes()
    assert compiled[:4] == importlib.util.MAGIC_NUMBER
    assert compiled[4:8] == b"\1\0\0\0"  # PEP 552: checked against no source
    assert bytes(storing.directory) not in compiled  # nor does it name where it was made
    for top, _, names in os.walk(wheel.directory):
        for name in names:
            if not name.endswith((".json", ".flushed")):
                assert stat.S_IMODE(os.lstat(os.path.join(top, name)).st_mode) in (0o444, 0o555)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Storing, dict[str, Path]]:
    directory = tmp_path_factory.mktemp("hostile")
    storing = make_storing(directory)
    wheels = hostile_wheels(directory / "wheels")
    assert storing.take(list(wheels.values())) == []
    return storing, wheels


def test_no_hostile_wheel_is_stored(hostile: tuple[Storing, dict[str, Path]]) -> None:
    storing, wheels = hostile
    assert storing.store.names() == ()
    assert len({archive_of(each).sha256 for each in wheels.values()}) == len(wheels)
    outside = {path.name for path in storing.directory.rglob("*") if "wheels" not in path.parts}
    assert not outside & {"left.py", "x", "x.py", "absolute.py"}
    assert not Path("/tmp/absolute.py").exists()


def test_a_bomb_is_refused(storing: Storing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pysteward.core.wheels.unpacker.MOST_FILES", 50)
    monkeypatch.setattr("pysteward.core.wheels.unpacker.MOST_BYTES", 1 << 20)
    many = write_wheel(storing.directory, "many", {f"many/{number}": b"" for number in range(60)})
    large = write_wheel(storing.directory, "large", {"large.bin": bytes(2 << 20)})
    assert storing.take([many, large]) == []
    assert "more than 50 files" in storing.refused[many.name]
    assert "larger than" in storing.refused[large.name]


def test_a_directory_that_says_less_than_there_is_bursts_no_limit(storing: Storing) -> None:
    wheel = write_wheel(storing.directory, "lies", {"lies.bin": bytes(1 << 20)})
    data = wheel.read_bytes()
    at = data.index(b"PK\1\2")
    small = data[: at + 24] + (10).to_bytes(4, "little") + data[at + 28 :]
    wheel.write_bytes(small)
    assert storing.take([wheel]) == []


def test_one_refused_wheel_keeps_no_other_out(storing: Storing) -> None:
    good = write_wheel(storing.directory, "good", {"good.py": MODULE})
    bad = write_wheel(storing.directory, "bad", {"../bad.py": MODULE})
    assert [each.name for each in storing.take([bad, good])] == ["good"]


def test_a_damaged_wheel_is_put_aside_and_made_again(storing: Storing) -> None:
    path = write_wheel(storing.directory, "one", {"one.py": MODULE, "two.py": MODULE})
    (wheel,) = storing.take([path])
    assert [each.defects for each in check_store(storing.store)] == [()]
    file = wheel.tree / "one.py"
    file.chmod(0o644)
    file.write_bytes(MODULE + b"#")
    (check,) = check_store(storing.store)
    assert check.defects == ("tree/one.py was altered",)
    assert check.is_aside
    assert storing.store.find(wheel.sha256) is None
    storing.take([path])
    assert [each.defects for each in check_store(storing.store)] == [()]


def test_a_wheel_that_a_build_works_with_is_neither_put_aside_nor_removed(
    storing: Storing,
) -> None:
    (wheel,) = storing.take([write_wheel(storing.directory, "one", {"one.py": MODULE})])
    (wheel.tree / "one.py").unlink()
    with hold(wheel.directory, shared=True):
        (check,) = check_store(storing.store)
        assert check.is_busy
        (removal,) = remove_wheels(storing.store, list(list_wheels(storing.store, {})))
        assert removal.refused == "a build is at work with it"
    (removal,) = remove_wheels(storing.store, list(list_wheels(storing.store, {})))
    assert removal.refused is None
    assert storing.store.names() == ()


def test_what_a_power_cut_may_have_harmed_is_not_taken_before_it_was_compared(
    storing: Storing, monkeypatch: pytest.MonkeyPatch
) -> None:
    (wheel,) = storing.take([write_wheel(storing.directory, "one", {"one.py": MODULE})])
    monkeypatch.setattr("pysteward.core.wheels.store.boot_id", lambda: "the next run")
    assert not storing.store.is_settled(wheel)
    assert storing.store.bytecode(wheel, COMPILER.key) is None
    assert [each.defects for each in check_store(storing.store)] == [()]
    assert storing.store.is_settled(wheel)
    assert storing.store.bytecode(wheel, COMPILER.key) is not None


def take_and_be_killed(storing: Storing, wheels: list[Path], after: float | None) -> float:
    """Store wheels in a process that is killed with all its children; returns the seconds taken.

    after: when it is killed, in seconds; None: not at all.
    """
    begin = time.monotonic()
    child = os.fork()
    if child == 0:
        os.setsid()
        try:
            storing.take(wheels)
        finally:
            os._exit(0)
    if after is not None:
        # Whenever it comes, the result is the same; so nothing depends on this time.
        time.sleep(after)
        with contextlib.suppress(ProcessLookupError):  # it has not begun, or is over
            os.killpg(child, signal.SIGKILL)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.monotonic() - begin


def test_no_kill_leaves_half_a_wheel(storing: Storing) -> None:
    wheels = good_wheels(storing.directory / "wheels")
    chance = random.Random(15)
    longest = take_and_be_killed(storing, wheels, None)
    assert len(storing.store.names()) == len(wheels)
    for _ in range(how_many(6, 200)):
        list(remove_wheels(storing.store, list(list_wheels(storing.store, {}))))
        assert not list(storing.store.making.iterdir())
        take_and_be_killed(storing, wheels, chance.uniform(0, longest))
        assert [each.defects for each in check_store(storing.store) if each.defects] == []


@pytest.mark.parametrize("options", ["size=300k", "size=8m,nr_inodes=60"])
def test_a_full_disk_leaves_no_half_wheel(tmp_path: Path, options: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may mount a tmpfs")
    directory = tmp_path / "small"
    directory.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(directory)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a tmpfs cannot be mounted here")
    try:
        storing = make_storing(directory)
        noise = random.Random(15).randbytes(200 * 1024)
        files = {"large.bin": noise} | {f"small/{number}.py": MODULE for number in range(60)}
        wheel = write_wheel(tmp_path, "large", files)
        with pytest.raises(OSError, match="No space left"):
            storing.take([wheel])
        assert storing.store.names() == ()
    finally:
        subprocess.run(["umount", "--lazy", str(directory)], check=True)


def test_two_stores_of_one_state_are_the_same(storing: Storing) -> None:
    (wheel,) = storing.take([write_wheel(storing.directory, "one", {"one.py": MODULE})])
    assert WheelStore(storing.directory / "state").find(wheel.sha256) == wheel
