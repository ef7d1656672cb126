"""Masks passwords and tokens in text: addresses, options, headers, variables, known shapes.

Used for everything that is shown, kept or printed: log lines, pip's configuration, settings. What
is masked is replaced by ``****`` (as pip itself does), so the rest of the line stays readable.
Masking twice changes nothing more.

Every pattern begins with a literal or a short class and repeats only with an upper bound, and no
repetition overlaps with what follows it, so none can backtrack far. Few lines hold anything that
looks like a secret, so plain searches for words decide first whether a pattern is tried at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from typing import Final

MASK: Final = "****"


class _Late:
    """A pattern that is compiled when it is first needed: few lines hold anything to mask."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._pattern, self._flags = pattern, flags

    @cached_property
    def sub(self) -> Callable[[str | Callable[[re.Match[str]], str], str], str]:
        return re.compile(self._pattern, self._flags).sub


# `https://user:password@host`: pip's index addresses, proxies, git's remotes. The user info ends at
# the last @ before the path, since an @ in a password is often left unescaped.
_IN_ADDRESS: Final = _Late(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,20}://)(?P<userinfo>[^\s/?#'\"<>]{1,2000})@"
)
# `proxy = user:password@host:3128`: curl and pip take a proxy without its scheme.
_IN_PROXY: Final = _Late(
    r"(?P<name>proxy['\"]?\s{0,4}[=:\s]\s{0,4}['\"]?)(?P<user>[^\s/:@'\"=]{1,200}):"
    r"[^\s/@'\"]{1,500}@",
    re.IGNORECASE,
)
# Names that say that their value is a secret; what stands before them may be anything
# (`PIP_PASSWORD`, `GITLAB_DEPLOY_TOKEN`, `aws-secret-access-key`).
_SECRET_NAME: Final = (
    r"(?:pass(?:word|wd|phrase)|pwd|token|secret|api[_-]?key|apikey|access[_-]?key|private[_-]?key|"
    r"credentials?)(?:[_-](?:key|id|value))?"
)
_VALUE: Final = r"(?!\*{4})(?:\"[^\"]{1,4000}\"|'[^']{1,4000}'|[^\s'\"]{1,4000})"
# `name=value`: variables, `.pypirc`, query strings, keyword arguments.
_IN_ASSIGNMENT: Final = _Late(
    rf"(?P<name>{_SECRET_NAME}['\"]?\s{{0,4}}=\s{{0,4}})(?!=){_VALUE}", re.IGNORECASE
)
# `"name": value` in JSON and Python, `name: value` at the start of a line of YAML or of a header.
# In the middle of a sentence a colon says nothing: `unexpected token: x`.
_IN_MAPPING: Final = _Late(
    rf"(?P<name>(?:['\"][\w.-]{{0,60}}?{_SECRET_NAME}['\"]|"
    rf"^\s{{0,40}}(?:[\w.-]{{1,60}}[_.-])?{_SECRET_NAME})\s{{0,4}}:\s{{0,4}}(?:b(?=['\"]))?)(?!b['\"]){_VALUE}",
    re.IGNORECASE,
)
# `--password value`, `--token=value`.
_IN_OPTION: Final = _Late(
    rf"(?P<name>--(?:[a-z]{{1,20}}-){{0,3}}{_SECRET_NAME}(?:=|\s{{1,4}}))(?!-){_VALUE}",
    re.IGNORECASE,
)
# `curl -u user:password`, `--user user:password`.
_IN_USER_OPTION: Final = _Late(
    r"(?P<name>(?:\s-u|--user|--proxy-user)(?:=|\s{1,4})['\"]?[^\s:'\"]{1,200}:)[^\s'\"]{1,500}"
)
# `?sig=…&X-Amz-Signature=…`: some names are too short to be trusted outside a query string, and the
# value ends where the next begins.
_IN_QUERY: Final = _Late(
    rf"(?P<name>[?&;](?:auth|key|sig|signature|code|x-(?:amz|goog)-[a-z-]{{1,30}}|"
    rf"(?:[a-z]{{1,20}}[_-]){{0,3}}{_SECRET_NAME})=)[^\s&#;'\"<>]{{1,4000}}",
    re.IGNORECASE,
)
# `Authorization: Bearer …`, and what package servers and forges use in its stead.
_IN_HEADER: Final = _Late(
    r"(?P<name>(?:proxy-)?authorization['\"]?\s{0,4}[:=]\s{0,4}(?:b(?=['\"]))?['\"]?"
    r"(?:(?:basic|bearer|token|digest|negotiate)\s{1,4})?|"
    r"(?:private-token|job-token|deploy-token|x-api-key|x-auth-token|x-jfrog-art-api|set-cookie|cookie)"
    r"['\"]?\s{0,4}:\s{0,4}(?:b(?=['\"]))?['\"]?)(?!\*{4})(?!b['\"])(?!(?:basic|bearer|token|digest|negotiate)\b)[^\s'\",]{1,4000}",
    re.IGNORECASE,
)
# `machine host login user password secret`: a line of ~/.netrc.
_IN_NETRC: Final = _Late(r"(?P<name>\blogin\s{1,4}\S{1,200}\s{1,4}password\s{1,4})\S{1,500}")
# Tokens that are known by their shape, wherever they stand: GitHub, GitLab, PyPI, AWS, Slack,
# Docker, Hugging Face, npm, JSON web tokens.
_BY_SHAPE: Final = _Late(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}|glpat-[\w-]{16,100}|"
    r"pypi-Ag[\w-]{30,500}|AKIA[0-9A-Z]{16}|xox[abprs]-[\w-]{10,200}|dckr_pat_[\w-]{10,100}|"
    r"hf_[A-Za-z0-9]{30,100}|npm_[A-Za-z0-9]{30,100}|"
    r"eyJ[\w-]{10,4000}\.eyJ[\w-]{5,4000}\.[\w-]{5,1000})"
)

