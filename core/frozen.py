"""What all values of the program are made with: frozen dataclasses that are quickly defined.

Fifty of them stand on the way of a deploy that reuses an environment, which has to be over before
anybody notices. `dataclasses.dataclass` compiles six methods for each; here all but ``__init__``
are shared, which takes a third of the time (tests/benchmarks/values.py).
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Any:
        return lambda decorator: decorator


T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class what ``@dataclass(frozen=True, slots=True)`` makes of it.

    Its instances compare, hash and print by their fields, but for those that were declared with
    ``compare=False`` or ``repr=False``; `dataclasses.replace`, `fields` and `asdict` take them.
    But making one takes three times as long: what is made by the hundred thousand, or for each line
    of a log, is better a dataclass as usual.
    """
    for name, method in _SHARED.items():
        if name not in cls.__dict__:
            setattr(cls, name, method)
    made: Any = dataclass(slots=True, eq=False, repr=False)(cls)
    made.__dataclass_params__.frozen = True  # so that `is_dataclass` helpers and subclasses know it
    return made


def _set_once(self: Any, name: str, value: object) -> None:
    """What ``__init__`` sets stays."""
    if hasattr(self, name):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")
    object.__setattr__(self, name, value)


def _never_delete(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _compared(value: Any) -> tuple[object, ...]:
    return tuple([getattr(value, field.name) for field in fields(value) if field.compare])


def _equal(self: Any, other: object) -> bool:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _compared(self) == _compared(other)


def _hash(self: Any) -> int:
    return hash(_compared(self))


def _text(self: Any) -> str:
    shown = [f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr]
    return f"{type(self).__qualname__}({', '.join(shown)})"


_SHARED = {
    "__setattr__": _set_once,
    "__delattr__": _never_delete,
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _text,
}
