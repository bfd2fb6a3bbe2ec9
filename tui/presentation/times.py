"""Moments and durations as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def duration(span: timedelta | None, unknown: str = "–") -> str:
    """`0:07`, `12:41`, `1:02:03`, `3d 4h`; the dash for an unknown one."""
    if span is None:
        return unknown
    seconds = max(0, int(span.total_seconds()))
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    if hours >= 24:
        days, hour = divmod(hours, 24)
        return f"{days}d {hour}h"
    if hours:
        return f"{hours}:{minute:02}:{second:02}"
    return f"{minute}:{second:02}"


def age(seconds: float) -> str:
    """`3s`, `59s`, `1:32`, `2:03:00`: the age of data."""
    return f"{int(seconds)}s" if seconds < 60 else duration(timedelta(seconds=seconds))


def rough(span: timedelta | None, unknown: str = "–") -> str:
    """`45 s`, `12 min`, `2 h 05`, `3 d 4 h`: how old a replica point is."""
    if span is None:
        return unknown
    seconds = max(0, int(span.total_seconds()))
    if seconds < 90:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 90:
        return f"{minutes} min"
    hours, minute = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minute:02}"
    return f"{hours // 24} d {hours % 24} h"


def utc_time(moment: datetime | None, unknown: str = "–") -> str:
    """`14:03:22`, UTC."""
    return moment.astimezone(UTC).strftime("%H:%M:%S") if moment else unknown


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
    """`+7s`, `-1:32`: a difference between clocks."""
    sign = "-" if span < timedelta() else "+"
    return sign + age(abs(span.total_seconds()))
