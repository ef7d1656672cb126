"""The way to the package index: names, routes, proxies, certificates, answers."""

from __future__ import annotations

import re
from typing import Final

from ..facts import is_uv
from ..log_lines import Line
from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .connection_errors import (
    URL,
    Trouble,
    explain_trouble,
    names_a_host,
    of_uv,
    trouble_in,
    where_of,
)
from .shared import AUTHOR_WHEEL, built
from .speakers import Speaker, speaker_of


def _max_retries(hit: LineMatch) -> Explanation | None:
    text = hit.line.body
    if "- skipping" in text or "Retrying (" in text:
        return None  # pip went on; rules/versions.py sees whether it mattered
    if speaker_of(hit) is Speaker.CONTENT:
        return None  # what content asks for is no package, rules/serving.py
    trouble = trouble_in(text)
    if trouble is None:
        return None
    host = None
    if not names_a_host(text):  # a traceback quotes the client's source before what it raised
        host = next((where_of(line.body) for line in hit.after(6) if names_a_host(line.body)), None)
    file = _being_fetched(hit) if host is None and not names_a_host(text) else ""
    explanation = explain_trouble(trouble, text, f": {file}" if file else "", where=host)
    return of_uv(explanation) if is_uv(hit.case) else explanation


_FETCHES: Final = re.compile(r"Downloading (?:https?://\S{1,1000}/)?(?P<file>[^\s/#?]{1,200})")


def _being_fetched(hit: LineMatch) -> str:
    """The file that pip was busy with when it failed; nothing where it goes on with another."""
    for line in hit.log.back_from(hit.index):
        if line.body.startswith(("Collecting ", "Installing ", "Using cached ")):
            break
        if found := _FETCHES.match(line.body):
            return found["file"]
    return ""


def _http_error(hit: LineMatch) -> Explanation | None:
    text = hit.line.body
    if "- skipping" in text or speaker_of(hit) is Speaker.CONTENT:
        return None
    trouble = trouble_in(text)
    if trouble is None or trouble.code not in (
        "index-auth",
        "index-error",
        "package-not-found",
        "proxy-unreachable",
    ):
        return None
    return explain_trouble(trouble, text, "")


def _uv_caused_by(hit: LineMatch) -> Explanation | None:
    text = "\n".join(line.body for line in (hit.line, *hit.after(8)))[:3000]
    trouble = trouble_in(text)
    if trouble is None:
        text = "\n".join(line.body for line in (*hit.before(3), hit.line, *hit.after(8)))[:3000]
        trouble = trouble_in(text)
    if trouble is None or "Git operation" in text:
        return None
    wanted = _WANTED_BY_UV.search(text)
    what = (wanted["what"] or wanted["name"]).replace("==", " ") if wanted else ""
    purpose = f" (uv wanted {what})" if what else ""
    return of_uv(explain_trouble(trouble, text, purpose, _telling_of_chain(hit)))


_WANTED_BY_UV: Final = re.compile(
    r"Failed to (?:download|fetch)(?: and build)?:? `(?P<what>(?!https?:)[^`]{1,150})`|Failed to download distribution: (?P<name>\S{1,100})"
)


def _telling_of_chain(hit: LineMatch) -> tuple[Line, ...]:
    """The lines of uv's chain of causes, up to the last of it."""
    chain: list[Line] = []
    for line in hit.after(8):
        if not line.body.strip() or re.match(r"help:|hint:|error:|×", line.body):
            break
        chain.append(line)
    return tuple(chain[-3:])


def _of_cargo(hit: LineMatch) -> Explanation | None:
    """Rust packages fetch what they are made of from an index of their own while they are built."""
    text = "\n".join(line.body for line in (hit.line, *hit.after(6)))
    trouble = trouble_in(text)
    if trouble is None:
        return None
    explanation = explain_trouble(
        trouble, text, f" (cargo looked there while {built(hit)} was built)"
    )
    return Explanation(
        explanation.code,
        explanation.cause,
        "Let builds reach that address (through http_proxy and https_proxy in build-environment too), name a mirror of crates in "
        "the build user's ~/.cargo/config.toml, or avoid the build: a version that has a wheel needs no cargo.",
        AUTHOR_WHEEL,
        hit.after(5),
    )


def _was_installed(hit: LineMatch) -> bool:
    """Whether all was done before: pip asks the index once more for its own newest version."""
    return any(
        line.body.startswith("Successfully installed ") for line in hit.log.lines[: hit.index]
    )


def _skipped(hit: LineMatch) -> Explanation | None:
    """pip went on without that page. If a version was not found, rules/versions.py has both."""
    if _was_installed(hit) or any(
        "satisf" in line.body and "requirement" in line.body for line in hit.log.lines
    ):
        return None
    trouble = trouble_in(hit.line.body)
    return explain_trouble(trouble, hit.line.body, "") if trouble else None


