"""What a bundle asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import BundleError, RequestError
from .bundle import Bundle
from .manifest import Manifest

if TYPE_CHECKING:
    from ..matching import Request


def request_of(bundle: Bundle | Manifest) -> Request:
    """Return the request of a bundle: its version constraint, else the version of its author's
    Python.

    Raises BundleError, which names the field, where neither is given or the one that counts is
    neither a version nor a constraint; `needs-no-python` for a bundle that asks for none.
    """
    # Late: it brings packaging, which what only looks into a bundle does not need.
    from ..matching import Request, parse_constraint
    from ..versions import PythonVersion

    manifest = bundle.manifest if isinstance(bundle, Bundle) else bundle
    requires, version = manifest.python_requires, manifest.python_version
    try:
        if requires is not None:
            return Request(requires, constraint=parse_constraint(requires))
        if version is not None:
            return Request(version, version=PythonVersion.parse(version))
    except RequestError as error:
        constrained = requires is not None
        raise manifest.error(
            "environment.python.requires" if constrained else "python.version",
            error.message,
            code="constraint-without-operator" if constrained and requires[:1].isdigit() else None,
        ) from None
    if manifest.has_python:
        raise manifest.error("python.version", "is missing: which Python does this content need?")
    if isinstance(bundle, Bundle) and not bundle.needs_python:
        raise BundleError(
            f"{bundle.name}: this content needs no Python", code="needs-no-python", file=bundle.path
        )
    raise _missing_python(manifest)


def _missing_python(manifest: Manifest) -> BundleError:
    """Content without a ``python`` block has no request."""
    return manifest.error(
        "python",
        "is missing: this content does not say which Python it needs"
        + (
            "; it uses reticulate: deploy it with RETICULATE_PYTHON set"
            if manifest.uses_reticulate
            else ""
        ),
        code="python-block-missing",
    )
