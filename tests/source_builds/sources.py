"""Source archives of Pythons that are none: what they compile and install is up to the test."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.pythons import RealPython, alter, real_python
from tests.support.server import SampleServer
from tests.support.wheels import make_wheel

_CONFIGURE = """\
#!/bin/sh
echo "configure was given: $*"
for option; do
    case "${{option}}" in --prefix=*) prefix="${{option#--prefix=}}" ;; esac
done
{doing}
sed "s|@prefix@|${{prefix}}|g" Makefile.in >Makefile
"""
_MAKEFILE = """\
all:
\t{compiling}

install:
\t{installing}
"""


def pack(files: dict[str, str | bytes], *, links: Iterable[tuple[str, str]] = ()) -> bytes:
    """A tar archive, not compressed."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, text in files.items():
            content = text.encode() if isinstance(text, str) else text
            member = tarfile.TarInfo(name)
            member.size = len(content)
            member.mode = 0o755 if name.endswith("configure") else 0o644
            archive.addfile(member, io.BytesIO(content))
        for name, target in links:
            member = tarfile.TarInfo(name)
            member.type = tarfile.SYMTYPE
            member.linkname = target
            archive.addfile(member)
    return data.getvalue()


def source_files(
    version: str, configuring: str = ":", compiling: str = "@:", installing: str = "@:"
) -> dict[str, str | bytes]:
    """The files of a source whose steps are these lines of shell; ``@prefix@`` is the prefix."""
    top = f"Python-{version}"
    return {
        f"{top}/configure": _CONFIGURE.format(doing=configuring),
        f"{top}/Makefile.in": _MAKEFILE.format(compiling=compiling, installing=installing),
        f"{top}/Include/patchlevel.h": f'#define PY_VERSION      	"{version}"\n',
    }


@dataclass
class Workshop:
    """Where fake sources are made and installed from."""

    server: SampleServer
    real: RealPython
    directory: Path = field(init=False)

    def __post_init__(self) -> None:
        self.directory = self.server.directory

    @property
    def prefix(self) -> Path:
        return self.directory / "opt" / self.real.text

    @property
    def program(self) -> Path:
        return self.prefix / "bin" / self.real.line

    def source(self, configuring: str = ":", compiling: str = "@:", installing: str = "@:") -> Path:
        """An archive with these steps."""
        archive = self.directory / f"Python-{self.real.text}.tgz"
        files = source_files(self.real.text, configuring, compiling, installing)
        archive.write_bytes(gzip.compress(pack(files), 1, mtime=0))
        return archive

    def working_source(self, compiling: str = "@echo cc -c main.c") -> Path:
        """An archive that installs a Python that works, without pip, as a source build is."""
        template = self.directory / "template"
        if not template.exists():
            alter(self.real, template).say_built_for(str(self.prefix))
        return self.source(compiling=compiling, installing=f"cp -a {template}/. @prefix@")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A server without installations, and the tests' own line of Python to install."""
    if shutil.which("make") is None:
        pytest.skip("no make on this machine")
    real = real_python()
    if not (real.stdlib / "ensurepip" / "_bundled").is_dir():
        pytest.skip("this Python has no ensurepip of its own")
    packages = tmp_path / "packages"
    files = {"virtualenv/__init__.py": "", "virtualenv/__main__.py": ""}
    make_wheel(packages, "virtualenv", "20.30.0", files=files)
    # Its standard library is the real one's, and that stays as it is.
    server = SampleServer(tmp_path, [], packages, environment={"PYTHONDONTWRITEBYTECODE": "1"})
    return Workshop(server, real)
