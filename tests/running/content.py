"""Content that tests deploy and check."""

from __future__ import annotations

import itertools
import json
from typing import Any

from tests.support.server import SampleServer

GOOD = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]
"""

_numbers = itertools.count()


def deployed(
    server: SampleServer, files: dict[str, str], requirements: str = "alpha\n", **manifest: Any
) -> str:
    """Deploy content with these files; return its name, which nothing else has."""
    name = f"app{next(_numbers)}"
    bundle = server.bundle(name, requirements, files=files, **manifest)
    done = server.run("deploy", bundle, "--content", name)
    assert done.returncode == 0, done.stderr
    return name


def checked(server: SampleServer, name: str, *options: str) -> dict[str, Any]:
    """Check it; return the run as JSON, with what it printed as `stderr`."""
    done = server.run("content", "check", name, "--json", *options)
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if found["starts"] == "yes" else 1), done.stderr
    return found | {"stderr": done.stderr}


def cause_of(found: dict[str, Any]) -> dict[str, Any]:
    return next(each for each in found["findings"] if each["role"] == "cause")
