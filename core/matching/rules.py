"""The matching rules, one table: what each rule accepts, which of those it prefers, and its words.

Source: RStudio Connect's admin guide, section "Python Version Matching"; PEP 440 for constraints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..versions import PythonVersion
from .model import Policy, Request, Rule
from .requests import satisfies


class MatchingRule(NamedTuple):
    """One rule.

    accepts: whether the rule would take a version if there were no other.
    prefers: picks one of the accepted versions: ``min`` or ``max``.
    question: what the rule asks; ``{line}``, ``{major}`` and ``{wanted}`` are of the request.
    because: why the preferred version is chosen; ``{}`` is the request.
    """

    name: Rule
    accepts: Callable[[Request, PythonVersion], bool]
    prefers: Callable[[Iterable[PythonVersion]], PythonVersion]
    question: str
    because: str


def rules_for(request: Request, policy: Policy) -> tuple[MatchingRule, ...]:
    """Return the rules that decide a request, in the order in which they are tried."""
    return _OF_CONSTRAINTS if request.version is None else _OF_POLICIES[policy]


def select(
    request: Request, policy: Policy, versions: Iterable[PythonVersion]
) -> tuple[MatchingRule, PythonVersion] | None:
    """Return the first rule that accepts one of the versions, and the version that it prefers.

    versions: those of usable installations. Returns None where no rule accepts any.
    """
    usable = tuple(versions)
    for rule in rules_for(request, policy):
        accepted = [version for version in usable if rule.accepts(request, version)]
        if accepted:
            return rule, rule.prefers(accepted)
    return None


def question_of(rule: MatchingRule, request: Request) -> str:
    """Return the question that a rule asks about a request."""
    wanted = request.version
    if wanted is None:
        return rule.question.format(request=request.text)
    return rule.question.format(
        wanted=wanted, line=f"{wanted.major}.{wanted.minor}", major=wanted.major
    )


def _is_requested(request: Request, version: PythonVersion) -> bool:
    return version == request.version


def _is_above_in_line(request: Request, version: PythonVersion) -> bool:
    return _is_above_in_major(request, version) and _has_same_line(request, version)


def _is_below_in_line(request: Request, version: PythonVersion) -> bool:
    return _is_below_in_major(request, version) and _has_same_line(request, version)


def _is_above_in_major(request: Request, version: PythonVersion) -> bool:
    return _is_final_of_same_major(request, version) and version > _wanted(request)


def _is_below_in_major(request: Request, version: PythonVersion) -> bool:
    return _is_final_of_same_major(request, version) and version < _wanted(request)


def _satisfies(request: Request, version: PythonVersion) -> bool:
    return request.constraint is not None and satisfies(request.constraint, version)


def _has_same_line(request: Request, version: PythonVersion) -> bool:
    return version.line == _wanted(request).line


def _is_final_of_same_major(request: Request, version: PythonVersion) -> bool:
    # A pre-release is matched only by a request for that very version.
    return version.major == _wanted(request).major and not version.is_prerelease


def _wanted(request: Request) -> PythonVersion:
    assert request.version is not None
    return request.version


_EXACT = MatchingRule(
    Rule.EXACT, _is_requested, min, "Is there {wanted} itself?", "is the version requested"
)
_LEAST_GREATER = MatchingRule(
    Rule.LEAST_GREATER,
    _is_above_in_line,
    min,
    "Is there a {line} above {wanted}? The lowest is taken.",
    "is the lowest version above {} in the same MAJOR.MINOR",
)
_LATEST = MatchingRule(
    Rule.LATEST,
    _is_below_in_line,
    max,
    "Is there a {line} below {wanted}? The highest is taken.",
    "is the highest version in the same MAJOR.MINOR; none there is above {}",
)
_LEAST_GREATER_IN_MAJOR = MatchingRule(
    Rule.LEAST_GREATER_IN_MAJOR,
    _is_above_in_major,
    min,
    "Is there a {major}.x above {wanted}? The lowest is taken.",
    "is the lowest version above {} in the same MAJOR; its MAJOR.MINOR has none",
)
_LATEST_IN_MAJOR = MatchingRule(
    Rule.LATEST_IN_MAJOR,
    _is_below_in_major,
    max,
    "Is there a {major}.x below {wanted}? The highest is taken.",
    "is the highest version in the same MAJOR; none there is above {}",
)
_HIGHEST_SATISFYING = MatchingRule(
    Rule.HIGHEST_SATISFYING,
    _satisfies,
    max,
    "Which versions satisfy {request}? The highest is taken.",
    "is the highest version that satisfies {}",
)

_OF_CONSTRAINTS = (_HIGHEST_SATISFYING,)
_OF_POLICIES = {
    Policy.EXACT: (_EXACT,),
    Policy.MAJOR_MINOR: (_EXACT, _LEAST_GREATER, _LATEST),
    Policy.NEAREST: (_EXACT, _LEAST_GREATER, _LATEST, _LEAST_GREATER_IN_MAJOR, _LATEST_IN_MAJOR),
}

RULES: dict[Policy, tuple[Rule, ...]] = {
    policy: tuple(rule.name for rule in rules) for policy, rules in _OF_POLICIES.items()
}
"""The names of the rules of each policy, in the order in which they are tried."""
