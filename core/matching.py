"""Matching: a request, the installations and a policy make a decision, with every reason.

Pure. The rules are those of RStudio Connect's admin guide, section "Python Version Matching",
and of PEP 440 for constraints.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from .errors import RequestError
from .versions import PythonVersion, unsupported


class Policy(str, Enum):
    """How far from the requested version a match may be."""

    EXACT = "exact"
    MAJOR_MINOR = "major-minor"
    NEAREST = "nearest"

    @classmethod
    def parse(cls, text: str) -> Policy:
        """The policy of that name; case is ignored and empty means the default.

        Raises RequestError.
        """
        try:
            return cls(text.strip().lower()) if text.strip() else cls.MAJOR_MINOR
        except ValueError:
            names = ", ".join(policy.value for policy in cls)
            raise RequestError(f"{text!r} is no matching policy: use one of {names}") from None


class Rule(str, Enum):
    """What made an installation the chosen one, in order of preference."""

    EXACT = "exact"
    LEAST_GREATER = "least-greater"
    LATEST = "latest"
    LEAST_GREATER_IN_MAJOR = "least-greater-in-major"
    LATEST_IN_MAJOR = "latest-in-major"
    HIGHEST_SATISFYING = "highest-satisfying"


RULES: dict[Policy, tuple[Rule, ...]] = {
    Policy.EXACT: (Rule.EXACT,),
    Policy.MAJOR_MINOR: (Rule.EXACT, Rule.LEAST_GREATER, Rule.LATEST),
    Policy.NEAREST: (
        Rule.EXACT,
        Rule.LEAST_GREATER,
        Rule.LATEST,
        Rule.LEAST_GREATER_IN_MAJOR,
        Rule.LATEST_IN_MAJOR,
    ),
}
"""The rules of each policy, in the order in which they are tried."""


class Verdict(str, Enum):
    """What became of one installation in a decision."""

    CHOSEN = "chosen"
    ELIGIBLE = "eligible"
    REJECTED = "rejected"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An installation as matching sees it, real or hypothetical.

    version: None where analysis could not find it out.
    executable: the interpreter; None for a hypothetical installation.
    unusable: why it takes no part; None for a usable one.
    """

    version: PythonVersion | None
    executable: str | None = None
    unusable: str | None = None


def hypothetical(version: PythonVersion) -> Candidate:
    """An installation that does not exist; below the supported minimum it takes no part either."""
    return Candidate(version, None, unsupported(version))


@dataclass(frozen=True, slots=True)
class Request:
    """What content asks for: exactly one of the two is given.

    text: as it was written.
    """

    text: str
    version: PythonVersion | None = None
    constraint: SpecifierSet | None = None


@dataclass(frozen=True, slots=True)
class Considered:
    """One installation's line in a decision."""

    candidate: Candidate
    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class Step:
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
    def steps(self) -> tuple[Step, ...]:
        """The rules in the order in which they were tried, up to the one that chose."""
        steps: list[Step] = []
        rules = (
            RULES[self.policy] if self.request.version is not None else (Rule.HIGHEST_SATISFYING,)
        )
        for rule in rules:
            passing = tuple(c for c in self.candidates if _passes(rule, self.request, c))
            taken = self.selected if rule is self.rule else None
            steps.append(Step(rule, _question(rule, self.request), passing, taken))
            if taken is not None:
                break
        return tuple(steps)

    @property
    def reason(self) -> str:
        """One sentence: why this one, or why none and what would have been needed."""
        if self.selected is not None and self.rule is not None:
            return f"{self.selected.version} {_CHOSEN_BECAUSE[self.rule].format(self.request.text)}"
        return " ".join(_failure(self))


def parse_request(text: str) -> Request:
    """A version (``3.7.1``, ``3.7``, ``3.9.2+``) or a PEP 440 specifier (``>=3.8,<3.11``).

    Raises RequestError, which says what to write instead.
    """
    stripped = text.strip()
    if stripped[:1] in "<>=!~" and stripped:
        return Request(text, constraint=parse_constraint(text))
    try:
        return Request(text, version=PythonVersion.parse(stripped))
    except RequestError:
        hint = f" (or {_with_operator(stripped)})" if stripped[:1].isdigit() else ""
        raise RequestError(
            f"{text!r} is neither a Python version nor a constraint: "
            f"write MAJOR.MINOR.PATCH{hint}, or a constraint such as >=3.8,<3.11"
        ) from None


def parse_constraint(text: str) -> SpecifierSet:
    """A PEP 440 specifier set. Raises RequestError, also for an empty one."""
    try:
        constraint = _specifiers(text)
    except InvalidSpecifier:
        hint = (
            f"; did you mean {_with_operator(text.strip())}?" if text.strip()[:1].isdigit() else ""
        )
        raise RequestError(
            f"{text!r} is not a version constraint (PEP 440, such as >=3.8,<3.11){hint}",
            code="constraint-invalid",
        ) from None
    if not len(constraint):
        raise RequestError("an empty version constraint: write one such as >=3.8,<3.11")
    return constraint