_WORDS: Final = ("pass", "pwd", "token", "secret", "key", "cred", "auth", "cookie", "-art-api")
_SHAPES: Final = ("gh", "glpat-", "pypi-Ag", "AKIA", "xox", "dckr_", "hf_", "npm_", "eyJ")
_QUERY_WORDS: Final = ("?", "&", ";")
_RANDOM: Final = re.compile(r"(?=.{0,40}\d)[A-Za-z0-9_-]{20,}")


def mask_secrets(text: str) -> str:
    """Return the text with every password and token in it replaced by ``****``.

    The user name in an address is kept, as pip keeps it, unless it is all there is or looks random:
    then it is a token. The account in ``ssh://git@host`` is none.
    """
    lowered = text.lower()
    if "@" in text:
        if "://" in text:
            text = _IN_ADDRESS.sub(_mask_userinfo, text)
        if "proxy" in lowered:
            text = _IN_PROXY.sub(rf"\g<name>\g<user>:{MASK}@", text)
    if "=" in text and any(word in lowered for word in _QUERY_WORDS):
        text = _IN_QUERY.sub(rf"\g<name>{MASK}", text)
    if any(word in lowered for word in _WORDS):
        for pattern in (_IN_HEADER, _IN_OPTION, _IN_MAPPING, _IN_ASSIGNMENT, _IN_NETRC):
            text = pattern.sub(rf"\g<name>{MASK}", text)
    if " -u" in text or "-user" in text:
        text = _IN_USER_OPTION.sub(rf"\g<name>{MASK}", text)
    if any(shape in text for shape in _SHAPES):
        text = _BY_SHAPE.sub(MASK, text)
    return text


def _mask_userinfo(found: re.Match[str]) -> str:
    scheme, (user, colon, password) = found["scheme"], found["userinfo"].partition(":")
    if not colon:
        is_account = user == "git" or "ssh" in scheme.lower() or user == MASK
        return f"{scheme}{user if is_account else MASK}@"
    is_token = password in ("", "x-oauth-basic") or _RANDOM.fullmatch(user) is not None
    return f"{scheme}{MASK if is_token else user}:{MASK}@"


_SECRET_VARIABLE: Final = re.compile(rf"{_SECRET_NAME}|(?:^|[_-])auth(?:$|[_-])", re.IGNORECASE)
SHORTEST_SECRET: Final = 6
_USERINFO: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://([^\s/?#'\"<>]+)@")
_PROXY_USERINFO: Final = re.compile(r"\s*([^\s/@:]+:[^\s/@]+)@")
_SEPARATOR_OF_LINES: Final = re.compile(r"[\r\n]+")


