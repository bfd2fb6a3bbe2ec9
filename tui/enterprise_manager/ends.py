"""Is an end that the server tells an end? A rule by sense, since no list has every sentinel.

What still works has not ended, whatever date stands in its end: backup servers fill the
field with a zero of some calendar, with the start, or with the moment of the reading.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

STOPPED: Final = "stopped"
_WORKING: Final = frozenset({"starting", "working", "stopping", "pausing", "resuming"})
_VERDICTS: Final = frozenset({"success", "warning", "failed"})
_LONGEST: Final = timedelta(days=366)
"""Longer than any failover goes on; an end later than that is a date for 'never'."""


def says_working(state: str) -> bool:
    """Whether the state, as the server spells it, says that it is not over."""
    return state.lower() in _WORKING


def told_end(
    ended: datetime | None, created: datetime | None, state: str, result: str
) -> datetime | None:
    """The end, None where it cannot be one.

    A state that says it still works is believed against any end. `Stopped` confirms one,
    also at or shortly before the start, as clocks have it. A state that is unknown here, or
    missing, confirms none: the end must lie after the start, or at it with a verdict.
    """
    if ended is None or says_working(state):
        return None
    if created is None:
        return ended
    lasted = ended - created
    if lasted > _LONGEST or lasted < -_LONGEST:
        return None
    if state.lower() == STOPPED or lasted > timedelta():
        return ended
    return ended if not lasted and result.lower() in _VERDICTS else None
