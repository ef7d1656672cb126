#!/bin/sh
# Installs Python 3.11.9 from its source into /opt/python/3.11.9, for RStudio Connect
# (Posit Connect), on debian 12. Read it, then run it: what needs root is done with sudo.
set -eu
umask 022

version=3.11.9
prefix=/opt/python/3.11.9
jobs="$(getconf _NPROCESSORS_ONLN)"

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

if [ -e "${prefix}" ] && [ -n "$(ls -A "${prefix}")" ]; then
    echo "${prefix} is not empty: nothing was done" >&2
    exit 1
fi

# 1. What it is compiled with
as_root apt-get update
as_root apt-get install -y --no-install-recommends build-essential zlib1g-dev libssl-dev libffi-dev libsqlite3-dev libbz2-dev libreadline-dev libncurses-dev liblzma-dev ca-certificates curl tar gzip
# For modules of the standard library that content seldom asks for
as_root apt-get install -y --no-install-recommends libgdbm-dev libgdbm-compat-dev ||
    echo "going on without gdbm" >&2
as_root apt-get install -y --no-install-recommends uuid-dev ||
    echo "going on without libuuid" >&2
as_root apt-get install -y --no-install-recommends tk-dev pkg-config ||
    echo "going on without Tk" >&2
# For web applications in Python (WSGI), by Connect's guide; RHEL has it from EPEL
as_root apt-get install -y --no-install-recommends libev-dev ||
    echo "going on without libev" >&2

# 2. The source
folder="$(mktemp -d)"
trap 'rm -rf "${folder}"' EXIT
cd "${folder}"
curl -fsSLO "https://www.python.org/ftp/python/3.11.9/Python-${version}.tgz"
tar -xzf "Python-${version}.tgz"

# 3. Configured for a prefix of its own, with a shared libpython that it finds by itself
cd "Python-${version}"
./configure \
    "--prefix=${prefix}" \
    --enable-shared \
    --enable-ipv6 \
    --with-ensurepip=install \
    "LDFLAGS=-Wl,-rpath,${prefix}/lib,--disable-new-dtags"
make -j"${jobs}"
as_root make install

# 4. pip and virtualenv, which Connect makes environments with
python="${prefix}/bin/python3.11"
"${python}" -m pip --version >/dev/null 2>&1 ||
    as_root "${python}" -m ensurepip --upgrade --default-pip
as_root "${python}" -m pip install virtualenv

# 5. Whether its standard library is whole
"${python}" -c 'import zlib, _ssl, _ctypes, _sqlite3, _bz2, readline, _curses, _lzma'
echo "Python ${version} lies in ${prefix}"

# 6. Name it in /etc/rstudio-connect/rstudio-connect.gcfg, then restart Connect:
#        [Python]
#        Executable = /opt/python/3.11.9/bin/python3.11
#    or, which shows the change first:
#        pysteward discover --add /opt/python/3.11.9/bin/python3.11