def _easy_install(hit: LineMatch) -> Explanation | None:
    """What setuptools itself fetches for an old build script (setup_requires)."""
    trouble = trouble_in(hit.line.body)
    return (
        explain_trouble(trouble, hit.line.body, f" ({built(hit)} looked there while it was built)")
        if trouble
        else None
    )


def _read_timed_out(hit: LineMatch) -> Explanation | None:
    """The first half of a traceback of pip; the second, which names the host, may be cut off."""
    if not any(re.search(r"[/\\]_vendor[/\\]", line.body) for line in hit.before(20)):
        return None
    trouble = trouble_in("Read timed out")
    return explain_trouble(trouble, "", "") if trouble else None


def _last_retry(hit: LineMatch) -> Explanation | None:
    if hit.log.length - hit.line.number > 3 or _was_installed(hit):
        return None
    trouble = trouble_in(hit.line.body)
    return explain_trouble(trouble, hit.line.body, "") if trouble else None


def _costly_retries(hit: LineMatch) -> Explanation | None:
    """An index that cannot be reached and that pip does without: each package waits for it."""
    lines = [line for line in hit.log.lines if "Retrying (Retry(" in line.body]
    lasts = [line for line in lines if "(Retry(total=0" in line.body]
    went_on = any(
        line.body.startswith(("Successfully installed", "Installed "))
        for line in hit.log.lines[hit.index :]
    )
    if hit.line is not lasts[0] or len(lines) < 3 or not went_on:
        return None
    trouble = trouble_in(hit.line.body)
    if trouble is None:
        return None
    asked = next(
        (line for line in hit.log.lines if line.body.startswith("Looking in indexes: ")), None
    )
    indexes = asked.body.removeprefix("Looking in indexes: ").split(", ") if asked else []
    where = (
        where_of(hit.line.body) if names_a_host(hit.line.body) else where_of(" ".join(indexes[1:]))
    )
    waited = hit.case.context.waited
    seconds = round(waited or _seconds_between(lines[0].text, lines[-1].text))
    cost = f", which took {seconds} seconds" if seconds else ""
    packages = f"{len(lasts)} package{'s' if lasts[1:] else ''}"
    says = trouble.says.format(where=where, status="")
    return Explanation(
        trouble.code,
        f"{says[0].upper() + says[1:] if says.startswith(('the ', 'there ', 'no ')) else says}; pip went on without it, after {len(lines)} attempts for {packages}{cost}.",
        "Let this server reach that index, or take it out: `extra-index-url` in pip's configuration, or a line --extra-index-url of the requirements.",
        "Take the line --extra-index-url out of requirements.txt, if it is there.",
        tuple(line for line in (asked,) if line),
    )


_CLOCK: Final = re.compile(r"(\d\d):(\d\d):(\d\d)")


def _seconds_between(first: str, last: str) -> int:
    """How long it took, where the lines have times; 0 where they have none."""
    begun, ended = _CLOCK.search(first[:60]), _CLOCK.search(last[:60])
    if begun is None or ended is None:
        return 0
    seconds = [int(at[1]) * 3600 + int(at[2]) * 60 + int(at[3]) for at in (begun, ended)]
    return (seconds[1] - seconds[0]) % 86_400


def _asked_for_a_user(hit: LineMatch) -> Explanation:
    """pip prompts where no user can answer, and ends at the end of its input."""
    return explain_trouble(_AUTH, "", "", where=hit["host"])


_AUTH: Final = Trouble(
    "index-auth", "{where} wants a user and password, and nobody was there to type them"
)


def _untrusted(hit: LineMatch) -> Explanation:
    host = hit["host"]
    return Explanation(
        "index-untrusted",
        f"pip ignores the index at {host}, because it is plain http and that host is not named as trusted.",
        f"Use https for this index, or add `trusted-host = {host}` to [global] in /etc/pip.conf.",
    )


def _no_ssl(hit: LineMatch) -> Explanation | None:
    if _was_installed(hit):
        return None
    return explain_trouble(
        Trouble(
            "stdlib-module-missing", "this Python has no ssl module, so it cannot open {where}"
        ),
        "",
        "",
    )


def _no_index_page(hit: LineMatch) -> Explanation:
    return Explanation(
        "index-not-an-index",
        f"What answers at {where_of(hit.line.body)} is no package index: it sends {hit['type']} instead of a page of files.",
        "Correct `index-url` in /etc/pip.conf (it usually ends in /simple); see with `curl -L` which page comes.",
    )


_NICE: Final = {
    "connection-failed": "",
    "connection-timeout": "",
    "ssl-missing": "SSL module is not available",
    "ssl-verification-failed": "certificate verify failed",
    "proxy-connection-failed": "ProxyError",
}


