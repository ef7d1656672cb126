"""A gzipped archive, which may be cut off or damaged, as the bytes that it holds."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from typing import Protocol

from ..errors import BundleError


class Packed(Protocol):
    """What gives the archive's own bytes, from its beginning."""

    def read(self, count: int = ..., /) -> bytes: ...


def gunzipped(archive: Packed) -> Callable[[int], bytes]:
    """Gives as many bytes as it is asked for, fewer only at the end. Raises BundleError."""
    # It is said to need seek() too, but for going back only, which nothing does here.
    unzipped = gzip.GzipFile(fileobj=archive)  # pyright: ignore[reportArgumentType] - as said above

    def read(count: int) -> bytes:
        try:
            return unzipped.read(count)
        except EOFError:
            raise BundleError("the archive is cut off", code="bundle-unreadable") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise BundleError(
                f"the archive is damaged: {error}", code="bundle-unreadable"
            ) from None

    return read
