from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.making import at, session
from tests.support.outside_texts import OUTSIDE
from tests.support.states import plain
from tui.monitor.standby import StandbyState
from tui.monitor.trouble import Trouble
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.line import Line, length
from tui.presentation.standby_lines import standby_lines

WIDTHS = (35, 39, 59, 79, 119)
LAST = session(state="Stopped", result="Failed", created=at(-60), ended=at(-50))


def _said(lines: Iterable[Line]) -> str:
    return " ".join(" ".join(plain(line) for line in lines).split())


@pytest.mark.parametrize("width", WIDTHS)
def test_no_width_cuts_what_it_waits_for_or_the_plan_s_past(width: int) -> None:
    plan = "Harbour Logistics full site, both buildings and the branch in Gdynia"
    state = StandbyState(plan, at(0), "vbr01.example.com", last=LAST, fetched_at=1.0)
    lines = standby_lines(state, at(2), at(3), width, UNICODE)
    assert all(length(line) == width for line in lines)
    said = _said(lines)
    for part in (
        "STANDING BY", "for the next session of this plan", plan, "on vbr01.example.com",
        "2026-11-23 13:50:00 UTC", "3 min", "2026-11-23 13:52:00 UTC", "every ",
        "✘ Failed", "2026-11-23 12:50:00 UTC", "took 10 min", "up to 15 minutes after its start",
    ):  # fmt: skip
        assert part in said, part
    assert UNICODE.ellipsis not in said


@pytest.mark.parametrize("width", WIDTHS)
def test_close_names_stand_in_full(width: int) -> None:
    close = ("Harbour Logistics full site (old)", "Harbour Logistics")
    state = StandbyState("Harbor", at(0), fetched_at=1.0, close=close)
    said = _said(standby_lines(state, None, at(3), width, UNICODE))
    assert "none yet" in said
    assert "none seen" in said
    assert all(f"'{name}'" in said for name in close)


@given(OUTSIDE, st.integers(1, 200), st.sampled_from([UNICODE, ASCII]))
def test_lines_have_their_width(text: str, width: int, glyphs: Glyphs) -> None:
    last = LAST.model_copy(update={"backup_server": text, "result": text})
    state = StandbyState(text, at(0), text, last=last, close=(text,))
    for line in standby_lines(state, at(2), at(3), width, glyphs):
        assert length(line) == width


def _rows(state: StandbyState, checked: datetime | None, width: int = 79) -> list[str]:
    lines = standby_lines(state, checked, at(3), width, UNICODE)
    return [plain(line).rstrip() for line in lines]


def test_each_fact_stands_behind_its_label_and_advice_below() -> None:
    state = StandbyState("Oak", at(0), "vbr01", last=LAST, fetched_at=1.0, interval=30.0)
    assert _rows(state, at(2))[1:7] == [
        " STANDING BY   for the next session of this plan",
        " Plan          Oak   on vbr01",
        " Since         2026-11-23 13:50:00 UTC   2026-11-23 13:50:00 UTC local",
        " For           3 min",
        " Last check    2026-11-23 13:52:00 UTC   every 30 s",
        " Last session  ✘ Failed  2026-11-23 12:50:00 UTC  took 10 min  on vbr01",
    ]
    narrow = _rows(state, at(2), 59)
    assert any(line.startswith(" Checked  ") for line in narrow)
    assert any(line.startswith(" Last run ") for line in narrow)
    assert any(line.startswith(" Last check    ") for line in _rows(state, at(2), 60))


def test_what_is_not_known_of_the_plans_past_is_not_called_none() -> None:
    early = StandbyState("Oak", at(0))
    assert any(line.endswith("not known yet") for line in _rows(early, None))
    assert not any("No session of a plan" in line for line in _rows(early, None))
    told = _said(standby_lines(StandbyState("Oak", at(0), fetched_at=1.0), None, at(3), 79, ASCII))
    assert "none seen" in told
    assert "No session of a plan of this name has been seen so far. It goes on waiting." in told


def test_a_session_that_still_runs_is_not_the_one_it_waits_for() -> None:
    running = StandbyState("Oak", at(0), last=session(server=None), fetched_at=1.0)
    rows = _rows(running, at(2))
    assert " Last session  ▶ Working  2026-11-23 13:50:00 UTC  still runs" in rows
    said = " The session that still runs is not it: the one after it is opened."
    assert said in rows
    over = StandbyState("Oak", at(0), last=LAST, fetched_at=1.0)
    assert said not in _rows(over, at(2))


@pytest.mark.parametrize(
    ("checked", "trouble", "token"),
    [
        (None, False, "dim"),
        (None, True, "warning"),
        (at(2), False, "title"),
        (at(2), True, "warning"),
    ],
)
def test_a_last_check_that_failed_is_a_warning(
    checked: datetime | None, trouble: bool, token: str
) -> None:
    lost = Trouble("x", "Too slow.") if trouble else None
    state = StandbyState("Oak", at(0), fetched_at=1.0, trouble=lost)
    lines = standby_lines(state, checked, at(3), 79, UNICODE)
    (spans,) = [dict(line) for line in lines if "Last check" in plain(line)]
    said = "none yet" if checked is None else "2026-11-23 13:52:00 UTC"
    assert spans[said] == token
