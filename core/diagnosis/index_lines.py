"""The lines of requirements that name a package index, as evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..findings import Evidence
from ..secrets import mask_secrets

_LINE: Final = re.compile(r"\s*(?:--(?:extra-)?index-url|-i|--find-links|-f)[\s=]")


def index_lines_of(texts: Mapping[str, bytes]) -> tuple[Evidence, ...]:
    """Return the lines that name an index, for ``KnownFacts.index_lines``.

    texts: the requirements' files by name.
    """
    return tuple(
        Evidence(name, number, mask_secrets(line.strip()[:400]))
        for name, data in texts.items()
        for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1)
        if _LINE.match(line)
    )
