from .difference import (
    LockChange as LockChange,
    compare_locks as compare_locks,
)
from .model import (
    Conditions as Conditions,
    Lock as Lock,
)
from .reader import read_lock as read_lock
from .report import (
    lock_of_report as lock_of_report,
    without_users as without_users,
)
from .requirement_form import (
    LockRequirements as LockRequirements,
    requirements_of as requirements_of,
)
from .writer import write_lock as write_lock
