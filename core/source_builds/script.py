"""The steps as a shell script to read and copy. Pure: a version and a distribution make a text."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import PurePosixPath

from ..distributions import Distribution
from ..installations import requirements_for
from ..versions import PythonVersion
from .dependencies import (
    BuildDependency,
    build_dependencies,
    has_yum,
    install_packages,
)
from .recipe import (
    configure_options,
    openssl_for,
    prefix_for,
    program_name,
)

_HEAD = """\
#!/bin/sh
# Installs Python {version} from its source into {place}, for RStudio Connect
# (Posit Connect), on {distribution}. Read it, then run it: what needs root is done with sudo.
set -eu
umask 022

version={version}
prefix={prefix}
jobs="$(getconf _NPROCESSORS_ONLN)"

as_root() {{
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}}

if [ -e "${{prefix}}" ] && [ -n "$(ls -A "${{prefix}}")" ]; then
    echo "${{prefix}} is not empty: nothing was done" >&2
    exit 1
fi
"""
_SOURCE = """\
# 2. The source
directory="$(mktemp -d)"
trap 'rm -rf "${{directory}}"' EXIT
cd "${{directory}}"
curl -fsSLO "https://www.python.org/ftp/python/{release}/Python-${{version}}.tgz"
tar -xzf "Python-${{version}}.tgz"
"""
_OPENSSL = """\
# {reason}
# So it gets one of its own. That has no security fixes any more, nor has this Python:
# install it for content that cannot be moved, and for nothing else.
openssl="${{prefix}}/openssl"
curl -fsSLO https://www.openssl.org/source/old/{line}/openssl-{release}.tar.gz
tar -xzf openssl-{release}.tar.gz
(
    cd openssl-{release}
    ./config shared --prefix="${{openssl}}" --libdir=lib --openssldir={directory}
    make{parallel}
    as_root make install_sw
)
"""
_CONFIGURE = """\
# 3. Configured for a prefix of its own, with a shared libpython that it finds by itself
cd "Python-${{version}}"
./configure \\
    {options}
make -j"${{jobs}}"
as_root make install
"""
_PACKAGES = """\
# 4. pip and virtualenv, which Connect makes environments with
python="${{prefix}}/bin/{program}"
"${{python}}" -m pip --version >/dev/null 2>&1 ||
    as_root "${{python}}" -m ensurepip --upgrade --default-pip
as_root "${{python}}" -m pip install {requirements}
"""
_CHECK = """\
# 5. Whether its standard library is whole
"${{python}}" -c 'import {modules}'
echo "Python ${{version}} lies in ${{prefix}}"
"""
_SETTINGS = """\
# 6. Name it in /etc/rstudio-connect/rstudio-connect.gcfg, then restart Connect:
#        [Python]
#        Executable = {place}/bin/{program}
#    or, which shows the change first:
#        pysteward discover --add {prefix}/bin/{program}
"""
_PERL = {
    "debian": ("perl",),
    "rhel": ("perl", "perl-core"),
    "suse": ("perl",),
}


def make_script(
    version: PythonVersion,
    distribution: Distribution,
    *,
    optimised: bool = False,
    prefix: PurePosixPath | None = None,
) -> str:
    """Return the script that installs a version on a distribution, as Connect's guide does it.

    For a POSIX shell. optimized: by profile, which takes several times as long. prefix: where to;
    None: where the guide puts that version.
    """
    place = str(prefix or prefix_for(version))
    quoted = shlex.quote(place)
    has_own_openssl = distribution.openssl not in openssl_for(version)
    parts = [
        _HEAD.format(version=version, place=place, prefix=quoted, distribution=distribution),
        _packages(version, distribution, has_own_openssl),
        _SOURCE.format(release=f"{version.major}.{version.minor}.{version.patch}"),
    ]
    if has_own_openssl:
        parts.append(_own_openssl(version, distribution))
    options = configure_options(
        version,
        "${prefix}",
        openssl="${prefix}/openssl" if has_own_openssl else None,
        optimised=optimised,
    )
    program = program_name(version)
    requirements = shlex.join(requirements_for(version))
    modules = [
        name
        for need in build_dependencies(version)
        if not need.is_optional
        for name in need.modules
    ]
    parts += [
        _CONFIGURE.format(options=" \\\n    ".join(map(_quoted, options))),
        _PACKAGES.format(program=program, requirements=requirements),
        _CHECK.format(modules=", ".join(modules)),
        _SETTINGS.format(place=place, prefix=quoted, program=program),
    ]
    return "\n".join(parts)


def _packages(version: PythonVersion, distribution: Distribution, has_own_openssl: bool) -> str:
    lines = ["# 1. What it is compiled with"]
    if distribution.family == "debian":
        lines.append("as_root apt-get update")
    wanted = [need for need in build_dependencies(version) if not need.is_optional]
    more = ["ca-certificates", "tar", "gzip"]
    if has_own_openssl:
        wanted = [need for need in wanted if need.modules != ("_ssl",)]
        more += _PERL[distribution.family]
    names = [*_names(wanted, distribution), *more]
    lines.append(f"as_root {install_packages(names, distribution)}")
    # RHEL 9 has curl-minimal, with which the package curl conflicts.
    curl = install_packages(["curl"], distribution)
    lines.append(f"command -v curl >/dev/null || as_root {curl}")
    optional = [need for need in build_dependencies(version) if need.is_optional]
    lines.append("# For modules of the standard library that content seldom asks for")
    if distribution.series == "rhel" and not has_yum(distribution):
        lines.append("# (on RHEL some are in CodeReady Builder, elsewhere in CRB)")
    lines += [
        f"as_root {install_packages(need.packages_of(distribution), distribution)} ||\n"
        f'    echo "going on without {need.name}" >&2'
        for need in optional
    ]
    libev = "libev-dev" if distribution.family == "debian" else "libev-devel"
    lines += [
        "# For web applications in Python (WSGI), by Connect's guide; RHEL has it from EPEL",
        f"as_root {install_packages([libev], distribution)} ||\n"
        '    echo "going on without libev" >&2',
    ]
    return "\n".join(lines) + "\n"


def _names(wanted: Iterable[BuildDependency], distribution: Distribution) -> list[str]:
    return [name for need in wanted for name in need.packages_of(distribution)]


def _own_openssl(version: PythonVersion, distribution: Distribution) -> str:
    fits = openssl_for(version)
    release = fits.newest
    there = ".".join(map(str, distribution.openssl))
    return _OPENSSL.format(
        reason=f"Python {version} was made for {fits}; {distribution} has {there}.",
        line=release.rstrip("abcdefghijklmnopqrstuvwxyz"),
        release=release,
        # Where the distribution keeps the certificates that it trusts.
        directory="/etc/pki/tls" if distribution.family == "rhel" else "/etc/ssl",
        # 1.0 cannot be made by several compilers at once.
        parallel="" if release.startswith("1.0") else ' -j"${jobs}"',
    )


def _quoted(option: str) -> str:
    return f'"{option}"' if "$" in option else shlex.quote(option)
