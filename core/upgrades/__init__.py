"""Upgrades: what changes if the installations, or the policy, change.

    simulate(subjects, before, after)            what would move; pure
    predict(questions_of(…), directory, pip, …)     would it still install there? asks the index
    edits_for(settings, changes)                 the change, to be shown and written
    begin(server, touched(server))                   a plan, which a process of its own works on
    ensure(server, name)                           content before its use: ready, or being built
    put_back(state_dir, name)                    content on the environment before this one

Everything is imported when it is first asked for: `ensure` is called before each use of content.
"""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
