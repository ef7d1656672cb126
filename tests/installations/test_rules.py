"""What needs no interpreter: which virtualenv serves which Python, packages of distributions."""

from __future__ import annotations

import pytest
from packaging.specifiers import SpecifierSet

from pysteward.core.distributions.packages import BUILD_DEPENDENCIES, family_of, rebuild_remedy
from pysteward.core.installations.virtualenvs import (
    allows,
    bundled_lines,
    requirements_for,
    why_unable,
)
from pysteward.core.versions import PythonVersion


def version(text: str) -> PythonVersion:
    return PythonVersion.parse(text)


@pytest.mark.parametrize(
    ("python", "requirement"),
    [
        ("2.7.18", "virtualenv<20.16"),
        ("3.5.10", "virtualenv<20.16"),
        ("3.6.15", "virtualenv<20.18"),
        ("3.7.16", "virtualenv<20.27"),
        ("3.8.18", "virtualenv<21.5"),
        ("3.13.0", "virtualenv"),
    ],
)
def test_what_is_installed_supports_that_python(python: str, requirement: str) -> None:
    assert requirements_for(version(python))[0] == requirement


@pytest.mark.parametrize("python", ["2.7.18", "3.4.10", "3.6.15", "3.7.16", "3.8.18"])
def test_what_the_remedy_excludes_is_what_the_verdict_calls_unable(python: str) -> None:
    limit = requirements_for(version(python))[0].partition("<")[2]
    assert why_unable(f"{limit}.0", "", version(python)) is not None


@pytest.mark.parametrize(
    "requires",
    [
        "",
        ">=3.8",
        ">=3.7, <4",
        "!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*,>=2.7",
        "~=3.6",
        "~=3.6.2",
        "==3.11.*",
        "==3.9",
        "<3.12",
        ">3.9.0",
        "<=3.11.7",
    ],
)
@pytest.mark.parametrize("python", ["2.7.18", "3.3.7", "3.6.15", "3.9.0", "3.11.7", "3.12.1"])
def test_plain_clauses_are_read_as_packaging_reads_them(requires: str, python: str) -> None:
    assert allows(requires, version(python)) == SpecifierSet(requires).contains(python)


def test_a_clause_that_is_not_plain_allows() -> None:
    assert allows("===weird, >=2.7", version("3.9.1"))


def test_the_bundled_virtualenv_tells_what_it_serves() -> None:
    from virtualenv.seed.wheels.embed import BUNDLE_SUPPORT

    assert {f"{major}.{minor}" for major, minor in bundled_lines()} == set(BUNDLE_SUPPORT)


@pytest.mark.parametrize(
    ("os_release", "family"),
    [
        ("ID=debian\n", "debian"),
        ("ID=ubuntu\nID_LIKE=debian\n", "debian"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "rhel"),
        ('ID="rhel"\n', "rhel"),
        ('ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', "suse"),
        ("ID='sles'\n", "suse"),
        ("ID=linuxmint\nID_LIKE=ubuntu\n", "debian"),
        ("ID=nixos\n", None),
        ("rubbish", None),
    ],
)
def test_a_distribution_is_known_by_its_os_release(os_release: str, family: str | None) -> None:
    assert family_of(os_release) == family


def test_every_module_has_its_packages_on_each_kind_of_distribution() -> None:
    for system in ("debian", "rhel", "suse", None):
        remedy = rebuild_remedy(BUILD_DEPENDENCIES, system)
        for packages in BUILD_DEPENDENCIES.values():
            assert all(name in remedy for name in packages)
        assert remedy.count("libffi-dev ") == 1


def test_the_command_for_this_distribution_comes_first_and_can_be_run() -> None:
    remedy = rebuild_remedy(["_ssl"], "rhel")
    assert remedy.startswith("dnf install openssl-devel  # ")
