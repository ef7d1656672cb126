"""What poetry says when no versions fit each other."""

from __future__ import annotations

import re
from typing import Final

from ...package_names import normalize
from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .conflicts import CONFLICT_REMEDY

_OF_POETRY: Final = re.compile(
    r"(?P<who>[\w.-]{1,100})(?: \([^)]{1,40}\))? (?:also )?depends on (?P<name>[\w.-]{1,100}) \((?P<what>[^)]{1,80})\)"
)


_PYTHON_OF_POETRY: Final = re.compile(
    r"(?P<who>[\w.-]{1,100})(?: \([^)]{1,40}\))? requires Python (?P<needs>[<>=!~^][^\s]{1,60}?)(?=[,.]?(?:\s|$))"
)


def _poetry(hit: LineMatch) -> Explanation:
    """poetry ends its explanation with this line; who wants what stands before."""
    around = tuple(line for line in (*hit.before(16), hit.line) if line.body.strip())
    text = " ".join(" ".join(line.body.split()) for line in around)
    if found := _PYTHON_OF_POETRY.search(text):
        return Explanation(
            "requires-python",
            f"{found['who']} needs Python {found['needs']}, and the project admits others too.",
            "Send that to the content's author; nothing on this server is wrong.",
            f"Narrow the project's own range of Pythons to {found['needs']} in pyproject.toml, or pin an older {found['who']}.",
            around[-4:],
        )
    wants: dict[str, dict[str, str]] = {}
    for found in _OF_POETRY.finditer(text):
        whats = wants.setdefault(normalize(found["name"]), {})
        whats.setdefault(found["what"], f"{found['who']} wants {found['name']} {found['what']}")
    most = max(wants.values(), key=len) if wants else dict[str, str]()
    said = "; ".join(list(most.values())[:3])
    return Explanation(
        "dependency-conflict",
        f"The requirements contradict each other{f': {said}' if said else ''}.",
        CONFLICT_REMEDY,
        "Loosen one of the versions in pyproject.toml, and run `poetry lock`.",
        around[-4:],
    )


_RAISED_IN: Final = re.compile(r"^at \S{0,200}\bpoetry\b\S{0,200}:\d{1,6} in ")


def _raised(hit: LineMatch) -> Explanation | None:
    """poetry shows an exception's name on a line of its own, then its text, then where it arose."""
    after = tuple(line for line in hit.after(14) if line.body.strip())
    end = next((i for i, line in enumerate(after) if _RAISED_IN.match(line.body)), 0)
    if not end:
        return None
    said = tuple(after[:end])
    text = " ".join(" ".join(line.body.split()) for line in said)[:250].rstrip(". ")
    if found := re.search(
        r"installation candidates for (?P<name>[\w.-]{1,100}) \((?P<version>[^)]{1,40})\)", text
    ):
        return Explanation(
            "no-compatible-file",
            f"The index has no file of {found['name']} {found['version']} that fits this Python and system and that poetry.lock knows.",
            "Provide a file for this server: a Python that the release supports, or a wheel built here on an internal index; a mirror that lacks files gives the same answer.",
            f"Pin a release of {found['name']} that has a file for this server, and run `poetry lock`.",
            said,
        )
    if "configuration is invalid" in text:
        return Explanation(
            "requirements-syntax",
            f"The poetry in use does not accept the project's pyproject.toml: {text}.",
            "Update poetry where builds find it: an older one knows less of that file; or let pip install from a requirements.txt.",
            "Correct [tool.poetry] in pyproject.toml (`poetry check`), or write it for the poetry that the server has.",
            said,
        )
    return Explanation(
        "installer-failed",
        f"poetry ended with {hit['type']}: {text}.",
        "Read what it says; update poetry where builds find it, or let pip install from a requirements.txt.",
        "Deploy a requirements.txt beside the project's own file (`poetry export`, or `pip freeze`).",
        said,
        Layer.GENERAL,  # a rule that knows what it says knows more
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(("Error", "Exception"), r"^(?P<type>[A-Z]\w{1,60}(?:Error|Exception))$", _raised),
    rule("version solving failed", r"version solving failed", _poetry),
)
