from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.presentation import times

MOMENT = datetime(2026, 11, 23, 14, 3, 22, tzinfo=UTC)
MOMENTS = st.datetimes(timezones=st.just(UTC))
SPANS = st.timedeltas()


def hms(hours: int = 0, minutes: int = 0, seconds: float = 0) -> timedelta:
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


@pytest.fixture(params=["UTC", "Europe/Berlin", "Pacific/Kiritimati", "America/Los_Angeles"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("span", "wide", "narrow"),
    [
        (hms(seconds=7.9), "7 s", "7s"),
        (hms(minutes=5), "5 min", "5m00s"),
        (hms(minutes=12, seconds=41), "12 min 41 s", "12m41s"),
        (hms(1, 2, 3), "1 h 02 min 03 s", "1h02m03s"),
        (hms(4), "4 h", "4h00m00s"),
        (hms(76, 5), "3 d 4 h 05 min", "3d04h05m"),
        (hms(seconds=-5), "0 s", "0s"),
        (None, "–", "–"),
    ],
)
def test_a_duration(span: timedelta | None, wide: str, narrow: str) -> None:
    assert times.duration(span) == wide
    assert times.narrow(span) == narrow


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (3.9, "3 s"), (59.9, "59 s"), (92, "1 min 32 s"), (7380, "2 h 03 min")],
)
def test_the_age_of_data(seconds: float, text: str) -> None:
    assert times.age(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(7, "+7 s"), (-92, "-1 min 32 s"), (0, "+0 s")])
def test_a_difference_between_clocks(seconds: float, text: str) -> None:
    assert times.signed(timedelta(seconds=seconds)) == text


def test_a_clock_time_of_another_day_has_its_date() -> None:
    assert times.utc_clock(MOMENT, MOMENT + hms(9)) == "14:03:22"
    assert times.utc_clock(MOMENT, MOMENT + hms(10)) == "2026-11-23 14:03:22"
    assert times.utc_clock(MOMENT, None) == "2026-11-23 14:03:22"
    assert times.utc_clock(None, MOMENT) == "–"


def test_moments_are_shown_in_utc() -> None:
    assert times.utc_time(MOMENT) == "14:03:22"
    assert times.utc_stamp(MOMENT) == "2026-11-23 14:03:22"
    assert times.iso(MOMENT) == "2026-11-23T14:03:22Z"
    assert times.utc_time(None) == times.utc_stamp(None) == times.local_stamp(None) == "–"


def test_the_local_stamp_names_its_zone(zone: str) -> None:
    expected = {
        "UTC": "2026-11-23 14:03:22 UTC",
        "Europe/Berlin": "2026-11-23 15:03:22 CET",
        "Pacific/Kiritimati": "2026-11-24 04:03:22 +14",
        "America/Los_Angeles": "2026-11-23 06:03:22 PST",
    }
    assert times.local_stamp(MOMENT) == expected[zone]


def test_the_ends_of_the_calendar_can_be_shown_everywhere(zone: str) -> None:
    for moment in (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)):
        assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", times.local_stamp(moment))


@given(MOMENTS)
def test_every_moment_has_the_same_length(moment: datetime) -> None:
    assert re.fullmatch(r"\d\d:\d\d:\d\d", times.utc_time(moment))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", times.utc_stamp(moment))
    assert datetime.fromisoformat(times.iso(moment)) == moment.replace(microsecond=0)


@given(SPANS)
def test_no_span_breaks_a_text(span: timedelta) -> None:
    assert re.fullmatch(r"(\d+ d ?)?(\d+ h ?)?(\d+ min ?)?(\d+ s)?", times.duration(span))
    assert re.fullmatch(r"(\d+d)?(\d+h)?(\d+m)?(\d+s)?", times.narrow(span))
    assert times.signed(span)[0] in "+-"
