from .decision import (
    Considered as Considered,
)
from .decision import (
    Decision as Decision,
)
from .decision import (
    RuleStep as RuleStep,
)
from .matcher import (
    Matcher as Matcher,
)
from .matcher import (
    match as match,
)
from .matcher import (
    matches_by_policy as matches_by_policy,
)
from .model import (
    RULES as RULES,
)
from .model import (
    Candidate as Candidate,
)
from .model import (
    Policy as Policy,
)
from .model import (
    Request as Request,
)
from .model import (
    Rule as Rule,
)
from .model import (
    Verdict as Verdict,
)
from .model import (
    hypothetical as hypothetical,
)
from .requests import (
    parse_constraint as parse_constraint,
)
from .requests import (
    parse_request as parse_request,
)
from .requests import (
    satisfies as satisfies,
)