def match(request: Request, candidates: Sequence[Candidate], policy: Policy) -> Decision:
    """Decide one request. For many against the same installations, keep a Matcher."""
    return Matcher(candidates, policy).decide(request)


class Matcher:
    """Decides requests against one set of installations under one policy."""

    def __init__(self, candidates: Iterable[Candidate], policy: Policy) -> None:
        self.candidates = tuple(candidates)
        self.policy = policy
        # The first configured of each version: where two have the same, that one is taken.
        self._usable: dict[PythonVersion, Candidate] = {}
        for candidate in self.candidates:
            if candidate.version is not None and candidate.unusable is None:
                self._usable.setdefault(candidate.version, candidate)
        by_version = sorted(self._usable)
        self._highest_first = [(Version(str(v)), self._usable[v]) for v in reversed(by_version)]
        finals = [version for version in by_version if not version.is_prerelease]
        self._finals = finals
        self._keys = [(v.major, v.minor, v.patch) for v in finals]
        self._by_constraint: dict[str, Candidate | None] = {}

    def decide(self, request: Request) -> Decision:
        """The decision for one request; the same request always gets the same."""
        if request.constraint is not None:
            selected, rule = self._highest_satisfying(request.text, request.constraint)
        elif request.version is not None:
            selected, rule = self._nearest(request.version)
        else:
            raise ValueError("a request is a version or a constraint")
        return Decision(request, self.policy, self.candidates, selected, rule)

    def _highest_satisfying(
        self, text: str, constraint: SpecifierSet
    ) -> tuple[Candidate | None, Rule | None]:
        if text not in self._by_constraint:
            prereleases = _names_prerelease(constraint)
            satisfying = (
                candidate
                for version, candidate in self._highest_first
                if constraint.contains(version, prereleases=prereleases)
            )
            self._by_constraint[text] = next(satisfying, None)
        selected = self._by_constraint[text]
        return selected, None if selected is None else Rule.HIGHEST_SATISFYING

    def _nearest(self, wanted: PythonVersion) -> tuple[Candidate | None, Rule | None]:
        exact = self._usable.get(wanted)
        if exact is not None:
            return exact, Rule.EXACT
        if self.policy is Policy.EXACT:
            return None, None
        keys, major, minor = self._keys, wanted.major, wanted.minor
        key = (major, minor, wanted.patch)
        # A pre-release lies below its final, which then counts as above it.
        above = bisect_left(keys, key) if wanted.is_prerelease else bisect_right(keys, key)
        below = bisect_left(keys, key) - 1
        if above < len(keys) and keys[above][:2] == (major, minor):
            return self._usable[self._finals[above]], Rule.LEAST_GREATER
        if below >= 0 and keys[below][:2] == (major, minor):
            return self._usable[self._finals[below]], Rule.LATEST
        if self.policy is Policy.NEAREST:
            if above < len(keys) and keys[above][0] == major:
                return self._usable[self._finals[above]], Rule.LEAST_GREATER_IN_MAJOR
            if below >= 0 and keys[below][0] == major:
                return self._usable[self._finals[below]], Rule.LATEST_IN_MAJOR
        return None, None


def satisfies(constraint: SpecifierSet, version: PythonVersion) -> bool:
    """Whether a version satisfies a constraint.

    A pre-release does only where the constraint itself names one; packaging is told so each time,
    because what it does unasked depends on its release.
    """
    return constraint.contains(str(version), prereleases=_names_prerelease(constraint))


@lru_cache(maxsize=4096)
def _specifiers(text: str) -> SpecifierSet:
    return SpecifierSet(text)


def _names_prerelease(constraint: SpecifierSet) -> bool:
    # `!=3.13.0rc1` asks for no pre-release; packaging judges so too.
    return any(
        specifier.operator != "!=" and bool(specifier.prereleases) for specifier in constraint
    )


def _with_operator(text: str) -> str:
    """What somebody who wrote a bare version as a constraint most likely meant."""
    numbers = text.rstrip("+").split(".")
    if all(number.isdigit() for number in numbers) and len(numbers) > 2:
        return f"=={text}"
    return f"=={text.rstrip('.*x')}.*"


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
    accepting = matches_by_policy(request, decision.candidates).items()
    if accepting:
        would = ", ".join(f"{policy.value} would take {c.version}" for policy, c in accepting)
        sentences.append(f"VersionMatching {would}.")
    sentences.append(f"Install {install}, or pin the content to {closest}.")
    return sentences


def matches_by_policy(request: Request, candidates: Sequence[Candidate]) -> dict[Policy, Candidate]:
    """What each policy would choose; a policy under which nothing matches is left out."""
    decisions = (match(request, candidates, policy) for policy in Policy)
    return {d.policy: d.selected for d in decisions if d.selected is not None}


def _distance(version: PythonVersion, wanted: PythonVersion) -> tuple[int, int, int]:
    return (
        abs(version.major - wanted.major),
        abs(version.minor - wanted.minor),
        abs(version.patch - wanted.patch),
    )
