"""What the server says before and after the installer runs: RStudio and Posit Connect, pysteward."""

from __future__ import annotations

from typing import Final

from ..rule import Hit, Rule, Story, rule


def _no_match(hit: Hit) -> Story:
    wanted = hit["wanted"].rstrip(".;,")
    return Story(
        "no-python-match",
        f"No configured installation satisfies the request{f' for Python {wanted}' if wanted else ''}.",
        f"Add an installation that does (`pysteward match {wanted or 'REQUEST'}` tells which would), or choose a VersionMatching that accepts another.",
        "Deploy with a Python version that the server has, or state a constraint that one of its versions satisfies.",
        evidence=tuple(line for line in hit.after(1) if "No match for" in line.body),
    )


def _disabled(hit: Hit) -> Story:
    return Story(
        "python-disabled",
        "Python support is switched off in the server's settings.",
        "Set `Enabled = true` under [Python] and name installations with Executable; then restart or reload.",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        (
            "ompatible",
            "no installation matches",
            "No matching Python",
            "matching Python",
            "not available",
            "no suitable Python",
            "No Python installation",
            "not installed on this server",
        ),
        r"requested Python version (?P<wanted>[^;]{1,100}); no installation matches|(?:[Uu]nable to (?:find|determine)|[Cc]ould not find|[Cc]annot find|[Nn]o|not find) (?:a |any |the )?(?:compatible|matching|suitable)(?: version of)?(?: Local)?(?: environment(?:s)? (?:with|for|that).{0,40})?(?: installation of)? Python(?: version| installation| environment)?s?(?:[ :,]{1,3}(?:for |to match )?(?:version )?['\"]?(?P<wanted2>[<>=~!\d][\w.,<>=~! *+]{0,60}))?|"
        r"no compatible Local environment.{0,200}|(?:requested|requires) Python (?:version )?['\"]?[\d.]{1,12}['\"]?.{0,80}(?:is not available|not installed|no compatible|none (?:of the|is))|Python version .{1,40} is not (?:available|supported|installed) (?:on|by) (?:this|the) (?:server|system)",
        _no_match,
    ),
    rule(
        ("isabled", "not enabled", "not configured", "does not support Python"),
        r"Python (?:support |content )?(?:is |has been )?(?:disabled|not enabled|not configured)|(?:[Ss]erver|Connect) (?:does not support|is not configured (?:for|with)) Python",
        _disabled,
    ),
)