def secret_values(
    named: Iterable[tuple[str, str]], secret_names: Collection[str] = ()
) -> frozenset[str]:
    """Return the secrets among the values of variables and options.

    A value is secret where its name says so (a word such as password, token or auth in it, or one
    of `secret_names`, whose case does not count); of an address in any value the user part is.
    What is shorter than six characters, or the path of something that exists, is no secret.

    named: names with their values, as they are given to a build.
    """
    chosen = {name.lower() for name in secret_names}
    found: set[str] = set()
    for name, value in named:
        if name.lower() in chosen or _SECRET_VARIABLE.search(name):
            # A key in PEM format is several lines, which a log shows one by one.
            found.update(line.strip() for line in _SEPARATOR_OF_LINES.split(value))
        found.update(_users_in(value))
    return frozenset(value for value in found if _is_secret(value))


def _is_secret(value: str) -> bool:
    import os

    if len(value) < SHORTEST_SECRET or value == MASK or value.startswith("-----"):
        return False
    try:
        return not (value.startswith(("/", "~")) and os.path.exists(os.path.expanduser(value)))
    except ValueError:
        return True


def _users_in(value: str) -> Iterator[str]:
    """Yield the secret parts of the users in the addresses of a value, as they are and decoded.

    As in `mask_secrets`, a user name is no secret beside a password, nor where it is an account.
    """
    if "@" not in value:
        return
    infos = _USERINFO.findall(value) or _PROXY_USERINFO.findall(value)
    for info in infos:
        user, colon, password = info.partition(":")
        masked = _mask_userinfo_of(user, colon, password)
        secrets = [part for part, shown in zip((user, password), masked, strict=True) if not shown]
        for secret in filter(None, secrets):
            yield from {secret, _percent_decoded(secret)}
        if secrets and colon:
            yield from _as_basic_authorization(user, password)


def _mask_userinfo_of(user: str, colon: str, password: str) -> tuple[bool, bool]:
    """Return whether the user name and the password of an address may be shown."""
    if not colon:
        return user in ("git", MASK), True
    is_token = password in ("", "x-oauth-basic") or _RANDOM.fullmatch(user) is not None
    return not is_token, password == "x-oauth-basic"


def _percent_decoded(text: str) -> str:
    from urllib.parse import unquote

    return unquote(text)


def _as_basic_authorization(user: str, password: str) -> Iterator[str]:
    """Yield what stands in the header that a client makes of both (RFC 7617)."""
    from base64 import b64encode

    pair = f"{_percent_decoded(user)}:{_percent_decoded(password)}"
    yield b64encode(pair.encode()).decode("ascii")


class KnownSecrets:
    """Masks known values wherever they stand, and then whatever `mask_secrets` finds.

    values: as `secret_values` gives them, however long.
    """

    def __init__(self, values: Collection[str] = ()) -> None:
        self._values = sorted(values, key=len, reverse=True)  # one may hold another

    def mask(self, text: str) -> str:
        """The text with every known value and every password and token replaced by ``****``."""
        return mask_secrets(self.mask_values(text))

    def mask_values(self, text: str) -> str:
        for value in self._values:
            if value in text:
                text = text.replace(value, MASK)
        return text

    def mask_cut(self, text: str) -> str:
        """As `mask`, of a text that was cut off: a value that is cut is masked as well."""
        text = self.mask_values(text)
        begun = max((_overlap(text, value) for value in self._values), default=0)
        return mask_secrets(text[: len(text) - begun] + MASK if begun else text)


def _overlap(text: str, value: str) -> int:
    """Return the length of the longest end of a text that a value begins with, without being all of
    it.

    By the prefix function of Knuth, Morris and Pratt: linear in both, however they repeat.
    """
    borders = [0] * len(value)
    length = 0
    for index in range(1, len(value)):
        while length and value[index] != value[length]:
            length = borders[length - 1]
        length += value[index] == value[length]
        borders[index] = length
    matched = 0
    for letter in text[-(len(value) - 1) :] if len(value) > 1 else "":
        while matched and letter != value[matched]:
            matched = borders[matched - 1]
        matched += letter == value[matched]
    return matched
