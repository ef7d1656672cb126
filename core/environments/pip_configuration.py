"""pip's active configuration: what pip will read with the variables that a build gives it.

Read natively, so that the log can show it, uv can be given it, and an environment's identity
covers it. Only what can change a package counts for the identity: not how an index is reached
(certificates, proxies, timeouts), not how pip talks, and no password, or rotating one would
rebuild a whole server.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from ..frozen import frozen
from ..secrets import KnownSecrets, mask_secrets, secret_values

_NO_EFFECT_ON_PACKAGES = frozenset(
    {
        *("cache-dir", "cert", "client-cert", "config-file", "debug", "default-timeout"),
        *("disable-pip-version-check", "exists-action", "keyring-provider", "log", "log-file"),
        *("no-cache-dir", "no-color", "no-input", "no-python-version-warning", "progress-bar"),
        *("proxy", "quiet", "report", "resume-retries", "retries", "root-user-action"),
        *("require-virtualenv", "timeout", "trusted-host", "verbose", "yes", "no-clean"),
        *("no-warn-script-location", "no-warn-conflicts"),
    }
)
_NO_EFFECT_VARIABLES = frozenset(
    {
        *("all_proxy", "ftp_proxy", "http_proxy", "https_proxy", "no_proxy"),
        *("curl_ca_bundle", "git_ssl_cainfo", "requests_ca_bundle", "ssl_cert_dir"),
        *("ssl_cert_file", "ssl_client_cert", "uv_http_timeout", "uv_native_tls"),
        *("lang", "language", "lc_all", "lc_ctype", "lc_messages", "tz", "xdg_config_dirs"),
    }
)
_FILES_BY_CONTENT = frozenset({"build-constraint", "constraint", "requirement"})


class Option(NamedTuple):
    """One option. key: as pip's long option without dashes. value: raw, secrets included.

    source: a file with its section, or a variable of the build-environment.
    """

    key: str
    value: str
    source: str


@frozen
class Configuration:
    """All of it.

    files: those that pip reads and that are there. options: active for ``pip install``, sorted.
    problems: sentences about files that pip will stumble over.
    digest: over everything that can change a package.
    """

    files: tuple[str, ...]
    options: tuple[Option, ...]
    problems: tuple[str, ...]
    digest: str

    def value(self, key: str) -> str | None:
        """Return the active value; None where the option is not set."""
        return next((option.value for option in self.options if option.key == key), None)

    def lines(self) -> tuple[str, ...]:
        """Return the active configuration, for the log, secrets masked."""
        if not self.options and not self.problems:
            return ("pip's configuration: none, its defaults are in force",)
        return (
            "pip's configuration:",
            *(
                f"  {option.key} = {_in_one_line(mask_secrets(option.value))}  ({option.source})"
                for option in self.options
            ),
            *(f"  {problem}" for problem in self.problems),
        )


def read_configuration(build_environment: Mapping[str, str]) -> Configuration:
    """Return what pip reads with these variables added to the fixed ones of `child_environment`.

    A build's HOME is empty, so there is no user's file; a new environment has none of its own
    either. What remains is the system's, the one that ``PIP_CONFIG_FILE`` names, and variables.
    """
    sections: dict[str, dict[str, Option]] = {"global": {}, "install": {}, ":env:": {}}
    files: list[str] = []
    problems: list[str] = []
    for file in _files(build_environment):
        if not os.path.exists(file):
            continue
        files.append(file)
        try:
            for section, key, value in _parsed(file):
                if section in sections:
                    sections[section][key] = Option(key, value, f"{file} [{section}]")
        except (OSError, ValueError) as error:
            problems.append(f"{file} cannot be read: {_in_one_line(str(error))}")
    for name, value in sorted(build_environment.items()):
        if name.startswith("PIP_") and name[4:].lower() not in ("version", "help", "config_file"):
            key = _key(name[4:])
            sections[":env:"][key] = Option(key, value, f"build-environment {name}")
    # pip: the command's section goes before [global] in whichever file, variables before both.
    merged = {**sections["global"], **sections["install"], **sections[":env:"]}
    options = tuple(merged[key] for key in sorted(merged) if merged[key].value.strip())
    return Configuration(
        tuple(files), options, tuple(problems), _digest(options, problems, build_environment)
    )


def _files(build_environment: Mapping[str, str]) -> list[str]:
    """In the order in which pip reads them, so that later ones win."""
    own = build_environment.get("PIP_CONFIG_FILE")
    if own == os.devnull:
        return []  # pip: then no file at all is read
    directories = build_environment.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    system = [
        os.path.join(directory, "pip", "pip.conf")
        for directory in directories.split(os.pathsep)
        if directory
    ]
    return [*system, "/etc/pip.conf", *([own] if own else [])]


def _parsed(file: str) -> Iterator[tuple[str, str, str]]:
    """Section, key and value; raises OSError, or ValueError for what pip cannot read either."""
    from configparser import Error, RawConfigParser

    parser = RawConfigParser()
    try:
        with open(file, encoding="utf-8") as stream:
            parser.read_file(stream, file)
    except Error as error:
        raise ValueError(str(error)) from None
    for section in parser.sections():
        for key, value in parser.items(section):
            yield section, _key(key), value


def _key(name: str) -> str:
    return name.lower().replace("_", "-").removeprefix("--")


def _digest(
    options: tuple[Option, ...], problems: list[str], build_environment: Mapping[str, str]
) -> str:
    counted = [*problems]
    for option in options:
        if option.key not in _NO_EFFECT_ON_PACKAGES:
            counted.append(f"{option.key}={' '.join(mask_secrets(option.value).split())}")
        if option.key in _FILES_BY_CONTENT:
            counted.extend(_content(file) for file in option.value.split())
    for name, value in sorted(build_environment.items()):
        if not name.startswith("PIP_") and name.lower() not in _NO_EFFECT_VARIABLES:
            counted.append(f"${mask_secrets(f'{name}={value}')}")
    if not counted:
        return ""
    digest = blake2b(digest_size=16)
    for text in counted:
        digest.update(text.encode("utf-8", "surrogateescape") + b"\0")
    return digest.hexdigest()


def known_secrets(
    build_environment: Mapping[str, str],
    secret_names: Collection[str],
    requirements: Iterable[str] = (),
) -> KnownSecrets:
    """Return the secrets that the programs of a build are given, and so may print.

    secret_names: of variables and options, besides those whose names say so. requirements: texts.
    """
    named = (
        *build_environment.items(),
        *((option.key, option.value) for option in read_configuration(build_environment).options),
        *(("requirements", text) for text in requirements),
    )
    return KnownSecrets(secret_values(named, secret_names))


def _content(file: str) -> str:
    """Return what stands in a file that the configuration names; an address counts as it is
    written."""
    try:
        data = Path(file.removeprefix("file://")).read_bytes()
    except OSError:
        return ""
    return blake2b(data, digest_size=16).hexdigest()


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
