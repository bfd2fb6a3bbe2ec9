"""Single values as Enterprise Manager spells them, what they mean, and which end is one.

Every function takes whatever JSON or XML gave (a string, a number, None, or
something odd) and never raises: what cannot be understood is None, which is
shown as unknown. Section 4.7 of the project's wire reference lists the forms.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from tui.masking import masked, masked_name

MADE_SINCE: Final = 2010
"""The year before which nothing told here can have happened: there was no such product.

An earlier date stands for 'never', whichever calendar's zero it is (1, 1601, 1753, 1900,
1970, 2000) and by whatever zone it was shifted.
"""

_LAST_YEAR: Final = 2199
"""A later date is some calendar's end."""

_MOMENT: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?"
    r"\s*(?:[Zz]|([+-])(\d\d):?(\d\d))?",
    re.ASCII,
)
_GUID: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE
)
_INTEGER_DIGITS: Final = 18

MOST_NAME: Final = 1_000
"""Characters that are kept of a name or a word; the longest of vSphere's names has 80."""

MOST_MESSAGE: Final = 10_000
"""Characters that are kept of a message; the longest recorded ones have some hundred."""

STOPPED: Final = "stopped"
_WORKING: Final = frozenset({"starting", "working", "stopping", "pausing", "resuming"})
_VERDICTS: Final = frozenset({"success", "warning", "failed"})
_LONGEST: Final = timedelta(days=366)
"""Longer than any failover goes on; an end later than that is a date for 'never'."""

_LONGEST_SECRET: Final = 6_000
"""Characters; a password has at most 4,096 bytes."""


def text(value: object) -> str | None:
    """The stripped text, None where there is none. A number becomes its digits.

    Of more than `MOST_NAME` characters the first ones are kept, and how many there were
    is said behind them: what is kept is painted, searched and remembered many times over.
    """
    if isinstance(value, str):
        stripped = value.strip()
        if len(stripped) > MOST_NAME:
            return _bounded(stripped, MOST_NAME, masked_name)
        return masked_name(stripped if stripped.isascii() else _encodable(stripped)) or None
    if isinstance(value, bool) or value is None:
        return None
    return str(value) if isinstance(value, int | float) else None


def message(value: object) -> str | None:
    """The same for what is told at length: up to `MOST_MESSAGE` characters."""
    if not isinstance(value, str):
        return text(value)
    stripped = value.strip()
    return _bounded(stripped, MOST_MESSAGE, masked) if stripped else None


def _bounded(stripped: str, most: int, mask: Callable[[str], str]) -> str:
    """Masked before it is cut, or half of a secret might be left at the end."""
    kept = mask(_encodable(stripped[: most + _LONGEST_SECRET]))
    if len(stripped) <= most:
        return kept
    return f"{kept[:most]}… (cut: the server sent {len(stripped)} characters)"


def _encodable(value: str) -> str:
    """JSON can carry half a surrogate pair, which no terminal or file can be given."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def number(value: object) -> int | None:
    """A whole number, also from a string; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if abs(value) < 1e15 else None
    if isinstance(value, str):
        digits = value.strip()
        if digits.lstrip("+-").isdecimal() and len(digits) <= _INTEGER_DIGITS:
            try:
                return int(digits)
            except ValueError:
                return None
    return None


def percentage(value: object) -> int | None:
    """A number from 0 to 100; more is clamped, less is unknown as none at all."""
    found = number(value)
    return None if found is None or found < 0 else min(100, found)


def flag(value: object) -> bool | None:
    """A boolean, also as the words true and false."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return None


def moment(value: object) -> datetime | None:
    """An aware UTC time; no zone means UTC; sentinel years and nonsense mean None."""
    if not isinstance(value, str):
        return None
    if value[-1:] == "Z" and value[4:14:3] == "--T:":
        # The usual form, which the standard library reads twenty times faster.
        with contextlib.suppress(ValueError):
            found = datetime.fromisoformat(value)
            return found if MADE_SINCE <= found.year <= _LAST_YEAR else None
    match = _MOMENT.fullmatch(value.strip())
    return None if match is None else _moment(match)


def _moment(match: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second, fraction, sign, zone_h, zone_m = match.groups()
    if not MADE_SINCE - 1 <= int(year) <= _LAST_YEAR + 1:
        return None
    micro = int(f"{fraction:0<6.6}") if fraction else 0
    try:
        zone: timezone = UTC
        if sign:
            offset = timedelta(hours=int(zone_h), minutes=int(zone_m))
            zone = timezone(-offset if sign == "-" else offset)
        found = datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micro, zone
        )
        found = found if zone is UTC else found.astimezone(UTC)
        return found if MADE_SINCE <= found.year <= _LAST_YEAR else None
    except (ValueError, OverflowError):
        return None


def http_date(value: str | None) -> datetime | None:
    """The `Date` header as an aware UTC time, None if absent or unreadable."""
    # With the first answer; signs and statuses, which need this module too, are shown before.
    from email.utils import parsedate_to_datetime

    if not value:
        return None
    try:
        found = parsedate_to_datetime(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def retry_after(value: str | None, now: datetime) -> float | None:
    """A `Retry-After` header in seconds from `now` on, never negative; None if unreadable.

    RFC 9110 allows whole seconds and a date. `now` is the time of the answer, by the clock
    that the date was written with.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    moment = http_date(text)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def guid(value: object) -> str | None:
    """The last GUID in a uid, urn or href, in lower case."""
    if not isinstance(value, str):
        return None
    if _GUID.fullmatch(value, max(0, len(value) - 36)):
        return value[-36:].lower()
    found = _GUID.findall(value)
    return str(found[-1]).lower() if found else None


def says_working(state: str) -> bool:
    """Whether the state, as the server spells it, says that it is not over."""
    return state.lower() in _WORKING


def told_end(
    ended: datetime | None, created: datetime | None, state: str, result: str
) -> datetime | None:
    """The end, None where it cannot be one. A rule by sense: no list has every sentinel.

    What still works has not ended, whatever date stands in its end: backup servers fill the
    field with a zero of some calendar, with the start, or with the moment of the reading.
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
