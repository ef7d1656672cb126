"""Environments: their identity, how they are made, found again, checked and removed."""

from __future__ import annotations

from .steps import Steps

__all__ = ["Steps"]
