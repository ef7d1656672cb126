"""What goes wrong on the way to an address, read from the text of an error; no rules of its own.

Almost every client wraps the same few errors of sockets, TLS and HTTP into words of its own. Here is
what they have in common; ``network``, ``versions``, ``resolution`` and ``repositories`` say where.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from ...package_names import normalize
from ..log_lines import Line
from ..rule import BuildLogs, Explanation


class Trouble(NamedTuple):
    """What kept a client from an answer: the code, and how to say it of ``where``."""

    code: str
    says: str


# The first that is found in an error's text. Proxies before names and ports, since an error of a
# proxy quotes the error it met; the missing module before certificates, since both are SSLError.
_TROUBLES: Final[tuple[tuple[str, Trouble], ...]] = (
    (
        r"SSL module is not available|ssl module in Python is not available",
        Trouble(
            "stdlib-module-missing", "this Python has no ssl module, so it cannot open {where}"
        ),
    ),
    (
        r"407 |Proxy [Aa]uthentication [Rr]equired|proxy authorization required",
        Trouble("proxy-unreachable", "the proxy on the way to {where} wants a user and password"),
    ),
    (
        r"ProxyError|[Cc]annot connect to proxy|Tunnel connection failed|proxy connect|"
        r"[Uu]nable to connect to proxy|unsuccessful tunnel|proxy-connection-failed|tunnel error|socks (?:proxy|connect)",
        Trouble("proxy-unreachable", "the configured proxy does not let pip through to {where}"),
    ),
    (
        r"Missing dependencies for SOCKS support",
        Trouble(
            "proxy-unreachable",
            "the configured proxy is a SOCKS proxy, and this Python lacks PySocks to speak to it",
        ),
    ),
    (
        r"[Pp]lease check proxy URL|Proxy URL had no scheme|Not supported proxy scheme|InvalidProxyURL|Failed to parse: (?!http)",
        Trouble("proxy-unreachable", "what is configured as the proxy is no address"),
    ),
    (
        r"Exceeded \d{1,3} redirects|[Tt]oo many redirects",
        Trouble(
            "index-not-an-index",
            "{where} sends pip from one address to the next without end, as a login does",
        ),
    ),
    (
        r"[Hh]ostname.{0,80}(?:mismatch|doesn't match)|not valid for '|NotValidForName|"
        r"no alternative certificate subject name",
        Trouble("tls-certificate", "the certificate of {where} is for another host name"),
    ),
    (
        r"certificate has expired|certificate is not yet valid|certificate: Expired|NotValidYet|"
        r"CertExpired|certificate expired",
        Trouble(
            "tls-certificate",
            "the certificate of {where} is expired, or this server's clock is wrong",
        ),
    ),
    (
        r"self[- ]signed certificate",
        Trouble(
            "tls-certificate",
            "{where} shows a self-signed certificate, which this Python does not trust",
        ),
    ),
    (
        r"unable to get (?:local )?issuer|UnknownIssuer|unable to verify the first certificate|"
        r"unable to get certificate CRL",
        Trouble(
            "tls-certificate",
            "the certificate of {where} was issued by an authority that this Python does not know",
        ),
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|certificate verify failed|invalid peer certificate|"
        r"SSLCertVerificationError|SSL certificate problem|certificate verification failed|"
        r"ssl-verification-failed|tlsv1 alert unknown ca",
        Trouble("tls-certificate", "the certificate of {where} was not accepted"),
    ),
    (
        r"Could not find a suitable TLS CA certificate bundle|invalid path: .{0,200}\.(?:pem|crt)",
        Trouble(
            "tls-certificate",
            "the file with certificate authorities that is configured does not exist",
        ),
    ),
    (
        r"WRONG_VERSION_NUMBER|wrong version number|UNKNOWN_PROTOCOL|unknown protocol|"
        r"handshake failure|UNSUPPORTED_PROTOCOL|tlsv1 alert protocol version|record overflow|"
        r"received corrupt message|dh key too small|DH_KEY_TOO_SMALL|SIGALG|sigalg|NO_CIPHERS|"
        r"no protocols available|unsafe legacy renegotiation",
        Trouble("index-unreachable", "{where} and this Python found no common version of TLS"),
    ),
    (
        r"NameResolutionError|Name or service not known|[Tt]emporary failure in name resolution|"
        r"gaierror|nodename nor servname|getaddrinfo failed|No address associated with hostname|"
        r"dns error|failed to lookup address|Could not resolve host|Name does not resolve|"
        r"Failed to resolve (?:'|IP address)",
        Trouble("index-unreachable", "the name of {where} cannot be resolved"),
    ),
    (
        r"IncompleteRead|Connection broken: |incomplete-download|not enough bytes were received|end of file before message",
        Trouble("download-broken", "a download from {where} was cut short"),
    ),
    (
        r"ConnectTimeout|connect timeout=|didn't respond within .{1,20} \(while establishing|Connection timed out|Errno 110\b|Connection to .{1,200} timed out|"
        r"connection timed out",
        Trouble("index-unreachable", "{where} does not accept the connection in time"),
    ),
    (
        r"certificate required|alert bad certificate|No required SSL certificate|client certificate|CertificateRequired",
        Trouble("tls-certificate", "{where} wants a certificate of the client, and none was shown"),
    ),
    (
        r"network timeout|ReadTimeout|Read timed out|read timeout|didn't respond within|operation timed out|request timed out|timed out",
        Trouble("index-timeout", "{where} accepted the connection and did not answer in time"),
    ),
    (
        r"error decoding response body|error reading a body from connection|invalid gzip header",
        Trouble("download-broken", "an answer of {where} was cut short or damaged"),
    ),
    (
        r"invalid HTTP (?:version|header|status)|InvalidHeader",
        Trouble("index-not-an-index", "what {where} answers is no HTTP"),
    ),
    (
        r"Connection refused|Errno 111\b|os error 111",
        Trouble("index-unreachable", "{where} refuses the connection"),
    ),
    (
        r"No route to host|Network is unreachable|Errno 113\b|Errno 101\b|os error 101|os error 113",
        Trouble("index-unreachable", "there is no route from this server to {where}"),
    ),
    (
        r"Connection reset|RemoteDisconnected|Remote end closed|Connection aborted|connection was closed without a reply|BadStatusLine|"
        r"connection closed before|UNEXPECTED_EOF|EOF occurred in violation|SysCallError|Broken pipe|os error 104",
        Trouble("index-unreachable", "{where} closed the connection without an answer"),
    ),
    (
        r"Failed to establish a new connection|NewConnectionError|tcp connect error|"
        r"Couldn't connect to server|Failed to connect|client error \(Connect\)|connection-failed",
        Trouble("index-unreachable", "no connection to {where} can be made"),
    ),
    (
        r"problem confirming the ssl certificate",
        Trouble("tls-certificate", "the certificate of {where} was not accepted"),
    ),
    (
        r"too many (?P<many>5\d\d) error|(?P<five>5\d\d) Server Error|HTTP status server error \((?P<uv>5\d\d)|"
        r"HTTP error (?P<old>5\d\d)|429 (?:Client Error|Too Many)|too many 429|Bad Gateway|Service Unavailable",
        Trouble("index-error", "{where} answered with a server error{status}"),
    ),
    (
        r"40[13] Client Error|HTTP error 40[13]|40[13] Error, Credentials|\(40[13] |40[13] Unauthorized|403 Forbidden|"
        r"lack of valid authentication|Missing credentials|[Uu]nauthorized",
        Trouble("index-auth", "{where} wants other credentials{status}"),
    ),
    (
        r"4(?:04|10) Client Error|HTTP error 4(?:04|10)|\(4(?:04|10) |404 Not Found",
        Trouble("package-not-found", "{where} has no such page{status}"),
    ),
    (
        r"4\d\d Client Error|HTTP error 4\d\d|HTTP status client error \(4\d\d",
        Trouble("index-error", "{where} refused what was asked of it{status}"),
    ),
)
_KNOWN: Final = tuple((re.compile(pattern), trouble) for pattern, trouble in _TROUBLES)
_STATUS: Final = re.compile(
    r"(?:^|[^\w.:/])(?P<status>4\d\d|5\d\d) (?:\w+ Error|error|[A-Z][a-z]+)|HTTP error (?P<http>[45]\d\d)"
)
URL: Final = re.compile(r"https?://[^\s'\"<>)`,]{1,500}")
_HOST: Final = re.compile(r"host='(?P<host>[^']{1,200})', port=(?P<port>\d{1,5})")

# What uv reads instead of pip's configuration.
_REMEDIES_OF_UV: Final = {
    "proxy-unreachable": "Check the proxy in build-environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY, ALL_PROXY): its address, its port, user and password; uv reads no other setting for it.",
    "tls-certificate": "Put the authority that signs the certificate into a file and name it by SSL_CERT_FILE in build-environment, or let uv use the system's store (UV_NATIVE_TLS=true; newer: UV_SYSTEM_CERTS=true); check this server's clock.",
    "index-unreachable": "From this server, as the build's user, try `curl -v` on that address: name, route, port and firewall must let it through. Without internet, name a mirror by UV_DEFAULT_INDEX (older: UV_INDEX_URL), in uv.toml or in [tool.uv], or a proxy by HTTPS_PROXY; uv reads no pip.conf.",
    "index-timeout": "Raise UV_HTTP_TIMEOUT (seconds; 30 by default) in build-environment, and fetch less at once (UV_CONCURRENT_DOWNLOADS=1); if it stays so, ask the administrator of the index or of the proxy before it why it is slow.",
    "index-not-an-index": "Open that address from this server, as the build's user (`curl -L`), and see which page comes; correct UV_DEFAULT_INDEX or the index in uv.toml or [tool.uv] (it usually ends in /simple); uv reads no pip.conf.",
    "index-auth": "Give credentials that may read this index: UV_INDEX_NAME_USERNAME and UV_INDEX_NAME_PASSWORD, the build user's ~/.netrc, or the address; check that they have not expired.",
    "download-broken": "Build again; if it is cut short again, look at the proxy or mirror in between (limits on size or time, a damaged cache) and clear uv's cache (`uv cache clean`).",
    "package-not-found": "Check that the address of the index (UV_DEFAULT_INDEX, uv.toml, [tool.uv]) is complete (it usually ends in /simple) and that the index holds this package; uv reads no pip.conf.",
}  # fmt: skip


def of_uv(explanation: Explanation) -> Explanation:
    """The same explanation with what uv reads in its remedy."""
    remedy = _REMEDIES_OF_UV.get(explanation.code)
    cause = explanation.cause.replace("does not let pip through", "does not let uv through")
    cause = (
        cause.replace("sends pip from", "sends uv from").replace("this Python", "uv")
        if remedy
        else cause
    )
    return explanation if remedy is None else replace(explanation, cause=cause, remedy=remedy)


REMEDIES: Final[dict[str, tuple[str, str | None]]] = {
    "stdlib-module-missing": (
        "Install the headers of OpenSSL (Debian/Ubuntu: libssl-dev, RHEL: openssl-devel, "
        "SUSE: libopenssl-devel) and build this Python again; pip works with https only then.",
        None,
    ),
    "proxy-unreachable": (
        "Check the proxy in pip's configuration (`pip config list`) and in build-environment "
        "(http_proxy, https_proxy, no_proxy): its address, its port, user and password.",
        None,
    ),
    "tls-certificate": (
        "Put the authority that signs the certificate into a file and name that file in "
        "/etc/pip.conf (`[global] cert = /path/ca.pem`); check this server's clock and that the "
        "certificate is for this host name.",
        None,
    ),
    "index-unreachable": (
        "From this server, as the build's user, try `curl -v` on that address: name, route, port "
        "and firewall must let it through. Without internet, name a mirror in /etc/pip.conf "
        "(`[global] index-url = …`) or a proxy.",
        None,
    ),
    "index-timeout": (
        "Ask the administrator of the index or of the proxy before it why it does not answer; for a slow "
        "line, raise `timeout` in /etc/pip.conf.",
        None,
    ),
    "index-error": (
        "The fault is the index's: read its own log at this time, then build again.",
        None,
    ),
    "index-not-an-index": (
        "Open that address from this server, as the build's user (`curl -L`), and see which page comes; correct "
        "`index-url` in /etc/pip.conf (it usually ends in /simple), or let the server pass the login.",
        None,
    ),
    "index-auth": (
        "Give credentials that may read this index in /etc/pip.conf or in the build user's "
        "~/.netrc, and check that they have not expired.",
        None,
    ),
    "download-broken": (
        "Build again; if it is cut short again, look at the proxy or mirror in between (limits on "
        "size or time, a damaged cache) and clear pip's cache (`pip cache purge`).",
        None,
    ),
    "package-not-found": (
        "Check that the address of the index in /etc/pip.conf is complete (it usually ends in "
        "/simple) and that the index holds this package.",
        "Check the package's name in requirements.txt; it is not always the name that is imported.",
    ),
}


def trouble_in(text: str) -> Trouble | None:
    """The trouble that an error's text describes."""
    for pattern, trouble in _KNOWN:
        if pattern.search(text, 0, 3000):
            return trouble
    return None


