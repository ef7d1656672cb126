"""Matching: a request, the installations and a policy make a decision, with every reason.

Pure. The rules are those of RStudio Connect's admin guide, section "Python Version Matching",
and of PEP 440 for constraints.

    match(parse_request("3.8.1"), candidates, Policy.NEAREST).selected
"""

from .decision import Considered, Decision, Step
from .matcher import Matcher, match, matches_by_policy
from .model import RULES, Candidate, Policy, Request, Rule, Verdict, hypothetical
from .requests import parse_constraint, parse_request, satisfies

__all__ = [
    "RULES",
    "Candidate",
    "Considered",
    "Decision",
    "Matcher",
    "Policy",
    "Request",
    "Rule",
    "Step",
    "Verdict",
    "hypothetical",
    "match",
    "matches_by_policy",
    "parse_constraint",
    "parse_request",
    "satisfies",
]
