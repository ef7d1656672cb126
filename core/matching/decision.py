"""The answer to a request, and why: for every installation, and rule by rule."""

from __future__ import annotations

from dataclasses import dataclass

from ..frozen import frozen
from ..versions import PythonVersion
from .model import (
    RULES,
    Candidate,
    Policy,
    Request,
    Rule,
    Verdict,
)
from .requests import satisfies


@frozen
class Considered:
    """One installation's line in a decision."""

    candidate: Candidate
    verdict: Verdict
    why: str


@frozen
class RuleStep:
    """One rule as it was tried: who passed it, and who was taken (None: on to the next rule)."""

    rule: Rule
    question: str
    passing: tuple[Candidate, ...]
    taken: Candidate | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one request.

    The explanations are computed when they are asked for: most of many decisions are not.
    """

    request: Request
    policy: Policy
    candidates: tuple[Candidate, ...]
    selected: Candidate | None
    rule: Rule | None

    @property
    def considered(self) -> tuple[Considered, ...]:
        """One line per installation, in the order in which they are configured."""
        chosen_seen = False
        lines: list[Considered] = []
        for candidate in self.candidates:
            is_chosen = candidate is self.selected and not chosen_seen
            chosen_seen = chosen_seen or is_chosen
            lines.append(_consider(self, candidate, is_chosen))
        return tuple(lines)

    @property
    def steps(self) -> tuple[RuleStep, ...]:
        """The rules in the order in which they were tried, up to the one that chose."""
        steps: list[RuleStep] = []
        rules = (
            RULES[self.policy] if self.request.version is not None else (Rule.HIGHEST_SATISFYING,)
        )
        for rule in rules:
            passing = tuple(c for c in self.candidates if _passes(rule, self.request, c))
            taken = self.selected if rule is self.rule else None
            steps.append(RuleStep(rule, _question(rule, self.request), passing, taken))
            if taken is not None:
                break
        return tuple(steps)

    @property
    def reason(self) -> str:
        """One sentence: why this one, or why none and what would have been needed."""
        if self.selected is not None and self.rule is not None:
            return f"{self.selected.version} {_CHOSEN_BECAUSE[self.rule].format(self.request.text)}"
        return " ".join(_failure(self))


_CHOSEN_BECAUSE = {
    Rule.EXACT: "is the version requested",
    Rule.LEAST_GREATER: "is the lowest version above {} in the same MAJOR.MINOR",
    Rule.LATEST: "is the highest version in the same MAJOR.MINOR; none there is above {}",
    Rule.LEAST_GREATER_IN_MAJOR: "is the lowest version above {} in the same MAJOR; "
    "its MAJOR.MINOR has none",
    Rule.LATEST_IN_MAJOR: "is the highest version in the same MAJOR; none there is above {}",
    Rule.HIGHEST_SATISFYING: "is the highest version that satisfies {}",
}


def _question(rule: Rule, request: Request) -> str:
    wanted = request.version
    if wanted is None:
        return f"Which versions satisfy {request.text}? The highest is taken."
    line = f"{wanted.major}.{wanted.minor}"
    return {
        Rule.EXACT: f"Is there {wanted} itself?",
        Rule.LEAST_GREATER: f"Is there a {line} above {wanted}? The lowest is taken.",
        Rule.LATEST: f"Is there a {line} below {wanted}? The highest is taken.",
        Rule.LEAST_GREATER_IN_MAJOR: f"Is there a {wanted.major}.x above {wanted}? "
        "The lowest is taken.",
        Rule.LATEST_IN_MAJOR: f"Is there a {wanted.major}.x below {wanted}? The highest is taken.",
    }[rule]


def _passes(rule: Rule, request: Request, candidate: Candidate) -> bool:
    """Whether a rule would accept this installation if there were no other."""
    version, wanted = candidate.version, request.version
    if version is None or candidate.unusable is not None:
        return False
    if rule is Rule.HIGHEST_SATISFYING:
        return request.constraint is not None and satisfies(request.constraint, version)
    if wanted is None:
        return False
    if rule is Rule.EXACT:
        return version == wanted
    if version.is_prerelease:
        return False
    above = rule in (Rule.LEAST_GREATER, Rule.LEAST_GREATER_IN_MAJOR)
    right_side = version > wanted if above else version < wanted
    if rule in (Rule.LEAST_GREATER, Rule.LATEST):
        return right_side and version.line == wanted.line
    return right_side and version.major == wanted.major


def _consider(decision: Decision, candidate: Candidate, is_chosen: bool) -> Considered:
    request, version = decision.request, candidate.version
    if candidate.unusable is not None:
        return Considered(candidate, Verdict.UNUSABLE, candidate.unusable)
    if version is None:
        return Considered(candidate, Verdict.UNUSABLE, "its version is not known")
    if is_chosen and decision.rule is not None:
        why = _CHOSEN_BECAUSE[decision.rule].format(request.text)
        return Considered(candidate, Verdict.CHOSEN, f"rule {decision.rule.value}: {why}")
    rules = RULES[decision.policy] if request.version else (Rule.HIGHEST_SATISFYING,)
    passed = next((rule for rule in rules if _passes(rule, request, candidate)), None)
    if passed is None:
        return Considered(candidate, Verdict.REJECTED, _rejection(decision, version))
    chosen = decision.selected
    if chosen is not None and chosen.version == version:
        why = "the same version, configured later"
    elif passed is decision.rule:
        farther = "higher" if passed in _PREFERS_LOW else "lower"
        why = f"rule {passed.value} would take it, but it is {farther} than the chosen one"
    else:
        why = f"rule {passed.value} would take it, but an earlier rule found one"
    return Considered(candidate, Verdict.ELIGIBLE, why)


_PREFERS_LOW = frozenset({Rule.LEAST_GREATER, Rule.LEAST_GREATER_IN_MAJOR})


def _rejection(decision: Decision, version: PythonVersion) -> str:
    request, wanted = decision.request, decision.request.version
    if wanted is None:
        asked = request.constraint
        if version.is_prerelease and asked and asked.contains(str(version), prereleases=True):
            return f"a pre-release, and {request.text} names none"
        return f"does not satisfy {request.text}"
    if decision.policy is Policy.EXACT:
        return f"not {wanted}, and the policy is exact"
    if version.is_prerelease:
        return "a pre-release is matched only by a request for that very version"
    if version.major != wanted.major:
        return f"another MAJOR than {wanted}"
    return f"another MAJOR.MINOR than {wanted}, and the policy is major-minor"


def _failure(decision: Decision) -> list[str]:
    """Why nothing matched, and what would have been needed."""
    request = decision.request
    usable = sorted({c.version for c in decision.candidates if c.version and c.unusable is None})
    if not decision.candidates:
        return [f"No match for {request.text}: no installation is configured."]
    if not usable:
        return [f"No match for {request.text}: none of the installations is usable."]
    at_hand = ", ".join(map(str, usable[-12:])) + (", …" if len(usable) > 12 else "")
    wanted = request.version
    if wanted is None:
        return [
            f"No installation satisfies {request.text}; at hand: {at_hand}.",
            "Install a version that satisfies it, or widen the constraint.",
        ]
    closest = min(usable, key=lambda version: _distance(version, wanted))
    sentences = [
        f"No match for {request.text} under policy {decision.policy.value}; at hand: {at_hand};"
        f" closest: {closest}."
    ]
    install = (
        str(wanted)
        if decision.policy is Policy.EXACT or wanted.is_prerelease
        else f"a {wanted.major}.{wanted.minor}"
    )
    from .matcher import matches_by_policy  # which makes decisions itself

    accepting = matches_by_policy(request, decision.candidates).items()
    if accepting:
        would = ", ".join(f"{policy.value} would take {c.version}" for policy, c in accepting)
        sentences.append(f"VersionMatching {would}.")
    sentences.append(f"Install {install}, or pin the content to {closest}.")
    return sentences


def _distance(version: PythonVersion, wanted: PythonVersion) -> tuple[int, int, int]:
    return (
        abs(version.major - wanted.major),
        abs(version.minor - wanted.minor),
        abs(version.patch - wanted.patch),
    )
