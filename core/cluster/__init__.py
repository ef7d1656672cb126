"""Builds on a cluster of servers: dask.distributed decides where, pysteward builds there.

    scheduler     one a cluster: knows the workers, gives each build to one that has its Python
    worker        one a server: announces its Pythons, builds in its own state directory
    dispatcher    one a client that has builds under way: hands them over, keeps their records here

dask (the extra ``cluster``) is imported by these three processes alone.
"""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
