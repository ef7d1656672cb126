"""Making an environment with the real virtualenv and the real pip, without any network."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.environments import (
    EnvironmentBuilt,
    EnvironmentFailed,
    complete,
    flush,
)
from tests.support.installation import Installation
from tests.support.wheels import make_sdist, make_wheel

from .conftest import QUICK_SEED, Workshop, make_workshop


def _made(outcome: EnvironmentBuilt | EnvironmentFailed) -> EnvironmentBuilt:
    assert isinstance(outcome, EnvironmentBuilt), outcome
    return outcome


def _failed(outcome: EnvironmentBuilt | EnvironmentFailed) -> EnvironmentFailed:
    assert isinstance(outcome, EnvironmentFailed), outcome
    return outcome


def _run(path: Path, *arguments: str) -> str:
    return subprocess.run(
        [path / "bin" / "python", *arguments], check=True, capture_output=True, text=True, cwd="/"
    ).stdout


@pytest.fixture
def shop(workshop: Workshop) -> Workshop:
    """With `app`, which needs `lib`; `app` has a script."""
    _stock(workshop)
    return workshop


def _stock(shop: Workshop) -> None:
    make_wheel(shop.packages, "app", "2.0", requires=["lib>=1"], scripts=["app"])
    make_wheel(shop.packages, "lib", "1.1")


@dataclass(frozen=True)
class Finished:
    """A build of `app` that was made once and is looked at by many."""

    shop: Workshop
    made: EnvironmentBuilt


@pytest.fixture(scope="module")
def finished(
    tmp_path_factory: pytest.TempPathFactory, installation: Installation, seed: Path
) -> Finished:
    shop = make_workshop(tmp_path_factory.mktemp("finished"), installation, seed)
    _stock(shop)
    for name in QUICK_SEED:
        del shop.build_environment[name]
    old = os.umask(0o077)
    try:
        return Finished(shop, _made(shop.make("app\n")))
    finally:
        os.umask(old)


def test_what_is_required_is_installed_and_runs(finished: Finished) -> None:
    made = finished.made
    assert _run(made.path, "-c", "import app, lib; print(app.VERSION, lib.VERSION)") == "2.0 1.1\n"
    assert subprocess.run([made.path / "bin" / "app"], check=True, capture_output=True).stdout
    assert dict(made.packages).keys() >= {"app", "lib", "pip"}
    assert made.findings == ()
    assert complete(made.path) == made.marker


def test_what_is_installed_is_compiled_and_pip_itself_is_not(finished: Finished) -> None:
    compiled = {
        file.relative_to(file.parents[1]).as_posix().partition(".")[0]
        for file in finished.made.path.glob("lib/python*/site-packages/__pycache__/*.pyc")
    }
    assert {"__pycache__/app", "__pycache__/lib"} <= compiled
    assert not list(finished.made.path.glob("lib/python*/site-packages/pip/**/*.pyc"))


def test_the_build_is_told_step_by_step(finished: Finished) -> None:
    steps = finished.shop.steps
    names = [name for name, _ in steps.phases]
    assert list(dict.fromkeys(names)) == ["create", "resolve", "install", "inventory"]
    assert ("install", "2 of 2: app") in steps.phases
    installed = [item for item in steps.packages if item[2] == "installed"]
    assert installed == [("lib", "1.1", "installed"), ("app", "2.0", "installed")]
    log = "\n".join(steps.lines)
    assert "pip's configuration:" in log
    assert "Successfully installed app-2.0 lib-1.1" in log
    # The canonical interpreter: a link to it may be turned later.
    canonical = os.path.realpath(finished.shop.installation.executable)
    assert f"$ {canonical} -m virtualenv" in log


def test_pip_s_full_log_is_kept_for_its_owner_only(finished: Finished) -> None:
    log = finished.shop.work / "pip.log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "Looking in links" in log.read_text()


def test_no_interpreter_is_started_but_for_virtualenv_and_pip(finished: Finished) -> None:
    assert len(finished.shop.steps.commands) == 2


def test_the_environment_belongs_to_its_own_interpreter(finished: Finished) -> None:
    made, installation = finished.made, finished.shop.installation
    said = _run(made.path, "-c", "import sys; print(sys.prefix); print(sys.base_prefix)").split()
    assert said == [str(made.path), str(installation.directory)]
    assert made.marker.python == installation.version


def test_directories_of_the_state_are_for_its_owner_and_group(finished: Finished) -> None:
    for directory in finished.made.path.parents[:3]:
        assert stat.S_IMODE(directory.stat().st_mode) == 0o2750, directory
    assert stat.S_IMODE((finished.made.path / "bin").stat().st_mode) & 0o777 == 0o755


def test_an_environment_without_requirements_has_a_pip_that_runs(shop: Workshop) -> None:
    made = _made(shop.make("# nothing yet\n"))
    assert "pip" in dict(made.packages)
    assert "Successfully installed" not in "\n".join(shop.steps.lines)


def test_what_lay_there_incomplete_is_cleared(shop: Workshop) -> None:
    spec = shop.spec("app")
    rest = shop.path(spec) / "lib" / "rest"
    rest.mkdir(parents=True)
    (rest / "file").touch()
    rest.chmod(0o500)
    made = _made(shop.make(spec))
    assert not (made.path / "lib" / "rest").exists()


def test_made_afresh_it_is_incomplete_until_it_is_made(shop: Workshop) -> None:
    spec = shop.spec("app")
    flush(_made(shop.make(spec)).path)
    seen: list[Any] = []
    phase = shop.steps.phase

    def look(name: str, detail: str = "", **counts: int | None) -> None:
        seen.append(complete(shop.path(spec)))
        phase(name, detail, **counts)

    shop.steps.phase = look
    made = _made(shop.make(spec))
    assert seen
    assert set(seen) == {None}
    assert complete(made.path) is not None


def test_a_requirement_that_nobody_has_fails_with_pip_s_status(shop: Workshop) -> None:
    failed = _failed(shop.make("no-such-package"))
    assert (failed.step, failed.code, failed.status) == ("install", "installation-failed", 1)
    assert not shop.path(shop.spec("no-such-package")).exists()
    assert "No matching distribution found" in "\n".join(shop.steps.lines)


def test_a_source_archive_is_built(shop: Workshop) -> None:
    make_sdist(shop.packages, "from-source", "1.0", while_building="print('compiling')")
    made = _made(shop.make("from-source"))
    assert dict(made.packages)["from-source"] == "1.0"
    assert ("build", "from-source") in shop.steps.phases
    assert ("from-source", None, "built") in shop.steps.packages


def test_a_source_archive_that_cannot_be_built_fails(shop: Workshop) -> None:
    make_sdist(shop.packages, "broken", while_building="raise OSError('no compiler')")
    failed = _failed(shop.make("broken"))
    assert failed.step == "install"
    assert "no compiler" in "\n".join(shop.steps.lines)


def test_nothing_of_the_caller_reaches_a_build(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {
        "PIP_INDEX_URL": "https://caller.example",
        "PYTHONPATH": str(tmp_path),
        "VIRTUAL_ENV": "/caller",
        "SECRET": "of the caller",
    }.items():
        monkeypatch.setenv(name, value)
    report = tmp_path / "report.json"
    make_sdist(
        shop.packages,
        "nosy",
        while_building=(
            "import json\n"
            f"open({str(report)!r}, 'w').write(json.dumps([dict(os.environ), os.getcwd(),"
            " os.listdir(os.environ['HOME'])]))"
        ),
    )
    shop.build_environment["ALLOWED"] = "yes"
    _made(shop.make("nosy"))
    variables, _, home = json.loads(report.read_text())
    assert not {"SECRET", "VIRTUAL_ENV", "PIP_INDEX_URL"} & variables.keys()
    assert str(tmp_path) not in variables.get("PYTHONPATH", "").split(os.pathsep)
    assert variables["ALLOWED"] == "yes"
    assert variables["LANG"] == "C.UTF-8"
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        assert variables[name].startswith(str(shop.state)), name
    assert set(home) <= {"proof.json", "requirements.txt"}


def test_a_bundle_s_own_files_are_never_imported_by_pip(shop: Workshop, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    for name in ("pip.py", "json.py", "sitecustomize.py", "virtualenv.py", "runpy.py"):
        (bundle / name).write_text("raise SystemExit('the bundle took over')\n")
    _made(shop.make("app", bundle=bundle))


def test_a_bundle_s_requirements_file_may_include_others(shop: Workshop, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    wheel = make_wheel(bundle, "vendored", "3.0")
    (bundle / "requirements.txt").write_text("-r more.txt\n-c limits.txt\n")
    (bundle / "more.txt").write_text(f"lib\n./{wheel.name}\n")
    (bundle / "limits.txt").write_text("lib<1.1\n")
    make_wheel(shop.packages, "lib", "1.0")
    made = _made(
        shop.make("lib\n./x", bundle=bundle, requirements_file=bundle / "requirements.txt")
    )
    packages = dict(made.packages)
    assert (packages["lib"], packages["vendored"]) == ("1.0", "3.0")


def test_contradictions_that_pip_let_pass_are_complaints(shop: Workshop) -> None:
    make_wheel(shop.packages, "needs-old", requires=["lib<1"])
    shop.build_environment["PIP_NO_DEPS"] = "1"
    made = _made(shop.make("needs-old\nlib\n"))
    assert [item.code for item in made.findings] == ["dependency-conflict"]
    said = subprocess.run(
        [made.path / "bin" / "python", "-m", "pip", "check"], capture_output=True, text=True
    ).stdout
    assert said.splitlines()[0].rstrip(".") == made.findings[0].cause
    assert f"WARNING: {made.findings[0].cause}" in shop.steps.lines
    assert made.marker.complaints == (made.findings[0].cause,)


def test_a_prohibited_dependency_is_reported(shop: Workshop) -> None:
    made = _made(shop.make("app", prohibited=("LIB",)))
    assert [item.cause for item in made.findings] == [
        "lib 1.1 is prohibited and was installed, brought in by app"
    ]


@pytest.mark.parametrize("variable", ["PIP_TARGET", "PIP_DRY_RUN"])
def test_a_pip_that_installs_elsewhere_has_not_succeeded(
    shop: Workshop, tmp_path: Path, variable: str
) -> None:
    shop.build_environment[variable] = str(tmp_path / "x") if variable == "PIP_TARGET" else "1"
    failed = _failed(shop.make("app"))
    assert failed.step == "inventory"
    assert "did not install app" in failed.message
    assert not shop.path(shop.spec("app")).exists()


class _FakeCreator:
    """An interpreter's wrapper that runs a shell script in place of `-m virtualenv`."""

    def __init__(self, shop: Workshop, tmp_path: Path) -> None:
        self._shop = shop
        self._program = tmp_path / "python"

    def make(self, script: str) -> EnvironmentFailed:
        real = self._shop.installation.executable
        self._program.write_text(
            "#!/bin/sh\n"
            f'if [ "$2" != virtualenv ]; then exec {real} "$@"; fi\n'
            f"real={real}; path=$3\n{script}\n"
        )
        self._program.chmod(0o755)
        spec = self._shop.spec("app", executable=str(self._program))
        failed = _failed(self._shop.make(spec))
        assert not self._shop.path(spec).exists()
        return failed


