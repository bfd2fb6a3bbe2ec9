"""Durations as people write them in a settings file: 90s, 30m, 1h30m, 2d."""

from __future__ import annotations

import re
from datetime import timedelta

DURATION_EXAMPLES = "a duration such as 90s, 30m, 1h, 1h30m or 1d"
"""What to answer when somebody wrote something else."""

_DURATION = re.compile(
    r"(?:(?P<days>\d{1,4})d)?(?:(?P<hours>\d{1,5})h)?"
    r"(?:(?P<minutes>\d{1,6})m)?(?:(?P<seconds>\d{1,7})s)?",
    re.ASCII,
)


def parse_duration(text: str) -> timedelta:
    """Read a duration, longer than zero, units from large to small.

    Raises ValueError for anything else, a bare number included: nobody can tell
    whether 30 means seconds or minutes.
    """
    match = _DURATION.fullmatch(text.strip().lower().replace(" ", ""))
    parts = {} if match is None else {k: int(v) for k, v in match.groupdict().items() if v}
    duration = timedelta(**parts)
    if not duration:
        raise ValueError(DURATION_EXAMPLES)
    return duration


def format_duration(duration: timedelta) -> str:
    """The shortest spelling that `parse_duration` reads back, in whole seconds."""
    rest = int(duration.total_seconds())
    words = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            words.append(f"{count}{unit}")
    return "".join(words) or "0s"
