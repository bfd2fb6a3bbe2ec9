"""Moments and durations as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tui.settings.durations import format_duration, narrow_duration


def duration(span: timedelta | None, unknown: str = "–") -> str:
    """`7 s`, `12 min 41 s`, `1 h 02 min 03 s`, `3 d 4 h`; the dash for an unknown one."""
    return unknown if span is None else format_duration(span)


def narrow(span: timedelta | None, unknown: str = "–") -> str:
    """`7s`, `12m41s`, `1h02m03s`, `3d04h00m`: the same for a column, at most 9 cells."""
    return unknown if span is None else narrow_duration(span)


def age(seconds: float) -> str:
    """`3 s`, `1 min 32 s`: the age of data."""
    return format_duration(timedelta(seconds=seconds))


def utc_time(moment: datetime | None, unknown: str = "–") -> str:
    """`14:03:22`, UTC."""
    return moment.astimezone(UTC).strftime("%H:%M:%S") if moment else unknown


def utc_clock(moment: datetime | None, near: datetime | None) -> str:
    """`14:03:22` UTC, with its date before it unless `near` is on the same day."""
    if moment is None or near is None:
        return utc_stamp(moment)
    same = moment.astimezone(UTC).date() == near.astimezone(UTC).date()
    return utc_time(moment) if same else utc_stamp(moment)


def utc_stamp(moment: datetime | None, unknown: str = "–") -> str:
    """`2026-11-23 14:03:22`, UTC."""
    return _stamp(moment.astimezone(UTC)) if moment else unknown


def local_stamp(moment: datetime | None, unknown: str = "–") -> str:
    """`2026-11-23 15:03:22 CET`: the same moment on this machine's clock."""
    if moment is None:
        return unknown
    try:
        local = moment.astimezone()
    except (OverflowError, ValueError):  # the last day of the year 9999 has no local time
        local = moment.astimezone(UTC)
    return f"{_stamp(local)} {local.tzname() or ''}".rstrip()


def _stamp(moment: datetime, between: str = " ") -> str:
    # Not strftime, which writes the year 999 in three digits.
    return moment.replace(tzinfo=None).isoformat(between, "seconds")


def iso(moment: datetime) -> str:
    """`2026-11-23T14:03:22Z`, for logs and scripts."""
    return _stamp(moment.astimezone(UTC), "T") + "Z"


def signed(span: timedelta) -> str:
    """`+7 s`, `-1 min 32 s`: a difference between clocks."""
    sign = "-" if span < timedelta() else "+"
    return sign + age(abs(span.total_seconds()))