def where_of(text: str) -> str:
    """The host that the text speaks of, with its port if that is unusual."""
    if found := _HOST.search(text, 0, 3000):
        usual = found["port"] in ("80", "443")
        return found["host"] if usual else f"{found['host']}:{found['port']}"
    for address in URL.finditer(text, 0, 3000):
        try:
            parts = urlsplit(address[0])
            port = parts.port
        except ValueError:
            continue
        if parts.hostname:
            return parts.hostname if port is None else f"{parts.hostname}:{port}"
    return "the package index"


def explain_trouble(
    trouble: Trouble,
    text: str,
    purpose: str,
    evidence: tuple[Line, ...] = (),
    where: str | None = None,
) -> Explanation:
    """The explanation of a trouble.

    text: what the error says. purpose: what pip wanted there, such as `` for six``.
    where: the host, if another line than the error's names it.
    """
    status = _STATUS.search(text, 0, 3000)
    number = (status["status"] or status["http"]) if status else None
    if number is None and (many := re.search(r"too many (\d{3}) error", text[:3000])):
        number = many[1]
    says = trouble.says.format(
        where=where or where_of(text), status=f" ({number})" if number else ""
    )
    remedy, author = REMEDIES[trouble.code]
    file = _FILE.search(text, 0, 3000) if trouble.code == "package-not-found" else None
    if file is not None:
        return Explanation(
            "package-not-found",
            f"{where or where_of(text)} lists {file['name']} and does not have it: its answer for that file is {number or 404}{purpose}.",
            "The fault is the index's or the mirror's: its page and its files are out of step (an unfinished copy, a file that was removed). Have the mirror fetch it again, or ask another index.",
            "Pin another release of that package, one whose file the index has.",
            evidence,
        )
    sentence = (
        says[0].upper() + says[1:]
        if says.startswith(("the ", "there", "this", "a ", "an ", "no ", "what "))
        else says
    )
    return Explanation(trouble.code, f"{sentence}{purpose}.", remedy, author, evidence)


