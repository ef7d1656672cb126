"""The answer to a request, and why: for every installation, and rule by rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..frozen import frozen
from ..versions import PythonVersion
from .model import Candidate, Policy, Request, Rule, Verdict
from .rules import MatchingRule, question_of, rules_for, select


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
        for rule in rules_for(self.request, self.policy):
            passing = tuple(c for c in self.candidates if _passes(rule, self.request, c))
            taken = self.selected if rule.name is self.rule else None
            steps.append(RuleStep(rule.name, question_of(rule, self.request), passing, taken))
            if taken is not None:
                break
        return tuple(steps)

    def open_after(self, tried: int) -> tuple[Candidate, ...]:
        """Return the candidates that a rule after the first ``tried`` ones could accept."""
        rules = rules_for(self.request, self.policy)[tried:]
        return tuple(
            candidate
            for candidate in self.candidates
            if any(_passes(rule, self.request, candidate) for rule in rules)
        )

    @property
    def unusable_match(self) -> Candidate | None:
        """The installation that the request would get if all were usable; None where it has one."""
        if self.selected is not None:
            return None
        known = {c.version: c for c in reversed(self.candidates) if c.version is not None}
        found = select(self.request, self.policy, known)
        return None if found is None else known[found[1]]

    @property
    def reason(self) -> str:
        """One sentence: why this one, or why none and what would have been needed."""
        if self.selected is not None:
            return f"{self.selected.version} {_because(self)}"
        return " ".join(_failure(self))


def _consider(decision: Decision, candidate: Candidate, is_chosen: bool) -> Considered:
    request, version = decision.request, candidate.version
    if candidate.unusable is not None:
        return Considered(candidate, Verdict.UNUSABLE, candidate.unusable)
    if version is None:
        return Considered(candidate, Verdict.UNUSABLE, "its version is not known")
    if is_chosen and decision.rule is not None:
        why = f"rule {decision.rule.value}: {_because(decision)}"
        return Considered(candidate, Verdict.CHOSEN, why)
    rules = rules_for(request, decision.policy)
    passed = next((rule for rule in rules if rule.accepts(request, version)), None)
    if passed is None:
        return Considered(candidate, Verdict.REJECTED, _rejection(decision, version))
    chosen = decision.selected
    if chosen is not None and chosen.version == version:
        why = "the same version, configured later"
    elif passed.name is decision.rule:
        farther = "higher" if passed.prefers is min else "lower"
        why = f"rule {passed.name.value} would take it, but it is {farther} than the chosen one"
    else:
        why = f"rule {passed.name.value} would take it, but an earlier rule found one"
    return Considered(candidate, Verdict.ELIGIBLE, why)


def _passes(rule: MatchingRule, request: Request, candidate: Candidate) -> bool:
    version = candidate.version
    return version is not None and candidate.unusable is None and rule.accepts(request, version)


def _because(decision: Decision) -> str:
    rules = rules_for(decision.request, decision.policy)
    chosen_by = next(rule for rule in rules if rule.name is decision.rule)
    return chosen_by.because.format(decision.request.text)


def matches_by_policy(
    request: Request, candidates: Sequence[Candidate]
) -> dict[Policy, PythonVersion]:
    """Return the version that each policy would choose, without policies that would choose none."""
    usable = [c.version for c in candidates if c.version is not None and c.unusable is None]
    found = {policy: select(request, policy, usable) for policy in Policy}
    return {policy: chosen[1] for policy, chosen in found.items() if chosen is not None}


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
    """Return why nothing matched, and what would have been needed."""
    request = decision.request
    usable = sorted({c.version for c in decision.candidates if c.version and c.unusable is None})
    if not decision.candidates:
        return [f"No match for {request.text}: no installation is configured."]
    unusable = decision.unusable_match
    if unusable is not None:
        return [
            f"No match for {request.text}: Python {unusable.version} is installed and would match, "
            f"but it is unusable: {unusable.unusable}"
        ]
    if not usable:
        return [f"No match for {request.text}: none of the installations is usable."]
    available = ", ".join(map(str, usable[-12:])) + (", …" if len(usable) > 12 else "")
    wanted = request.version
    if wanted is None:
        closest = _closest_to_constraint(request.text, usable)
        return [
            f"No installation satisfies {request.text}; available: {available}"
            f"{f'; closest: {closest}' if closest else ''}.",
            "Install a version that satisfies it, or widen the constraint.",
        ]
    closest = min(usable, key=lambda version: _distance(version, wanted))
    sentences = [
        f"No match for {request.text} under policy {decision.policy.value}; available: {available};"
        f" closest: {closest}."
    ]
    install = (
        str(wanted)
        if decision.policy is Policy.EXACT or wanted.is_prerelease
        else f"a {wanted.major}.{wanted.minor}"
    )
    accepting = matches_by_policy(request, decision.candidates).items()
    if accepting:
        would = ", ".join(f"{policy.value} would take {version}" for policy, version in accepting)
        sentences.append(f"VersionMatching {would}.")
    sentences.append(f"Install {install}, or pin the content to {closest}.")
    return sentences


_NAMED_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,3}){1,2}")


def _closest_to_constraint(text: str, usable: Sequence[PythonVersion]) -> PythonVersion | None:
    """Return the version that is nearest to one that a constraint names."""
    named = _NAMED_VERSION.findall(text)[:20]
    aims = [PythonVersion.parse(each) for each in named]
    if not aims:
        return None
    return min(usable, key=lambda version: min(_distance(version, aim) for aim in aims))


def _distance(version: PythonVersion, wanted: PythonVersion) -> tuple[int, int, int]:
    return (
        abs(version.major - wanted.major),
        abs(version.minor - wanted.minor),
        abs(version.patch - wanted.patch),
    )
