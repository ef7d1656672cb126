"""Interpreters of another machine: what they are asked there, and the verdict here."""

from __future__ import annotations

from dataclasses import replace

from .location import Location
from .model import Installation, Problem
from .probe import interpret, read_answer, script
from .verdicts import evaluate

_OF_THIS_MACHINE = ("shim",)
"""Problems that rest on files of this machine."""


def question_of(mark: str) -> str:
    """Return what an interpreter is to run: Python 2.7 to 3.14 understand it. mark: hexadecimal."""
    return f"MARK = {mark!r}\n{script()}"


def judge_answer(path: str, output: bytes, mark: str) -> Installation:
    """Return an interpreter of another machine, with its verdict but without remedies.

    path: there. output: what it wrote. A remedy would be one for this machine's distribution.
    """
    fields = read_answer(output, mark)
    interpreter = None if fields is None else interpret(fields)
    if interpreter is None:
        said = output.decode("utf-8", "replace").strip()[-200:]
        message = "The interpreter does not start" + (f": {said}" if said else ".")
        return Installation(path, path, problems=(Problem("crashes", message, None, "unusable"),))
    found = evaluate(Location(path, path, path, (), None), interpreter, "bundled")
    problems = tuple(
        replace(problem, remedy=None, command=None)
        for problem in found.problems
        if problem.code not in _OF_THIS_MACHINE
    )
    return replace(found, problems=problems)