_FILE: Final = re.compile(
    r"https?://[^\s'\"<>)`,]{1,400}/(?P<name>[\w.+-]{1,200}\.(?:whl|tar\.gz|zip|tar\.bz2|tgz))\b"
)


def project_in_path(text: str) -> str | None:
    """The project whose index page the text names, normalized: ``/simple/six/`` gives ``six``."""
    found = re.search(
        r"(?:': |url: |URL |page |in |for )(?P<path>/\S{1,300}|https?://\S{1,500})", text[:3000]
    )
    if found is None:
        return None
    path = found["path"].split("?")[0].split("#")[0].rstrip(":;,)'\"").rstrip("/")
    last = path.rsplit("/", 1)[-1]
    return normalize(last) if last and not last.endswith((".whl", ".gz", ".zip")) else None


def troubles_with(case: BuildLogs, project: str) -> list[tuple[Trouble, Line]]:
    """The lines that say why the index page of a project could not be had, the telling ones first."""
    wanted = normalize(project)
    found = [(trouble, line) for name, trouble, line in _all_troubles(case) if name == wanted]
    return sorted(found, key=lambda pair: pair[0].code == "package-not-found")


def names_a_host(text: str) -> bool:
    """Whether an error's text says which host it met; the last of several attempts often does."""
    return bool(_HOST.search(text, 0, 3000) or URL.search(text, 0, 3000))


_WITHOUT_SCHEME: Final = re.compile(
    r"(?:Location|Url) '[^']{1,300}?/(?P<project>[^/']{1,100})/?' is ignored[:.] [Ii]t is either a non-existing path or lacks"
)
_NO_SCHEME: Final = Trouble(
    "index-unreachable",
    "the address of the index begins with no scheme such as https://, so pip takes it for a directory that is not there",
)


_SAYS_WHY: Final = ("Retrying (", "ould not fetch URL", "Credentials not correct for ")


@lru_cache(maxsize=1)
def _all_troubles(case: BuildLogs) -> list[tuple[str | None, Trouble, Line]]:
    said: list[tuple[str | None, Trouble, Line]] = []
    for line in case.lines():
        body = line.body
        if "Skipping page" in body:
            trouble: Trouble | None = Trouble(
                "index-not-an-index", "{where} answered with something that is no package index"
            )
        elif found := _WITHOUT_SCHEME.search(body):
            said.append((normalize(found["project"]), _NO_SCHEME, line))
            continue
        elif any(mark in body for mark in _SAYS_WHY):
            trouble = trouble_in(body)
        else:
            continue
        if trouble is not None:
            said.append((project_in_path(body), trouble, line))
    return said
