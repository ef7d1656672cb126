"""Python builds as the screens still ask for them; see `core.services`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...core.services import PythonBuildService as _PythonBuildService, Recipe as Recipe
from ...core.source_builds import PythonOptions

if TYPE_CHECKING:
    from ...core.builds import Build
    from ...core.installations import Installation


class PythonBuildService(_PythonBuildService):
    def begin(self, recipe: Recipe) -> Build:
        return self.build(recipe.source.path, PythonOptions(recipe.prefix))

    def installed(self, installations: Iterable[Installation]) -> tuple[Build, ...]:
        return self.unadopted(installations)
