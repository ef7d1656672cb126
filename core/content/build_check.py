"""What a run of content may do, and the check that a build makes of it."""

from __future__ import annotations

from collections.abc import Mapping

from ..frozen import frozen


@frozen
class RunOptions:
    """What a run may do, where it differs from the settings; None: as they say.

    timeout: seconds. memory, output: bytes. variables: further ones that content gets.
    """

    timeout: float | None = None
    memory: int | None = None
    output: int | None = None
    has_network: bool | None = None
    variables: Mapping[str, str] | None = None


@frozen
class BuildCheck:
    """A start check that a build makes before content gets its environment.

    use_anyway: content takes the environment even where it does not start in it.
    """

    options: RunOptions = RunOptions()
    use_anyway: bool = False
