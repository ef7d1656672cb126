"""Upgrades: what changes if the installations, or the policy, change."""

from .simulation import Change, Fate, Server, Simulation, Subject, changed, simulate

__all__ = ["Change", "Fate", "Server", "Simulation", "Subject", "changed", "simulate"]
