"""How a version is configured, and which OpenSSL it was made for. Pure.

As Connect's guide installs a Python from source: a prefix of its own for each version, a shared
libpython that is found by the program's own rpath, pip by ensurepip.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from ..frozen import frozen
from ..versions import PythonVersion

OPT = PurePosixPath("/opt/python")


@frozen
class OpenSSLRange:
    """The lines of OpenSSL that a version was made for: from `first` to before `end`."""

    first: tuple[int, ...]
    end: tuple[int, ...]

    def __contains__(self, line: Sequence[int]) -> bool:
        return self.first <= tuple(line) < self.end

    @property
    def newest(self) -> str:
        """The last release that it was made for, where a distribution has none."""
        return "1.0.2u" if self.end <= (1, 1) else "1.1.1w"

    def __str__(self) -> str:
        if self.end <= (1, 1):
            return "OpenSSL 1.0"
        return (
            "OpenSSL 1.0.2 to 1.1.1"
            if self.end <= (3,)
            else f"OpenSSL {_dotted(self.first)} or later"
        )


def openssl_for(version: PythonVersion) -> OpenSSLRange:
    """Return the OpenSSL that a version was made for.

    OpenSSL 1.1 changed structures that 2.7.13, 3.5.3 and 3.6.0 were the first to do without (3.4
    never did); 3.10 needs 1.1.1 (PEP 644); OpenSSL 3 came when 3.7 got security fixes only.
    """
    if version.line >= (3, 10):
        return OpenSSLRange((1, 1, 1), (4,))
    if version.line >= (3, 8):
        return OpenSSLRange((1, 0), (4,))
    first_with_1_1 = PythonVersion(2, 7, 13) if version.major == 2 else PythonVersion(3, 5, 3)
    return OpenSSLRange((1, 0), (3,) if version >= first_with_1_1 else (1, 1))


def prefix_for(version: PythonVersion) -> PurePosixPath:
    """Return where the guide puts a version."""
    return OPT / str(version)


def program_name(version: PythonVersion) -> str:
    """Return the interpreter's own name in ``bin``."""
    return f"python{version.major}.{version.minor}"


def configure_options(
    version: PythonVersion, prefix: str, *, openssl: str | None = None, optimised: bool = False
) -> tuple[str, ...]:
    """Return what configure is given.

    openssl: the prefix of an OpenSSL other than the system's. optimized: by profile, which makes a
    Python faster and takes several times as long.
    """
    options = [f"--prefix={prefix}", "--enable-shared", "--enable-ipv6"]
    if version.major == 2:
        # Wheels for Linux are built for wide characters (PEP 513); its default are narrow ones.
        options.append("--enable-unicode=ucs4")
    options.append("--with-ensurepip=install")
    if optimised and _can_be_optimised(version):
        options.append("--enable-optimizations")
    rpath = f"{prefix}/lib"
    if openssl is not None:
        rpath += f":{openssl}/lib"
        if version.line >= (3, 7):
            options.append(f"--with-openssl={openssl}")
        else:
            options.append(f"CPPFLAGS=-I{openssl}/include")
    linking = f"-L{openssl}/lib " if openssl is not None else ""
    # As RPATH and not RUNPATH, which LD_LIBRARY_PATH would overrule: Connect sets that for R.
    options.append(f"LDFLAGS={linking}-Wl,-rpath,{rpath},--disable-new-dtags")
    return tuple(options)


def _can_be_optimised(version: PythonVersion) -> bool:
    """Return whether configure knows --enable-optimizations: since 3.6, 3.5.3 and 2.7.13."""
    return version >= (PythonVersion(2, 7, 13) if version.major == 2 else PythonVersion(3, 5, 3))


def _dotted(numbers: Sequence[int]) -> str:
    return ".".join(map(str, numbers))
