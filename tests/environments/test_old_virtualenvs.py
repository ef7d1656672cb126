"""Old Pythons under `bundled`: the release of virtualenv that serves them is fetched by pip."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from pysteward.core.environments import EnvironmentBuilt, EnvironmentFailed, old_virtualenv
from pysteward.core.installations import fetched_release, wheels_of
from tests.support.installation import Installation
from tests.support.pythons import real_python
from tests.support.wheels import make_wheel

from .conftest import Workshop

# Says which release it is, and has the one that is installed make the environment.
_CREATOR = """
import runpy, sys
print("virtualenv", "1.0", "of the test")
sys.path = [each for each in sys.path if not each.endswith(".whl")]
del sys.modules["virtualenv"]
runpy.run_module("virtualenv", run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def pinned(workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """A workshop whose Python is served by a release that its index has; pins as in the files."""
    text = "# What the test's Python needs.\n"
    for name in ("virtualenv", "filelock"):
        files = {f"{name}/__init__.py": "", f"{name}/__main__.py": _CREATOR}
        wheel = make_wheel(workshop.packages, name, files=files)
        text += f"{name}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
    monkeypatch.setattr(old_virtualenv, "fetched_release", lambda line: "1.0")
    monkeypatch.setattr(old_virtualenv, "wheels_of", lambda release: text)
    return workshop


def _downloads(shop: Workshop) -> int:
    return sum("download" in command for command in shop.steps.commands)


def test_the_release_is_fetched_once_and_again_where_its_file_was_changed(
    pinned: Workshop,
) -> None:
    for number, downloads in ((1, 1), (2, 1), (3, 2)):
        made = pinned.make(pinned.spec(f"# {number}\n", creator="bundled"))
        assert isinstance(made, EnvironmentBuilt), (made, pinned.steps.lines)
        assert pinned.steps.lines.count("virtualenv 1.0 of the test") == number
        assert _downloads(pinned) == downloads
        if number == 2:
            (kept,) = (pinned.state / "cache").glob("**/releases/virtualenv-*.whl")
            kept.chmod(0o600)
            kept.write_bytes(b"something else")


def test_a_file_with_another_hash_is_never_run(pinned: Workshop) -> None:
    make_wheel(pinned.packages, "virtualenv", files={"virtualenv/__main__.py": "print('evil')"})
    failed = pinned.make(pinned.spec(creator="bundled"))
    assert isinstance(failed, EnvironmentFailed)
    assert failed.findings[0].code == "virtualenv-missing"
    assert "evil" not in pinned.steps.lines
    assert not pinned.path(pinned.spec(creator="bundled")).exists()


def test_without_an_index_one_line_says_what_is_needed_and_how_to_have_it(
    pinned: Workshop,
) -> None:
    for wheel in pinned.packages.glob("*.whl"):
        wheel.unlink()
    failed = pinned.make(pinned.spec(creator="bundled"))
    assert isinstance(failed, EnvironmentFailed)
    version = pinned.spec().version
    assert failed.message == (
        f"Python {version.major}.{version.minor} needs virtualenv 1.0, which pip could not fetch"
    )
    (finding,) = failed.findings
    assert finding.cause.startswith(f"{failed.message}: No matching distribution found")
    assert "find-links" in finding.remedy


def test_what_is_fetched_is_named_with_version_and_hash() -> None:
    for line in ((2, 7), (3, 5), (3, 6), (3, 7), (3, 8)):
        release = fetched_release(line)
        if release is None:
            continue  # the virtualenv that is installed here still serves it
        wheels = list(old_virtualenv._wheels(wheels_of(release)))
        assert (wheels[0].name, wheels[0].version) == ("virtualenv", release)
        assert all(len(bytes.fromhex(each.sha256)) == 32 and each.version for each in wheels)


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [(3, 6), *(pytest.param(each, marks=pytest.mark.full) for each in ((2, 7), (3, 7), (3, 8)))],
    ids=lambda line: ".".join(map(str, line)),
)
def test_an_old_python_without_virtualenv_gets_its_environment(
    line: tuple[int, int], tmp_path: Path
) -> None:
    real = real_python(line)
    copy = tmp_path / "python"
    left_out = ("test", "tests", "__pycache__", "idlelib", "config-*", "virtualenv*")
    shutil.copytree(real.prefix, copy, symlinks=True, ignore=shutil.ignore_patterns(*left_out))
    installation = Installation(copy, real.text)
    shop = Workshop(tmp_path / "state", tmp_path, installation, has_network=True)
    executable = str(copy / "bin" / f"python{line[0]}")
    spec = shop.spec("six==1.16.0\n", executable=executable, creator="bundled")
    made = shop.make(spec)
    assert isinstance(made, EnvironmentBuilt), (made, shop.steps.lines)
    assert dict(made.packages)["six"] == "1.16.0"
