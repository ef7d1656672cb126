from .checker import (
    Checker as Checker,
    content_environment as content_environment,
)
from .driver import Driver as Driver
from .env_file import read_env_file as read_env_file
from .job import (
    RunJob as RunJob,
    RunKind as RunKind,
    RunLimits as RunLimits,
)
from .programs import (
    OUTPUT as OUTPUT,
    NotChecked as NotChecked,
    Program as Program,
    files_in as files_in,
    program_for as program_for,
)
from .results import (
    CheckResult as CheckResult,
    Starts as Starts,
)
from .verdict import explain_failure as explain_failure
from .workplace import (
    make_workplace as make_workplace,
    remove_left_workplaces as remove_left_workplaces,
)
