"""What an environment was installed from stands in its lock, and can be installed again."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pysteward.core.environments import EnvironmentBuilt, EnvironmentFailed, lock_text
from pysteward.core.environments.source_archives import source_requirement
from pysteward.core.environments.uv import find_uv
from pysteward.core.lockfiles import read_lock
from tests.support.wheels import make_sdist, make_wheel

from .conftest import Workshop

needs_uv = pytest.mark.skipif(find_uv() is None, reason="uv is not installed")


def made(workshop: Workshop, requirements: str = "beta\ngamma\n", **options: object) -> str:
    """The lock of an environment that is built; `beta` needs `alpha`, `gamma` is a source."""
    if not any(workshop.packages.iterdir()):
        make_wheel(workshop.packages, "alpha")
        make_wheel(workshop.packages, "beta", requires=["alpha"])
        make_sdist(workshop.packages, "gamma")
    installer = str(options.pop("installer", "pip"))
    outcome = workshop.make(workshop.spec(requirements, installer=installer), **options)
    assert isinstance(outcome, EnvironmentBuilt), workshop.steps.lines
    assert lock_text(outcome.path) == outcome.lock
    return outcome.lock


@pytest.mark.parametrize("installer", ["pip", pytest.param("uv", marks=needs_uv)])
def test_the_lock_names_each_file_with_its_hash(workshop: Workshop, installer: str) -> None:
    lock = read_lock(made(workshop, installer=installer))
    assert lock.packages == (("alpha", "1.0"), ("beta", "1.0"), ("gamma", "1.0"))
    assert not lock.unlocked
    assert [bool(each.wheels) for each in lock.pylock.packages] == [True, True, False]
    assert lock.conditions is not None
    assert lock.conditions.installer == installer


def test_pip_and_uv_install_from_the_lock(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "pylock.toml").write_text(made(workshop))
    environment = workshop.path(workshop.spec("beta\ngamma\n"))
    for name, installer in (
        ("by-pip", [str(environment / "bin" / "python"), "-m", "pip", "--python"]),
        ("by-uv", [find_uv() or "uv", "pip", "install", "--python"]),
    ):
        target = tmp_path / name
        executable = str(workshop.installation.executable)
        subprocess.run([executable, "-m", "virtualenv", target], check=True, capture_output=True)
        command = [*installer, str(target / "bin" / "python")]
        command += ["install"] if name == "by-pip" else []
        ended = subprocess.run(
            [*command, "-r", "pylock.toml"], cwd=tmp_path, capture_output=True, text=True
        )
        assert ended.returncode == 0, ended.stderr
        assert list(target.glob("lib/*/site-packages/gamma-1.0.dist-info")), name


@pytest.mark.parametrize("installer", ["pip", pytest.param("uv", marks=needs_uv)])
def test_a_lock_is_installed_though_the_index_has_newer_releases(
    workshop: Workshop, installer: str
) -> None:
    first = made(workshop, installer=installer)
    make_wheel(workshop.packages, "alpha", "2.0")
    make_wheel(workshop.packages, "beta", "2.0", requires=["alpha>=2"])
    again = made(workshop, installer=installer, lock=read_lock(first))
    assert again == first


def test_a_locked_file_that_has_changed_is_not_installed(workshop: Workshop) -> None:
    first = read_lock(made(workshop, "beta\n"))
    make_wheel(workshop.packages, "alpha", files={"alpha.py": "# another file\n"})
    outcome = workshop.make(workshop.spec("beta\n"), lock=first)
    assert isinstance(outcome, EnvironmentFailed)
    assert outcome.code == "lock-not-installable"
    assert not workshop.path(workshop.spec("beta\n")).exists()


def test_files_of_the_bundle_are_locked_by_path_and_hash(
    workshop: Workshop, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle"
    wheel = make_wheel(bundle, "local")
    text = made(workshop, f"./{wheel.name}\n", bundle=bundle)
    assert f'path = "{wheel.name}"' in text
    again = made(workshop, f"./{wheel.name}\n", bundle=bundle, lock=read_lock(text))
    assert again == text


def test_a_lock_that_was_changed_is_none(workshop: Workshop) -> None:
    made(workshop, "beta\n")
    path = workshop.path(workshop.spec("beta\n"))
    (path / "pylock.toml").write_text('lock-version = "1.0"\n')
    assert lock_text(path) is None


@pytest.mark.parametrize("installer", ["pip", pytest.param("uv", marks=needs_uv)])
def test_a_source_archive_is_refused_by_its_name(workshop: Workshop, installer: str) -> None:
    ran = workshop.state.parent / "ran"
    make_sdist(workshop.packages, "gamma", while_building=f"open({str(ran)!r}, 'w')")
    make_wheel(workshop.packages, "beta", requires=["gamma"])
    outcome = workshop.make(workshop.spec("beta\n", installer=installer, only_wheels=True))
    assert isinstance(outcome, EnvironmentFailed)
    assert outcome.code == "source-archive-refused", workshop.steps.lines
    assert "gamma" in outcome.findings[0].cause
    assert "only-wheels = false" in outcome.findings[0].remedy
    assert not ran.exists()


@pytest.mark.parametrize(
    "line",
    [
        "--no-binary=gamma",
        "./gamma-1.0.tar.gz",
        "-e .",
        "gamma @ https://example.org/gamma-1.0.zip",
        "git+https://example.org/gamma",
        "git+https://example.org/gamma#egg=gamma.whl",
        "./folder.whl",
        "file:///srv/gamma.whl",
        "--only-binary=:none:",
        "-r https://example.org/more.txt",
        ".",
    ],
)
def test_requirements_that_get_around_it_are_refused(line: str, tmp_path: Path) -> None:
    (tmp_path / "directory.whl").mkdir()
    refused = source_requirement(["alpha", line], tmp_path)
    assert refused is not None
    assert repr(line) in refused.message


def test_requirements_that_name_wheels_are_not_refused(tmp_path: Path) -> None:
    make_wheel(tmp_path, "alpha")
    lines = (
        *("alpha", "alpha[x]>=1,<2; python_version > '3'", "alpha (>=1)", "-c alpha<3"),
        *(
            "./alpha-1.0-py2.py3-none-any.whl",
            "alpha @ https://x.example/alpha-1-py3-none-any.whl#a=b",
        ),
        *("--index-url=https://x.example/simple", "--find-links=./wheels", "alpha --hash=sha256:a"),
    )
    assert source_requirement(lines, tmp_path) is None


def test_wheels_are_installed_with_only_wheels(workshop: Workshop, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    wheel = make_wheel(bundle, "local")
    make_wheel(workshop.packages, "alpha")
    spec = workshop.spec(f"alpha[x]>=1 ; python_version > '3'\n./{wheel.name}\n", only_wheels=True)
    outcome = workshop.make(spec, bundle=bundle)
    assert isinstance(outcome, EnvironmentBuilt), workshop.steps.lines
    assert "only-wheels = true" in outcome.lock
