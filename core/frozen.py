"""What all values of the program are made with: frozen dataclasses that are quickly defined.

Fifty of them stand on the way of a deploy that reuses an environment, which has to be over before
anybody notices. `dataclasses.dataclass` compiles six methods for each; here three of them are
shared, which halves the time that a definition takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
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
    """
    for name, method in (("__eq__", _equal), ("__hash__", _hash), ("__repr__", _text)):
        if name not in cls.__dict__:
            setattr(cls, name, method)
    return dataclass(frozen=True, slots=True, eq=False, repr=False)(cls)


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
