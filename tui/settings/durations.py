"""Durations as people read and type them: `4 min 21 s`, in a narrow column `4m21s`.

One style for screens, dialogs, settings and output. Every figure has its unit, so that
none can be taken for another, and whatever is shown can be typed back.
"""

from __future__ import annotations

import re
from datetime import timedelta

DURATION_EXAMPLES = "a duration such as 90s, 30m, 1h, 1h30m or 1d"
"""What to answer when somebody wrote something else."""

_DURATION = re.compile(
    r"(?:(?P<days>\d{1,4})d)?(?:(?P<hours>\d{1,5})h)?"
    r"(?:(?P<minutes>\d{1,6})m(?:in)?)?(?:(?P<seconds>\d{1,7})s)?",
    re.ASCII,
)
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_LONGEST_WITH_MINUTES = 100 * _DAY


def parse_duration(text: str) -> timedelta:
    """Read a duration, longer than zero, units from large to small.

    Takes both spellings of `format_duration` and `narrow_duration`. Raises ValueError for
    anything else, a bare number included: nobody can tell whether 30 means seconds or
    minutes.
    """
    match = _DURATION.fullmatch(text.strip().lower().replace(" ", ""))
    parts = {} if match is None else {k: int(v) for k, v in match.groupdict().items() if v}
    duration = timedelta(**parts)
    if not duration:
        raise ValueError(DURATION_EXAMPLES)
    return duration


def format_duration(duration: timedelta) -> str:
    """`45 s`, `4 min 21 s`, `1 h 04 min`, `1 d 1 h 56 min`: exact to the second, cut not rounded.

    Units that are zero at the end are left out. A negative duration counts as none.
    """
    days, hours, minutes, seconds = _split(duration)
    words = []
    if days:
        words.append(f"{days} d")
    if hours or (days and (minutes or seconds)):
        words.append(f"{hours} h")
    if minutes or (words and seconds):
        words.append(f"{minutes:02} min" if words else f"{minutes} min")
    if seconds or not words:
        words.append(f"{seconds:02} s" if words else f"{seconds} s")
    return " ".join(words)


def narrow_duration(duration: timedelta) -> str:
    """`45s`, `4m21s`, `1h04m12s`, `1d01h56m`, `120d03h`: the same for a column of 9 cells.

    Figures keep their places, so that columns align and a clock does not jump. From a
    day on it is cut to the minute, from 100 days on to the hour.
    """
    days, hours, minutes, seconds = _split(duration)
    if days * _DAY >= _LONGEST_WITH_MINUTES:
        return f"{days}d{hours:02}h"
    if days:
        return f"{days}d{hours:02}h{minutes:02}m"
    if hours:
        return f"{hours}h{minutes:02}m{seconds:02}s"
    return f"{minutes}m{seconds:02}s" if minutes else f"{seconds}s"


def _split(duration: timedelta) -> tuple[int, int, int, int]:
    """Days, hours, minutes and seconds of it, fractions cut."""
    rest = max(0, duration // timedelta(seconds=1))
    days, rest = divmod(rest, _DAY)
    hours, rest = divmod(rest, _HOUR)
    return days, hours, *divmod(rest, _MINUTE)