@pytest.fixture
def creator(shop: Workshop, tmp_path: Path) -> _FakeCreator:
    return _FakeCreator(shop, tmp_path)


def test_a_creator_that_fails_is_told_with_its_status(creator: _FakeCreator) -> None:
    failed = creator.make("exit 3")
    assert (failed.step, failed.code, failed.status) == ("create", "creation-failed", 3)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 0", "there is no interpreter"),
        ('mkdir -p "$path/bin"; ln -s "$real" "$path/bin/python"', "belongs to"),
        ('$real -m venv --without-pip "$path"', "pip cannot run"),
        (
            'env -u VIRTUALENV_SYMLINK_APP_DATA $real -m virtualenv -q "$path"; for file in '
            '"$path"/lib/python*/site-packages/pip/__init__.py; '
            'do echo "import nothing" > "$file"; done',
            "pip cannot run",
        ),
        (
            'mkdir -p "$path/bin"; printf "#!/bin/sh\\nexit 0\\n" > "$path/bin/python";'
            ' chmod +x "$path/bin/python"',
            "interpreter does not run",
        ),
    ],
    ids=["nothing", "no environment", "no pip", "pip broken", "no interpreter"],
)
def test_a_creator_s_success_proves_nothing(creator: _FakeCreator, script: str, why: str) -> None:
    failed = creator.make(script)
    assert failed.code == "environment-broken"
    assert why in failed.message


