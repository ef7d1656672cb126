"""The script: pure, for each distribution and family of versions, fit to be read and run."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from pysteward.core.distributions import distribution_of, parse_distribution
from pysteward.core.errors import UsageError
from pysteward.core.source_builds import configure_options, make_script, openssl_for
from pysteward.core.versions import PythonVersion
from pysteward.tui.__main__ import main

VERSIONS = (
    "2.7.9",
    "2.7.18",
    "3.4.10",
    "3.6.15",
    "3.7.17",
    "3.8.20",
    "3.11.9",
    "3.14.0",
    "3.15.0a1",
)
DISTRIBUTIONS = (
    *("debian-9", "debian-12", "debian", "ubuntu-16.04", "ubuntu-18.04", "ubuntu-24.04"),
    *("rhel-7", "centos-7", "rocky-8", "rhel-9", "almalinux-9.4", "ol-8", "fedora", "amzn-2"),
    *("amzn-2023", "sles-12.5", "sles-15.4", "opensuse-leap-15.6", "opensuse-tumbleweed"),
)


def made(version: str, distribution: str) -> str:
    return make_script(PythonVersion.parse(version), parse_distribution(distribution))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_script_is_one_that_a_shell_understands(version: str) -> None:
    for distribution in DISTRIBUTIONS:
        text = made(version, distribution)
        assert "set -eu\n" in text
        subprocess.run(["sh", "-n"], input=text, text=True, check=True)


def test_shellcheck_finds_nothing_in_them() -> None:
    program = shutil.which("shellcheck")
    if program is None:
        pytest.skip("no shellcheck on this machine")
    for version in VERSIONS:
        for distribution in DISTRIBUTIONS:
            text = made(version, distribution)
            subprocess.run([program, "-"], input=text, text=True, check=True)


def test_a_python_gets_a_prefix_of_its_own_a_shared_library_and_its_rpath() -> None:
    text = made("3.11.9", "ubuntu-24.04")
    assert "prefix=/opt/python/3.11.9\n" in text
    assert "--enable-shared" in text
    assert "-Wl,-rpath,${prefix}/lib," in text
    assert "--with-ensurepip=install" in text
    assert "https://www.python.org/ftp/python/3.11.9/Python-${version}.tgz" in text
    assert "-m pip install virtualenv" in text
    assert "Executable = /opt/python/3.11.9/bin/python3.11" in text


def test_a_prerelease_lies_in_the_directory_of_its_release() -> None:
    text = made("3.15.0a1", "debian")
    assert "ftp/python/3.15.0/Python-${version}.tgz" in text
    assert "version=3.15.0a1" in text


@pytest.mark.parametrize(
    ("distribution", "installs", "packages"),
    [
        ("debian-12", "apt-get install -y", "build-essential zlib1g-dev libssl-dev libffi-dev"),
        ("debian-9", "apt-get install -y", "libncurses5-dev libncursesw5-dev"),
        ("ubuntu-18.04", "apt-get install -y", "libncurses5-dev libncursesw5-dev"),
        ("ubuntu-20.04", "apt-get install -y", "libncurses-dev"),
        ("rhel-7", "yum install -y", "gcc make zlib-devel"),
        ("rocky-9", "dnf install -y", "gcc make zlib-devel openssl-devel libffi-devel"),
        ("amzn-2", "yum install -y", "bzip2-devel"),
        ("sles-15.6", "zypper --non-interactive install", "libopenssl-devel libffi-devel"),
    ],
)
def test_packages_have_the_names_of_that_release(
    distribution: str, installs: str, packages: str
) -> None:
    text = made("3.9.20", distribution)
    assert f"as_root {installs}" in text
    assert packages in text


def test_packages_differ_between_versions() -> None:
    assert "liblzma-dev" not in made("2.7.18", "debian-12")
    assert "liblzma-dev" in made("3.6.15", "debian-12")
    assert "libzstd-dev" not in made("3.13.1", "debian-12")
    assert "libzstd-dev" in made("3.14.0", "debian-12")


@pytest.mark.parametrize(
    ("distribution", "packages"),
    [
        ("debian-12", ("tk-dev pkg-config", "libev-dev")),
        ("ubuntu-24.04", ("tk-dev pkg-config", "libev-dev")),
        ("rhel-9", ("tk-devel", "libev-devel")),
        ("sles-15.6", ("tk-devel", "libev-devel")),
    ],
)
def test_what_the_guide_names_besides_is_tried_and_done_without(
    distribution: str, packages: tuple[str, ...]
) -> None:
    text = made("3.12.8", distribution)
    for names in packages:
        assert f" {names} ||\n    echo" in text


@pytest.mark.parametrize(
    ("version", "distribution", "own"),
    [
        ("2.7.18", "debian-12", "1.1.1w"),
        ("2.7.18", "ubuntu-20.04", None),
        ("2.7.12", "ubuntu-20.04", "1.0.2u"),
        ("2.7.12", "ubuntu-16.04", None),
        ("3.4.10", "rhel-8", "1.0.2u"),
        ("3.5.2", "debian-11", "1.0.2u"),
        ("3.5.3", "debian-11", None),
        ("3.6.15", "rhel-9", "1.1.1w"),
        ("3.6.15", "sles-15.4", None),
        ("3.6.15", "sles-15.6", "1.1.1w"),
        ("3.7.17", "ubuntu-22.04", "1.1.1w"),
        ("3.8.20", "ubuntu-22.04", None),
        ("3.9.20", "rhel-7", None),
        ("3.10.0", "rhel-7", "1.1.1w"),
        ("3.10.0", "debian-9", "1.1.1w"),
        ("3.12.0", "debian-12", None),
        ("3.12.0", "fedora", None),
    ],
)
def test_where_the_openssl_does_not_fit_the_python_gets_one_of_its_own(
    version: str, distribution: str, own: str | None
) -> None:
    text = made(version, distribution)
    assert ("openssl-" + own in text) if own else ("install_sw" not in text)
    if own and PythonVersion.parse(version).line >= (3, 7):
        assert "--with-openssl=${prefix}/openssl" in text
    elif own:
        assert "CPPFLAGS=-I${prefix}/openssl/include" in text
    assert ("libssl-dev" in text or "openssl-devel" in text) == (own is None)


def test_python_2_gets_the_characters_that_wheels_are_built_for() -> None:
    assert "--enable-unicode=ucs4" in made("2.7.18", "debian-12")
    assert "--enable-unicode" not in made("3.11.9", "debian-12")


def test_virtualenv_comes_in_the_release_that_supports_the_python() -> None:
    assert "pip install 'virtualenv<20.16'" in made("2.7.18", "debian-12")
    assert "'virtualenv<20.18' 'importlib-metadata<5'" in made("3.6.15", "debian-12")


def test_profiles_are_asked_for_only_where_configure_knows_them() -> None:
    def options(version: str) -> tuple[str, ...]:
        return configure_options(PythonVersion.parse(version), "/p", optimised=True)

    assert "--enable-optimizations" in options("3.11.9")
    assert "--enable-optimizations" not in options("3.4.10")
    assert "--enable-optimizations" not in options("2.7.9")


def test_openssl_ranges_hold_their_borders() -> None:
    for version, line, fits in (
        ("2.7.12", (1, 1, 0), False),
        ("2.7.13", (1, 1, 0), True),
        ("3.7.17", (3, 0), False),
        ("3.8.0", (3, 0), True),
        ("3.10.0", (1, 1, 0), False),
        ("3.10.0", (1, 1, 1), True),
    ):
        assert (line in openssl_for(PythonVersion.parse(version))) is fits, (version, line)


@pytest.mark.parametrize(
    ("os_release", "name"),
    [
        ('ID=debian\nVERSION_ID="12"\n', "debian 12"),
        ('NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\n', "ubuntu 22.04"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\n', "rocky 9.3"),
        ('ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"\n', "opensuse-leap 15.6"),
        ('ID="opensuse-tumbleweed"\nVERSION_ID="20250101"\n', "opensuse-tumbleweed"),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="21.3"\n', "debian"),
        ("ID=arch\n", "None"),
    ],
)
def test_a_machine_says_its_distribution(os_release: str, name: str) -> None:
    assert str(distribution_of(os_release)) == name


@pytest.mark.parametrize("name", ["plan9", "", "debian-x", "rhel-9; rm -rf /", "ubuntu-99999999"])
def test_a_distribution_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is no distribution"):
        parse_distribution(name)


def test_curl_is_installed_only_where_it_is_missing() -> None:
    # RHEL 9's images have curl-minimal, with which curl conflicts (rstudio/rstudio#12503).
    for distribution in DISTRIBUTIONS:
        lines = [line for line in made("3.11.9", distribution).splitlines() if "install" in line]
        with_curl = [line for line in lines if " curl" in line]
        assert len(with_curl) == 1, distribution
        assert with_curl[0].startswith("command -v curl >/dev/null || as_root ")


def test_what_is_not_known_is_said_to_be_so(capsys: pytest.CaptureFixture[str]) -> None:
    for name, known in (("rhel-9", True), ("rhel-77", False), ("ubuntu-24.04", True)):
        assert parse_distribution(name).is_known is known
    assert all(parse_distribution(name).is_known for name in DISTRIBUTIONS)
    assert main(["build-python", "script", "3.99.1", "--distribution", "rhel-77"]) == 0
    said = capsys.readouterr().err
    assert "Python 3.99.1 is not known here" in said
    assert "rhel 77 is not known here" in said
    assert main(["build-python", "script", "3.11.9", "--distribution", "rhel-9"]) == 0
    assert capsys.readouterr().err == ""
