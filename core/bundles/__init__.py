"""Bundles: content's files as they arrive, their manifests and requirements. All of it is hostile.

    bundle = open_bundle("flask.tar.gz")      looked through once, nothing written
    request_of(bundle)                        the version or constraint that it asks for
    bundle.requirements()                     the package file and what it includes, line by line
    remove_prohibited(…, names)               the files without those packages, else byte for byte
    effective_lines(…)                        what an environment's identity is computed from
    unpack(bundle, directory)                 the files, in a new directory
    store_bundle(bundle, directory)           an exact copy, to build from again

Whatever cannot be used raises BundleError: one line, with file, line and column as far as known.
"""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
