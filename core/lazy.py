"""Rooms that import a name when it is first used.

The names that a room offers, and the module of each, stand once: in the stub beside its
``__init__.py``, where type checkers read them too.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from importlib.abc import FileLoader

_IMPORT = re.compile(r"^from (\.\w[\w.]*) import (?:\(([^)]*)\)|(.+))$", re.MULTILINE)


def face(package: str, file: str) -> Callable[[str], object]:
    """Return the ``__getattr__`` of a package (PEP 562) that offers what its ``__init__.pyi``
    imports.

    package, file: ``__name__`` and ``__file__`` of its ``__init__``. Each name is the one that it
    has in its module, and no module of the package has that name.

    Source: https://scientific-python.org/specs/spec-0001/ has the idea.
    """
    modules: dict[str, str] = {}

    def getattribute(name: str) -> object:
        if not modules:
            modules.update(_offered(package, file))
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(modules[name], package), name)
        setattr(sys.modules[package], name, value)
        return value

    return getattribute


def _offered(package: str, file: str) -> dict[str, str]:
    """Return each name of the stub with its module.

    Read by the loader, which may be that of a zip.
    """
    spec = sys.modules[package].__spec__
    assert spec is not None
    loader = cast("FileLoader", spec.loader)
    text = loader.get_data(os.path.join(os.path.dirname(file), "__init__.pyi")).decode()
    return {
        part.split()[0]: module
        for module, several, one in _IMPORT.findall(text)
        for part in (several or one).split(",")
        if part.strip()
    }
