"""Why one piece of content on a Connect server failed: its last failed job, and its bundle."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ...diagnosis import Diagnosis
from ...errors import BundleError, RemoteError
from ...frozen import frozen
from ...matching import Policy
from . import reading
from .cache import Cache
from .client import ConnectClient
from .failures import Failure, FailureReader
from .judging import judge_bundle, judge_error
from .lookup import find_content
from .model import RemoteContent


@frozen
class Examination:
    """What was found out about content.

    failure: its newest failure; None where no job failed. diagnosis: what the log of that job and
    the bundle show together, causes first. missing: sentences about what could not be read.
    """

    content: RemoteContent
    failure: Failure | None
    diagnosis: Diagnosis
    missing: tuple[str, ...]


def examine_content(
    client: ConnectClient, cache: Cache, policy: Policy, wanted: str
) -> Examination:
    """Diagnose content by its log and its bundle.

    wanted: a GUID, a name or an address. Raises RemoteError where it is not found, or where the
    jobs cannot be read.
    """
    content = find_content(reading.read_content(client)[0], wanted)
    missing: list[str] = []
    reader = FailureReader(client, cache, policy)
    found = reader.read_one(content, refresh=True)
    newest = next(iter(reader.with_errors(found.failures[:1])), None)
    of_log = newest.diagnosis if newest is not None else Diagnosis("unknown")
    of_bundle = _of_bundle(client, content, policy, missing)
    return Examination(content, newest, _joined(of_log, of_bundle), tuple(missing))


def _of_bundle(
    client: ConnectClient, content: RemoteContent, policy: Policy, missing: list[str]
) -> Diagnosis:
    """Return what speaks against the active bundle on this server; it is not kept."""
    if content.bundle is None:
        missing.append("it was never deployed, so there is no bundle")
        return Diagnosis("unknown")
    try:
        pythons = reading.read_pythons(client)
    except RemoteError as problem:
        missing.append(f"the bundle was not judged: {problem.message}")
        return Diagnosis("unknown")
    inventory = reading.Inventory(pythons, (), None, 0, ())
    try:
        with tempfile.TemporaryDirectory(prefix="pysteward-") as name:
            path = Path(name) / "bundle.tar.gz"
            with open(path, "wb") as file:
                reading.download_bundle(client, content.guid, content.bundle, file)
            return judge_bundle(path, inventory.candidates(), policy)
    except BundleError as problem:
        return judge_error(problem)
    except RemoteError as problem:
        missing.append(f"the bundle was not read: {problem.message}")
    except OSError as problem:
        missing.append(f"the bundle was not read: {problem.strerror}")
    return Diagnosis("unknown")


def _joined(of_log: Diagnosis, of_bundle: Diagnosis) -> Diagnosis:
    """Both together, without saying the same twice; causes first."""
    told = {finding.code for finding in of_log.findings}
    findings = [*of_log.findings, *(f for f in of_bundle.findings if f.code not in told)]
    findings.sort(key=lambda finding: finding.role == "warning")
    has_cause = any(finding.role == "cause" for finding in findings)
    outcome = "failed" if has_cause or of_log.outcome == "failed" else of_log.outcome
    return Diagnosis(outcome, tuple(findings))
