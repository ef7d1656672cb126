"""Scenarios: installations that do not exist and requests to put to them, for showing why.

scenario = find("major-minor")      a file, or one of those built in
play(scenario)                      a decision for each of its requests
save(scenario, path)                as TOML, to be edited by hand
"""

from .files import built_in, find, load, save
from .model import NO_MATCH, Scenario, ScenarioInstallation, ScenarioRequest, play
from .reading import parse
from .writing import dump

__all__ = [
    "NO_MATCH",
    "Scenario",
    "ScenarioInstallation",
    "ScenarioRequest",
    "built_in",
    "dump",
    "find",
    "load",
    "parse",
    "play",
    "save",
]
