"""What environment a bundle needs: the settings, the manifest and the Python put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..environments import EnvironmentSpec, interpreter_identity, read_configuration
from ..versions import PythonVersion

if TYPE_CHECKING:
    from ..builds import Python
    from ..bundles import InstallRequirements, Manifest
    from ..settings import Settings


def spec_of(
    settings: Settings,
    manifest: Manifest,
    chosen: Python,
    needed: InstallRequirements,
    run_as: str | None,
    log: Callable[[str], object],
) -> EnvironmentSpec:
    """Return the specification of an environment.

    log: gets a line where another installer is taken than the settings name.
    """
    configuration = read_configuration(settings.build_environment)
    version = PythonVersion.parse(chosen.version)
    requirements = "\n".join(needed.lines)
    installer = settings.installer
    if installer == "uv" and manifest.allow_uv is False:
        installer = "pip"
        log("pysteward: the manifest does not allow uv (allow_uv): pip installs\n")
    elif installer == "uv":
        from ..environments import choose_installer

        choice = choose_installer(version, configuration, requirements, run_as)
        installer = choice.installer
        if choice.reason is not None:
            log(f"pysteward: {choice.reason}\n")
    return EnvironmentSpec(
        executable=chosen.executable,
        interpreter=interpreter_identity(chosen.executable),
        version=version,
        requirements=requirements,
        configuration=configuration.digest,
        creator=settings.environment_creator,
        installer=installer,
        files=needed.files,
        only_wheels=settings.only_wheels,
    )
