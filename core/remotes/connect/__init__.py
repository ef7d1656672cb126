"""A Posit Connect server, read through its public API and never written to.

    client = open_client(find_server("prod"))    four requests at a time, by httpx
    read_inventory(client)                       Pythons, content, packages: three requests
    simulate_change(…)                           what moves if its Pythons change
    read_failures(…)                             jobs that ended badly, each diagnosed
    pull_bundle(client, content, directory)         content, to be built here as it is there

Everything a server sends is hostile until it is proved otherwise. Failures raise RemoteError.
"""

from __future__ import annotations

from ...lazy import face

__getattr__ = face(__name__, __file__)
