"""Matching: the rules one by one, and the laws that hold for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from pysteward.core.errors import RequestError
from pysteward.core.matching import (
    RULES,
    Candidate,
    Decision,
    Matcher,
    Policy,
    Rule,
    Verdict,
    hypothetical,
    match,
    matches_by_policy,
    parse_constraint,
    parse_request,
)
from pysteward.core.versions import PythonVersion


def installed(*texts: str) -> list[Candidate]:
    return [hypothetical(PythonVersion.parse(text)) for text in texts]


def decide(request: str, *texts: str, policy: str = "major-minor") -> Decision:
    return match(parse_request(request), installed(*texts), Policy.parse(policy))


def chosen(request: str, *texts: str, policy: str = "major-minor") -> str | None:
    selected = decide(request, *texts, policy=policy).selected
    return str(selected.version) if selected else None


def test_a_request_without_patch_means_zero() -> None:
    assert chosen("3.7", "3.7.0", "3.7.4") == "3.7.0"
    assert chosen("3.7", "3.7.4", "3.7.2") == "3.7.2"


def test_versions_compare_as_numbers() -> None:
    assert chosen("3.10.2", "3.9.9", "3.10.10", policy="nearest") == "3.10.10"


def test_a_plus_after_a_version_is_ignored() -> None:
    assert chosen("3.9.2+", "3.9.2") == "3.9.2"


@pytest.mark.parametrize(
    "text", ["3", "", "3.x", "three", "3.7.1.2", "3.8,<3.11", ">=", "3.٨", "9" * 5000]
)
def test_what_is_no_request_is_refused(text: str) -> None:
    with pytest.raises(RequestError):
        parse_request(text)


def test_a_constraint_without_operator_is_told_what_to_write() -> None:
    with pytest.raises(RequestError, match=r"did you mean ==3\.8\.\*\?") as caught:
        parse_constraint("3.8")
    assert caught.value.code == "constraint-invalid"
    with pytest.raises(RequestError, match=r"==3\.8\.1"):
        parse_constraint("3.8.1")


def test_the_first_configured_of_the_same_version_is_taken() -> None:
    twins = [
        Candidate(PythonVersion(3, 8, 1), "/a/python"),
        Candidate(PythonVersion(3, 8, 1), "/b/python"),
    ]
    decision = match(parse_request("3.8.1"), twins, Policy.EXACT)
    assert decision.selected is twins[0]
    assert [line.verdict for line in decision.considered] == [Verdict.CHOSEN, Verdict.ELIGIBLE]


def test_an_unusable_installation_takes_no_part() -> None:
    broken = Candidate(PythonVersion(3, 8, 1), "/a/python", unusable="pip is missing")
    decision = match(parse_request("3.8.1"), [broken, *installed("3.8.5")], Policy.MAJOR_MINOR)
    assert str(decision.selected and decision.selected.version) == "3.8.5"
    assert decision.considered[0].why == "pip is missing"


def test_a_prerelease_is_matched_only_by_a_request_for_itself() -> None:
    assert chosen("3.13.0rc1", "3.13.0rc1") == "3.13.0rc1"
    assert chosen("3.13.0rc2", "3.13.0rc1", policy="nearest") is None
    assert chosen("3.12.9", "3.13.0rc1", policy="nearest") is None
    assert chosen("3.13.0rc1", "3.13.0", "3.13.1") == "3.13.0"


def test_a_prerelease_satisfies_only_a_constraint_that_names_one() -> None:
    assert chosen(">=3.12", "3.12.1", "3.13.0rc1") == "3.12.1"
    assert chosen(">=3.13.0rc1", "3.12.1", "3.13.0rc1") == "3.13.0rc1"
    assert chosen(">=3.12,!=3.13.0b1", "3.12.1", "3.13.0rc1") == "3.12.1"
    assert chosen(">=3.13", "3.13.0rc1") is None


def test_a_constraint_takes_the_highest_whatever_the_policy() -> None:
    for policy in Policy:
        assert chosen(">=3.8,<3.11", "3.8.1", "3.10.2", "3.11.0", policy=policy.value) == "3.10.2"


def test_a_failure_says_what_would_have_been_needed() -> None:
    reason = decide("3.6.5", "3.7.4", "2.7.18").reason
    for part in (
        "3.6.5",
        "major-minor",
        "closest: 3.7.4",
        "nearest would take 3.7.4",
        "Install a 3.6",
    ):
        assert part in reason


def test_the_policy_that_would_accept_takes_the_version_that_it_names() -> None:
    reason = decide("3.7.1", "3.6.9", "3.9.1").reason
    assert "VersionMatching nearest would take 3.9.1." in reason


def test_steps_end_at_the_rule_that_chose() -> None:
    steps = decide("3.8.4", "3.8.1", "3.9.0", policy="nearest").steps
    assert [step.rule for step in steps] == [Rule.EXACT, Rule.LEAST_GREATER, Rule.LATEST]
    assert [step.taken is not None for step in steps] == [False, False, True]


versions = st.builds(
    PythonVersion,
    st.sampled_from([2, 3]),
    st.integers(4, 9),
    st.integers(0, 6),
    st.sampled_from([None, None, None, "rc1", "b2"]),
)
requests = st.one_of(
    versions.map(str),
    st.lists(
        st.builds(
            "{}{}.{}".format,
            st.sampled_from([">=", "<", "~=", "!=", ">"]),
            st.just(3),
            st.integers(4, 9),
        ),
        min_size=1,
        max_size=3,
    ).map(",".join),
).map(parse_request)
candidates = st.lists(
    st.builds(Candidate, versions, st.text(max_size=3), st.sampled_from([None, None, "broken"])),
    max_size=8,
)
policies = st.sampled_from(list(Policy))


@given(requests, candidates, policies, versions)
def test_adding_an_installation_never_turns_a_match_into_none(request, some, policy, more) -> None:
    if match(request, some, policy).selected is not None:
        assert match(request, [*some, Candidate(more)], policy).selected is not None


@given(versions, candidates, policies)
def test_an_exact_match_always_wins(version, some, policy) -> None:
    decision = match(parse_request(str(version)), [*some, Candidate(version)], policy)
    assert decision.rule is Rule.EXACT
    assert decision.selected is not None
    assert decision.selected.version == version


@given(requests, candidates, policies)
def test_a_decision_agrees_with_its_own_explanation(request, some, policy) -> None:
    decision = match(request, some, policy)
    lines = decision.considered
    assert [line.candidate for line in lines] == some
    taken = [line.candidate for line in lines if line.verdict is Verdict.CHOSEN]
    assert taken == ([] if decision.selected is None else [decision.selected])
    if decision.selected is None:
        assert not any(line.verdict is Verdict.ELIGIBLE for line in lines)
        assert decision.rule is None
        assert all(not step.passing for step in decision.steps)
    else:
        last = decision.steps[-1]
        assert (last.rule, last.taken) == (decision.rule, decision.selected)
        assert decision.selected in last.passing
        assert all(not step.passing for step in decision.steps[:-1])


@given(requests, candidates)
def test_a_looser_policy_accepts_what_a_stricter_one_does(request, some) -> None:
    accepting = matches_by_policy(request, some)
    if Policy.EXACT in accepting:
        assert Policy.MAJOR_MINOR in accepting
    if Policy.MAJOR_MINOR in accepting:
        assert Policy.NEAREST in accepting


@given(requests, candidates, policies)
def test_rules_belong_to_the_policy(request, some, policy) -> None:
    rule = match(request, some, policy).rule
    assert rule in (None, Rule.HIGHEST_SATISFYING, *RULES[policy])


@given(candidates, policies, st.lists(requests, max_size=5))
def test_a_kept_matcher_answers_as_a_fresh_one(some, policy, asked) -> None:
    matcher = Matcher(some, policy)
    for request in [*asked, *asked]:
        fresh = match(request, some, policy)
        kept = matcher.decide(request)
        assert (kept.selected, kept.rule) == (fresh.selected, fresh.rule)
