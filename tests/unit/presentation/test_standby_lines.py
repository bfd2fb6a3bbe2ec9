from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.making import at, session
from tests.support.outside_texts import OUTSIDE
from tests.support.states import plain
from tui.monitor.standby import StandbyState
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
