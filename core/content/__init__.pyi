from .aging import (
    AgingContent as AgingContent,
    by_end_of_life as by_end_of_life,
)
from .build_check import (
    BuildCheck as BuildCheck,
    RunOptions as RunOptions,
)
from .changes import changes_since as changes_since
from .content_row import record_content as record_content
from .database_repair import (
    Repair as Repair,
    repair as repair,
)
from .drift import (
    Drift as Drift,
    find_drift as find_drift,
)
from .foreground import ForegroundRun as ForegroundRun
from .lifecycle import (
    deploy as deploy,
    rebuild as rebuild,
    retry as retry,
)
from .lock_choice import (
    Resolving as Resolving,
    find_place as find_place,
)
from .needs import (
    RebuildReason as RebuildReason,
    Urgency as Urgency,
    rebuild_reason as rebuild_reason,
)
from .python_choice import choose as choose
from .readiness import (
    Readiness as Readiness,
    check_readiness as check_readiness,
    ensure as ensure,
)
from .replacement import (
    Replacement as Replacement,
    find_replacement as find_replacement,
)
from .rollback import (
    RollbackTarget as RollbackTarget,
    roll_back as roll_back,
    rollback_target as rollback_target,
)
from .runs import (
    check as check,
    render as render,
    write_document as write_document,
)
from .status import (
    ContentStatus as ContentStatus,
    TodaysMatching as TodaysMatching,
    starts_of as starts_of,
)
