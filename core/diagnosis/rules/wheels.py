"""Wheels: damaged ones, and those for another platform."""

from __future__ import annotations

import re
from typing import Final

from ..facts import python_of
from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .connection_errors import trouble_in


def _name(text: str) -> str:
    return text.strip("'\"`").rsplit("/", 1)[-1]


def _fetched(hit: LineMatch) -> str:
    """The file that the installer had fetched last before the line."""
    for line in hit.log.back_from(hit.index):
        if found := _FETCHED.match(line.body):
            return _name(found["file"] or found["other"])
    return ""


_FETCHED: Final = re.compile(
    r"(?:Downloading|Using cached) (?P<file>\S{1,1000}?)(?:#\S{0,300})?(?: \(|$)|Processing (?P<other>\S{1,400})"
)


def _broken(hit: LineMatch) -> Explanation | None:
    below = " ".join(line.body for line in hit.after(6))
    if (
        (trouble := trouble_in(below))
        and trouble.code != "package-not-found"
        and "▶" not in hit.line.body
    ):
        return None  # unpacking failed because the download did, rules/network.py
    name = _name(hit["wheel"])
    if not name.endswith(".whl"):
        name = _fetched(hit) or name
    return Explanation(
        "wheel-broken",
        f"The wheel {name} is damaged, or not what its name says."
        if name
        else "A wheel is damaged, or not what its name says.",
        "Fetch it again: clear pip's cache (`pip cache purge`) and the mirror's copy, then build again; a wheel inside the bundle must be replaced by its author.",
        "If the wheel lies in the bundle, build or download it anew and deploy again.",
    )


_INSTALLED: Final = re.compile(r"Failed to install: (\S{1,200}\.whl)")


def _says_another(hit: LineMatch) -> Explanation:
    """The file's name, or the index, says one version or name, and the metadata in it another."""
    name = _name(hit["file"].split("#")[0]) or hit["expected"]
    if not name.endswith((".whl", ".gz", ".zip")):
        name = next(
            (found[1] for line in hit.before(1) if (found := _INSTALLED.search(line.body))), name
        )
    both = f" ({hit['expected']} outside, {hit['got']} inside)" if hit["expected"] else ""
    inside = hit["field"].lower() or "version"
    return Explanation(
        "wheel-broken",
        f"{name} is not what its name says: the {inside} in its own metadata is another{both}.",
        "If an index of your own made or renamed that file, build it anew; otherwise have the author pin another release.",
        "Pin another release of the package.",
    )


def _archive_broken(hit: LineMatch) -> Explanation:
    return Explanation(
        "download-broken",
        f"The archive {name} is damaged or cut short."
        if (name := _fetched(hit))
        else "A downloaded archive is damaged or cut short.",
        "Clear pip's cache (`pip cache purge`) and build again; if it is damaged again, look at the proxy or mirror in between.",
    )


def _wrong_platform(hit: LineMatch) -> Explanation:
    python = python_of(hit.case)
    return Explanation(
        "wheel-wrong-platform",
        f"The wheel {_name(hit['wheel'])} is for another platform or Python than this server{f' (Python {python})' if python else ''}; its name says for which.",
        "Have the author name the package by NAME==VERSION, so that pip chooses the file itself.",
        "Replace the path or address of the wheel in requirements.txt by NAME==VERSION, or by a wheel for Linux and this Python.",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("is not a supported wheel on this platform", "is not compatible with the current"),
        r"(?P<wheel>\S{1,300}\.whl)[`'\"]? is not a supported wheel on this platform",
        _wrong_platform,
    ),
    rule(
        (
            "with the current",
            "incompatible wheel",
            "A URL dependency is incompatible",
            "wheel is not compatible",
            "Wheel is not compatible",
        ),
        r"(?:wheel `?|`|A (?:path|URL) \()(?P<wheel>[^\s`()]{0,300}\.whl)[`)]? (?:dependency )?is (?:incompatible|not compatible) with the current",
        _wrong_platform,
    ),
    rule(
        ("is an invalid wheel", "is invalid.", "unsupported or invalid wheel"),
        r"(?P<wheel3>[\w.-]{1,100}) is in an unsupported or invalid wheel|Wheel '(?P<wheel>[^']{1,200})'.{0,500}is invalid|(?P<wheel2>\S{1,300}\.whl) is an invalid wheel",
        _broken,
    ),
    rule(
        (
            "Wheel has an invalid",
            "Invalid wheel filename",
            "is not a valid wheel filename",
            "Multiple .dist-info directories",
            ".dist-info directory",
            "The wheel is invalid",
            "Failed to read metadata",
            "Unsupported wheel",
            "failed to parse wheel",
            "wheel's RECORD",
            "bad magic",
            "UnsupportedWheel",
        ),
        r"\.dist-info directory \S{1,200} does not start with|[Ii]nvalid wheel filename|(?P<wheel2>\S{1,200}\.whl) is not a valid wheel filename|[Mm]ultiple \.dist-info directories|[Tt]he wheel filename [`'\"]?(?P<wheel3>[\w.+-]{1,200}\.whl)|\.dist-info directory not found|UnsupportedWheel|[Ww]heel is invalid|(?:wheel )?'?(?P<wheel>[\w.+-]{1,200}\.whl)'? (?:has an invalid|is invalid)",
        _broken,
        Layer.SYMPTOM,
    ),
    rule(
        ("has inconsistent ", "in metadata: "),
        r"(?:from (?P<file>\S{1,500}) )?has (?:inconsistent|different) (?P<field>[Nn]ame|[Vv]ersion)(?: in metadata)?: (?:expected '(?P<expected>[^']{1,100})', but metadata has )?'(?P<got>[^']{1,100})'",
        _says_another,
        Layer.SYMPTOM,
    ),
    rule(
        "does not match filename (",
        r"Wheel (?P<field>name|version) does not match filename \((?P<got>[^ ()]{1,100}) != (?P<expected>[^ ()]{1,100})\)",
        _says_another,
    ),
    rule(
        ("Package metadata name `", "Package metadata version `"),
        r"Package metadata (?P<field>name|version) `(?P<got>[^`]{1,100})` does not match (?:given (?:name|version)|.{1,40}) `(?P<expected>[^`]{1,100})`",
        _says_another,
    ),
    rule(
        (
            "BadZipFile",
            "BadZipfile",
            "zipfile.BadZip",
            "is not a zip file",
            "invalid Zip archive",
            "invalid zip",
            "Invalid zip",
            "corrupt zip",
            "bad CRC",
            "Bad CRC-32",
            "Failed to extract archive",
            "Failed to unzip",
            "end of central directory",
        ),
        r"[Ff]ailed to read (?P<wheel2>\S{1,300}\.whl): |BadZip[Ff]ile|is not a zip file|[Ii]nvalid [Zz]ip|Bad CRC-32|[Ff]ailed to (?:extract archive|unzip)(?:: (?P<wheel>\S{1,200}))?|end of central directory",
        _broken,
        Layer.CAUSE,
    ),
    rule(
        (
            "not a gzip file",
            "Error is not recoverable",
            "file could not be opened successfully",
            "unexpected end of data",
            "tarfile.ReadError",
            "EOFError: Compressed file ended",
            "Error -3 while decompressing",
            "invalid file (bad magic number)",
        ),
        r"[Nn]ot a gzip(?:ped)? file|file could not be opened successfully|unexpected end of data|ReadError: |Compressed file ended|Error -\d while decompressing",
        _archive_broken,
    ),
)
