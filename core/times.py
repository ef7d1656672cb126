"""Moments as RFC 3339 writes them: UTC, with milliseconds."""

from __future__ import annotations

import time


def now() -> str:
    """Return the present moment."""
    return timestamp(time.time())


def timestamp(seconds: float) -> str:
    """Return seconds since 1970 as RFC 3339 text."""
    whole = int(seconds)
    text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole))
    return f"{text}.{int((seconds - whole) * 1000):03d}Z"


def seconds_of(text: str) -> float:
    """Return the seconds since 1970 of a text that `timestamp` wrote. Raises ValueError."""
    whole, _, fraction = text.rstrip("Z").partition(".")
    day, _, clock = whole.partition("T")
    year, month, date = map(int, day.split("-"))
    hour, minute, second = map(int, clock.split(":"))
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= date <= 31):
        raise ValueError(f"no day: {day}")
    # Days of the proleptic Gregorian calendar, whose years are counted from March so that a leap
    # day is the last; calendar.timegm() would import datetime, which takes longer than a log.
    years = year - (month < 3)
    days = years * 365 + years // 4 - years // 100 + years // 400
    days += (153 * ((month + 9) % 12) + 2) // 5 + date - 719469
    return days * 86400 + hour * 3600 + minute * 60 + second + float(f"0.{fraction or 0}")


def span(seconds: float) -> str:
    """Return a span in five columns at most: ``42s``, ``3m07``, ``1h05``, ``2d``."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02}"
    if whole < 86400:
        return f"{whole // 3600}h{whole % 3600 // 60:02}"
    return f"{whole // 86400}d"


def age_of(seconds: float) -> str:
    """Return an age in words, in its largest unit: ``20 s``, ``5 min``, ``3 h``, ``2 d``."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
