"""Content is started, asked and ended; what is found out is told apart."""

from __future__ import annotations

import json

import pytest

from pysteward.core.processes import find_confinement
from tests.running.content import GOOD, cause_of, checked, deployed
from tests.support.server import SampleServer

pytestmark = pytest.mark.skipif(
    not find_confinement().is_whole, reason="nothing here confines programs"
)


def test_an_application_that_answers_starts(server: SampleServer) -> None:
    name = deployed(server, {"app.py": GOOD})
    found = checked(server, name)
    assert found["starts"] == "yes", found["stderr"]
    assert found["outcome"] == "succeeded"
    assert found["findings"] == []
    assert found["check"]["waited_for"][-1] == "GET /, answered with HTTP 200"
    (row,) = json.loads(server.run("runs", "list", "--content", name, "--json").stdout)["runs"]
    assert (row["content"], row["kind"], row["starts"]) == (name, "check", "yes")


BAD = {
    "a module that is missing": (
        "import alpha\nimport nothing_of_the_kind\n",
        ("no", "module-not-installed", "app.py", 2),
    ),
    "a syntax error": ("x = (\n" + GOOD, ("no", "content-failed", "app.py", 1)),
    "no object of a known name": (
        "application_ = 1\n",
        ("no", "entry-point-missing", "manifest.json", None),
    ),
    "an exception in a request": (
        "def app(environ, start_response):\n    raise ValueError('broken')\n",
        ("no", "content-failed", "app.py", 2),
    ),
    "a variable that only the server has": (
        "import os\nurl = os.environ['DATABASE_URL']\n" + GOOD,
        ("needs-variables", "variable-missing", "app.py", 2),
    ),
    "a variable that it asks for in its own words": (
        "import os\nif not os.getenv('API_KEY'):\n    raise RuntimeError('API_KEY is not set')\n",
        ("needs-variables", "variable-missing", "app.py", 3),
    ),
    "the network": (
        "import socket\nsocket.create_connection(('db.example.com', 5432))\n" + GOOD,
        ("needs-network", "network-needed", "app.py", 2),
    ),
    "a database on this machine": (
        "import socket\nsocket.create_connection(('127.0.0.1', 5432))\n" + GOOD,
        ("needs-network", "network-needed", "app.py", 2),
    ),
}


@pytest.mark.parametrize("why", BAD)
def test_what_does_not_start_is_told_with_the_line_of_its_own_file(
    server: SampleServer, why: str
) -> None:
    text, (starts, code, file, line) = BAD[why]
    found = checked(server, deployed(server, {"app.py": text}))
    assert found["starts"] == starts, found["stderr"]
    assert found["outcome"] == ("failed" if starts == "no" else "succeeded")
    cause = cause_of(found)
    assert cause["code"] == code, found
    first = cause["evidence"][0]
    assert first["source"] == file
    if line is not None:
        assert first["line"] == line
        assert first["text"] == text.splitlines()[line - 1].strip()
