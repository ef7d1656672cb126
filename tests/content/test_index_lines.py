"""An index line in the bundle wins over the server's configuration: deploy and diagnose both say
so, and name its line."""

from __future__ import annotations

from pysteward.core.content import deploy
from pysteward.core.findings import Evidence
from pysteward.core.services import DiagnosisService
from tests.support.server import SampleServer

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
