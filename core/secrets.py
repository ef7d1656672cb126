"""Masks passwords and tokens in text: in addresses, in options, in headers.

Used for everything that is shown, kept or printed: log lines, pip's configuration, settings. What
is masked is replaced by ``****`` (as pip itself does), so the rest of the line stays readable.
"""

from __future__ import annotations

import re

MASK = "****"

# Each pattern begins with a literal and repeats only character classes that exclude what ends
# them, so none can backtrack far; a line is searched once for each.
_IN_ADDRESS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,20}://)(?P<userinfo>[^\s/?#'\"<>]{1,2000})@"
)
_IN_QUERY = re.compile(
    r"(?P<name>[?&;](?:access_token|auth|api_?key|key|password|passwd|private_token|pwd|secret|sig|"
    r"signature|token|x-amz-[a-z-]{1,30})=)[^\s&#;'\"<>]{1,4000}",
    re.IGNORECASE,
)
_IN_OPTION = re.compile(
    r"(?P<name>--?(?:[a-z]{1,20}-){0,3}(?:password|passwd|token|secret|api-key)(?:=|\s{1,4}))"
    r"(?!-)[^\s'\"]{1,4000}",
    re.IGNORECASE,
)
_IN_HEADER = re.compile(
    r"(?P<name>(?:proxy-)?authorization['\"]?\s{0,4}[:=]\s{0,4}['\"]?(?:basic|bearer|token)\s{1,4})"
    r"[A-Za-z0-9+/=._~-]{1,4000}",
    re.IGNORECASE,
)
_IN_VARIABLE = re.compile(
    r"(?P<name>\b[A-Z][A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|TOKEN|SECRET|API_KEY)=)[^\s'\"]{1,4000}"
)


def mask_secrets(text: str) -> str:
    """The text with every password and token in it replaced by ``****``.

    The user name in an address is kept, as pip keeps it, unless it is all there is: then it is a
    token.
    """
    if "://" in text:
        text = _IN_ADDRESS.sub(_mask_userinfo, text)
        if "=" in text:
            text = _IN_QUERY.sub(rf"\g<name>{MASK}", text)
    if "=" in text or "-" in text:
        text = _IN_OPTION.sub(rf"\g<name>{MASK}", text)
        text = _IN_HEADER.sub(rf"\g<name>{MASK}", text)
        text = _IN_VARIABLE.sub(rf"\g<name>{MASK}", text)
    elif ":" in text:
        text = _IN_HEADER.sub(rf"\g<name>{MASK}", text)
    return text


def _mask_userinfo(found: re.Match[str]) -> str:
    user, colon, _ = found["userinfo"].partition(":")
    # `git@host` and `ssh://git@host` name an account; any other lone user name may be a token.
    shown = user if colon or user == "git" else ""
    return (
        f"{found['scheme']}{shown}{':' if colon else ''}{MASK if shown != 'git' or colon else ''}@"
    )
