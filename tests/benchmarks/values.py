"""What a value costs.

    python -m tests.benchmarks.values

Defining a class and making an instance, with `core.frozen` against the standard library's
``@dataclass(frozen=True, slots=True)``, paired; best of many rounds, microseconds. What is defined
on every way is to be quickly defined; what is made by the hundred thousand, quickly made. Defining
is promised to take less than with the standard library.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pysteward.core.frozen import frozen
from tests.benchmarks.promises import Promise, finish

FIELDS = 6
ROUNDS = 200


def usual(cls: type) -> type:
    return dataclass(frozen=True, slots=True)(cls)


def bare() -> type:
    annotations = {f"field{number}": "int" for number in range(FIELDS)}
    return type("Value", (), {"__doc__": "One.", "__annotations__": annotations})


def best(prepare: Callable[[], object], work: Callable[[object], object]) -> float:
    shortest = float("inf")
    for _ in range(ROUNDS):
        given = prepare()
        began = time.perf_counter()
        work(given)
        shortest = min(shortest, time.perf_counter() - began)
    return shortest * 1e6


def main(_given: Sequence[str]) -> list[Promise]:
    makers = {"dataclass": usual, "frozen": frozen}
    defined = {name: best(bare, maker) for name, maker in makers.items()}
    classes = {name: maker(bare()) for name, maker in makers.items()}
    values = range(FIELDS)
    made = {name: best(lambda: values, lambda v, c=cls: c(*v)) for name, cls in classes.items()}
    for what, took in (("define", defined), ("make", made)):
        ratio = took["frozen"] / took["dataclass"]
        print(
            f"{what:7} dataclass {took['dataclass']:6.1f}   frozen {took['frozen']:6.1f}   "
            f"{ratio:.2f} times"
        )
    ratio = defined["frozen"] / defined["dataclass"]
    return [Promise("defining a class, against the standard library", ratio, 1, "times")]


if __name__ == "__main__":
    finish(main(sys.argv[1:]))