def _told_nicely(hit: LineMatch) -> Explanation | None:
    """The way newer pips print what goes wrong on the line: a name, then two lines of words."""
    after = tuple(line for line in hit.after(6) if line.body.strip())[:2]
    text = "\n".join(line.body for line in after)
    trouble = trouble_in(text) or trouble_in(_NICE[hit["name"]])
    if trouble is None or trouble.code in ("index-auth", "package-not-found"):
        trouble = Trouble("index-unreachable", "no connection to {where} can be made")
    # An error of the proxy names the proxy first: what was wanted comes after it.
    wanted = after[0].body.partition("while fetching ")[2] if after else ""
    return explain_trouble(trouble, wanted if URL.search(wanted) else text, "", after)


def _incomplete(hit: LineMatch) -> Explanation:
    what = next((found[0] for line in hit.after(6) if (found := URL.search(line.body))), "")
    name = what.rsplit("/", 1)[-1]
    return explain_trouble(
        Trouble("download-broken", "a download from {where} was cut short"),
        what,
        f": {name}" if name else "",
    )


def _bundle_of_authorities(hit: LineMatch) -> Explanation:
    return Explanation(
        "tls-certificate",
        f"pip is told to trust the certificate authorities in {hit['path']}, and there is no such file.",
        "Correct `cert` in pip's configuration or REQUESTS_CA_BUNDLE, PIP_CERT and SSL_CERT_FILE in build-environment.",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "is not a trusted or secure host",
        r"(?:repository located at|host at) (?P<host>\S{1,200}) is not a trusted or secure host",
        _untrusted,
    ),
    rule(
        ("User for ", "Password for "),
        r"^(?:User|Password) for (?P<host>[^\s:]{1,200}(?::\d{1,5})?):(?: |$)",
        _asked_for_a_user,
    ),
    rule(
        ("incomplete-download", "not enough bytes were received"),
        r"incomplete-download|not enough bytes were received",
        _incomplete,
    ),
    rule(
        tuple(_NICE),
        r"^error: (?P<name>connection-failed|connection-timeout|ssl-missing|ssl-verification-failed|proxy-connection-failed)$",
        _told_nicely,
    ),
    rule(
        "Unsupported `Content-Type`",
        r"Unsupported `Content-Type` \"(?P<type>[^\"]{1,100})\" for",
        _no_index_page,
    ),
    rule(
        "TLS CA certificate bundle",
        r"TLS CA certificate bundle, invalid path: (?P<path>\S{1,300})",
        _bundle_of_authorities,
    ),
    rule(
        (
            "Max retries exceeded",
            "ConnectionError",
            "ProtocolError",
            "ReadTimeoutError",
            "IncompleteRead",
            "ReadTimeout:",
            "SSLError",
            "ProxyError",
            "ConnectTimeout",
        ),
        r"Max retries exceeded|(?:Connection|Protocol|ReadTimeout|SSL|Proxy|ConnectTimeout)(?:Error)?[:(]|IncompleteRead",
        _max_retries,
    ),
    rule(
        (
            "SOCKS support",
            "proxy URL",
            "Proxy URL",
            "proxy scheme",
            "InvalidProxyURL",
            "Failed to parse: ",
            " redirects",
        ),
        r"(?:due to an? \w{1,30}|InvalidSchema|InvalidProxyURL|TooManyRedirects|LocationParseError|InvalidURL|ProxySchemeUnknown): .{1,200}",
        _max_retries,
    ),
    rule(
        ("HTTP error ", "HTTPError: ", "Client Error", "Server Error", "HTTP status "),
        r"HTTP error [45]\d\d|HTTPError: [45]\d\d|[45]\d\d (?:Client|Server) Error|HTTP status (?:client|server) error \([45]\d\d",
        _http_error,
    ),
    rule(
        (
            "Failed to fetch",
            "Request failed after",
            "error sending request",
            "Failed to download",
            "could not be queried",
            "rror: Could not connect",
        ),
        r"Failed to fetch: |Request failed after|error sending request|Failed to download |could not be queried",
        _uv_caused_by,
    ),
    rule(
        "Cannot fetch index base URL ",  # pip 1
        r"Cannot fetch index base URL (?P<url>https?://\S{1,300})",
        lambda hit: explain_trouble(
            Trouble(
                "index-unreachable", "pip cannot read the index at {where}, and does not say why"
            ),
            hit["url"],
            "",
        ),
    ),
    rule(
        "The read operation timed out",
        r"^(?:socket\.timeout|TimeoutError): The read operation timed out",
        _read_timed_out,
        Layer.SYMPTOM,
    ),
    rule("Download error on ", r"Download error on https?://", _easy_install),
    rule("failed to download from `", r"failed to download from `https?://", _of_cargo),
    rule("Retrying (", r"Retrying \(", _last_retry, Layer.EXIT),
    rule("Retrying (", r"Retrying \(Retry\(total=0", _costly_retries, Layer.WARNING),
    rule("ould not fetch URL", r"[Cc]ould not fetch URL https?://", _skipped, Layer.WARNING),
    rule(
        "ssl module in Python is not available",
        r"ssl module in Python is not available",
        _no_ssl,
    ),
)
