"""An index line in the bundle wins over the server's configuration: deploy and diagnose both say
so, and name its line."""

from __future__ import annotations

from pysteward.core.content import deploy
from pysteward.core.findings import Evidence
from pysteward.core.services import DiagnosisService
from tests.support.server import SampleServer

EXTRA = "--extra-index-url http://127.0.0.1:9/simple"
INDEX = "--index-url http://127.0.0.1:9/simple"


def test_deploy_and_diagnose_name_the_line_of_an_index_that_cannot_be_reached(
    server: SampleServer,
) -> None:
    server.environment = {"PIP_NO_INDEX": "0", "PIP_RETRIES": "0", "PIP_TIMEOUT": "2"}
    bundle = server.bundle(requirements=f"# packages\n{INDEX}\nnothing-like-it\n")
    build = server.end(deploy(server.configured, bundle))
    assert build.outcome == "failed"
    first = build.findings[0]
    assert Evidence("requirements.txt", 2, INDEX) in first.evidence, first
    assert first.author_remedy is not None
    service = DiagnosisService(server.configured)
    again = service.examine(service.subject(build.id, None)).diagnosis
    assert [each.code for each in again.findings] == [each.code for each in build.findings]
    assert Evidence("requirements.txt", 2, INDEX) in again.findings[0].evidence


def test_an_index_that_pip_does_without_is_a_warning_with_its_line_and_cost(
    server: SampleServer,
) -> None:
    server.environment["PIP_NO_INDEX"] = "0"
    server.environment["PIP_INDEX_URL"] = server.packages.as_uri()
    server.environment["PIP_RETRIES"] = "3"
    bundle = server.bundle(requirements=f"{EXTRA}\nalpha\n")
    build = server.end(deploy(server.configured, bundle))
    assert build.outcome == "succeeded"
    (found,) = build.findings
    assert (found.code, found.role) == ("index-unreachable", "warning")
    assert "3 attempts for 1 package," in found.cause
    assert " seconds" in found.cause
    assert found.cause.endswith("requirements.txt, line 1 names that index.")
    assert found.evidence[0] == Evidence("requirements.txt", 1, EXTRA)
