"""What the server says before and after the installer runs: RStudio and Posit Connect, pysteward."""

from __future__ import annotations

import re
from typing import Final

from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)


def _no_match(hit: LineMatch) -> Explanation:
    wanted = hit["wanted"].rstrip(".;, ")
    having = re.search(r"\(available versions: ([^()]{1,200})\)", hit.line.body)
    return Explanation(
        "no-python-match",
        f"No configured installation satisfies the request{f' for Python {wanted}' if wanted else ''}"
        f"{f'; there are {having[1]}' if having else ''}.",
        f"Add an installation that does (`pysteward match {wanted or 'REQUEST'}` tells which would), or choose a VersionMatching that accepts another.",
        "Deploy with a Python version that the server has, or state a constraint that one of its versions satisfies.",
        evidence=tuple(line for line in hit.after(1) if "No match for" in line.body),
    )


def _disabled(hit: LineMatch) -> Explanation:
    return Explanation(
        "python-disabled",
        "Python support is switched off in the server's settings.",
        "Set `Enabled = true` under [Python] and name installations with Executable; then restart or reload.",
    )


def _no_python_named(hit: LineMatch) -> Explanation:
    """Content that uses reticulate, deployed without what Python it wants: the server takes any."""
    after = hit.after(60)
    missed = next((line for line in after if "No module named" in line.body), None)
    return Explanation(
        "python-block-missing",
        "The content uses reticulate, and its manifest says nothing of Python: no environment is made for it; "
        f"it runs with {hit['python'] or 'whichever Python is there'} and its packages.",
        "Send it back to the content's author; nothing on this server is wrong.",
        "Deploy again with RETICULATE_PYTHON set to the Python in use, or with a requirements.txt beside the content, "
        "so that the manifest names Python and its packages.",
        () if missed is None else (missed,),
        Layer.WARNING if missed is None else Layer.CAUSE,
    )


# The wording is that of RStudio and Posit Connect, as deployments in public threads show it:
# github.com/rstudio/rsconnect-jupyter/issues/149 (2019), github.com/posit-dev/rsconnect-python/issues/256
# (2022; where content may run in several environments, their versions stand in brackets),
# github.com/rstudio/rstudio/issues/8844 (reticulate).
def _own_script(hit: LineMatch) -> Explanation:
    """Connect's own script that makes environments failed; what follows is what it says of it."""
    return Explanation(
        "server-script-failed",
        f"The server's own script that makes environments failed: {hit['what'][:220].rstrip('. ')}.",
        "Look into the server's own log at that time; see that the Python it used is whole, and that its user may write where environments lie.",
        "Nothing of the content is at fault: deploy again when the server is mended.",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "nexpected error while ",
        r"Unexpected error while (?:building|creating|preparing) (?:the )?[Pp]ython environment: (?P<what>.{1,400})",
        _own_script,
        Layer.SYMPTOM,
    ),
    rule(
        "No known installation matching",
        r"No known installation matching (?:\S{1,20} )?(?:version (?:of )?)?(?P<wanted>[\d.]{1,12})",
        _no_match,
    ),
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
        r"requested Python version (?P<wanted>[^;]{1,100}); no installation matches|(?:[Uu]nable to (?:find|determine)|[Cc]ould not find|[Cc]annot find|[Nn]o|not find) (?:a |any |the )?(?:compatible|matching|suitable)(?: version of)?(?: installation of)? Python(?: version| installation| environment)?s?(?:[ :,]{1,3}(?:for |to match )?(?:version )?['\"]?(?P<wanted2>[<>=~!\d][\w.,<>=~! *+]{0,60}))?|"
        r"no compatible \w{1,40} environment with .{0,80}?Python version (?P<wanted3>[\d.]{1,12})|(?:requested|requires) Python (?:version )?['\"]?[\d.]{1,12}['\"]?.{0,80}(?:is not available|not installed|no compatible|none (?:of the|is))|Python version .{1,40} is not (?:available|supported|installed) (?:on|by) (?:this|the) (?:server|system)",
        _no_match,
    ),
    rule(
        "manifest.json",
        r"manifest\.json (?:was |is |could )?(?:not (?:be )?found|missing|does not exist)|(?:[Nn]o|[Mm]issing|does not contain(?: a)?|without(?: a)?) manifest\.json",
        lambda hit: Explanation(
            "bundle-invalid",
            "The bundle has no manifest.json at its top.",
            "Send it back to the content's author; nothing on this server is wrong.",
            "Write the manifest (`rsconnect write-manifest`, `rsconnect::writeManifest()`), and deploy it with the files, not in a directory below.",
        ),
    ),
    rule(
        "Error parsing manifest: ",
        r"Error parsing manifest: (?P<what>.{1,300})",
        lambda hit: Explanation(
            "bundle-invalid",
            f"The server cannot read the manifest of the bundle: {hit['what'][:250].rstrip('.')}.",
            "Send it back to the content's author; nothing on this server is wrong.",
            "Write manifest.json anew (`rsconnect write-manifest`) with a client that this server knows, and deploy again.",
        ),
    ),
    rule(
        "Timeout waiting for '",  # shinyapps.io: github.com/rstudio/rsconnect/issues/204
        r"Timeout waiting for '(?P<what>[^']{1,100})' after (?P<after>[\d:.]{1,20})",
        lambda hit: Explanation(
            "timeout",
            f"The server waited {hit['after']} for {hit['what'].strip('_').replace('_', ' ')}, in vain: the content was built, and did not start in time.",
            "Look at what the content itself prints when it starts (its own log).",
            "Start the content by hand in a fresh environment; load data and models after it has begun to listen.",
        ),
    ),
    rule(
        "reticulate but python was not specified",
        r"using reticulate but python was not specified(?:; will use python at (?P<python>/\S{1,200}))?",
        _no_python_named,
    ),
    rule(
        ("isabled", "not enabled", "not configured", "does not support Python"),
        r"Python (?:support |content )?(?:is |has been )?(?:disabled|not enabled|not configured)|(?:[Ss]erver|Connect) (?:does not support|is not configured (?:for|with)) Python",
        _disabled,
    ),
)
