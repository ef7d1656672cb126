from .bundle import (
    Bundle as Bundle,
    BundleKind as BundleKind,
    open_bundle as open_bundle,
)
from .canonical import effective_lines as effective_lines
from .checksums import check_files as check_files
from .installable import (
    InstallRequirements as InstallRequirements,
    wanted as wanted,
)
from .lock_file import is_lock_file as is_lock_file
from .manifest import (
    Manifest as Manifest,
    read_manifest as read_manifest,
)
from .prohibited import (
    Filtered as Filtered,
    remove_prohibited as remove_prohibited,
)
from .request import request_of as request_of
from .requirement_lines import LineKind as LineKind
from .requirements import (
    RequirementFile as RequirementFile,
    RequirementLine as RequirementLine,
    Requirements as Requirements,
    parse_requirements as parse_requirements,
)
from .storage import (
    DIRECTORY as DIRECTORY,
    store_bundle as store_bundle,
    stored_bundle as stored_bundle,
)
from .unpacking import unpack as unpack
