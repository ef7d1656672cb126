"""What is said of a release, of a package or of Python, that lacks what something uses; no rules of its own."""

from __future__ import annotations

from ...package_names import normalize
from ..facts import installed_version
from ..package_changes import Change
from ..rule import Explanation, LineMatch
from .content import (
    SEND,
    evidence_of,
    own_frame,
    place_of,
    with_version,
)
from .shared import as_it_is
from .speakers import Speaker, speaker_of


def left_python(hit: LineMatch, module: str, gone: str | None, importer: str) -> Explanation | None:
    who = with_version(hit, importer) if importer else f"The content{place_of(own_frame(hit))}"
    if gone is None:
        return Explanation(
            "python2-only",
            f"{who} imports {module}, which only Python 2 has{as_it_is(hit)}.",
            "Have the author replace what is written for Python 2.",
            f"Pin a release of {importer} for Python 3."
            if importer
            else "Port that line to Python 3.",
            evidence_of(hit),
        )
    return Explanation(
        "package-too-old-for-python",
        f"{who} imports the standard module {module}, which Python {gone} removed{as_it_is(hit)}.",
        "Have the author pin a newer release, or deploy with an older Python that this server has.",
        f"Pin a newer release of {importer}, or deploy with a Python older than {gone}."
        if importer
        else f"Replace {module} in the content, or deploy with a Python older than {gone}.",
        evidence_of(hit),
    )


def too_new_for_server(hit: LineMatch, change: Change, what: str) -> Explanation:
    """The explanation of a package that left the server behind."""
    package = change.package
    return Explanation(
        "package-too-new-for-server",
        f"{with_version(hit, package)} is too new for this server: its own script uses {what}, which {package} {change.release} and newer no longer have.",
        f"Update the server, or have the author pin {package}<{change.release}.",
        f"Pin {package}<{change.release} in requirements.txt.",
    )


def does_not_fit(hit: LineMatch, change: Change, what: str, importer: str) -> Explanation:
    """The explanation of a name that another release of a package has.

    importer: the package that uses it; empty where the content does.
    """
    package = change.package
    if speaker_of(hit) is Speaker.SERVER and change.gone:
        return too_new_for_server(hit, change, what)
    own = normalize(importer) == normalize(package)
    who = (
        with_version(hit, importer)
        if importer and not own
        else f"The content{place_of(own_frame(hit))}"
    )
    if change.gone:
        other = f" Update {importer}, or pin" if importer and not own else " Pin"
        instead = f" ({change.instead} has taken its place)" if change.instead else ""
        return Explanation(
            "packages-do-not-fit",
            f"{who} uses {what}, which {package} {change.release} and newer no longer have{instead}; installed is {with_version(hit, package) if installed_version(hit.case, package) else f'such a newer {package}'}.",
            SEND,
            f"{other.strip()} {package}<{change.release} in requirements.txt."
            + (
                ""
                if importer and not own
                else f" To stay with the newer {package}, change the content."
            ),
            evidence_of(hit),
        )
    return Explanation(
        "packages-do-not-fit",
        f"{who} uses {what}, which only {package} {change.release} and newer have; installed is {with_version(hit, package) if installed_version(hit.case, package) else f'an older {package}'}.",
        SEND,
        f"Put {package}>={change.release} into requirements.txt, or pin an older release of {importer}."
        if importer and not own
        else f"Put {package}>={change.release} into requirements.txt.",
        evidence_of(hit),
    )
