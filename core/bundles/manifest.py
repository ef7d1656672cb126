"""What a bundle's ``manifest.json`` says.

Written by rsconnect-python (``rsconnect/bundle.py``) and by the R package rsconnect
(``R/bundle.R``, createAppManifest): both give ``python`` and ``environment`` the same form. Null
means absent, as R's client writes many of its fields; what is not known is kept in `raw`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import NamedTuple, cast

from ..archives import resolve_inside
from ..errors import BundleError
from ..frozen import frozen
from .json_text import (
    Field,
    JsonObject,
    read_object,
    type_name,
)

NAME = "manifest.json"
"""What the manifest is called; it lies at the top of its bundle."""


@frozen
class Manifest:
    """The fields that matter; None where the manifest has none.

    version: of the manifest's form; 1 is the only one there is.
    platform: the version of R that wrote it, in R content.
    python_version: the author's Python, as written.
    python_requires: the version constraint, as written; it wins over `python_version`.
    package_file: where the requirements are, relative to the bundle.
    allow_uv: the author's hint that uv may, or may not, install the packages.
    environment_management: false where the author wants no packages installed.
    image: the container image asked for.
    quarto_engines: such as ``jupyter`` or ``knitr``.
    files: each file with the MD5 that the client computed, or None.
    r_packages: names of the R packages, reticulate among them.
    has_python: whether there is a ``python`` block.
    raw: everything, unknown fields included.
    """

    version: int | None = None
    locale: str | None = None
    platform: str | None = None
    appmode: str | None = None
    entrypoint: str | None = None
    primary_rmd: str | None = None
    primary_html: str | None = None
    content_category: str | None = None
    has_parameters: bool | None = None
    python_version: str | None = None
    python_requires: str | None = None
    package_manager: str | None = None
    package_manager_version: str | None = None
    package_file: str | None = None
    allow_uv: bool | None = None
    environment_management: bool | None = None
    image: str | None = None
    quarto_engines: tuple[str, ...] = ()
    files: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])
    r_packages: tuple[str, ...] = ()
    has_python: bool = False
    raw: Mapping[str, object] = field(default_factory=dict[str, object])
    document: JsonObject | None = field(default=None, repr=False, compare=False)

    @property
    def uses_reticulate(self) -> bool:
        """Whether reticulate is among the R packages; perhaps only as another's dependency."""
        return "reticulate" in self.r_packages

    @property
    def wants_packages(self) -> bool:
        """Whether the author wants packages installed; Posit Publisher writes the name ``none``."""
        return self.environment_management is not False and self.package_manager != "none"

    @property
    def needs_python(self) -> bool:
        """Whether the manifest says that this content runs Python.

        R content may still call Python from its files: see `Bundle.needs_python`.
        """
        mode = self.appmode or ""
        return (
            self.has_python
            or mode.startswith(("python-", "jupyter-"))
            or "jupyter" in self.quarto_engines
        )

    def error(self, field: str, complaint: str, *, code: str | None = None) -> BundleError:
        """Return an error about one field, by its dotted name, with file, line and column."""
        document = self.document or JsonObject({}, "", NAME, NAME)
        return document.error(tuple(field.split(".")), complaint, code=code)


def read_manifest(data: bytes, *, file: str = NAME) -> Manifest:
    """Read a manifest's bytes. Raises BundleError: one line, which names the field.

    file: what the error says it is about, a path of the manifest or of the archive that holds it.
    """
    document = read_object(data, file=file, label=NAME)
    top = _Node(document, (), document.value)
    metadata, python = top.object("metadata"), top.object("python")
    manager = python.object("package_manager")
    environment = top.object("environment")
    return Manifest(
        version=_form(top),
        locale=top.text("locale"),
        platform=top.text("platform"),
        appmode=metadata.text("appmode"),
        entrypoint=metadata.text("entrypoint"),
        primary_rmd=metadata.text("primary_rmd"),
        primary_html=metadata.text("primary_html"),
        content_category=metadata.text("content_category"),
        has_parameters=metadata.truth("has_parameters"),
        python_version=python.text("version"),
        python_requires=environment.object("python").text("requires"),
        package_manager=manager.text("name"),
        package_manager_version=manager.text("version"),
        package_file=_package_file(manager),
        allow_uv=manager.truth("allow_uv"),
        environment_management=environment.object("environment_management").truth("python"),
        image=environment.text("image"),
        quarto_engines=top.object("quarto").texts("engines"),
        files=_files(top),
        r_packages=tuple(top.object("packages").value),
        has_python=isinstance(document.value.get("python"), dict),
        raw=document.value,
        document=document,
    )


class _Node(NamedTuple):
    """An object in the manifest, and the names that lead to it; empty where it is absent."""

    document: JsonObject
    field: Field
    value: dict[str, object]

    def object(self, name: str) -> _Node:
        found = self.value.get(name)
        if found is None or found == []:  # R writes an empty list where it means an empty object
            found = {}
        if not isinstance(found, dict):
            raise self.error(name, f"must be an object, not {type_name(found)}")
        return _Node(self.document, (*self.field, name), cast("dict[str, object]", found))

    def text(self, name: str) -> str | None:
        """Return a text; None where it is absent, null or blank."""
        found = self.value.get(name)
        if found is None:
            return None
        if not isinstance(found, str):
            raise self.error(name, f"must be text, not {type_name(found)}")
        complaint = _unusable_text(found)
        if complaint is not None:
            raise self.error(name, complaint)
        return found.strip() or None

    def texts(self, name: str) -> tuple[str, ...]:
        found = self.value.get(name)
        if found is None:
            return ()
        if isinstance(found, str):  # R unboxes a list of one
            return (found,)
        if not isinstance(found, list):
            raise self.error(name, f"must be a list, not {type_name(found)}")
        return tuple(item for item in cast("list[object]", found) if isinstance(item, str))

    def truth(self, name: str) -> bool | None:
        found = self.value.get(name)
        if found is None or isinstance(found, bool):
            return found
        raise self.error(name, f"must be true or false, not {type_name(found)}")

    def error(self, name: str, complaint: str) -> BundleError:
        return self.document.error((*self.field, name), complaint)


def _form(top: _Node) -> int | None:
    found = top.value.get("version")
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise top.error("version", f"must be a number, not {type_name(found)}")
    if found != 1:
        raise top.error("version", f"{found} is not a form of manifest that exists: it must be 1")
    return 1


def _package_file(manager: _Node) -> str | None:
    written = manager.text("package_file")
    if written is None:
        return None
    inside = resolve_inside(NAME, written)
    if not inside:
        raise manager.error("package_file", f"{written!r} is not a file in the bundle")
    return inside


def _files(top: _Node) -> dict[str, str | None]:
    listed = top.object("files")
    files: dict[str, str | None] = {}
    for name, entry in listed.value.items():
        if _unusable_text(name) is not None:
            raise top.error("files", f"{name[:120]!r} cannot be the name of a file")
        if isinstance(entry, str):
            files[name] = entry
        else:
            files[name] = listed.object(name).text("checksum")
    return files


def _unusable_text(text: str) -> str | None:
    if "\0" in text:
        return "holds a zero byte"
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        return "holds half a character (a lone surrogate)"
    return None
