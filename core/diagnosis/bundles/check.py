"""One bundle on one server: what the checks look at, and how they show what they found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...bundles import (
    Bundle,
    RequirementLine,
    Requirements,
    is_lock_file,
    parse_requirements,
)
from ...errors import BundleError
from ...findings import Evidence, Finding
from ...matching import Candidate, Policy
from ...secrets import mask_secrets


@dataclass(frozen=True, slots=True)
class Server:
    """What a bundle meets: the settings that matter and the installations.

    manages: whether packages are installed at all (``EnvironmentManagement``).
    variables: what ``${NAME}`` stands for in requirements (``build-environment``).
    """

    candidates: tuple[Candidate, ...]
    policy: Policy
    enabled: bool = True
    manages: bool = True
    prohibited: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


class BundleCheck:
    """One bundle on one server, its requirements read as far as they can be."""

    def __init__(self, bundle: Bundle, server: Server) -> None:
        self.bundle = bundle
        self.server = server
        self.requirements = Requirements(())
        self.unreadable: BundleError | None = None
        self.installs = server.manages and bundle.manifest.wants_packages
        self.lock_file = is_lock_file(bundle.package_file)
        if not self.installs or self.lock_file:
            return
        try:
            bundle.check_package_manager()
            self.requirements = parse_requirements(
                bundle.requirements_bytes(),
                name=bundle.package_file or "requirements.txt",
                read=lambda name: bundle.read(name) if name in bundle.members else None,
                variables=server.variables,
            )
        except BundleError as problem:
            self.unreadable = problem

    def lines(self) -> Iterator[RequirementLine]:
        """The lines that pip would install something for."""
        for file, line in self.requirements.walk():
            if not file.is_constraints:
                yield line


_CODES = {
    "constraint-without-operator",
    "python-block-missing",
    "requirements-encoding",
    "requirements-file-missing",
    "requirements-syntax",
}


def from_error(problem: BundleError, source: str) -> Finding:
    """What cannot be read at all, as a finding."""
    evidence = Evidence(
        problem.file or source, problem.line or 1, mask_secrets(problem.source or "")
    )
    cause = mask_secrets(problem.message)
    named = re.match(r"[\w./-]+(?: is|: )", cause)  # a file's name stays as it is written
    return Finding(
        problem.code if problem.code in _CODES else "bundle-invalid",
        "cause",
        f"{cause if named else cause[:1].upper() + cause[1:]}.",
        "Send it to the content's author: what is quoted here is to be corrected.",
        "Correct it and deploy again.",
        (evidence,),
    )


def manifest_evidence(bundle: Bundle, text: str) -> tuple[Evidence, ...]:
    """The line of the manifest that holds a value."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    manifest = bundle.read("manifest.json").decode("utf-8", "replace").split("\n")
    for number, line in enumerate(manifest, 1):
        if f'"{quoted}"' in line:
            return (Evidence("manifest.json", number, mask_secrets(line.strip()[:400])),)
    return ()


def line_evidence(line: RequirementLine) -> Evidence:
    return Evidence(line.file, line.number, shown(line))


def shown(line: RequirementLine) -> str:
    return mask_secrets(line.text.strip()[:400])
