"""A second installation, to move content to."""

from __future__ import annotations

import pytest

from tests.support.installation import Installation, make_installation


@pytest.fixture(scope="session")
def second(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Another usable installation of the same version; nobody alters it."""
    return make_installation(tmp_path_factory.mktemp("second") / "python")
