"""One run of content: what is started, for whom, and within which limits."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from ..frozen import frozen

RunKind = Literal["check", "render"]
"""``check``: content is started, asked and ended. ``render``: a document is written as HTML."""


@frozen
class RunLimits:
    """How far a run may go. timeout: seconds. memory, output: bytes."""

    timeout: float = 60.0
    memory: int = 2 << 30
    output: int = 10 << 20


@frozen
class RunJob:
    """One run's work.

    bundle: the stored bundle, whose files the content has. app_mode, entry: of its manifest.
    modules: what R content needs of its Python. environment: the directory of the environment, or
        of the installation where content has none of its own. python: the interpreter in it.
    variables: what content gets as its server would give it; their values are secret.
    interpreter_variables: what the interpreter itself needs to start.
    has_network: whether content reaches more than its own loopback.
    """

    kind: RunKind
    state_dir: Path
    bundle: Path
    app_mode: str
    entry: str
    environment: Path
    python: Path
    modules: tuple[str, ...]
    variables: dict[str, str]
    interpreter_variables: dict[str, str]
    limits: RunLimits
    has_network: bool
    run_as: str | None
