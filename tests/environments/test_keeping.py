"""Environments over time: their size, whether they are whole, which may go."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pysteward.core.environments import (
    Criteria,
    Environment,
    complete,
    list_environments,
    measure,
    plan_prune,
    prune,
    remove,
    verify,
)
from pysteward.core.environments.creation import canonical_path
from pysteward.core.environments.marker import Marker, turned_link, write_marker
from pysteward.core.state import hold
from pysteward.core.state.database import (
    ContentRow,
    Database,
    EnvironmentRow,
    open_database,
)
from pysteward.core.times import timestamp
from pysteward.core.versions import PythonVersion
from tests.support.waiting import wait_for

NOW = 1_800_000_000.0
DAY = 86400.0


class Site:
    """A state directory with environments that look like real ones; nothing in them is run."""

    def __init__(self, directory: Path) -> None:
        self.state = directory / "state"
        self.state.mkdir()
        self.store: Database = open_database(self.state)
        self.python = directory / "python3.12"
        self.python.write_text("#!/bin/sh\n")
        self.python.chmod(0o755)
        self._count = 0

    def add(
        self, *, used_by: str | None = None, age: float = 0, marked: bool = True, row: bool = True
    ) -> Path:
        """An environment that was last used so many days ago."""
        self._count += 1
        path = self.state / "environments" / "pip" / "3.12.1" / f"{self._count:022d}"
        site = path / "lib" / "python3.12" / "site-packages"
        (path / "bin").mkdir(parents=True)
        (path / "bin" / "python").symlink_to(self.python)
        _install(site, "flask", "3.0", {"flask.py": "one\n"})
        when = timestamp(NOW - age * DAY)
        if marked:
            write_marker(
                path,
                Marker(
                    identity=path.name,
                    executable=str(self.python),
                    interpreter=str(self.python),
                    python="3.12.1",
                    creator="virtualenv",
                    installer="pip",
                    installer_version="24.0",
                    requirements=("flask",),
                    packages=(("flask", "3.0"),),
                    complaints=(),
                    created=when,
                ),
            )
        with self.store.change():
            if row:
                self.store.put_environment(
                    EnvironmentRow(
                        path.name, str(path), "3.12.1", str(self.python), "pip", when, when
                    )
                )
            if used_by is not None:
                self.use(path, used_by)
        return path

    def use(self, path: Path, name: str) -> None:
        self.store.put_content(
            ContentRow(
                name=name,
                bundle=self._bundle(),
                request="3.12",
                python="3.12.1",
                executable=str(self.python),
                rule="exact",
                environment=path.name,
                build="b1",
                created=timestamp(NOW),
                updated=timestamp(NOW),
            )
        )

    def move(self, name: str, path: Path) -> None:
        """A build of that content has made it this environment."""
        with self.store.change():
            self.store.use_environment(name, path.name, "b1", ("3.11.7", "/python", "exact"))

    def _bundle(self) -> str:
        from pysteward.core.state.database import BundleRow

        self.store.put_bundle(BundleRow("digest", "bundle", 1, timestamp(NOW)))
        return "digest"

    def survey(self) -> tuple[Environment, ...]:
        return list_environments(self.state, self.store)

    def one(self, path: Path) -> Environment:
        return next(item for item in self.survey() if item.path == path)

    def planned(self, criteria: Criteria) -> dict[Path, str]:
        plan = plan_prune(self.survey(), criteria, NOW)
        return {removal.environment.path: removal.reason for removal in plan.removals}


def _install(site: Path, name: str, version: str, files: dict[str, str]) -> None:
    info = site / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
    rows = [f"{name}-{version}.dist-info/RECORD,,"]
    for file, text in files.items():
        (site / file).write_text(text)
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()
        rows.append(f"{file},sha256={digest.rstrip('=')},{len(text)}")
    rows.append("__pycache__/flask.cpython-312.pyc,,")
    (info / "RECORD").write_text("\n".join(rows) + "\n")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.store.close()


# What there is


def test_everything_is_found_on_disk_or_in_the_records(site: Site) -> None:
    used = site.add(used_by="app", age=3)
    left = site.add(marked=False, row=False)
    gone = site.add(age=9)
    (site.state / "environments" / "pip" / "3.12.1" / ".locks").mkdir(exist_ok=True)
    subprocess.run(["rm", "-r", gone], check=True)
    found = {item.path: item for item in site.survey()}
    assert {path: item.state for path, item in found.items()} == {
        used: "complete",
        left: "incomplete",
        gone: "missing",
    }
    assert found[used].used_by == ("app",)
    assert found[used].last_used == timestamp(NOW - 3 * DAY)
    assert (found[used].python, found[used].installer) == ("3.12.1", "pip")


def test_the_last_used_comes_first(site: Site) -> None:
    paths = [site.add(age=age) for age in (5, 1, 3)]
    assert [item.path for item in site.survey()] == [paths[1], paths[2], paths[0]]


def test_an_environment_in_the_making_is_seen_as_such(site: Site) -> None:
    path = site.add(marked=False)
    with hold(path):
        assert site.one(path).state == "building"
    assert site.one(path).state == "incomplete"


# Size


def test_a_file_with_many_names_counts_once(tmp_path: Path) -> None:
    one, two, cache = (tmp_path / name for name in ("one", "two", "cache"))
    for directory in (one, two, cache):
        directory.mkdir()
    (one / "own").write_bytes(os.urandom(100_000))
    (one / "shared").write_bytes(os.urandom(200_000))
    os.link(one / "shared", one / "again")
    os.link(one / "shared", two / "shared")
    (one / "cached").write_bytes(os.urandom(400_000))
    os.link(one / "cached", cache / "cached")
    usage = measure([one, two])
    assert 700_000 <= usage.sizes[one] < 740_000
    assert 200_000 <= usage.sizes[two] < 220_000
    assert 700_000 <= usage.total < 740_000
    assert 300_000 <= usage.freed < 340_000  # what is in the cache as well stays
    assert 100_000 <= measure([one]).freed < 120_000


def test_what_is_not_there_takes_no_room(tmp_path: Path) -> None:
    assert measure([tmp_path / "nothing"]).total == 0


def test_links_out_of_an_environment_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "environment").mkdir()
    (tmp_path / "big").write_bytes(os.urandom(1_000_000))
    (tmp_path / "environment" / "link").symlink_to(tmp_path)
    assert measure([tmp_path / "environment"]).total < 20_000


# Pruning


def test_what_no_content_uses_may_go(site: Site) -> None:
    site.add(used_by="app")
    unused = site.add()
    assert site.planned(Criteria(unused=True)) == {unused: "no content uses it"}


def test_what_was_not_used_for_long_may_go(site: Site) -> None:
    old, _ = site.add(age=40), site.add(age=20)
    planned = site.planned(Criteria(older_than=30 * DAY))
    assert planned == {old: "last used 40 days ago"}


def test_what_content_uses_stays_unless_that_is_asked_for(site: Site) -> None:
    path = site.add(used_by="app", age=40)
    criteria = Criteria(older_than=DAY)
    assert site.planned(criteria) == {}
    plan = plan_prune(site.survey(), criteria, NOW)
    assert [kept.reason for kept in plan.kept] == ["used by app"]
    assert list(site.planned(Criteria(older_than=DAY, even_used=True))) == [path]


def test_what_content_can_be_put_back_on_stays_and_says_so(site: Site) -> None:
    before = site.add(used_by="app", age=40)
    now = site.add()
    site.move("app", now)
    criteria = Criteria(unused=True, older_than=DAY, python_gone=True, configured=frozenset())
    plan = plan_prune(site.survey(), criteria, NOW)
    assert {kept.environment.path: kept.reason for kept in plan.kept} == {
        before: "app can be put back on it (pysteward content rollback)",
        now: "used by app",
    }
    assert plan.removals == ()
    asked = Criteria(unused=True, even_used=True)
    assert site.planned(asked) == {before: "no content uses it"}


def test_what_nothing_can_be_put_back_on_any_more_may_go(site: Site) -> None:
    before = site.add(used_by="app")
    now = site.add()
    site.move("app", now)
    (before / "bin" / "python").unlink()
    site.python.unlink()
    assert site.planned(Criteria(unused=True)) == {before: "no content uses it"}
    plan = plan_prune(site.survey(), Criteria(unused=True), NOW)
    assert [result.refused for result in prune(plan.removals, site.store)] == [None]
    assert [row.previous for row in site.store.content()] == [None]


def test_what_became_the_way_back_since_the_plan_stays(site: Site) -> None:
    before, now = site.add(), site.add()
    plan = plan_prune([site.one(before)], Criteria(unused=True), NOW)
    with site.store.change():
        site.use(before, "late")
    site.move("late", now)
    assert [result.refused for result in prune(plan.removals, site.store)] == [
        "late can be put back on it (pysteward content rollback)"
    ]
    assert complete(before) is not None


def test_what_lost_its_python_may_go(site: Site) -> None:
    path = site.add()
    assert site.planned(Criteria(python_gone=True)) == {}
    assert list(site.planned(Criteria(python_gone=True, configured=frozenset()))) == [path]
    assert not site.planned(Criteria(python_gone=True, configured={str(site.python)}))
    site.python.unlink()
    assert site.planned(Criteria(python_gone=True)) == {
        path: f"its Python 3.12.1 is gone: {site.python}"
    }


def test_what_an_interrupted_build_left_may_always_go_and_a_running_one_never(site: Site) -> None:
    path = site.add(marked=False, row=False)
    assert list(site.planned(Criteria())) == [path]
    with hold(path):
        assert site.planned(Criteria(unused=True, older_than=0, even_used=True)) == {}


def test_what_a_process_runs_in_stays(site: Site) -> None:
    path = site.add()
    program = path / "bin" / "really"
    program.symlink_to("/bin/sleep")
    with subprocess.Popen([program, "60"]) as child:
        try:
            # The kernel has started it but not yet named it.
            wait_for(Path(f"/proc/{child.pid}/cmdline").read_bytes)
            plan = plan_prune(site.survey(), Criteria(unused=True), NOW)
        finally:
            child.kill()
    assert plan.removals == ()
    assert plan.kept[0].reason == f"process {child.pid} runs in it"


def test_a_plan_changes_nothing(site: Site) -> None:
    path = site.add()
    before = sorted(site.state.rglob("*"))
    site.planned(Criteria(unused=True, python_gone=True, older_than=0))
    assert sorted(site.state.rglob("*")) == before
    assert complete(path) is not None


def test_carried_out_a_plan_leaves_neither_files_nor_records(site: Site) -> None:
    path, kept = site.add(), site.add(used_by="app")
    plan = plan_prune(site.survey(), Criteria(unused=True), NOW)
    assert [result.refused for result in prune(plan.removals, site.store)] == [None]
    assert not path.exists()
    assert [item.path for item in site.survey()] == [kept]
    assert list((site.state / "environments" / ".removed").iterdir()) == []


def test_the_record_of_what_is_not_there_goes_as_well(site: Site) -> None:
    path = site.add()
    subprocess.run(["rm", "-r", path], check=True)
    plan = plan_prune(site.survey(), Criteria(), NOW)
    assert [result.refused for result in prune(plan.removals, site.store)] == [None]
    assert site.survey() == ()


def test_what_was_taken_into_use_since_the_plan_stays(site: Site) -> None:
    path = site.add()
    plan = plan_prune(site.survey(), Criteria(unused=True), NOW)
    with site.store.change():
        site.use(path, "late")
    assert [result.refused for result in prune(plan.removals, site.store)] == ["used by late"]
    assert complete(path) is not None


def test_what_is_being_taken_into_use_stays(site: Site) -> None:
    path = site.add()
    with hold(path, shared=True):
        result = remove(site.one(path), site.store)
    assert result.refused == "a build is at work in it"
    assert complete(path) is not None


_REUSER = """
import sys
from pathlib import Path
from pysteward.core.environments import complete
from pysteward.core.state import hold
path, used, lost = Path(sys.argv[1]), 0, 0
print("ready", flush=True)
while True:
    with hold(path, shared=True):
        if complete(path) is None:
            break
        # While it is held, whatever was complete stays so, to the last file.
        lost += not (path / "lib/python3.12/site-packages/flask.py").exists()
        used += 1
