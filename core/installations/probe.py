"""The answer that an interpreter gives when it is asked what it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from ..errors import RequestError
from ..versions import PythonVersion
from .model import Interpreter, Module, ToolVersion

Fields = tuple[tuple[str, str], ...]
"""An answer as it was given: keys and values, keys may repeat."""


@cache
def script() -> str:
    """Return the question, as Python 2.7 to 3.14 understand it."""
    return Path(__file__).with_name("_probe_script.py").read_text("utf-8")


def read_answer(output: bytes, mark: str) -> Fields | None:
    """Return the fields of a marked answer, whatever was printed around it; None where there is
    none."""
    end = output.find(f"\0{mark[::-1]}\n".encode())
    begin = output.rfind(f"\0{mark}".encode(), 0, max(end, 0))
    if end < 0 or begin < 0:
        return None
    text = output[begin + 1 + len(mark) : end].decode("utf-8", "surrogateescape")
    parts = text.split("\0")
    if len(parts) % 2:
        return None
    return tuple(zip(parts[::2], parts[1::2], strict=True))


def rests_on(fields: Fields) -> tuple[str, ...]:
    """Return the files and directories whose change would change the answer."""
    return tuple(value for key, value in fields if key == "rests-on")


def interpret(fields: Fields) -> Interpreter | None:
    """Return an answer as facts; None where it is not one of a Python at all."""
    said = dict(fields)
    try:
        version = PythonVersion.parse(said["version"] + said.get("stage", ""))
        bits, unicode = int(said["bits"]), int(said["unicode"])
    except (KeyError, ValueError, RequestError):
        return None
    base = said.get("base-prefix-real", "")
    libpython = said.get("libpython") or None
    built = said.get("built-prefix") or None
    is_virtual = said.get("prefix") != said.get("base-prefix")
    return Interpreter(
        version=version,
        executable=said.get("executable", ""),
        implementation=said.get("implementation", ""),
        machine=said.get("machine", ""),
        bits=bits,
        unicode=unicode,
        libc=said.get("libc") or None,
        prefix=said.get("prefix", ""),
        base_prefix=said.get("base-prefix", ""),
        stdlib=said.get("stdlib", ""),
        built_prefix=built,
        built_prefix_is_there="built-prefix-there" in said,
        is_relocatable="relocatable" in said or built in ("/install", "/build"),
        is_moved=built is not None and said.get("built-prefix-real") != base,
        is_at_home=is_virtual
        or (_below(said.get("executable-real"), base) and _below(said.get("stdlib-real"), base)),
        is_conda="conda" in said,
        is_externally_managed="externally-managed" in said,
        is_virtual_environment=is_virtual,
        libpython=libpython,
        loads_from_elsewhere=libpython is not None and not _below(libpython, base),
        header_version=said.get("header-version") or None,
        has_venv="venv" in said,
        pip=_package(said, "pip", fields),
        virtualenv=_package(said, "virtualenv", fields),
        missing_modules=_missing(fields),
    )


def _below(path: str | None, directory: str) -> bool:
    return path is not None and path.startswith(f"{directory.rstrip('/')}/")


def _package(said: dict[str, str], name: str, fields: Fields) -> ToolVersion | None:
    if name not in said:
        return None
    return ToolVersion(
        said[name],
        said.get(f"{name}-requires-python", ""),
        said.get(f"{name}-at", ""),
        tuple(value for key, value in fields if key == f"{name}-lacks"),
    )


def _missing(fields: Fields) -> tuple[Module, ...]:
    names: Sequence[str] = [value for key, value in fields if key == "missing-module"]
    reasons: Sequence[str] = [value for key, value in fields if key == "missing-because"]
    return tuple(Module(name, because) for name, because in zip(names, reasons, strict=False))
