"""Hashes that requirements give, or should give."""

from __future__ import annotations

import re
from typing import Final

from ..log_lines import Line
from ..rule import (
    Explanation,
    LineMatch,
    Rule,
    rule,
)


def _hash_mismatch(hit: LineMatch) -> Explanation:
    after = hit.after(12)
    name, expected, got = "", "", ""
    for line in after:
        body = line.body
        if not name and (found := re.match(r"(\S{1,200}) from \S", body)):
            name = found[1]
        expected = expected or (body.split()[-1] if body.startswith("Expected ") else "")
        got = got or (body.split()[-1] if body.startswith("Got ") else "")
    name = name or hit["what"].strip(" `'")
    both = f" (expected {expected[:12]}…, got {got[:12]}…)" if expected and got else ""
    if _given_by_index(hit, after):
        return Explanation(
            "hash-mismatch",
            f"The index sends another file for {name or 'a package'} than its own page gives the hash of{both}: the mirror or a cache before it is damaged or out of step.",
            "Clear pip's cache (`pip cache purge`) and the copy of that file in the mirror or proxy, then build again; an empty or short file is often a login or error page.",
            None,
            after[:4],
        )
    return Explanation(
        "hash-mismatch",
        f"The file that came for {name or 'a requirement'} is not the one whose hash the requirements give{both}.",
        "If the index is a mirror, compare its file with the original: a mirror that rebuilds files changes hashes, a tampered file does too. Clear the installer's cache and build again.",
        "Make the hashes anew (`pip hash`, `pip-compile --generate-hashes`) from the index that the server uses.",
        after[:4],
    )


_OWN_HASHES: Final = re.compile(
    r"--hash[= ]sha|--require-hashes|hash-checking|\(from -r |uv\.lock|pylock|--frozen|--locked"
)


def _given_by_index(hit: LineMatch, after: tuple[Line, ...]) -> bool:
    """Whether the hash stands in the address that the index's page gives, and no requirement has one."""
    in_address = any("#sha256=" in line.body or "#md5=" in line.body for line in after)
    return in_address and not any(_OWN_HASHES.search(line.body) for line in hit.log.lines)


_WITHOUT_HASH: Final = re.compile(
    r"(?P<name>[A-Za-z0-9][\w.\[\],-]{0,100}(?:[<>=!~]{1,3}\S{1,100})?)(?: --hash=| from \S| \(from |$)"
)


def _hash_missing(hit: LineMatch) -> Explanation:
    names = [found["name"] for line in hit.after(6) if (found := _WITHOUT_HASH.match(line.body))]
    name = ", ".join(names[:3]) or hit["what"].strip(" `'")
    return Explanation(
        "hash-missing",
        f"Some requirements have a hash, so all must; {name or 'one'} has none, or is not pinned with ==.",
        "Send that to the content's author; nothing on this server is wrong.",
        "Give every requirement, those that others bring in included, a version and a hash (`pip-compile --generate-hashes`), or none.",
        hit.after(2),
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("DO NOT MATCH THE HASHES", "Hash mismatch for", "hash mismatch", "in known hashes"),
        r"Hash for (?P<what2>.{1,150}?) (?:from archive \S{1,200} )?not found in known hashes|DO NOT MATCH THE HASHES|[Hh]ash mismatch for (?P<what>`?[^`]{1,150}`?)",
        _hash_mismatch,
    ),
    rule(
        (
            "Hashes are required in --require-hashes mode",
            "In --require-hashes mode",
            "hash-checking mode",
            "Can't verify hashes",
            "--require-hashes",
            "when requiring hashes",
        ),
        r"The editable requirement (?P<what2>\S{1,100}).{0,600} cannot be installed when requiring hashes|Hashes are required in --require-hashes mode|In (?:`)?--require-hashes(?:`)? mode, all require|Can't verify hashes for these|hash-checking mode|mode, all requirements must have a hash(?:, but none were provided for: (?P<what>.{1,100}))?",
        _hash_missing,
    ),
)
