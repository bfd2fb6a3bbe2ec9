from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.settings.durations import format_duration, narrow_duration, parse_duration

SECOND = timedelta(seconds=1)
SPANS = st.timedeltas(min_value=SECOND, max_value=timedelta(days=9_999))
"""Fractions of a second included."""
SHORT = st.timedeltas(min_value=SECOND, max_value=timedelta(hours=23, minutes=59, seconds=59))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("30m", 1800),
        ("30 min", 1800),
        ("1h", 3600),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("1 h 04 min", 3840),
        (" 2D ", 172800),
        ("1d2h3m4s", 93784),
        ("1 d 2 h 03 min 04 s", 93784),
        ("90m", 5400),
    ],
)
def test_reads_what_people_write(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "30", "m", "0s", "-5m", "1.5h", "30m1h", "5 minutes", "5:00", "1:04:00", "٣٠m"]
)
def test_refuses_the_rest_and_says_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="such as 90s"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "wide", "narrow"),
    [
        (0, "0 s", "0s"),
        (45, "45 s", "45s"),
        (261.795, "4 min 21 s", "4m21s"),
        (300, "5 min", "5m00s"),
        (305, "5 min 05 s", "5m05s"),
        (3600, "1 h", "1h00m00s"),
        (3605, "1 h 00 min 05 s", "1h00m05s"),
        (3840, "1 h 04 min", "1h04m00s"),
        (86400, "1 d", "1d00h00m"),
        (93360, "1 d 1 h 56 min", "1d01h56m"),
        (86705, "1 d 0 h 05 min 05 s", "1d00h05m"),
        (99 * 86400 + 86399, "99 d 23 h 59 min 59 s", "99d23h59m"),
        (120 * 86400 + 11_000, "120 d 3 h 03 min 20 s", "120d03h"),
        (-7, "0 s", "0s"),
    ],
)
def test_one_style_and_its_narrow_twin(seconds: float, wide: str, narrow: str) -> None:
    assert format_duration(timedelta(seconds=seconds)) == wide
    assert narrow_duration(timedelta(seconds=seconds)) == narrow


@given(SPANS)
def test_what_is_shown_can_be_typed_back(span: timedelta) -> None:
    assert parse_duration(format_duration(span)) == span // SECOND * SECOND
    unit = SECOND
    if span >= timedelta(days=1):
        unit = timedelta(minutes=1) if span < timedelta(days=100) else timedelta(hours=1)
    assert parse_duration(narrow_duration(span)) == span // unit * unit


@given(SPANS, SPANS)
def test_longer_is_never_shown_as_shorter(one: timedelta, other: timedelta) -> None:
    shorter, longer = sorted((one, other))
    for shown in (format_duration, narrow_duration):
        assert parse_duration(shown(shorter)) <= parse_duration(shown(longer))


@given(SPANS)
def test_no_figure_stands_without_its_unit_and_the_narrow_one_fits_its_column(
    span: timedelta,
) -> None:
    wide, narrow = format_duration(span), narrow_duration(span)
    assert ":" not in wide + narrow
    assert all(not part.isdigit() for part in wide.split()[1::2])
    assert all(part.isdigit() for part in wide.split()[::2])
    assert len(wide.split()) % 2 == 0
    assert len(narrow) <= 9


@given(SHORT, SHORT)
def test_whole_seconds_that_are_shown_add_up(elapsed: timedelta, left: timedelta) -> None:
    elapsed, left = elapsed // SECOND * SECOND, left // SECOND * SECOND
    shown = parse_duration(format_duration(elapsed)) + parse_duration(format_duration(left))
    assert shown == parse_duration(format_duration(elapsed + left))
