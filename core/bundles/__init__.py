"""Content as it arrives: bundles, their manifests and requirements. Everything in it is hostile.

    bundle = open_bundle("flask.tar.gz")      looked through once, nothing written
    request(bundle)                           the version or constraint that it asks for
    bundle.requirements()                     the package file and what it includes, line by line
    remove_prohibited(…, names)               the files without those packages, byte for byte else
    effective_lines(…)                        what an environment's identity is computed over
    unpack(bundle, folder)                    the files, in a new folder
    keep(bundle, folder)                      an exact copy, to build from again
    entries(read, Meter(Limits()))            the members of any other hostile tar archive

Whatever cannot be used raises BundleError, in one line, with file, line and column as far as known.
What a reused deploy does not need is imported when it is first asked for.
"""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
