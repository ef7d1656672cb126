"""Asks each index as pip would: name, proxy, certificate, status, and whether it is an index.

One harmless request for the page of one project. The clock is compared with the index's own, since
certificates are only valid for a time.
"""

from __future__ import annotations

import email.utils
import http.client
import re
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping

from ...environments import Configuration
from ...secrets import mask_secrets
from .model import Check

_PROJECT = "pip"
_ENOUGH = 64 * 1024
_CLOCK_MAY_DIFFER = 300  # seconds


def ask_indexes(
    configuration: Configuration, build_environment: Mapping[str, str], timeout: float
) -> Iterator[Check]:
    """One check for each index of pip's configuration, and one for the clock.

    timeout: seconds for each. Like a build, this knows nothing of the caller's own variables.
    """
    if configuration.value("no-index") not in (None, "0", "false", "no", "off"):
        yield Check("index", "pip is told to use no index (no-index)")
        return
    main = configuration.value("index-url") or _default_index()
    extra = (configuration.value("extra-index-url") or "").split()
    for address in (main, *extra):
        if address.startswith("file:"):
            yield _ask_directory(address)
        else:
            yield from _Asking(configuration, build_environment, timeout).ask(address)


def _default_index() -> str:
    """Where pip looks when nothing is configured, as pip itself has it."""
    from virtualenv.seed.wheels.embed import BUNDLE_FOLDER

    wheel = max(BUNDLE_FOLDER.glob("pip-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        source = archive.read("pip/_internal/models/index.py").decode()
    found = re.search(r'^PyPI = PackageIndex\(\s*"([^"]+)"', source, re.MULTILINE)
    if found is None:
        raise OSError(f"{wheel.name} does not say where it looks")
    return urllib.parse.urljoin(found[1], "simple/")


def _ask_directory(address: str) -> Check:
    directory = urllib.request.url2pathname(urllib.parse.urlsplit(address).path)
    try:
        with open(f"{directory.rstrip('/')}/{_PROJECT}/index.html", "rb"):
            pass
    except FileNotFoundError:
        return Check("index", f"{address} is a directory without a page for {_PROJECT}")
    except OSError as error:
        return Check(
            "index",
            f"{address} cannot be read: {error.strerror}",
            "index-unreachable",
            "Correct the directory in pip's configuration, or let the build's user read it.",
        )
    return Check("index", f"{address} is a directory and can be read")


class _Asking:
    """One way to the network: proxy and certificates of pip's configuration."""

    def __init__(
        self, configuration: Configuration, environment: Mapping[str, str], timeout: float
    ) -> None:
        self._timeout = timeout
        self._configuration = configuration
        self._environment = {name.lower(): value for name, value in environment.items()}
        self._trusted = (configuration.value("trusted-host") or "").split()

    def ask(self, address: str) -> Iterator[Check]:
        parts = urllib.parse.urlsplit(address)
        shown = mask_secrets(address)
        proxy = self._proxy(parts.scheme, parts.hostname or "")
        plain = urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        request = urllib.request.Request(
            urllib.parse.urljoin(f"{plain.rstrip('/')}/", f"{_PROJECT}/")
        )
        request.add_header("User-Agent", "pip")
        request.add_header("Accept", "application/vnd.pypi.simple.v1+json, text/html;q=0.1")
        if parts.username is not None:
            request.add_header("Authorization", _basic(parts.username, parts.password or ""))
        handlers = urllib.request.ProxyHandler({parts.scheme: proxy} if proxy else {})
        try:
            context = self._certificates(parts.hostname or "")
            opener = urllib.request.build_opener(
                handlers, urllib.request.HTTPSHandler(context=context)
            )
            with opener.open(request, timeout=self._timeout) as answer:
                yield _judge(shown, answer, answer.read(_ENOUGH))
                yield from _compare_clocks(answer.headers.get("Date"))
        except urllib.error.HTTPError as error:
            yield _refused(shown, error.code)
            yield from _compare_clocks(error.headers.get("Date"))
            error.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            yield _unreachable(shown, error, mask_secrets(proxy) if proxy else None)

    def _proxy(self, scheme: str, host: str) -> str | None:
        unproxied = self._environment.get("no_proxy", "")
        suffixes = (part.strip().lstrip(".") for part in unproxied.split(","))
        if any(s == "*" or host == s or host.endswith(f".{s}") for s in suffixes if s):
            return None
        own = self._configuration.value("proxy")
        found = (
            own or self._environment.get(f"{scheme}_proxy") or self._environment.get("all_proxy")
        )
        return found if not found or "://" in found else f"http://{found}"

    def _certificates(self, host: str) -> ssl.SSLContext:
        authorities = self._configuration.value("cert") or self._environment.get("ssl_cert_file")
        context = ssl.create_default_context(cafile=authorities)
        if any(trusted.partition(":")[0] == host for trusted in self._trusted):
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def _basic(user: str, password: str) -> str:
    from base64 import b64encode

    pair = f"{urllib.parse.unquote(user)}:{urllib.parse.unquote(password)}"
    return f"Basic {b64encode(pair.encode()).decode()}"


def _judge(shown: str, answer: http.client.HTTPResponse, page: bytes) -> Check:
    kind = answer.headers.get_content_type()
    is_index = kind.startswith("application/vnd.pypi.simple") or (
        kind == "text/html" and re.search(rb"<a\s[^>]{0,500}href=", page, re.IGNORECASE) is not None
    )
    if is_index and b'type="password"' not in page.lower():
        return Check("index", f"{shown} answers, and is an index")
    return Check(
        "index",
        f"{shown} answers with a page that is no index ({kind}): a login or block page, perhaps.",
        "index-not-an-index",
        "Correct index-url in pip's configuration, or have the proxy let the index through.",
    )


def _refused(shown: str, status: int) -> Check:
    said = f"{shown} answers {status} {http.client.responses.get(status, '')}".rstrip() + "."
    if status in (401, 403):
        return Check(
            "index", said, "index-auth", "Put working credentials into pip's configuration."
        )
    if status == 407:
        return Check(
            "index",
            said,
            "proxy-unreachable",
            "Put the proxy's user and password into its address.",
        )
    if status == 404:
        return Check(
            "index",
            f"{said} It has no page for {_PROJECT}: the address may not be an index, "
            "or not a whole one.",
            "index-not-an-index",
            "Correct index-url in pip's configuration.",
        )
    return Check(
        "index", said, "index-error", "Wait, or ask the index's administrator; then build again."
    )


def _unreachable(shown: str, error: Exception, proxy: str | None) -> Check:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    through = f" through the proxy {proxy}" if proxy else ""
    if isinstance(reason, ssl.SSLCertVerificationError):
        return Check(
            "index",
            f"The certificate of {shown} is not accepted: {reason.verify_message}.",
            "tls-certificate",
            "Name the authority's file: cert in pip's configuration.",
        )
    if isinstance(reason, TimeoutError):
        return Check(
            "index",
            f"{shown} does not answer in time{through}.",
            "index-timeout",
            "Look at the firewall on the way, or raise timeout in pip's configuration.",
        )
    if proxy is not None:
        return Check(
            "index",
            f"{shown} cannot be reached{through}: {reason}.",
            "proxy-unreachable",
            "Correct the proxy's address in pip's configuration or build-environment.",
        )
    what = "has no address (DNS)" if isinstance(reason, socket.gaierror) else "cannot be reached"
    return Check(
        "index",
        f"{shown} {what}: {mask_secrets(str(reason))}.",
        "index-unreachable",
        "Correct the name, DNS or the route, or set the proxy that leads there.",
    )


def _compare_clocks(date: str | None) -> Iterator[Check]:
    """The certificate was accepted or there is none, so the clock can only be somewhat off."""
    try:
        there = email.utils.parsedate_to_datetime(date or "").timestamp()
    except (ValueError, TypeError):
        return
    apart = time.time() - there
    if abs(apart) <= _CLOCK_MAY_DIFFER:
        yield Check("clock", "agrees with the index's")
        return
    yield Check(
        "clock",
        f"This machine's clock is {abs(apart) / 60:.0f} minutes "
        f"{'ahead of' if apart > 0 else 'behind'} the index's.",
        "tls-certificate",
        "Set the clock (timedatectl, chrony): certificates are only valid for a time.",
    )
