from .changes import changes_since as changes_since
from .kept import (
    FOLDER as FOLDER,
)
from .kept import (
    stored_bundle as stored_bundle,
)
from .lifecycle import (
    deploy as deploy,
)
from .lifecycle import (
    rebuild as rebuild,
)
from .lifecycle import (
    retry as retry,
)
from .needs import (
    RebuildReason as RebuildReason,
)
from .needs import (
    Urgency as Urgency,
)
from .needs import (
    rebuild_reason as rebuild_reason,
)
from .readiness import (
    Readiness as Readiness,
)
from .readiness import (
    check_readiness as check_readiness,
)
from .readiness import (
    ensure as ensure,
)
from .readiness import (
    roll_back as roll_back,
)
