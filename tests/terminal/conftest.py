"""Fixtures of the app, which the terminal is tested with."""

from __future__ import annotations

from tests.app.conftest import make_app

__all__ = ["make_app"]
