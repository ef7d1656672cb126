"""See `core.upgrades`."""

from __future__ import annotations

from ...core.upgrades import (
    Proposal as Proposal,
    propose as propose,
    supposed as supposed,
)
