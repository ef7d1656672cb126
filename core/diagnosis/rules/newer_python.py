"""Content that is written for a newer Python than runs it; no build takes part."""

from __future__ import annotations

import re
from typing import Final

from ..rule import Explanation, LineMatch, Rule, rule
from .content import evidence_of, importer_of, own_frame, place_of, runs, with_version
from .shared import as_it_is
from .speakers import Speaker, speaker_of

# What an older Python says, what that is, and which Python brought it. Source: What's New of each.
_NEWER: Final = (
    (r"unsupported operand type\(s\) for \|: '(?:type|ABCMeta|_?\w*GenericAlias|_UnionGenericAlias|EnumMeta|ModelMetaclass|NoneType|function)' and", "a union of types written as X | Y", "3.10"),
    (r"unsupported operand type\(s\) for \|=?: 'dict' and 'dict'", "dictionaries joined with |", "3.9"),
    (r"'type' object is not subscriptable", "a built-in type with brackets, such as list[int]", "3.9"),
    (r"'(?:ABCMeta|type)' object is not subscriptable", "a generic type with brackets", "3.9"),
    (r"'(?:str|bytes)' object has no attribute 'remove(?:prefix|suffix)'", "str.removeprefix or removesuffix", "3.9"),
    (r"module 'asyncio' has no attribute '(?:to_thread)'", "asyncio.to_thread", "3.9"),
    (r"module 'asyncio' has no attribute '(?:timeout|TaskGroup|Runner)'", "asyncio.timeout or TaskGroup", "3.11"),
    (r"module 'datetime' has no attribute 'UTC'|cannot import name 'UTC' from 'datetime'", "datetime.UTC", "3.11"),
    (r"module 'itertools' has no attribute 'batched'|cannot import name 'batched' from 'itertools'", "itertools.batched", "3.12"),
    (r"module 'itertools' has no attribute 'pairwise'|cannot import name 'pairwise' from 'itertools'", "itertools.pairwise", "3.10"),
    (r"cannot import name 'StrEnum' from 'enum'", "enum.StrEnum", "3.11"),
    (r"cannot import name '(?:Self|assert_never|LiteralString|Never|NotRequired|Required|Unpack|TypeVarTuple|reveal_type)' from 'typing'", "names of typing", "3.11"),
    (r"cannot import name '(?:override|TypeAliasType)' from 'typing'", "names of typing", "3.12"),
    (r"cannot import name '(?:ParamSpec|TypeAlias|TypeGuard|Concatenate)' from 'typing'", "names of typing", "3.10"),
    (r"cannot import name 'Annotated' from 'typing'", "typing.Annotated", "3.9"),
    (r"cannot import name '(?:Literal|Protocol|TypedDict|Final)' from 'typing'", "names of typing", "3.8"),
    (r"cannot import name '(?:cache)' from 'functools'", "functools.cache", "3.9"),
    (r"cannot import name 'cached_property' from 'functools'", "functools.cached_property", "3.8"),
    (r"dataclass\(\) got an unexpected keyword argument '(?:slots|kw_only)'", "dataclass with slots or kw_only", "3.10"),
    (r"zip\(\) takes no keyword arguments", "zip with strict", "3.10"),
)  # fmt: skip
_KNOWN: Final = tuple((re.compile(pattern), what, since) for pattern, what, since in _NEWER)


def _newer(hit: LineMatch) -> Explanation | None:
    if not runs(hit) or speaker_of(hit) is Speaker.BUILD:
        return None
    body = hit.line.body
    found = next((one for one in _KNOWN if one[0].search(body, 0, 500)), None)
    if found is None:
        return None
    _, what, since = found
    importer = importer_of(hit)
    who = with_version(hit, importer) if importer else f"The content{place_of(own_frame(hit))}"
    return Explanation(
        "requires-python",
        f"{who} uses {what}, which Python {since} brought{as_it_is(hit)}.",
        f"Add an installation of Python {since} or newer, if the server has none.",
        f"Deploy with Python {since} or newer"
        + (
            f", or pin an older release of {importer}."
            if importer
            else ", or write that line for an older one."
        ),
        evidence_of(hit),
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("TypeError: ", "AttributeError: ", "ImportError: "),
        r"^(?:TypeError|AttributeError|ImportError): .{1,400}",
        _newer,
    ),
)  # fmt: skip
