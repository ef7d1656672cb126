"""uv in pip's place: with pip's configuration, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from pysteward.core.environments import (
    Configuration,
    EnvironmentBuilt,
    choose_installer,
    read_configuration,
)
from pysteward.core.environments.uv import find_uv, uv_arguments, uv_variables
from pysteward.core.versions import PythonVersion
from tests.support.wheels import make_sdist, make_wheel

from .conftest import Workshop

PYTHON = PythonVersion(3, 12, 1)
needs_uv = pytest.mark.skipif(find_uv() is None, reason="uv is not installed")


def _configuration(**options: str) -> Configuration:
    variables = {f"PIP_{key.upper()}": value for key, value in options.items()}
    return read_configuration({"PIP_CONFIG_FILE": "/dev/null", **variables})


def _variables(**options: str) -> dict[str, str]:
    return uv_variables({"PATH": "/bin"}, _configuration(**options), Path("/cache"), shared=True)


@pytest.mark.parametrize(
    ("option", "value", "variable", "carried"),
    [
        ("index_url", "https://i.example/simple", "UV_DEFAULT_INDEX", "https://i.example/simple"),
        ("extra_index_url", "https://a.example\nhttps://b.example", "UV_INDEX", None),
        ("find_links", "/srv/a /srv/b", "UV_FIND_LINKS", "/srv/a,/srv/b"),
        ("cert", "/etc/ca.pem", "SSL_CERT_FILE", "/etc/ca.pem"),
        ("client_cert", "/etc/me.pem", "SSL_CLIENT_CERT", "/etc/me.pem"),
        ("trusted_host", "i.example", "UV_INSECURE_HOST", "i.example"),
        ("proxy", "proxy.example:3128", "HTTPS_PROXY", "http://proxy.example:3128"),
        ("timeout", "30", "UV_HTTP_TIMEOUT", "30"),
        ("retries", "2", "UV_HTTP_RETRIES", "2"),
        ("constraint", "/etc/c.txt", "UV_CONSTRAINT", "/etc/c.txt"),
        ("pre", "true", "UV_PRERELEASE", "allow"),
    ],
)
def test_pip_s_configuration_is_carried_over(
    option: str, value: str, variable: str, carried: str | None
) -> None:
    expected = "https://a.example https://b.example" if carried is None else carried
    assert _variables(**{option: value})[variable] == expected


@pytest.mark.parametrize(
    ("option", "value", "arguments"),
    [
        ("no_index", "1", ["--no-index"]),
        ("no_index", "0", []),
        ("no_binary", ":all:", ["--no-binary=:all:"]),
        ("only_binary", "numpy,scipy", ["--only-binary=numpy", "--only-binary=scipy"]),
        ("require_hashes", "on", ["--require-hashes"]),
    ],
)
def test_what_has_no_variable_is_an_argument(option: str, value: str, arguments: list[str]) -> None:
    assert uv_arguments(_configuration(**{option: value})) == arguments


def test_all_indexes_count_as_they_do_for_pip() -> None:
    assert _variables()["UV_INDEX_STRATEGY"] == "unsafe-best-match"


def test_what_is_set_for_uv_itself_wins() -> None:
    configuration = _configuration(timeout="5")
    env = {"UV_HTTP_TIMEOUT": "77", "SSL_CERT_FILE": "/build"}
    assert uv_variables(env, configuration, Path("/c"), shared=True)["UV_HTTP_TIMEOUT"] == "77"


def test_no_password_is_an_argument() -> None:
    configuration = _configuration(index_url="https://bob:s3cret@i.example/simple")
    assert "s3cret" not in " ".join(uv_arguments(configuration))


@needs_uv
def test_uv_is_chosen_where_it_can_do_it() -> None:
    choice = choose_installer(PYTHON, _configuration(timeout="5"), "flask==3\n-e ./x")
    assert (choice.installer, choice.reason) == ("uv", None)


@pytest.mark.parametrize("python", [PythonVersion(2, 7, 18), PythonVersion(3, 7, 16)])
def test_pip_serves_the_pythons_that_uv_does_not(python: PythonVersion) -> None:
    choice = choose_installer(python, _configuration(), "flask")
    assert choice.installer == "pip"
    assert choice.reason == f"pip is used, not uv: it does not support Python {python}"


@pytest.mark.parametrize(
    ("option", "value"), [("prefer_binary", "1"), ("use_deprecated", "legacy-resolver")]
)
def test_what_cannot_be_carried_over_is_said_and_pip_is_used(option: str, value: str) -> None:
    choice = choose_installer(PYTHON, _configuration(**{option: value}), "flask")
    assert choice.installer == "pip"
    assert option.replace("_", "-") in (choice.reason or "")
    assert f"build-environment PIP_{option.upper()}" in (choice.reason or "")


@pytest.mark.parametrize(
    "line", ["--pre", "--trusted-host i.example", "numpy --global-option=x", "--prefer-binary"]
)
def test_requirements_that_uv_does_not_take_are_pip_s(line: str) -> None:
    assert choose_installer(PYTHON, _configuration(), f"flask\n{line}").installer == "pip"


def test_without_uv_pip_is_used_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pysteward.core.environments.uv.find_uv", lambda run_as: None)
    choice = choose_installer(PYTHON, _configuration(), "flask")
    assert choice.installer == "pip"
    assert "pysteward[uv]" in (choice.reason or "")


@needs_uv
def test_uv_makes_the_same_environment_as_pip(workshop: Workshop) -> None:
    make_wheel(workshop.packages, "app", "2.0", requires=["lib>=1"], scripts=["app"])
    make_wheel(workshop.packages, "lib", "1.1")
    make_sdist(workshop.packages, "from-source", "1.0")
    requirements = "app==2.0\nfrom-source\n"
    by_pip = workshop.make(workshop.spec(requirements))
    assert isinstance(by_pip, EnvironmentBuilt), by_pip
    by_uv = workshop.make(workshop.spec(requirements, installer="uv"))
    assert isinstance(by_uv, EnvironmentBuilt), (by_uv, workshop.steps.lines)
    assert by_uv.packages == by_pip.packages
    assert by_uv.path.parents[1].name == "uv"
    assert list(by_uv.path.glob("lib/python*/site-packages/__pycache__/app.*.pyc"))
    assert ("app", "2.0", "installed") in workshop.steps.packages


@needs_uv
def test_what_uv_cannot_install_fails_with_its_status(workshop: Workshop) -> None:
    failed = workshop.make(workshop.spec("no-such-package", installer="uv"))
    assert not isinstance(failed, EnvironmentBuilt)
    assert (failed.step, failed.code, failed.status) == ("install", "installation-failed", 1)
    assert "no-such-package" in "\n".join(workshop.steps.lines)
