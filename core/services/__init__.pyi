from .backend import LocalBackend as LocalBackend
from .builds import BuildService as BuildService
from .content import ContentService as ContentService
from .diagnosis import (
    DEBUG_LOG as DEBUG_LOG,
    LOG as LOG,
    DiagnosisInput as DiagnosisInput,
    DiagnosisService as DiagnosisService,
    Examination as Examination,
    is_bundle as is_bundle,
)
from .environments import (
    EnvironmentService as EnvironmentService,
    RebuildStart as RebuildStart,
    Verified as Verified,
)
from .installations import (
    InstallationService as InstallationService,
    OnResult as OnResult,
    Running as Running,
)
from .overview import (
    PythonRow as PythonRow,
    ServerOverview as ServerOverview,
    overview_of as overview_of,
)
from .python_builds import (
    PythonBuildService as PythonBuildService,
    Recipe as Recipe,
)
from .repair import RepairService as RepairService
from .report import ReportService as ReportService
from .upgrades import (
    PreflightRun as PreflightRun,
    UpgradeService as UpgradeService,
)
from .wheels import WheelService as WheelService
