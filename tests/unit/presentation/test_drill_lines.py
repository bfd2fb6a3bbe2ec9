from __future__ import annotations

from datetime import timedelta

from tests.support.drill_cases import working
from tests.support.making import at, session
from tests.support.states import plain
from tui.analysis.assessing import assess
from tui.analysis.drill import DrillView
from tui.analysis.estimate import Outlook
from tui.analysis.rpo import assess_rpo
from tui.analysis.slots import Slots
from tui.analysis.stall import Motion, Movement
from tui.analysis.targets import RtoView, TargetVerdict
from tui.presentation.drill_lines import motion_sentence, target_line
from tui.presentation.glyphs import UNICODE

TEN = timedelta(minutes=10)
COURSE = RtoView(TargetVerdict.ON_COURSE, TEN, at(0), at(10), timedelta(minutes=4))


STILL = Motion(Movement.STALLED, TEN, TEN, TEN)


def test_what_is_inferred_is_marked_and_the_stalled_are_named() -> None:
    (row, _) = assess(session(working("web01", 0), working("app01", 0))).tasks
    rpo = assess_rpo(None, at(0), [], {})
    view = DrillView(COURSE, rpo, Outlook(None), Slots(2), {row.key: STILL})
    wide = plain(target_line(view, at(4), 120, UNICODE))
    assert "‖ ~1 stalled" in wide
    assert "~2 of 10 slots" in wide
    assert "‖ web01" in wide
    narrow = plain(target_line(view, at(4), 70, UNICODE))
    assert "~2 of 10 slots" in narrow
    assert motion_sentence(STILL).startswith("~stalled, no change for 10 min")
