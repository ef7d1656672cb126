"""A job comes out of the pipe as it went in, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from pysteward.core.builds import BuildJob, decode_job, encode_job
from pysteward.core.environments import EnvironmentSpec
from pysteward.core.json_values import JsonError
from pysteward.core.source_builds.job import PythonJob
from pysteward.core.versions import PythonVersion

BUILD = BuildJob(
    state_dir=Path("/srv/state"),
    spec=EnvironmentSpec(
        "/opt/p", "/opt/p3", PythonVersion(3, 9, 18), "a\n", "c", files=(("a.whl", "d"),)
    ),
    path=Path("/srv/state/environments/x"),
    bundle=None,
    package_file="requirements.txt",
    texts={"requirements.txt": "caf\u00e9\n"},
    prohibited=("appnope",),
    build_environment={"A": "\udce9"},
    run_as=None,
    time_limit=3600.0,
    places=2,
    secret_names=("TOKEN",),
)
PYTHON = PythonJob(
    *("/srv/state", "/tmp/Python-3.9.18.tgz", "d", "3.9.18", "/opt/p", False, 0, 2, True, None),
    *("venv", {"A": "b"}, "builder", 1.5, 2),
)


@pytest.mark.parametrize("job", [BUILD, PYTHON], ids=["environment", "python"])
def test_a_job_comes_out_as_it_went_in(job: BuildJob | PythonJob) -> None:
    assert decode_job(type(job), encode_job(job)) == job


def test_a_job_that_was_cut_off_is_none() -> None:
    for length in (0, 10, len(encode_job(BUILD)) - 1):
        assert decode_job(BuildJob, encode_job(BUILD)[:length]) is None


def test_the_job_of_another_worker_is_refused() -> None:
    with pytest.raises(JsonError):
        decode_job(BuildJob, encode_job(PYTHON))
