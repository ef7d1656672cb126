"""What the rules on compiling share: the package that is built, and what is only tried out."""

from __future__ import annotations

import re
from typing import Final

from ..facts import package_of
from ..rule import Hit

WHEELS: Final = "or avoid building: a version of the package that has a wheel for this Python needs no compiler."
AUTHOR_WHEEL: Final = "Pin a version of the package that has a wheel for this Python, so that nothing needs to be compiled."

# Configure scripts compile small programs to see what there is; that some fail is their purpose.
_TRIALS: Final = re.compile(
    r"conftest|_configtest|CMakeTmp|CMakeScratch|cmTC_|testfile\.c|sanitycheck|CheckFunction|feature_test"
)


def built(hit: Hit, otherwise: str = "A package") -> str:
    """The package that is built where a rule hit, to begin a sentence with."""
    return package_of(hit) or otherwise


def is_trial(hit: Hit) -> bool:
    """Whether the line is a configure script's trial and no failure."""
    return bool(_TRIALS.search(hit.line.body)) or any(
        _TRIALS.search(line.body, 0, 2000) for line in hit.before(2)
    )
