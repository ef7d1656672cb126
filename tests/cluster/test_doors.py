"""Who may enter a cluster: what listens, and which certificates count."""

from __future__ import annotations

import http.client
from pathlib import Path

from tests.cluster.conftest import Servers
from tests.support.clusters import Authority, listening


def test_all_that_listens_is_on_loopback_and_speaks_no_http(servers: Servers) -> None:
    for process in servers.cluster.processes.values():
        found = listening(process.pid)
        assert {host for host, _ in found} == {"127.0.0.1"}
        assert len(found) == 2  # TLS, and dask's HTTP server
        answers = [status for host, port in found if (status := get(host, port)) is not None]
        assert answers == [404]


def get(host: str, port: int) -> int | None:
    """The status of what is asked for by plain HTTP; None where that is not spoken."""
    connection = http.client.HTTPConnection(host, port, timeout=60)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def refused(servers: Servers, *options: str) -> str:
    directory = servers.here.directory / "bundles" / "refused"
    bundle = directory if directory.exists() else servers.here.bundle("refused")
    ran = servers.here.run("deploy", bundle, *options)
    assert ran.returncode == 2
    errors = [line for line in ran.stderr.splitlines() if not line.startswith("warning: ")]
    assert len(errors) == 1, ran.stderr
    return errors[0]


def test_without_certificates_nothing_is_sent(servers: Servers) -> None:
    said = refused(servers, f"--on={servers.cluster.address}")
    assert "a cluster needs certificates" in said
    assert "another machine" in refused(servers, "--on=tcp://192.0.2.1:8786")


def test_a_key_that_others_may_read_is_refused(servers: Servers) -> None:
    options = servers.cluster.options()
    key = Path(options[-1].partition("=")[2])
    key.chmod(0o640)
    try:
        assert "others may read the key" in refused(servers, *options)
    finally:
        key.chmod(0o600)


def test_a_certificate_of_another_authority_is_refused(servers: Servers, tmp_path: Path) -> None:
    options = Authority(tmp_path / "other").options("client")
    said = refused(servers, f"--on={servers.cluster.address}", *options)
    assert "does not answer" in said


def test_a_scheduler_beyond_loopback_needs_certificates(servers: Servers) -> None:
    ran = servers.here.run("cluster", "scheduler", "--host=0.0.0.0", "--port=0")
    assert ran.returncode == 2
    assert "a scheduler there needs --tls-ca-file, --tls-cert and --tls-key" in ran.stderr
