from .bundle import (
    Bundle as Bundle,
)
from .bundle import (
    BundleKind as BundleKind,
)
from .bundle import (
    Member as Member,
)
from .bundle import (
    open_bundle as open_bundle,
)
from .canonical import effective_lines as effective_lines
from .checksums import (
    FileMismatch as FileMismatch,
)
from .checksums import (
    check_files as check_files,
)
from .installable import (
    InstallRequirements as InstallRequirements,
)
from .installable import (
    wanted as wanted,
)
from .manifest import (
    Manifest as Manifest,
)
from .manifest import (
    read_manifest as read_manifest,
)
from .prohibited import (
    Filtered as Filtered,
)
from .prohibited import (
    remove_prohibited as remove_prohibited,
)
from .request import request_of as request_of
from .requirement_lines import (
    LineKind as LineKind,
)
from .requirement_lines import (
    normalize as normalize,
)
from .requirements import (
    RequirementFile as RequirementFile,
)
from .requirements import (
    RequirementLine as RequirementLine,
)
from .requirements import (
    RequirementProblem as RequirementProblem,
)
from .requirements import (
    Requirements as Requirements,
)
from .requirements import (
    parse_requirements as parse_requirements,
)
from .storage import store_bundle as store_bundle
from .unpacking import (
    UnpackReport as UnpackReport,
)
from .unpacking import (
    unpack as unpack,
)
