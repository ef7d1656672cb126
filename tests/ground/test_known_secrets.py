"""Known secret values are masked wherever they stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pysteward.core.secrets import MASK, KnownSecrets, secret_values

LONG = ",".join(["correct horse battery staple"] * 400)


@pytest.mark.parametrize(
    ("name", "value", "secrets"),
    [
        ("INDEX_TOKEN", "abcdefgh", {"abcdefgh"}),
        ("NPM_AUTH", "abcdefgh", {"abcdefgh"}),
        ("AUTHOR", "abcdefgh", set()),
        ("MAKEFLAGS", "-j2 -k -w", set()),
        ("X", "1", set()),
        ("DB_PASSWORD", "short", set()),
        ("HTTPS_PROXY", "http://proxy.example:3128", set()),
        ("HTTPS_PROXY", "proxy.example:3128", set()),
        ("SSH_AUTH_SOCK", "/etc/passwd", set()),
        ("PIP_INDEX_URL", "https://git@host/simple", set()),
        ("PIP_INDEX_URL", "https://0123456789@host/simple", {"0123456789"}),
        ("index-url", "https://alice@host/ https://bob:wonder%40land@h", None),
    ],
)
def test_a_value_is_secret_by_its_name_and_of_an_address_the_user_part(
    name: str, value: str, secrets: set[str] | None
) -> None:
    found = secret_values([(name, value)])
    if secrets is None:
        assert {"wonder%40land", "wonder@land"} <= found
        assert "bob" not in found
    else:
        assert found == secrets


def test_named_variables_are_secret_as_well() -> None:
    named = [("LICENCE", "0123456789"), ("OTHER", "0123456789x")]
    assert secret_values(named, ["licence"]) == {"0123456789"}


def test_the_header_made_of_an_address_is_masked() -> None:
    secrets = KnownSecrets(secret_values([("x", "https://aladdin:opensesame@host/")]))
    # The example of RFC 7617, section 2, has a space; this is the same made of ours.
    assert secrets.mask("sent YWxhZGRpbjpvcGVuc2VzYW1l to it") == f"sent {MASK} to it"


def test_each_line_of_a_key_is_a_secret(tmp_path: Path) -> None:
    key = "-----BEGIN KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END KEY-----\n"
    secrets = KnownSecrets(secret_values([("DEPLOY_TOKEN", key)]))
    assert secrets.mask("it is BgkqhkiG9w0B there") == f"it is {MASK} there"
    assert secrets.mask("-----BEGIN KEY-----") == "-----BEGIN KEY-----"


def test_a_value_of_any_length_is_masked_whole() -> None:
    secrets = KnownSecrets(secret_values([("A_SECRET", LONG)]))
    assert secrets.mask(f"before {LONG}after") == f"before {MASK}after"


@given(st.integers(0, len(LONG) - 1))
def test_a_value_that_is_cut_off_is_masked_as_well(length: int) -> None:
    shown = KnownSecrets([LONG]).mask_cut("> " + LONG[:length])
    assert shown == (f"> {MASK}" if length else "> ")


@given(st.lists(st.text(alphabet="abc", min_size=6, max_size=9), min_size=1, max_size=4), st.data())
def test_no_known_value_is_left(values: list[str], data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.sampled_from([*values, "a", "x", "\n", "ab"]), max_size=12))
    masked = KnownSecrets(values).mask("".join(parts))
    assert not any(value in masked for value in values)


@given(st.lists(st.text(alphabet="abc", min_size=6, max_size=9), min_size=1, max_size=4))
def test_without_known_values_nothing_but_patterns_is_masked(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert KnownSecrets().mask(text) == text
