from .decision import (
    Considered as Considered,
    Decision as Decision,
    RuleStep as RuleStep,
    matches_by_policy as matches_by_policy,
)
from .installation_set import (
    InstallationSet as InstallationSet,
    SetEntry as SetEntry,
)
from .matcher import (
    Matcher as Matcher,
    match as match,
)
from .model import (
    Candidate as Candidate,
    Policy as Policy,
    Request as Request,
    Rule as Rule,
    Verdict as Verdict,
    hypothetical as hypothetical,
)
from .requests import (
    NO_PYTHON as NO_PYTHON,
    parse_constraint as parse_constraint,
    parse_request as parse_request,
)
from .rules import RULES as RULES
from .unmatched import unmatched_finding as unmatched_finding
