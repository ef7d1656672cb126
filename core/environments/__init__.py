"""Environments: their identity, how they are made, found again, checked and removed.

    choice = choose_installer(version, read_configuration({}), requirements)
    spec = EnvironmentSpec(executable, interpreter_identity(executable), version, …)
    path = location(state_dir, spec)
    with hold(path):                         no other process makes or removes it meanwhile
        complete(path) or make(spec, path, steps, …)
    settle(path)                             when no caller waits

    plan = plan_prune(survey(state_dir, store), Criteria(unused=True), now)
    for removed in prune(plan.removals, store): …
    verify(environment)                      what is not as it was made

What a reused deploy needs is here at once; the rest is imported when it is first asked for.
"""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
