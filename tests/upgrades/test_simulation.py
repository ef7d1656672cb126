"""What would move when installations come and go."""

from __future__ import annotations

from hypothesis import given, strategies as st

from pysteward.core.matching import Candidate, Matcher, Policy, parse_request
from pysteward.core.upgrades import (
    Effect,
    Subject,
    changed,
    simulate,
)
from pysteward.core.versions import PythonVersion


def python(text: str) -> Candidate:
    return Candidate(PythonVersion.parse(text), f"/opt/python/{text}/bin/python3")


def matcher(*texts: str, policy: Policy = Policy.MAJOR_MINOR) -> Matcher:
    return Matcher(tuple(map(python, texts)), policy)


def content(request: str, kept: str | None = None) -> Subject:
    return Subject(f"content {request}", parse_request(request), python(kept) if kept else None)


def test_deployed_content_stays_on_its_python_though_a_better_one_comes() -> None:
    change = simulate([content("3.8.1", "3.8.3")], matcher("3.8.3"), matcher("3.8.3", "3.8.1"))
    (only,) = change.changes
    assert only.fate is Effect.KEEPS
    assert str(only.decision.selected and only.decision.selected.version) == "3.8.1"


def test_a_bundle_that_is_not_deployed_is_matched_on_both_sides() -> None:
    (only,) = simulate([content("3.8.1")], matcher("3.8.3"), matcher("3.8.3", "3.8.2")).changes
    assert only.fate is Effect.MOVES
    assert only.after == python("3.8.2")


def test_content_whose_python_is_retired_is_matched_again() -> None:
    result = simulate([content("3.8.1", "3.8.1")], matcher("3.8.1", "3.8.9"), matcher("3.8.9"))
    assert result.changes[0].after == python("3.8.9")
    assert result.moves == {("3.8.1", "3.8.9"): 1}
    assert "lowest version above 3.8.1" in result.changes[0].why


def test_what_no_longer_matches_says_what_would_fix_that() -> None:
    (only,) = simulate([content("3.8.1", "3.8.1")], matcher("3.8.1"), matcher("3.12.4")).changes
    assert only.fate is Effect.FAILS
    assert "nearest would take 3.12.4" in only.why


def test_another_policy_may_match_what_matched_nothing() -> None:
    looser = matcher("3.12.4", policy=Policy.NEAREST)
    result = simulate([content("3.8.1"), content("2.7.18")], matcher("3.12.4"), looser)
    assert [change.fate for change in result.changes] == [Effect.GAINS, Effect.UNMATCHED]
    assert result.counts[Effect.KEEPS] == 0


def test_a_change_takes_away_and_adds() -> None:
    some = matcher("3.8.1", "3.9.2").candidates
    assert changed(some, [python("3.12.4")], [PythonVersion(3, 8, 1)]) == (
        python("3.9.2"),
        python("3.12.4"),
    )


texts = st.builds("3.{}.{}".format, st.integers(4, 8), st.integers(0, 3))


@given(st.lists(texts, max_size=5), st.lists(texts, max_size=5))
def test_a_change_of_nothing_moves_nothing(requests: list[str], installed: list[str]) -> None:
    same = matcher(*installed)
    fates = {c.fate for c in simulate(map(content, requests), same, same).changes}
    assert fates <= {Effect.KEEPS, Effect.UNMATCHED}


@given(st.lists(texts, max_size=5), st.lists(texts, max_size=4), st.lists(texts, max_size=4))
def test_adding_only_never_takes_a_python_away(
    requests: list[str], installed: list[str], more: list[str]
) -> None:
    result = simulate(map(content, requests), matcher(*installed), matcher(*installed, *more))
    assert result.counts[Effect.FAILS] == 0
