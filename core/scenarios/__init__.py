"""Scenarios: installations that do not exist and requests to put to them, for showing why.

scenario = find("major-minor")      a file, or one of those built in
play(scenario)                      a decision for each of its requests
save(scenario, path)                as TOML, to be edited by hand
"""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
