"""Small packages made on the spot: wheels, and source archives that build without any network."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path


def make_wheel(
    directory: Path,
    name: str,
    version: str = "1.0",
    *,
    requires: Sequence[str] = (),
    requires_python: str | None = None,
    files: Mapping[str, str] | None = None,
    scripts: Sequence[str] = (),
) -> Path:
    """Write `name-version-py2.py3-none-any.whl` into the directory.

    requires: Requires-Dist lines. files: path and text of each; by default one module of the
    package's name with its version. scripts: names of console scripts, all of which call `main` of
    that module.
    """
    module = name.replace("-", "_").lower()
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    contents = dict(files or {f"{module}.py": _module(version)})
    headers = [("Metadata-Version", "2.1"), ("Name", name), ("Version", version)]
    headers += [("Requires-Dist", line) for line in requires]
    if requires_python is not None:
        headers.append(("Requires-Python", requires_python))
    contents[f"{info}/METADATA"] = "".join(f"{key}: {value}\n" for key, value in headers)
    contents[f"{info}/WHEEL"] = (
        "Wheel-Version: 1.0\nGenerator: pysteward tests\nRoot-Is-Purelib: true\n"
        "Tag: py2-none-any\nTag: py3-none-any\n"
    )
    if scripts:
        lines = "".join(f"{script} = {module}:main\n" for script in scripts)
        contents[f"{info}/entry_points.txt"] = f"[console_scripts]\n{lines}"
    record = "".join(
        f"{path},{_digest(text)},{len(text.encode())}\n" for path, text in contents.items()
    )
    contents[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    directory.mkdir(parents=True, exist_ok=True)
    wheel = directory / f"{stem}-py2.py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in contents.items():
            archive.writestr(path, text)
    return wheel


def make_sdist(
    directory: Path, name: str, version: str = "1.0", *, while_building: str = ""
) -> Path:
    """Write `name-version.tar.gz`, which brings its own build backend and so needs nothing else.

    while_building: Python statements that run in the build's process when its wheel is built: they
    may sleep, crash, print, or look at what they are given. Python 3 only.
    """
    module = name.replace("-", "_").lower()
    stem = f"{name.replace('-', '_')}-{version}"
    files = {
        "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        "pyproject.toml": (
            '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
            f'[project]\nname = "{name}"\nversion = "{version}"\n'
        ),
        "backend.py": _BACKEND.format(
            name=name,
            version=version,
            stem=stem,
            module=module,
            text=_module(version),
            doing=while_building,
        ),
    }
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{stem}.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for file, text in files.items():
            member = tarfile.TarInfo(f"{stem}/{file}")
            data = text.encode()
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def served_from(directory: Path) -> dict[str, str]:
    """The build-environment with which pip finds these packages and no others."""
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(directory)}


def _module(version: str) -> str:
    return f"VERSION = {version!r}\ndef main():\n    print(VERSION)\n"


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256={base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


_BACKEND = """\
import os, sys, zipfile

def build_wheel(directory, config_settings=None, metadata_directory=None):
    doing = {doing!r}
    exec(doing, {{"os": os, "sys": sys}})
    stem, module, text = {stem!r}, {module!r}, {text!r}
    info = stem + ".dist-info"
    files = {{
        module + ".py": text,
        info + "/METADATA": "Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n",
        info + "/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }}
    files[info + "/RECORD"] = "".join(name + ",,\\n" for name in files) + info + "/RECORD,,\\n"
    wheel = stem + "-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, wheel), "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return wheel
"""
