"""What a probe says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One question that was put to this machine or to its network, and the answer.

    name: what was asked, such as ``index`` or ``disk``.
    said: the answer in one sentence, secrets masked.
    code: the finding that it amounts to; None where all is well.
    remedy: what an administrator does about it; None where all is well.
    """

    name: str
    said: str
    code: str | None = None
    remedy: str | None = None
