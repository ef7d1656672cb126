"""Secrets are masked wherever they stand, what is none stays, and no line takes long."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from pysteward.core.secrets import MASK, mask_secrets

SECRET = st.text("abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789%+.~-", min_size=6).filter(
    lambda text: not text.startswith("-")
)
PLACES = [
    "https://anna:{}@index.example.org/simple",
    "https://{}@index.example.org/simple",
    "Looking in indexes: https://anna:{}@index.example.org/simple, https://other.example.org",
    "  Getting page https://__token__:{}@index.example.org/simple/six/",
    "'HTTPSConnectionPool' url: https://{}:x-oauth-basic@git.example.org/x.git",
    "https://anna:se@cret{}@index.example.org/",
    "git+https://oauth2:{}@git.example.org/x/y.git",
    "http_proxy=anna:{}@proxy.example.org:3128",
    "proxy = anna:{}@proxy.example.org:3128",
    "pip install --password {} six",
    "twine upload --token={} dist",
    "--client-secret '{} with blanks'",
    "export PIP_PASSWORD={}",
    "GITLAB_DEPLOY_TOKEN={}",
    'ENV AWS_SECRET_ACCESS_KEY="{} x"',
    "password = {}",
    "password: {}",
    "{{'password': '{}', 'user': 'anna'}}",
    '{{"api_key": "{}"}}',
    "Authorization: Bearer {}",
    "{{'Authorization': b'Basic {}'}}",
    "PRIVATE-TOKEN: {}",
    "X-JFrog-Art-Api: {}",
    "machine index.example.org login anna password {}",
    "curl -u anna:{} https://index.example.org",
    "https://files.example.org/x.whl?sig={}&size=3",
    "https://files.example.org/x.whl?X-Amz-Signature={}",
    "https://index.example.org/?access_token={}&x=1",
]


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=20)
@given(secret=SECRET)
def test_a_secret_is_masked_wherever_it_stands(place: str, secret: str) -> None:
    masked = mask_secrets(place.format(secret))
    assert secret not in masked.replace(place.format(""), "")
    assert MASK in masked


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=20)
@given(secret=SECRET)
def test_masking_twice_changes_nothing_more(place: str, secret: str) -> None:
    once = mask_secrets(place.format(secret))
    assert mask_secrets(once) == once


@given(st.text())
def test_any_text_is_accepted_and_masked_once(text: str) -> None:
    once = mask_secrets(text)
    assert mask_secrets(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "ssh://git@git.example.org/x/y.git",
        "git+ssh://deploy@git.example.org/x/y.git",
        "git@git.example.org:x/y.git",
        "https://index.example.org/simple/six/#sha256=0123",
        "error: unexpected token: '}'",
        "SyntaxError: invalid token",
        "KeyError: 'VENDOR_HOME'",
        "tokenizers==0.15.0",
        "keyring==24.3 passlib>=1.7",
        "six @ https://files.example.org/six-1.16.0-py2.py3-none-any.whl",
        "anna@example.org wrote this",
        "sorted(rows, key=len)",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask_secrets(text) == text


def test_nothing_in_real_logs_is_taken_for_a_secret() -> None:
    logs = Path(__file__).parents[1] / "data" / "failures"
    for log in logs.glob("*.log"):
        for line in log.read_text("utf-8", "replace").splitlines():
            assert mask_secrets(line) == line


def test_a_token_that_is_known_by_its_shape_is_masked_in_any_sentence() -> None:
    for token in (
        "ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "glpat-0123456789abcdefABCD",
        "AKIA0123456789ABCDEF",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghij",
    ):
        assert mask_secrets(f"it said {token} and stopped") == f"it said {MASK} and stopped"


@pytest.mark.parametrize(
    "part",
    ["a", "://", "a://", "a:", "@", "=", "password", "password=", "--token ", "-u a:", "?sig=", "'",
     '"', "Authorization: ", "eyJ", "eyJaaaaaaaaaaa.", "gh", "proxy ", "login x ", "token_", " "],
)  # fmt: skip
def test_no_line_takes_long(part: str) -> None:
    line = part * (20_000 // len(part))
    begun = time.process_time()
    mask_secrets(line)
    assert time.process_time() - begun < 1.0
