"""Values to JSON and back: nothing is lost, and nothing that does not fit is taken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest
from hypothesis import given, strategies as st

from pysteward.core.frozen import frozen
from pysteward.core.json_values import JSON_DEPTH, JsonError, as_json, from_json, parse_json
from pysteward.core.versions import PythonVersion


class State(str, Enum):
    NEW = "new"
    OLD = "old"


class Package(NamedTuple):
    name: str
    version: str


@frozen
class Inner:
    number: int
    share: float = 0.5


@frozen
class Outer:
    name: str
    kind: Literal["a", "b"]
    state: State
    path: Path
    python: PythonVersion
    data: bytes
    inner: Inner | None
    pairs: tuple[tuple[str, int], ...]
    packages: tuple[Package, ...]
    texts: Mapping[str, str]
    flag: bool = False


VALUE = Outer(
    name="caf\u00e9\udce9",
    kind="b",
    state=State.OLD,
    path=Path("/srv/x"),
    python=PythonVersion(3, 13, 0, "rc1"),
    data=bytes(range(256)),
    inner=Inner(3),
    pairs=(("one", 1), ("two", 2)),
    packages=(Package("numpy", "2.1"),),
    texts={"requirements.txt": "numpy\n"},
)


def document(**changes: Any) -> dict[str, Any]:
    return {**as_json(VALUE), **changes}


def test_a_value_comes_back_from_its_text_as_it_was() -> None:
    assert from_json(Outer, parse_json(json.dumps(as_json(VALUE)).encode())) == VALUE


def test_the_form_is_that_of_plain_json() -> None:
    found = as_json(VALUE)
    assert found["state"] == "old"
    assert found["python"] == "3.13.0rc1"
    assert found["inner"] == {"number": 3, "share": 0.5}
    assert found["pairs"] == [["one", 1], ["two", 2]]
    assert found["packages"] == [{"name": "numpy", "version": "2.1"}]


def test_what_is_not_known_is_skipped_and_what_is_absent_takes_its_default() -> None:
    told = document(newer={"deep": [1]}, inner={"number": 4})
    del told["flag"]
    assert from_json(Outer, told).inner == Inner(4, 0.5)
    assert from_json(Outer, told).flag is False


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"name": 7}, "name: not a text"),
        ({"name": None}, "name"),
        ({"kind": "c"}, "kind: not one of a, b"),
        ({"kind": ["a"]}, "kind"),
        ({"state": "young"}, "state"),
        ({"path": 1}, "path"),
        ({"python": "three"}, "python"),
        ({"data": "\u20ac"}, "data"),
        ({"inner": {}}, "inner.number: missing"),
        ({"inner": {"number": True}}, "inner.number: not an integer"),
        ({"inner": {"number": 1.0}}, "inner.number"),
        ({"inner": {"number": 1, "share": float("inf")}}, "inner.share"),
        ({"inner": [1]}, "inner: not an object"),
        ({"pairs": [["one"]]}, "pairs[0]: not 2 items"),
        ({"pairs": {"one": 1}}, "pairs: not an array"),
        ({"packages": [{"name": "x", "version": "1"}, {"name": "x"}]}, "packages[1].version"),
        ({"texts": {"a": 1}}, "texts.a: not a text"),
        ({"flag": 1}, "flag: not true or false"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(JsonError, match="^" + where.replace("[", r"\[")):
        from_json(Outer, document(**changes))


@pytest.mark.parametrize("document", [None, [], "x", 1])
def test_a_document_that_is_no_object_is_refused(document: object) -> None:
    with pytest.raises(JsonError, match=r"^not an object"):
        from_json(Outer, document)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\xff",
        b"NaN",
        b'{"a": Infinity}',
        b"[" * 1_000_000,
        b'{"a":' * 300_000,
        b"1" * 100_000,
        b"]" * 9,
    ],
)
def test_hostile_text_is_refused(text: bytes) -> None:
    with pytest.raises(JsonError):
        parse_json(text)


JSON = st.recursive(
    st.none() | st.integers() | st.text(alphabet='a"\\[]{}') | st.booleans(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet='b"\\[]{}'), inner),
    max_leaves=200,
)


@given(JSON)
def test_every_document_that_is_not_deep_is_parsed(document: object) -> None:
    assert parse_json(json.dumps(document).encode()) == document


@given(st.integers(1, 2 * JSON_DEPTH), st.booleans())
def test_the_depth_alone_decides(depth: int, is_object: bool) -> None:
    begin, end = ('{"[":', "}") if is_object else ("[", "]")
    text = (begin * depth + '"]]}}{{"' + end * depth).encode() + b" " * JSON_DEPTH
    if depth <= JSON_DEPTH:
        assert json.dumps(parse_json(text)) == json.dumps(json.loads(text))
    else:
        with pytest.raises(JsonError, match="nested deeper than 64 levels"):
            parse_json(text)


def test_a_wide_document_is_not_deep() -> None:
    assert len(parse_json(b"[" + b",".join([b'{"a": ["\\\\"]}'] * 10_000) + b"]")) == 10_000


def test_a_text_that_is_too_large_is_not_parsed() -> None:
    assert parse_json(b"[1]", largest=3) == [1]
    with pytest.raises(JsonError, match="larger than 3 bytes"):
        parse_json(b"[1 ]", largest=3)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.sampled_from(sorted(as_json(VALUE))), ANYTHING)
def test_any_document_fits_or_is_refused(name: str, anything: object) -> None:
    try:
        value = from_json(Outer, document(**{name: anything}))
    except JsonError:
        return
    assert from_json(Outer, as_json(value)) == value
