from .analysis import (
    analyze as analyze,
    cache_file as cache_file,
)
from .analysis_log import keep_log as keep_log
from .discovery import (
    DiscoveredPython as DiscoveredPython,
    discover as discover,
    offer as offer,
)
from .elsewhere import (
    judge_answer as judge_answer,
    question_of as question_of,
)
from .inspection import inspect_files as inspect_files
from .location import locate as locate
from .model import (
    Analysis as Analysis,
    Installation as Installation,
    Interpreter as Interpreter,
    Problem as Problem,
    candidates as candidates,
)
from .remedies import run_remedy as run_remedy
from .trust import replaceable as replaceable
from .unfinished import UNFINISHED_MARK as UNFINISHED_MARK
from .virtualenvs import (
    fetched_release as fetched_release,
    requirements_for as requirements_for,
    wheels_of as wheels_of,
)
