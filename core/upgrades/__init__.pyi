from .comparison import (
    compared_predictions as compared_predictions,
    directory_of as directory_of,
)
from .link_changes import (
    TurnedLink as TurnedLink,
    turned_links as turned_links,
)
from .plan import (
    PlanFile as PlanFile,
    PlanStep as PlanStep,
    StepState as StepState,
    UpgradePlan as UpgradePlan,
    plan_as_json as plan_as_json,
)
from .planner import (
    ORDER as ORDER,
    abandon as abandon,
    affected_content as affected_content,
    all_content as all_content,
    check_can_start as check_can_start,
    last_plan as last_plan,
    resume as resume,
    start as start,
)
from .preflight import (
    Prediction as Prediction,
    PreflightAnswer as PreflightAnswer,
    PreflightQuestion as PreflightQuestion,
    answer_question as answer_question,
    compare as compare,
    list_predictions as list_predictions,
    merged as merged,
    note_start as note_start,
    predict as predict,
    prediction_as_json as prediction_as_json,
    preflight_question as preflight_question,
)
from .proposal import (
    Proposal as Proposal,
    configured as configured,
    propose as propose,
    supposed as supposed,
    to_add as to_add,
    to_remove as to_remove,
)
from .settings_change import (
    SettingsChange as SettingsChange,
    edits_for as edits_for,
)
from .simulation import (
    ContentChange as ContentChange,
    Effect as Effect,
    Subject as Subject,
    UpgradeSimulation as UpgradeSimulation,
    changed as changed,
    simulate as simulate,
)
from .subjects import (
    Bundles as Bundles,
    deployed as deployed,
    in_directory as in_directory,
    questions_of as questions_of,
)
from .summaries import (
    WORST_FIRST as WORST_FIRST,
    built_word as built_word,
    counts_line as counts_line,
    installs_word as installs_word,
    outcome_word as outcome_word,
    plan_line as plan_line,
    step_line as step_line,
    why_of as why_of,
)
