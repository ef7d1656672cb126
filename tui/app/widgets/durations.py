"""Times for people: how long something took or takes, when it was."""

from __future__ import annotations

from datetime import datetime, timezone

from ....core.times import span as span


def seconds_between(started: str, finished: str | None, now: float) -> float:
    """From one RFC 3339 moment to another, or to now (seconds since 1970)."""
    end = now if finished is None else seconds_of(finished)
    return max(0.0, end - seconds_of(started))


def seconds_of(moment: str) -> float:
    """Seconds since 1970; 0 for what is no moment, in a record from elsewhere."""
    try:
        return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return 0.0


def clock(moment: str, now: float) -> str:
    """Return a moment in 16 columns at most, in this machine's time: the time alone where it is
    today."""
    seconds = seconds_of(moment)
    if not seconds:
        return "?"
    then = datetime.fromtimestamp(seconds, timezone.utc).astimezone()
    today = datetime.fromtimestamp(now, timezone.utc).astimezone()
    return f"{then:%H:%M:%S}" if then.date() == today.date() else f"{then:%Y-%m-%d %H:%M}"
