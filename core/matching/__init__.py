"""Matching: a request, the installations and a policy make a decision, with every reason.

Pure. The rules are those of RStudio Connect's admin guide, section "Python Version Matching",
and of PEP 440 for constraints.

    match(parse_request("3.8.1"), candidates, Policy.NEAREST).selected
"""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
