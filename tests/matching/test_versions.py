from __future__ import annotations

from datetime import date

import pytest

from pysteward.core.errors import RequestError
from pysteward.core.versions import PythonVersion, end_of_life, unsupported


def test_prereleases_sort_before_their_final() -> None:
    texts = ["3.13.0a1", "3.13.0b2", "3.13.0rc1", "3.13.0rc10", "3.13.0", "3.13.1"]
    assert list(map(str, sorted(map(PythonVersion.parse, reversed(texts))))) == texts


@pytest.mark.parametrize(
    ("text", "shown"), [("3.7", "3.7.0"), (" 3.9.2+ ", "3.9.2"), ("3.8.0c2", "3.8.0rc2")]
)
def test_a_version_is_written_in_full(text: str, shown: str) -> None:
    assert str(PythonVersion.parse(text)) == shown


def test_an_error_carries_the_bad_input() -> None:
    with pytest.raises(RequestError, match="lolwat"):
        PythonVersion.parse("lolwat")


@pytest.mark.parametrize("text", ["2.7.9", "3.4.0", "3.14.1", "4.0.0"])
def test_the_supported_minimum_is_supported(text: str) -> None:
    assert unsupported(PythonVersion.parse(text)) is None


@pytest.mark.parametrize("text", ["2.7.8", "3.3.9", "3.4.0rc1", "1.6.1", "0.9.0"])
def test_what_is_below_the_minimum_is_not(text: str) -> None:
    assert text in (unsupported(PythonVersion.parse(text)) or "")


def test_the_end_of_a_line_is_known() -> None:
    assert end_of_life(PythonVersion(3, 8, 18)) == date(2024, 10, 7)
    assert end_of_life(PythonVersion(3, 99)) is None