print(used, lost)
"""


def test_a_removal_never_shows_half_an_environment(site: Site) -> None:
    path = site.add()
    with subprocess.Popen(
        [sys.executable, "-c", _REUSER, str(path)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        environment = site.one(path)
        wait_for(lambda: remove(environment, site.store).refused is None, seconds=60)
        lost = child.stdout.read().split()[1]
    assert lost == "0"
    assert not path.exists()


# Is it whole?


def _codes(site: Site, path: Path, **versions: PythonVersion) -> list[str]:
    known = {str(site.python): version for version in versions.values()}
    return [flaw.code for flaw in verify(site.one(path), known)]


def test_what_is_as_it_was_made_is_whole(site: Site) -> None:
    path = site.add()
    assert _codes(site, path, now=PythonVersion(3, 12, 1)) == []


def test_an_altered_file_is_named(site: Site) -> None:
    path = site.add()
    file = path / "lib" / "python3.12" / "site-packages" / "flask.py"
    file.write_text("two\n")
    (flaw,) = verify(site.one(path))
    assert flaw.code == "file-altered"
    assert flaw.message == "flask.py of flask 3.0 was altered"
    assert (flaw.package, flaw.file) == ("flask", str(file))


def test_files_are_compared_as_pip_would_judge_them(site: Site) -> None:
    """numpy's wheels list compiled files with a hash; old pips rewrite a script's first line."""
    path = site.add()
    packages = path / "lib" / "python3.12" / "site-packages"
    (packages / "__pycache__").mkdir(exist_ok=True)
    (packages / "__pycache__" / "numpy.cpython-312.pyc").write_text("compiled anew")
    (path / "bin" / "flask").write_text(f"#!{path}/bin/python\nprint()\n")
    (path / "bin" / "other").write_text("#!/bin/sh\n")
    record = packages / "flask-3.0.dist-info" / "RECORD"
    with record.open("a") as rows:
        rows.write("__pycache__/numpy.cpython-312.pyc,sha256=AAAA,1\n")
        rows.write("__pycache__/numpy.cpython-312.pyc,,\n")
        rows.write("flask.py,sha256=AAAA,1\n")  # the row that matches is there, too
        rows.write("../../../bin/flask,sha256=AAAA,1\n")
        rows.write("../../../bin/other,sha256=AAAA,1\n")
    altered = [flaw.file for flaw in verify(site.one(path)) if flaw.code == "file-altered"]
    assert altered == [str(path / "bin" / "other")]


def test_a_turned_link_of_the_installation_is_named(site: Site, tmp_path: Path) -> None:
    link, other = tmp_path / "current", tmp_path / "other"
    path = site.add()
    environment = site.one(path)
    assert environment.marker is not None
    link.symlink_to(environment.marker.interpreter)
    other.touch(0o755)
    marker = replace(environment.marker, executable=str(link))
    assert turned_link(marker) is None
    link.unlink()
    link.symlink_to(other)
    flaws = verify(replace(environment, marker=marker))
    assert [flaw.code for flaw in flaws] == ["interpreter-changed"]
    assert f"{link} leads to {other} now" in flaws[0].message


def test_an_environment_is_made_on_the_interpreter_without_links(tmp_path: Path) -> None:
    real = tmp_path / "3.12.1" / "bin" / "python3.12"
    real.parent.mkdir(parents=True)
    real.touch(0o755)
    (real.parent / "python3").symlink_to(real.name)
    (tmp_path / "current").symlink_to("3.12.1")
    assert canonical_path(str(tmp_path / "current" / "bin" / "python3")) == str(real)
    # Without its own link, a virtual environment's interpreter is the one that it was made on.
    virtual = tmp_path / "virtual" / "bin" / "python"
    virtual.parent.mkdir(parents=True)
    virtual.symlink_to(real)
    (tmp_path / "virtual" / "pyvenv.cfg").touch()
    assert canonical_path(str(virtual)) == str(virtual)


def test_a_missing_file_is_named_and_a_missing_compiled_one_is_not(site: Site) -> None:
    path = site.add()
    (path / "lib" / "python3.12" / "site-packages" / "flask.py").unlink()
    assert _codes(site, path) == ["file-missing"]


def test_a_file_replaced_by_a_link_is_named(site: Site, tmp_path: Path) -> None:
    path = site.add()
    file = path / "lib" / "python3.12" / "site-packages" / "flask.py"
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert _codes(site, path) == ["file-unreadable"]


def test_packages_that_came_went_or_changed_are_named(site: Site) -> None:
    path = site.add()
    packages = path / "lib" / "python3.12" / "site-packages"
    _install(packages, "extra", "1.0", {})
    assert _codes(site, path) == ["package-added"]
    (packages / "flask-3.0.dist-info").rename(packages / "gone")
    assert sorted(_codes(site, path)) == ["package-added", "package-removed"]
    _install(packages, "flask", "3.1", {"flask.py": "one\n"})
    assert sorted(_codes(site, path)) == ["package-added", "package-changed"]


def test_an_interpreter_that_vanished_is_named(site: Site) -> None:
    path = site.add()
    site.python.unlink()
    assert _codes(site, path) == ["interpreter-gone"]


def test_a_changed_patch_level_is_named(site: Site) -> None:
    path = site.add()
    (flaw,) = verify(site.one(path), {str(site.python): PythonVersion(3, 12, 2)})
    assert flaw.code == "interpreter-changed"
    assert flaw.message == f"{site.python} is Python 3.12.2 now, it was 3.12.1"


def test_what_is_incomplete_is_not_whole_and_what_is_being_built_is_left_alone(site: Site) -> None:
    path = site.add(marked=False)
    assert _codes(site, path) == ["environment-incomplete"]
    with hold(path):
        assert _codes(site, path) == []


@pytest.mark.parametrize(
    "record",
    ["../../../../../../../../etc/passwd,sha256=x,1\n", '"unclosed', "a\0b,sha256=x,1\n", ",,,,\n"],
)
def test_a_hostile_record_harms_nobody(site: Site, record: str) -> None:
    path = site.add()
    info = path / "lib" / "python3.12" / "site-packages" / "flask-3.0.dist-info"
    (info / "RECORD").write_text(record)
    assert all(flaw.code.startswith("file-") for flaw in verify(site.one(path)))


# The command


def _command(site: Site, *arguments: str, config: Path) -> tuple[int, dict[str, object], str]:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pysteward.tui", "--config", config),
            *("--state-dir", site.state, "environments", *arguments, "--json"),
        ],
        capture_output=True,
        text=True,
    )
    return done.returncode, json.loads(done.stdout), done.stderr


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "pysteward.toml"
    file.write_text("[python]\nenabled = true\nexecutables = []\n")
    return file


def test_the_command_lists_what_there_is(site: Site, config: Path) -> None:
    path = site.add(used_by="app", age=2)
    status, document, _ = _command(site, "list", "--sizes", config=config)
    (item,) = document["environments"]
    assert status == 0
    assert item["id"] == path.name
    assert item["path"] == str(path)
    assert item["python"] == {"version": "3.12.1", "executable": str(site.python)}
    assert item["used_by"] == ["app"]
    assert item["state"] == "complete"
    assert item["size"] > 0
    assert item["packages"] == [{"name": "flask", "version": "3.0"}]


def test_the_command_prunes_only_when_told_yes(site: Site, config: Path) -> None:
    path = site.add()
    status, document, _ = _command(site, "prune", "--unused", config=config)
    assert (status, document["dry_run"]) == (0, True)
    assert path.exists()
    status, document, _ = _command(site, "prune", "--unused", "--yes", config=config)
    (item,) = document["environments"]
    assert (status, item["removed"], item["reason"]) == (0, True, "no content uses it")
    assert not path.exists()


def test_the_dry_run_names_what_stays_as_a_way_back(site: Site, config: Path) -> None:
    before = site.add(used_by="app")
    site.move("app", site.add())
    status, document, _ = _command(site, "prune", "--unused", config=config)
    (kept,) = document["kept"]
    assert (status, document["environments"]) == (0, [])
    assert (kept["id"], kept["previous_of"]) == (before.name, ["app"])
    assert kept["reason"] == "app can be put back on it (pysteward content rollback)"


def test_the_command_removes_nothing_that_content_uses(site: Site, config: Path) -> None:
    path = site.add(used_by="app")
    status, document, _ = _command(site, "remove", path.name, config=config)
    (item,) = document["environments"]
    assert (status, item["removed"], item["refused"]) == (1, False, "used by app")
    status, _, _ = _command(site, "remove", path.name, "--include-used", config=config)
    assert status == 0
    assert not path.exists()


def test_the_command_verifies(site: Site, config: Path) -> None:
    path = site.add()
    assert _command(site, "verify", config=config)[0] == 0
    (path / "lib" / "python3.12" / "site-packages" / "flask.py").write_text("two\n")
    status, document, _ = _command(site, "verify", path.name, config=config)
    (item,) = document["environments"]
    assert (status, item["whole"]) == (1, False)
    assert item["flaws"][0]["code"] == "file-altered"


def test_an_environment_that_is_being_built_is_not_called_whole(site: Site, config: Path) -> None:
    path = site.add(marked=False)
    with hold(path):
        status, document, _ = _command(site, "verify", path.name, config=config)
        (item,) = document["environments"]
        assert (status, item["state"], item["whole"]) == (1, "building", None)
        assert _command(site, "verify", config=config)[0] == 0
        said = subprocess.run(
            [
                *(sys.executable, "-m", "pysteward.tui", "--config", config),
                *("--state-dir", site.state, "environments", "verify"),
            ],
            capture_output=True,
            text=True,
        )
        assert said.stdout == f"{path.name}  being built, not checked\n"


def test_an_unknown_or_ambiguous_id_is_bad_input(site: Site, config: Path) -> None:
    site.add(), site.add()
    for given in ("nonsense", "00000"):
        status, document, _ = _command(site, "show", given, config=config)
        assert status == 2
        assert document["error"]["code"] == "environment-unknown"


@pytest.mark.parametrize("days", ["many", "-1", "nan", "inf"])
def test_a_number_of_days_that_is_none_is_bad_usage(site: Site, config: Path, days: str) -> None:
    status, document, _ = _command(site, "prune", f"--older-than={days}", config=config)
    assert (status, document["error"]["code"]) == (2, "usage")
