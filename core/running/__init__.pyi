from .checker import Checker as Checker
from .env_file import read_env_file as read_env_file
from .job import (
    RunJob as RunJob,
    RunKind as RunKind,
    RunLimits as RunLimits,
)
from .results import (
    CheckResult as CheckResult,
    Starts as Starts,
)
from .verdict import explain_failure as explain_failure