def test_an_environment_of_another_python_is_refused(shop: Workshop) -> None:
    from pysteward.core.versions import PythonVersion

    spec = shop.spec("app", version=PythonVersion(3, 1, 4))
    failed = _failed(shop.make(spec))
    assert failed.step == "prove"
    assert f"is Python {shop.installation.version}, not 3.1.4" in failed.message
    assert not any("Collecting" in line for line in shop.steps.lines)


def test_an_interpreter_that_is_gone_is_told(shop: Workshop) -> None:
    failed = _failed(shop.make(shop.spec("app", executable="/nowhere/python3")))
    assert (failed.step, failed.code) == ("create", "interpreter-cannot-start")


class _Cancelled(Exception):
    """What a build's worker raises out of the middle of everything."""


def test_what_the_build_raises_passes_and_leaves_nothing(shop: Workshop) -> None:
    steps = shop.steps

    def cancel(name: str, detail: str = "", **_counts: object) -> None:
        if name == "install":
            raise _Cancelled

    steps.phase = cancel
    with pytest.raises(_Cancelled):
        shop.make("app")
    assert not shop.path(shop.spec("app")).exists()


def test_what_cannot_even_begin_leaves_the_old_environment_alone(shop: Workshop) -> None:
    spec = shop.spec("app")
    path = shop.path(spec)
    path.mkdir(parents=True)
    (path / "kept").touch()
    shop.state.joinpath("cache").write_text("a file where a directory should be")
    failed = _failed(shop.make(spec))
    assert failed.step == "prepare"
    assert (path / "kept").exists()


