"""When an end that the server tells is one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import bodies
from tui.enterprise_manager.scalars import told_end
from tui.enterprise_manager.sessions import LastReading

BEGAN = datetime(2026, 3, 1, 8, 0, 0, tzinfo=UTC)
LATER = BEGAN + timedelta(minutes=5)

SENTINELS = (
    "0001-01-01T00:00:00",
    "1753-01-01T00:00:00Z",
    "1900-01-01T00:00:00Z",
    "1899-12-31T23:00:00Z",
    "1900-01-01T02:00:00+02:00",
    "1970-01-01T00:00:00Z",
    "1969-12-31T19:00:00-05:00",
    "2000-01-01T00:00:00Z",
    "1999-12-31T13:00:00Z",
    "9999-12-31T23:59:59.9999999Z",
    "2079-06-06T23:59:00Z",
)
AT_START = "2026-03-01T08:00:00.123Z"


PLAUSIBLE = "2026-03-01T09:00:00Z"


@pytest.mark.parametrize("ended", [*SENTINELS, AT_START, "2026-03-01T07:59:59Z", PLAUSIBLE])
@pytest.mark.parametrize("state", ["Starting", "Working", "Stopping", "Resuming", "Odd", ""])
def test_what_still_works_has_not_ended(ended: str, state: str) -> None:
    if ended == PLAUSIBLE and state in ("Odd", ""):
        return  # an unknown state denies nothing
    one = bodies.task("web01", State=state, EndTimeUTC=ended, CreationTimeUTC=AT_START)
    two = bodies.task("web02")
    told = bodies.session([one, two], State=state or "Working", EndTimeUTC=ended)
    for body in (bodies.v12(told), bodies.v13(told), bodies.xml("CloudFailoverSession", told)):
        session = LastReading(bodies.SESSION_ID).read(body)
        assert session.ended is None
        assert [task.ended for task in session.tasks] == [None, None]


@pytest.mark.parametrize("ended", SENTINELS)
def test_what_has_stopped_without_a_time_has_stopped_all_the_same(ended: str) -> None:
    told = bodies.session(None, State="Stopped", Result="Success", EndTimeUTC=ended)
    session = LastReading(bodies.SESSION_ID).read(bodies.v12(told))
    assert (session.state, session.ended) == ("Stopped", None)


@pytest.mark.parametrize(
    ("state", "result", "ended", "kept"),
    [
        ("Stopped", "Failed", BEGAN, True),
        ("Stopped", "Success", BEGAN - timedelta(seconds=2), True),
        ("stopped", "None", LATER, True),
        ("Completed", "None", LATER, True),
        ("Completed", "None", BEGAN, False),
        ("Completed", "Success", BEGAN, True),
        ("", "Success", BEGAN - timedelta(seconds=1), False),
        ("Stopped", "Success", BEGAN + timedelta(days=400), False),
        ("Working", "Success", LATER, False),
    ],
)
def test_an_end_is_confirmed_by_the_state(
    state: str, result: str, ended: datetime, kept: bool
) -> None:
    assert (told_end(ended, BEGAN, state, result) is not None) == kept


def test_without_a_start_the_state_decides() -> None:
    assert told_end(LATER, None, "Stopped", "None") == LATER
    assert told_end(LATER, None, "Working", "None") is None


@given(
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(["", "Working", "STOPPING", "Stopped", "Odd"]),
    st.sampled_from(["", "None", "Success", "Failed"]),
)
def test_an_end_is_the_one_told_or_none(
    ended: datetime | None, created: datetime | None, state: str, result: str
) -> None:
    found = told_end(ended, created, state, result)
    assert found in (None, ended)
    if state in ("Working", "STOPPING"):
        assert found is None
