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
    ("span", "text"),
    [
        (hms(seconds=7.9), "0:07"),
        (hms(minutes=12, seconds=41), "12:41"),
        (hms(1, 2, 3), "1:02:03"),
        (hms(76, 5), "3d 4h"),
        (hms(seconds=-5), "0:00"),
        (None, "–"),
    ],
)
def test_a_duration(span: timedelta | None, text: str) -> None:
    assert times.duration(span) == text


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (hms(seconds=45), "45 s"),
        (hms(minutes=12), "12 min"),
        (hms(2, 5), "2 h 05"),
        (hms(76), "3 d 4 h"),
        (None, "–"),
    ],
)
def test_the_age_of_a_point(span: timedelta | None, text: str) -> None:
    assert times.rough(span) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (3.9, "3s"), (59.9, "59s"), (92, "1:32"), (7380, "2:03:00")]
)
def test_the_age_of_data(seconds: float, text: str) -> None:
    assert times.age(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(7, "+7s"), (-92, "-1:32"), (0, "+0s")])
def test_a_difference_between_clocks(seconds: float, text: str) -> None:
    assert times.signed(timedelta(seconds=seconds)) == text


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
    assert re.fullmatch(r"[\d:]+|\d+d \d+h", times.duration(span))
    assert re.fullmatch(r"\d+ (s|min)|\d+ h \d\d|\d+ d \d+ h", times.rough(span))
    assert times.signed(span)[0] in "+-"