def test_venv_creates_as_well(shop: Workshop) -> None:
    if not list((shop.installation.directory / "lib").glob("python*/ensurepip")):
        pytest.skip("this interpreter has no ensurepip")
    made = _made(shop.make(shop.spec("app", creator="venv")))
    assert made.marker.creator == "venv"
    assert "app" in dict(made.packages)


def test_pysteward_s_own_virtualenv_creates_as_well(shop: Workshop) -> None:
    made = _made(shop.make(shop.spec("app", creator="bundled")))
    assert _run(made.path, "-c", "import sys; print(sys.base_prefix)").strip() == str(
        shop.installation.directory
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can build as another user")
def test_what_another_user_builds_is_not_writable_for_that_user(
    shop: Workshop, tmp_path: Path, installation: Installation
) -> None:
    import pwd

    nobody = pwd.getpwnam("nobody")
    for directory in (tmp_path, *tmp_path.parents):
        if directory == Path("/tmp") or not directory.is_relative_to("/tmp"):
            break
        directory.chmod(directory.stat().st_mode | 0o011)
    for directory in (installation.directory, *installation.directory.parents):
        if directory == Path("/tmp") or not directory.is_relative_to("/tmp"):
            break
        directory.chmod(directory.stat().st_mode | 0o011)
    shop.packages.chmod(0o755)
    make_sdist(shop.packages, "whose", while_building="print('built by', os.getuid()); os.umask(0)")
    shop.state.mkdir()
    shop.build_environment["LD_LIBRARY_PATH"] = str(installation.directory / "lib")
    for name in ("VIRTUALENV_OVERRIDE_APP_DATA", *QUICK_SEED):
        del shop.build_environment[name]
    shop.steps.user = nobody.pw_uid
    made = _made(shop.make("app\nwhose\n", run_as="nobody"))
    assert f"built by {nobody.pw_uid}" in (shop.work / "pip.log").read_text()
    for file in (made.path, *made.path.rglob("*")):
        status = file.lstat()
        assert status.st_uid == 0, file
        assert file.is_symlink() or not status.st_mode & 0o022, file
    said = subprocess.run(
        [made.path / "bin" / "python", "-c", "import app, whose; print(app.VERSION)"],
        env={"LD_LIBRARY_PATH": str(installation.directory / "lib")},
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        cwd="/",
    )
    assert said.stdout == "2.0\n", said.stderr
