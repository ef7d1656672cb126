"""Values are frozen dataclasses in every respect but the time that their definition takes."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from typing import Any

import pytest

from pysteward.core.frozen import frozen


@frozen
class Point:
    """One made here."""

    x: int
    names: tuple[str, ...] = ()
    note: str = field(default="", compare=False, repr=False)
    more: list[int] = field(default_factory=list[int], compare=False)


@dataclass(frozen=True, slots=True)
class Usual:
    """The same, as the standard library makes it."""

    x: int
    names: tuple[str, ...] = ()
    note: str = field(default="", compare=False, repr=False)
    more: list[int] = field(default_factory=list[int], compare=False)


def test_a_value_prints_as_a_dataclass_does() -> None:
    one, usual = Point(1, ("a",), "hidden"), Usual(1, ("a",), "hidden")
    assert repr(one) == repr(usual).replace("Usual", "Point")


@pytest.mark.parametrize("kind", [Point, Usual])
def test_values_are_equal_and_hash_by_the_fields_that_compare(kind: type) -> None:
    assert kind(1, ("a",), "one", [1]) == kind(1, ("a",), "two", [2])
    assert len({kind(1), kind(1, note="x"), kind(2)}) == 2
    assert kind(1) != kind(1, ("a",))


def test_a_value_equals_none_of_another_class() -> None:
    assert Point(1) != Usual(1)
    assert Point(1) != (1, (), "", [])
    assert Point(1).__eq__(1) is NotImplemented


def test_a_value_cannot_be_changed() -> None:
    point: Any = Point(1)
    with pytest.raises(FrozenInstanceError):
        point.x = 2
    with pytest.raises(FrozenInstanceError):
        del point.x
    with pytest.raises((AttributeError, TypeError)):
        object.__setattr__(point, "z", 3)  # it has slots
    assert point == Point(1)


def test_only_what_is_frozen_inherits_from_a_value() -> None:
    with pytest.raises(TypeError, match="frozen"):

        @dataclass
        class _Loose(Point):
            y: int = 0


def test_what_takes_dataclasses_takes_values() -> None:
    point = Point(1, ("a",))
    assert replace(point, x=2) == Point(2, ("a",))
    assert asdict(point) == {"x": 1, "names": ("a",), "note": "", "more": []}
    assert [each.name for each in fields(Point)] == ["x", "names", "note", "more"]
    assert copy.copy(point) == point == pickle.loads(pickle.dumps(point))


def test_a_value_may_say_itself_how_it_is_shown() -> None:
    @frozen
    class Masked:
        secret: str

        def __repr__(self) -> str:
            return "Masked(…)"

    assert repr(Masked("x")) == "Masked(…)"
    assert Masked("x") == Masked("x")
