"""The content of the demonstration's server, for the screen of upgrades."""

from __future__ import annotations

from ...core.matching import Candidate, parse_request
from ...core.upgrades import Subject
from ...core.versions import PythonVersion

_DEPLOYED: dict[str, tuple[tuple[str, str], ...]] = {
    "3.6.15": (("quarterly-report", "3.6.8"), ("tax-model", "3.6.15")),
    "3.8.18": (
        ("stock-dashboard", "3.8.1"),
        ("churn-api", "3.8.18"),
        ("survey-notebook", "3.8.5"),
        ("inventory-app", ">=3.8,<3.11"),
    ),
    "3.9.18": (
        ("sales-forecast", "3.9.2"),
        ("claims-triage", "3.9.18"),
        ("geocoder-api", "3.9.7"),
        ("fleet-tracker", ">=3.8,<3.11"),
    ),
    "3.11.7": (
        ("pricing-engine", "3.11.4"),
        ("risk-dashboard", "3.11.7"),
        ("chat-summaries", ">=3.10"),
        ("payroll-checks", "3.11.2"),
    ),
    "3.12.1": (("energy-map", "3.12.0"), ("weather-feed", "3.12.1")),
}
_UNMATCHED = (("old-etl", "3.7.3"), ("vision-lab", "3.10.4"))

SUBJECTS = (
    *(
        Subject(
            name,
            parse_request(request),
            Candidate(PythonVersion.parse(version), f"/opt/python/{version}/bin/python3"),
        )
        for version, content in _DEPLOYED.items()
        for name, request in content
    ),
    *(Subject(name, parse_request(request)) for name, request in _UNMATCHED),
)
"""All that was deployed; the last two match nothing today."""
