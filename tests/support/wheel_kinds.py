"""Wheels of every kind, good and hostile ones, written on the spot."""

from __future__ import annotations

import base64
import hashlib
import stat
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path

MODULE = b'def main():\n    print("it runs")\n'


def write_wheel(
    directory: Path,
    name: str,
    files: Mapping[str, bytes],
    *,
    version: str = "1.0",
    is_pure: bool = True,
    entry_points: str = "",
    executable: frozenset[str] = frozenset(),
    record: str | None = None,
    headers: str = "",
    wheel_version: str = "1.0",
) -> Path:
    """Write a wheel; returns its path.

    files: by their names in the archive. executable: those with an x bit.
    record: in place of the true one. headers: more lines of METADATA.
    """
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    contents = dict(files)
    contents[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{headers}".encode()
    )
    contents[f"{info}/WHEEL"] = (
        f"Wheel-Version: {wheel_version}\nGenerator: tests\n"
        f"Root-Is-Purelib: {str(is_pure).lower()}\nTag: py3-none-any\n"
    ).encode()
    if entry_points:
        contents[f"{info}/entry_points.txt"] = entry_points.encode()
    rows = "".join(f'"{path}",{_digest(data)},{len(data)}\n' for path, data in contents.items())
    contents[f"{info}/RECORD"] = (f"{rows}{info}/RECORD,,\n" if record is None else record).encode()
    directory.mkdir(parents=True, exist_ok=True)
    wheel = directory / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in contents.items():
            entry = zipfile.ZipInfo(path)
            mode = 0o755 if path in executable else 0o644
            entry.external_attr = (stat.S_IFREG | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return wheel


def good_wheels(directory: Path) -> list[Path]:
    """Write one of each kind that pip installs."""
    return [
        write_wheel(directory, "plain", {"plain/__init__.py": MODULE, "plain/data.txt": b"text"}),
        write_wheel(directory, "Mixed-Case", {"mixed/__init__.py": MODULE}, version="2.0.post1"),
        write_wheel(
            directory,
            "with-data",
            {
                "with_data.py": MODULE,
                "with_data-1.0.data/data/share/with-data/a.txt": b"a",
                "with_data-1.0.data/data/etc/with.conf": b"[x]\n",
                "with_data-1.0.data/headers/with.h": b"int x;\n",
                "with_data-1.0.data/purelib/pure_part/__init__.py": MODULE,
                "with_data-1.0.data/platlib/plat_part/__init__.py": MODULE,
            },
            is_pure=False,
        ),
        write_wheel(
            directory,
            "with-scripts",
            {
                "with_scripts.py": MODULE,
                "with_scripts-1.0.data/scripts/by-python": b"#!python -u\nprint('it runs')\n",
                "with_scripts-1.0.data/scripts/by-shell": b"#!/bin/sh\necho it runs\n",
                "with_scripts-1.0.data/scripts/binary": bytes(range(256)),
                "with_scripts-1.0.data/scripts/made-script.py": b"#!python\nprint('no')\n",
            },
            executable=frozenset(
                f"with_scripts-1.0.data/scripts/{name}" for name in ("by-python", "by-shell")
            ),
            entry_points=(
                "[console_scripts]\nmade = with_scripts:main\nwith-extra = with_scripts:main [x]\n"
                "[gui_scripts]\nwindow = with_scripts:main\n[other]\nignored = with_scripts\n"
            ),
        ),
        write_wheel(directory, "namespace-one", {"space/one.py": MODULE}),
        write_wheel(directory, "namespace-two", {"space/two.py": MODULE}),
        write_wheel(
            directory,
            "same-file-twice",
            {"twice.py": b"x = 1\n", "same_file_twice-1.0.data/purelib/twice.py": b"x = 2\n"},
        ),
        write_wheel(directory, "shares-one", {"shared.py": MODULE, "only_one.py": MODULE}),
        write_wheel(directory, "shares-two", {"shared.py": MODULE, "only_two.py": MODULE}),
        write_wheel(
            directory, "non-ascii", {"name_é/__init__.py": MODULE, "name_é/ü, 1.txt": b"."}
        ),
        write_wheel(directory, "not-python-3", {"two.py": b"print 'two'\n", "three.py": MODULE}),
        write_wheel(directory, "empty-files", {"empty/__init__.py": b"", "empty/py.typed": b""}),
        write_wheel(
            directory,
            "compiled-already",
            {"own.py": MODULE, "__pycache__/own.cpython-39.pyc": b"no"},
        ),
        write_wheel(directory, "cases", {"cases/A.py": MODULE, "cases/a.py": MODULE}),
        write_wheel(directory, "path-file", {"path_file.pth": b"", "path_file_x.py": MODULE}),
    ]


def hostile_wheels(directory: Path) -> dict[str, Path]:
    """Write wheels that the store must not take, by what is wrong with each."""
    info = "bad-1.0.dist-info"

    def bad(what: str, files: Mapping[str, bytes], **more: object) -> Path:
        return write_wheel(directory / what, "bad", {"bad.py": MODULE, **files}, **more)  # type: ignore[arg-type]

    made = {
        "a path that leaves": bad("leaves", {"../../../left.py": b""}),
        "an absolute path": bad("absolute", {"/tmp/absolute.py": b""}),
        "data that leaves": bad("data", {"bad-1.0.data/data/../../../x": b""}),
        "a script that leaves": bad("script", {"bad-1.0.data/scripts/../x": b""}),
        "a newline in a name": bad("newline", {"a\nb.py": b""}),
        "a file as a directory": bad("both", {"both": b"", "both/x.py": b""}),
        "another scheme": bad("scheme", {"bad-1.0.data/other/x": b""}),
        "a directory of another's data": bad("others", {"other-1.0.data/scripts/x": b""}),
        "a second metadata": bad("second", {"other-1.0.dist-info/METADATA": b""}),
        "a future format": bad("future", {}, wheel_version="2.0"),
        "a script with a newline": bad(
            "script-newline", {}, entry_points="[console_scripts]\na = bad:main\n  os\n"
        ),
        "a script that leads elsewhere": bad(
            "script-path", {}, entry_points="[console_scripts]\n../../x = bad:main\n"
        ),
        "a script without a function": bad(
            "script-empty", {}, entry_points="[console_scripts]\na = bad\n"
        ),
        "a script of code": bad(
            "script-code", {}, entry_points="[console_scripts]\na = bad:main.__x__.1\n"
        ),
        "a RECORD that lies": bad("lies", {}, record=f"bad.py,sha256=AAAA,33\n{info}/RECORD,,\n"),
        "a RECORD of what is not there": bad("absent", {}, record="other.py,,\n"),
        "a RECORD that is not one": bad("rows", {}, record="bad.py\n"),
        "another's name": bad("name", {}, headers=""),
    }
    renamed = directory / "renamed" / "other-1.0-py3-none-any.whl"
    renamed.parent.mkdir()
    made["another's name"].rename(renamed)
    made["another's name"] = renamed
    made["a link"] = _with_entry(directory, "link", stat.S_IFLNK | 0o777, b"/etc/passwd")
    made["a device"] = _with_entry(directory, "device", stat.S_IFCHR | 0o666, b"")
    made["two files of one name"] = _with_entry(
        directory, "twice", stat.S_IFREG | 0o644, b"", "bad.py"
    )
    made["nothing in it"] = directory / "nothing" / "bad-1.0-py3-none-any.whl"
    made["nothing in it"].parent.mkdir()
    made["nothing in it"].write_bytes(b"")
    cut = bad("cut", {"large.bin": bytes(range(256)) * 100})
    cut.write_bytes(cut.read_bytes()[:-200])
    made["an archive that was cut"] = cut
    damaged = bad("damaged", {"large.bin": hashlib.sha512(b"").digest() * 400})
    data = bytearray(damaged.read_bytes())
    data[200] ^= 0xFF
    damaged.write_bytes(data)
    made["damaged data"] = damaged
    return made


def _with_entry(directory: Path, what: str, mode: int, data: bytes, name: str = "entry") -> Path:
    wheel = write_wheel(directory / what, "bad", {"bad.py": MODULE})
    with zipfile.ZipFile(wheel, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there already
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        archive.writestr(entry, data)
    return wheel


def _digest(data: bytes) -> str:
    encoded = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode()
    return f"sha256={encoded.rstrip('=')}"
