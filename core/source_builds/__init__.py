"""A Python from its source: what to do, as a script to read, or done as a build like any other.

    script(PythonVersion.parse("3.11.9"), parse_distribution("ubuntu-22.04"))
    build = build_python(server, Path("Python-3.11.9.tgz"), Wanted(Path("/opt/python/3.11.9")))

The build is followed, cancelled, listed and exported with ``builds``.
"""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
