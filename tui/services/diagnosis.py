"""Diagnoses as the screen still asks for them; see `core.services`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.installations import Analysis
from ...core.server import Server
from ...core.services import (
    DEBUG_LOG as DEBUG,
    LOG as LOG,
    DiagnosisInput as DiagnosisInput,
    DiagnosisService,
    Examination as Examination,
    is_bundle as is_bundle,
)
from ...core.settings import default

if TYPE_CHECKING:
    from ..app.session import Session
    from .content import ContentService

__all__ = ["DEBUG", "LOG", "DiagnosisInput", "Examination", "examine", "is_bundle", "server_of"]


def server_of(session: Session) -> Server:
    """A server with the settings and installations of a session."""
    server = Server()
    settings = session.settings or default(())
    analysis = Analysis(session.installations, session.log)
    vars(server).update(settings=settings, analysis=lambda: analysis)
    return server


def examine(case: DiagnosisInput, workshop: ContentService | None, server: Server) -> Examination:
    vars(server)["state_dir"] = Path(os.devnull) if workshop is None else workshop.state_dir
    return DiagnosisService(server).examine(case)
