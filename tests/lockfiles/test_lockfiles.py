"""Lock files as PEP 751 has them: read, written, compared, made of what an installer tells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.errors import LockError
from pysteward.core.lockfiles import (
    Conditions,
    Lock,
    compare_locks,
    lock_of_report,
    read_lock,
    requirements_of,
    write_lock,
)

CONDITIONS = Conditions(
    python="3.11.7",
    platform="linux-x86_64-glibc",
    installer="pip",
    installer_version="26.3",
    requirements="1234",
    configuration="",
    prohibited=("appnope",),
    build="20261129-080000000-aaaa",
)
A, B = "a" * 64, "b" * 64


def installed(name: str, version: str, address: str, **more: Any) -> dict[str, Any]:
    origin = {"url": address, **more.pop("origin", {"archive_info": {"hashes": {"sha256": A}}})}
    return {
        "metadata": {"name": name, "version": version},
        "download_info": origin,
        "is_direct": False,
        **more,
    }


def lock(*items: dict[str, Any], directory: str = "/srv/work/bundle") -> Lock:
    return lock_of_report({"install": list(items)}, CONDITIONS, Path(directory))


WHEEL = installed("alpha", "1.0", "https://index.example/a/alpha-1.0-py3-none-any.whl")


def test_a_lock_that_is_read_is_the_one_that_was_written() -> None:
    text = write_lock(lock(WHEEL, installed("beta", "2.0", "https://x.example/beta-2.0.tar.gz")))
    assert write_lock(read_lock(text)) == text
    assert read_lock(text).conditions == CONDITIONS
    assert read_lock(text).packages == (("alpha", "1.0"), ("beta", "2.0"))


def test_a_lock_holds_no_user_part_of_an_address() -> None:
    text = write_lock(
        lock(
            installed("alpha", "1.0", "https://ada:s3cret@i.example/alpha-1.0-py3-none-any.whl"),
            installed("beta", "1", "https://i.example/beta-1.tar.gz?token=s3cretvalue"),
            installed(
                "gamma",
                "1",
                "https://s3cret@git.example/gamma",
                origin={"vcs_info": {"vcs": "git", "commit_id": A[:40]}},
            ),
        )
    )
    assert "s3cret" not in text
    assert "ada" not in text


def test_what_comes_from_the_bundle_is_named_by_its_path_in_it() -> None:
    made = lock(
        installed("alpha", "1.0", "file:///srv/work/bundle/w/a%20b.zip", is_direct=True),
        installed("beta", "1.0", "file:///srv/work/bundle/src", origin={"dir_info": {}}),
    )
    assert requirements_of(made).hashed == (f"./w/a b.zip --hash=sha256:{A}",)
    assert requirements_of(made).plain == ("./src",)


def test_requirements_of_a_lock_pin_each_file_by_its_hash() -> None:
    commit = installed(
        "gamma",
        "1",
        "https://git.example/gamma",
        origin={"vcs_info": {"vcs": "git", "commit_id": B[:40], "requested_revision": "main"}},
    )
    direct = installed("delta", "1", "https://d.example/delta-1.zip", is_direct=True)
    wanted = requirements_of(lock(WHEEL, commit, direct))
    assert wanted.hashed == (
        f"alpha==1.0 --hash=sha256:{A}",
        f"delta @ https://d.example/delta-1.zip --hash=sha256:{A}",
    )
    assert wanted.plain == (f"gamma @ git+https://git.example/gamma@{B[:40]}",)


def test_a_package_of_which_no_file_is_known_is_locked_by_its_version() -> None:
    made = lock(installed("alpha", "1.0", "", origin={}))
    assert made.pylock.packages == []
    assert read_lock(write_lock(made)).unlocked == (("alpha", "1.0"),)
    assert requirements_of(made).plain == ("alpha==1.0",)


def test_the_digest_is_of_the_packages_alone() -> None:
    other = replace(CONDITIONS, build="another", python="3.11.9")
    same = lock_of_report({"install": [WHEEL]}, other, Path("/elsewhere"))
    assert lock(WHEEL).digest == same.digest
    file = WHEEL["download_info"] | {"archive_info": {"hashes": {"sha256": B}}}
    assert lock(WHEEL | {"download_info": file}).digest != same.digest


def test_locks_are_compared_package_by_package() -> None:
    gone = installed("gone", "1", "https://x.example/gone-1.tar.gz")
    moved = installed("moved", "1", "https://x.example/moved-1.tar.gz")
    later = installed("moved", "2", "https://x.example/moved-2.tar.gz")
    file = {"archive_info": {"hashes": {"sha256": B}}}
    other = installed("alpha", "1.0", "https://y.example/alpha-1.0-py3-none-any.whl", origin=file)
    new = installed("new", "1", "https://x.example/new-1.tar.gz")
    changes = compare_locks(lock(WHEEL, gone, moved), lock(other, later, new))
    assert [(each.name, each.summary) for each in changes] == [
        ("alpha", "1.0, another file"),
        ("gone", "1 goes"),
        ("moved", "1 -> 2"),
        ("new", "new: 1"),
    ]
    assert not compare_locks(lock(WHEEL), lock(WHEEL))


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ({"python": "3.11.9"}, []),
        ({"build": "x", "installer_version": "20"}, []),
        ({"python": "3.12.1"}, ["it was made for Python 3.11.7, this is 3.12.1"]),
        ({"prohibited": ()}, ["the prohibited packages have changed"]),
        ({"only_wheels": True}, ["only-wheels is on now"]),
        ({"configuration": "x"}, ["the configuration of pip has changed"]),
        ({"platform": "p"}, ["it was made on linux-x86_64-glibc, this is p"]),
        ({"requirements": "x"}, ["the requirements have changed"]),
    ],
)
def test_a_lock_says_why_it_does_not_count(now: dict[str, Any], why: list[str]) -> None:
    assert list(CONDITIONS.differences(replace(CONDITIONS, **now))) == why


HEAD = 'lock-version = "1.0"\ncreated-by = "x"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "not TOML"),
        (b"\xff", "not TOML"),
        ('created-by = "x"\npackages = []', "lock-version"),
        ('lock-version = "9.0"\ncreated-by = "x"\npackages = []', "9.0 is not supported"),
        (HEAD + "packages = [{}]", "name"),
        (HEAD + "a=" + "[" * 20000 + "]" * 20000, "nested too deeply"),
        (HEAD + "packages = []\n[tool.pysteward]\npython = 3", "as pysteward writes it"),
        (HEAD + "#" * (17 << 20), "larger than 16 MiB"),
        (HEAD + f"packages = [{'{},' * 10_001}]", "more than 10000 packages"),
    ],
)
def test_what_is_no_lock_is_refused_in_one_line(text: str | bytes, message: str) -> None:
    with pytest.raises(LockError) as refused:
        read_lock(text, "pylock.toml")
    assert message in str(refused.value)
    assert len(str(refused.value)) < 500


def test_hostile_text_in_a_lock_is_written_escaped() -> None:
    hostile = 'https://x.example/\x1b[31m\u202e\x9b"\\\n/alpha-1.0-py3-none-any.whl'
    text = write_lock(lock(installed("alpha", "1.0", hostile)))
    assert all(each.isprintable() or each == "\n" for each in text)
    written = read_lock(text).pylock.packages[0].wheels
    assert written is not None
    assert "\u202e" in str(written[0].url)
