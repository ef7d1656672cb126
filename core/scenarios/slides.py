"""What a presenter shows at the moment, for a second terminal that shows the speaker's notes.

The simulator writes it to a file that only its user may read, in the directory that the system
keeps for a user's session (XDG Base Directory: ``XDG_RUNTIME_DIR``); no state directory is needed.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ..errors import ScenarioError
from ..file_io import read_regular, replace_file
from ..frozen import frozen
from ..json_values import as_json, from_json, parse_json
from .model import Scenario

_LARGEST: Final = 1 << 20  # as a scenario file
_LONGEST_NAME: Final = 60


@frozen
class Slide:
    """One moment of a presentation.

    number, total: of the scenario's requests, the number from 1; 0 for another request.
    request: as typed. answer: what the audience sees, or will see, as a sentence.
    notes: of the scenario. request_notes: of the request.
    """

    title: str
    number: int
    total: int
    request: str
    answer: str
    notes: str
    request_notes: str


def slide_file(scenario: Scenario, environ: Mapping[str, str]) -> Path:
    """Return the file for the slides of a scenario, named for it.

    Raises: ScenarioError (``no-runtime-dir``) where the system keeps no such directory.
    """
    directory = environ.get("XDG_RUNTIME_DIR", "")
    if not os.path.isabs(directory):
        raise ScenarioError(
            "XDG_RUNTIME_DIR is not set: notes are passed on through a file there",
            code="no-runtime-dir",
        )
    name = scenario.name or scenario.title
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", name)[:_LONGEST_NAME]
    return Path(directory, f"pysteward-notes-{plain}-{digest}.json")


def show_slide(slide: Slide, file: Path) -> None:
    """Write a slide for those who follow. Raises ScenarioError."""
    try:
        import json

        replace_file(file, json.dumps(as_json(slide)).encode(), mode=0o600, synced=False)
    except OSError as error:
        raise ScenarioError(f"cannot be written: {error.strerror}", file=file) from None


def read_slide(file: Path) -> Slide | None:
    """Return what is shown; None where nothing is. Raises ScenarioError."""
    try:
        data = read_regular(file, _LARGEST, owners={os.geteuid()})
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ScenarioError(f"cannot be read: {error.strerror}", file=file) from None
    try:
        return from_json(Slide, parse_json(data))
    except ValueError as error:
        raise ScenarioError(f"is not a slide: {error}", file=file) from None
