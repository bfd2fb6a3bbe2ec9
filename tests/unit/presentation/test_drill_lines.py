from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.drill_cases import working
from tests.support.making import at, session
from tests.support.states import plain
from tui.analysis.assessment import assess
from tui.analysis.drill import DrillView
from tui.analysis.estimate import Outlook
from tui.analysis.rpo import assess_rpo
from tui.analysis.slots import Slots
from tui.analysis.stall import Motion, Movement
from tui.analysis.targets import RtoVerdict, RtoView
from tui.presentation.drill_lines import declared_of, motion_sentence, rto_spans, target_line
from tui.presentation.glyphs import UNICODE

TEN = timedelta(minutes=10)
INSIDE = RtoView(RtoVerdict.INSIDE, TEN, at(0), at(10), timedelta(minutes=4))
LATE = replace(INSIDE, verdict=RtoVerdict.MISSED, since=at(10))
ENDED = replace(INSIDE, over=True, overrun=timedelta(), vms=14)


def said(view: RtoView, minutes: float = 4) -> str:
    return "".join(text for text, _ in rto_spans(view, at(minutes), UNICODE))


def tokens(view: RtoView, *, stopping: bool = False) -> set[str]:
    return {token for _, token in rto_spans(view, at(4), UNICODE, stopping=stopping)}


def test_inside_is_green_with_the_time_left() -> None:
    assert said(INSIDE) == "RTO 10 min INSIDE, 6 min left"
    assert "success" in tokens(INSIDE)


def test_nothing_is_green_while_it_is_being_stopped_or_with_failures() -> None:
    assert "success" not in tokens(INSIDE, stopping=True)
    failed = replace(ENDED, failed=3)
    assert said(failed) == "RTO 10 min INSIDE, took 4 min, 3 failed"
    assert tokens(failed) & {"success", "warning"} == {"warning"}
    assert "success" not in tokens(replace(INSIDE, not_recovered=1))


def test_running_late_says_by_how_much_and_since_when() -> None:
    late = said(LATE, 12 + 1 / 6)
    assert late == "RTO 10 min MISSED by 2 min 10 s, behind since 14:00"


def test_a_moment_that_is_inferred_is_marked() -> None:
    risky = replace(INSIDE, verdict=RtoVerdict.AT_RISK, since=at(3), behind_inferred=True)
    assert said(risky).endswith("AT RISK, 6 min left, behind ~since 13:53 or earlier")


def test_in_time_without_all_vms_is_not_met() -> None:
    view = replace(ENDED, not_recovered=9)
    assert said(view) == "RTO 10 min NOT MET: 9 of 14 VMs not recovered, took 4 min"
    assert tokens(view) & {"success", "failed"} == {"failed"}
    alone = replace(view, not_recovered=1, vms=0)
    assert "NOT MET: 1 VM not recovered" in said(alone)


def test_too_late_at_the_end_says_all_of_it() -> None:
    view = replace(
        ENDED, verdict=RtoVerdict.MISSED, overrun=timedelta(seconds=130), not_recovered=2,
        elapsed=timedelta(seconds=730),
    )  # fmt: skip
    assert (
        said(view) == "RTO 10 min MISSED by 2 min 10 s, took 12 min 10 s, 2 of 14 VMs not recovered"
    )


@pytest.mark.parametrize(("declared", "text"), [(-20, ", from declared 13:30"), (0, "")])
def test_time_from_a_declared_moment_says_so(declared: float, text: str) -> None:
    view = replace(INSIDE, counted_from=at(declared))
    counted = declared_of(view, session(created=at(0)))
    shown = "".join(part for part, _ in rto_spans(view, at(4), UNICODE, declared=counted))
    assert shown == f"RTO 10 min INSIDE, 6 min left{text}"


STILL = Motion(Movement.STALLED, TEN, TEN, TEN, "no earlier run")


def test_what_is_inferred_is_marked_and_the_stalled_are_named() -> None:
    (row, _) = assess(session(working("web01", 0), working("app01", 0))).tasks
    rpo = assess_rpo(None, at(0), [], {})
    view = DrillView(INSIDE, rpo, Outlook(None), Slots(2), {row.key: STILL})
    wide = plain(target_line(view, at(4), 120, UNICODE))
    assert "‖ ~1 stalled" in wide
    assert "~2 of 10 slots" in wide
    assert "‖ web01" in wide
    narrow = plain(target_line(view, at(4), 70, UNICODE))
    assert "~2 of 10 slots" in narrow
    assert motion_sentence(STILL).startswith("~stalled, no change for 10 min")
