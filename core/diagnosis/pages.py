"""One page on each finding's code: what it means, why it happens, how to make sure, what to do."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Final

from ..errors import UsageError

_FILE: Final = "pages.txt"


@dataclass(frozen=True, slots=True)
class Page:
    """What there is to say of a code, whatever the case.

    author: what the content's author can do; None where it is the administrator's alone.
    """

    code: str
    meaning: str
    why: str
    check: str
    remedy: str
    author: str | None = None


def page_of(code: str) -> Page:
    """Return the page of a finding's code.

    Raises: UsageError (code-unknown) where there is no such code; it names those that are near.
    """
    pages = _pages()
    if code in pages:
        return pages[code]
    from difflib import get_close_matches

    near = get_close_matches(code, pages, 3, 0.5) or ["pysteward diagnose --explain list"]
    raise UsageError(
        f"there is no finding with the code {code!r}; near it: {', '.join(near)}",
        code="code-unknown",
    )


def list_pages() -> tuple[Page, ...]:
    """Return all pages, sorted by code."""
    return tuple(_pages().values())


def page_as_json(page: Page) -> Mapping[str, str | None]:
    """Return a page as the command line's JSON has it."""
    return asdict(page)


@lru_cache(maxsize=1)
def _pages() -> dict[str, Page]:
    text = (pkgutil.get_data(__name__.rpartition(".")[0], _FILE) or b"").decode()
    pages = [_page(list(_fields(block))) for block in text.strip().split("\n\n")]
    return {page.code: page for page in sorted(pages, key=lambda page: page.code)}


def _fields(block: str) -> Iterator[tuple[str, str]]:
    for line in block.splitlines():
        name, _, text = line.partition(": ")
        yield name, text


def _page(fields: list[tuple[str, str]]) -> Page:
    (code, meaning), *others = fields
    return Page(code, meaning, **dict(others))
