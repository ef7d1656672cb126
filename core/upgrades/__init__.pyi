from .comparison import (
    compared_predictions as compared_predictions,
)
from .comparison import (
    folder_of as folder_of,
)
from .plan import (
    PlanFile as PlanFile,
)
from .plan import (
    PlanStep as PlanStep,
)
from .plan import (
    StepState as StepState,
)
from .plan import (
    UpgradePlan as UpgradePlan,
)
from .plan import (
    plan_as_json as plan_as_json,
)
from .planner import (
    ORDER as ORDER,
)
from .planner import (
    abandon as abandon,
)
from .planner import (
    affected_content as affected_content,
)
from .planner import (
    check_can_start as check_can_start,
)
from .planner import (
    last_plan as last_plan,
)
from .planner import (
    resume as resume,
)
from .planner import (
    start as start,
)
from .preflight import (
    Prediction as Prediction,
)
from .preflight import (
    PreflightQuestion as PreflightQuestion,
)
from .preflight import (
    compare as compare,
)
from .preflight import (
    list_predictions as list_predictions,
)
from .preflight import (
    merged as merged,
)
from .preflight import (
    predict as predict,
)
from .preflight import (
    prediction_as_json as prediction_as_json,
)
from .preflight import (
    preflight_question as preflight_question,
)
from .settings_change import (
    SettingsChange as SettingsChange,
)
from .settings_change import (
    edits_for as edits_for,
)
from .simulation import (
    ContentChange as ContentChange,
)
from .simulation import (
    Effect as Effect,
)
from .simulation import (
    Server as Server,
)
from .simulation import (
    Subject as Subject,
)
from .simulation import (
    UpgradeSimulation as UpgradeSimulation,
)
from .simulation import (
    changed as changed,
)
from .simulation import (
    simulate as simulate,
)
from .subjects import (
    Bundles as Bundles,
)
from .subjects import (
    deployed as deployed,
)
from .subjects import (
    in_folder as in_folder,
)
from .subjects import (
    questions_of as questions_of,
)
