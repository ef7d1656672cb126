"""Linux distributions, as far as building a Python differs between them. Pure, but for this one."""

from __future__ import annotations

import re

from ..errors import UsageError
from ..frozen import frozen
from .packages import Family, family_of

_ALIASES = {
    "suse": "sles",
    "leap": "opensuse-leap",
    "opensuse": "opensuse-leap",
    "centos-stream": "centos",
    "oracle": "ol",
    "alma": "almalinux",
    "amazon": "amzn",
    "tumbleweed": "opensuse-tumbleweed",
}
# Rebuilds of RHEL say so in their ID_LIKE, which a user who names one does not give.
_LIKE = {"rocky": "rhel", "almalinux": "rhel", "ol": "rhel", "scientific": "rhel"}
_KNOWN = frozenset(
    {"debian", "ubuntu", "rhel", "centos", "fedora", "amzn", "sles", "opensuse-leap"}
    | {"opensuse-tumbleweed", *_LIKE}
)
_NAME = re.compile(r"([a-z]+(?:-[a-z]+)*)(?:[-: ]?([0-9]{1,4}(?:\.[0-9]{1,4})*))?")

# The OpenSSL that comes with a release and its development files, from that release on.
_OPENSSL: dict[str, tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]] = {
    "debian": (((12,), (3, 0)), ((10,), (1, 1, 1)), ((9,), (1, 1, 0)), ((0,), (1, 0))),
    "ubuntu": (((22, 4), (3, 0)), ((18, 4), (1, 1, 1)), ((0,), (1, 0))),
    "rhel": (((9,), (3, 0)), ((8,), (1, 1, 1)), ((0,), (1, 0))),
    "fedora": (((36,), (3, 0)), ((29,), (1, 1, 1)), ((0,), (1, 0))),
    "amzn": (((2022,), (3, 0)), ((0,), (1, 0))),
    "suse": (((15, 6), (3, 0)), ((15,), (1, 1, 1)), ((0,), (1, 0))),
}


# The newest release of each that packages and OpenSSL are known of.
_NEWEST: dict[str, tuple[int, ...]] = {
    "debian": (13,),
    "ubuntu": (26, 4),
    "rhel": (10,),
    "fedora": (44,),
    "amzn": (2023,),
    "suse": (16,),
}


@frozen
class Distribution:
    """A distribution. id: as os-release(5) has it; release: its numbers, empty for the newest."""

    id: str
    release: tuple[int, ...]
    family: Family

    def __str__(self) -> str:
        numbers = [str(number) for number in self.release]
        if self.id == "ubuntu":  # which counts years and months
            numbers[1:] = [number.zfill(2) for number in numbers[1:]]
        return " ".join(filter(None, (self.id, ".".join(numbers))))

    @property
    def is_known(self) -> bool:
        """Whether its release is one whose packages are known here."""
        newest = _NEWEST[self.series]
        return not self.release or self.release[: len(newest)] <= newest

    @property
    def series(self) -> str:
        """Whose release numbers it has."""
        if self.id in ("ubuntu", "fedora", "amzn"):
            return self.id
        return self.family

    def is_before(self, series: str, *release: int) -> bool:
        """Return whether it is an older release of that series."""
        return self.series == series and bool(self.release) and self.release < release

    @property
    def openssl(self) -> tuple[int, ...]:
        """The line of OpenSSL whose development files it has."""
        lines = _OPENSSL[self.series]
        if not self.release:
            return lines[0][1]
        return next(openssl for first, openssl in lines if self.release >= first)


def parse_distribution(text: str) -> Distribution:
    """Return the distribution that a person names: ``ubuntu-22.04``, ``rhel-9`` or ``sles-15.6``.

    Raises UsageError.
    """
    found = _NAME.fullmatch(text.strip().lower())
    if found is not None:
        name = _ALIASES.get(found[1], found[1])
        family = family_of(f"ID={name}\nID_LIKE={_LIKE.get(name, '')}\n")
        if family is not None and name in _KNOWN:
            return Distribution(name, _numbers(found[2] or ""), family)
    raise UsageError(
        f"{text[:60]!r} is no distribution known here: name one such as debian-12, ubuntu-24.04, "
        "rhel-9, rocky-8, fedora, sles-15.6 or opensuse-leap"
    )


def distribution_of(os_release: str) -> Distribution | None:
    """Return the distribution that an os-release(5) file tells; None for one of another kind."""
    said: dict[str, str] = {}
    for line in os_release.splitlines():
        name, equals, value = line.partition("=")
        if equals:
            said[name.strip()] = value.strip().strip("\"'")
    family = family_of(os_release)
    if family is None:
        return None
    name, release = said.get("ID", family).lower(), _numbers(said.get("VERSION_ID", ""))
    is_derived = name not in _KNOWN
    # A derivative (Mint, Pop!_OS) counts its releases in its own way.
    return Distribution(family if is_derived else name, () if is_derived else release, family)


def this_distribution() -> Distribution | None:
    """Return the distribution that this machine runs; None where that cannot be told."""
    for file in ("/etc/os-release", "/usr/lib/os-release"):
        try:
            with open(file, encoding="utf-8", errors="replace") as stream:
                return distribution_of(stream.read(65536))
        except OSError:
            continue
    return None


def _numbers(text: str) -> tuple[int, ...]:
    # Rolling releases (Tumbleweed) count days: they are the newest.
    numbers = tuple(int(part) for part in text.split(".") if part.isascii() and part.isdigit())
    return () if numbers and numbers[0] > 9999 else numbers
