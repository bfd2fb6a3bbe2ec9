from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.enterprise_manager import scalars

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spelled", "microsecond"),
    [
        ("2026-03-01T12:00:00Z", 0),
        ("2026-03-01T12:00:00.7Z", 700_000),
        ("2026-03-01T12:00:00.74Z", 740_000),
        ("2026-03-01T12:00:00.659559Z", 659_559),
        ("2026-03-01T12:00:00.6595591Z", 659_559),
        ("2026-03-01T12:00:00.123456789012Z", 123_456),
        ("2026-03-01T12:00:00", 0),
        ("2026-03-01 12:00:00z", 0),
        ("2026-03-01T12:00Z", 0),
        ("2026-03-01T14:00:00.5+02:00", 500_000),
        ("2026-03-01T06:30:00-0530", 0),
        (" 2026-03-01T12:00:00Z ", 0),
    ],
)
def test_moments_in_every_form(spelled: str, microsecond: int) -> None:
    found = scalars.moment(spelled)
    assert found == NOON.replace(microsecond=microsecond)
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "never",
    ["0001-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "1601-01-01T00:00:00Z",
     "1753-01-01T00:00:00Z", "1899-12-31T22:00:00Z", "1900-01-01T00:00:00", "1900-01-01T02:00:00Z",
     "1969-12-31T16:00:00Z", "1970-01-01T00:00:00.000Z", "1999-12-31T23:00:00Z",
     "2000-01-01T00:00:00Z", "2001-01-01T00:00:00+01:00", "2200-01-01T00:00:00Z",
     "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-14:00",
     "undefined", "", None, 0, 5.0, [], {}, True, "2026-02-30T00:00:00Z", "2026-W09-7T12:00:00Z",
     "20260301T120000Z", "12:00", "2026-03-01", "2026-03-01T25:00:00Z", "٢٠٢٦-03-01T12:00:00Z"],
)  # fmt: skip
def test_never_and_nonsense_are_no_moment(never: object) -> None:
    assert scalars.moment(never) is None


@given(
    st.datetimes(datetime(2010, 1, 1), datetime(2199, 12, 31)),  # noqa: DTZ001
    st.integers(-14 * 60, 14 * 60),
)
def test_a_moment_survives_any_zone(naive: datetime, minutes: int) -> None:
    moment = naive.replace(tzinfo=UTC)
    zone = timezone(timedelta(minutes=minutes))
    assert scalars.moment(moment.astimezone(zone).isoformat()) == moment
    assert scalars.moment(naive.isoformat() + "Z") == moment


@given(st.text() | st.floats() | st.integers() | st.none() | st.lists(st.integers()))
def test_scalars_never_raise(value: object) -> None:
    scalars.moment(value)
    scalars.number(value)
    scalars.guid(value)
    scalars.flag(value)
    percentage = scalars.percentage(value)
    assert percentage is None or 0 <= percentage <= 100
    text = scalars.text(value)
    assert text is None or text.encode()


@pytest.mark.parametrize(
    ("given_", "expected"),
    [(0, 0), (46, 46), ("46", 46), (" 46 ", 46), (46.9, 46), (-1, None), ("-7", None),
     (101, 100), ("1e9", None),
     (None, None), ("", None), (True, None), ("forty", None), (float("nan"), None),
     (float("inf"), None), ("9" * 5000, None), (10**400, 100), ("²", None)],
)  # fmt: skip
def test_progress_is_clamped_or_unknown(given_: object, expected: int | None) -> None:
    assert scalars.percentage(given_) == expected


def test_text_is_stripped_and_empty_is_none() -> None:
    assert scalars.text("  DS-07 is full\n") == "DS-07 is full"
    assert scalars.text(" \r\n ") is None
    assert scalars.text(7) == "7"


def test_half_a_surrogate_pair_becomes_printable_to_a_file() -> None:
    assert scalars.text("a\ud800b") == "a�b"


def test_the_last_guid_counts() -> None:
    first, last = "11112222-3333-4444-8555-666677778888", "0C9D8E7F-6A5B-4C3D-9E2F-1A0B9C8D7E6F"
    assert scalars.guid(f"/a/{first}/b/{last}?format=Entity") == last.lower()
    assert scalars.guid(f"urn:veeam:BackupServer: {last}") == last.lower()
    assert scalars.guid("null") is None


def test_http_dates() -> None:
    assert scalars.http_date("Sun, 01 Mar 2026 12:00:00 GMT") == NOON
    for nonsense in (None, "", "now", "Sun, 99 Mar 2026 12:00:00 GMT", "-1"):
        assert scalars.http_date(nonsense) is None
