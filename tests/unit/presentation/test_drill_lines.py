from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.support.drill_cases import working
from tests.support.heads import evidence_line, target_line
from tests.support.making import at, done, session
from tests.support.states import plain
from tui.analysis.assessing import assess
from tui.analysis.drill import DrillView
from tui.analysis.estimate import Basis, Estimate, Move, Outlook, WhyNone
from tui.analysis.rpo import assess_rpo
from tui.analysis.running import Slots
from tui.analysis.stall import Motion, Movement
from tui.analysis.targets import RtoGround, RtoView, TargetVerdict
from tui.presentation.drill_lines import (
    estimate_spans,
    motion_sentence,
    motion_word,
    rpo_spans,
    rto_spans,
    still_spans,
    stuck_spans,
    title_text,
)
from tui.presentation.glyphs import ASCII, UNICODE
from tui.presentation.verdict import head_verdict

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


def motion(
    movement: Movement, seconds: float | None = 600, usual: timedelta | None = None
) -> Motion:
    quiet = None if seconds is None else timedelta(seconds=seconds)
    return Motion(movement, quiet, TEN, TEN, usual)


TWO = assess(session(working("web01", 0), working("app01", 0))).tasks
RPO = assess_rpo(None, at(0), [], {})
ESTIMATE = Estimate(at(8), at(9), at(4), Basis(earlier_runs=3))
MOVING = DrillView(COURSE, RPO, Outlook(None), Slots(2))
ESTIMATED = replace(MOVING, outlook=Outlook(ESTIMATE))


def target(view: DrillView, width: int = 120, *, alone: bool = True) -> str:
    return plain(target_line(view, at(4), width, UNICODE, alone=alone)).rstrip()


def evidence(view: DrillView, width: int = 120) -> str:
    return plain(evidence_line(view, at(4), width, UNICODE)).rstrip()


def test_the_parts_of_the_target_line_stand_apart_and_begin_at_its_edge() -> None:
    verdict = " RTO 10 min ON COURSE, 6 min left"
    assert target(MOVING) == f"{verdict}   ~2 of 10 slots"
    assert target(ESTIMATED) == f"{verdict}   ~done 13:58–13:59 UTC   ~2 of 10 slots"
    # The estimate stands in full in the line below, where there is one.
    assert target(ESTIMATED, alone=False) == f"{verdict}   ~2 of 10 slots"
    over = replace(MOVING, rto=replace(COURSE, over=True, verdict=TargetVerdict.MET))
    assert target(over) == " RTO 10 min MET, took 4 min"


def test_a_part_that_does_not_fit_is_left_out_whole_and_one_that_just_fits_is_not() -> None:
    verdict = " RTO 10 min ON COURSE, 6 min left"
    whole = f"{verdict}   ~done 13:58–13:59 UTC   ~2 of 10 slots"
    assert target(ESTIMATED, len(whole)) == whole
    assert target(ESTIMATED, len(whole) - 1) == f"{verdict}   ~done 13:58–13:59 UTC"
    # A shorter part behind one that has no room still has some.
    assert target(ESTIMATED, len(f"{verdict}   ~2 of 10 slots")) == f"{verdict}   ~2 of 10 slots"
    assert target(ESTIMATED, len(verdict)) == verdict


def test_slots_are_a_warning_from_the_last_one_on() -> None:
    for used, token in ((9, "dim"), (10, "warning"), (11, "warning")):
        line = target_line(replace(MOVING, slots=Slots(used)), at(4), 120, UNICODE)
        assert (f"~{used} of 10 slots", token) in line


def test_of_a_target_line_only_the_stalled_are_named() -> None:
    motions = {
        TWO[0].key: motion(Movement.STALLED),
        TWO[1].key: motion(Movement.SLOW),
    }
    shown = target(replace(MOVING, motions=motions))
    assert "‖ ~1 stalled ‖ ~1 slow" in shown
    assert shown.endswith("   ‖ web01")
    assert "app01" not in shown


@pytest.mark.parametrize(
    ("movements", "said"),
    [
        ([], ""),
        ([Movement.MOVING, Movement.QUIET], ""),
        ([Movement.STALLED, Movement.STALLED], "‖ ~2 stalled"),
        ([Movement.SLOW], "‖ ~1 slow"),
        ([Movement.CANNOT_TELL], "stuck? cannot tell"),
        (
            [Movement.SLOW, Movement.CANNOT_TELL, Movement.STALLED],
            "stuck? cannot tell ‖ ~1 stalled ‖ ~1 slow",
        ),
    ],
)
def test_what_is_stuck_is_counted(movements: list[Movement], said: str) -> None:
    assert plain(tuple(stuck_spans([motion(each) for each in movements], UNICODE))) == said


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (None, ""),
        (at(2 + 1 / 60), ""),
        (at(2), "‖ nothing has changed since 13:52:00"),
        (at(1), "‖ nothing has changed since 13:51:00"),
    ],
)
def test_that_nothing_moves_is_said_after_two_minutes(since: datetime | None, said: str) -> None:
    view = replace(MOVING, still_since=since)
    assert plain(tuple(still_spans(view, at(4), UNICODE))) == said
    assert said in target(view)


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (motion(Movement.MOVING), None),
        (motion(Movement.STALLED, None), None),
        (motion(Movement.CANNOT_TELL), None),
        (motion(Movement.STALLED, 59), ("~Stalled", "warning")),
        (motion(Movement.STALLED, 60), ("~Stalled 1m", "warning")),
        (motion(Movement.STALLED, 3600), ("~Stalled 60m", "warning")),
        (motion(Movement.QUIET, 59), ("Quiet", "dim")),
        (motion(Movement.QUIET, 125), ("Quiet 2m", "dim")),
        (motion(Movement.SLOW), ("~Slow", "warning")),
    ],
)
def test_what_a_status_cell_says_of_a_movement(of: Motion, said: tuple[str, str] | None) -> None:
    assert motion_word(of) == said


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (motion(Movement.STALLED, None), "cannot tell: the data is old"),
        (
            motion(Movement.CANNOT_TELL),
            "cannot tell: the server shows no progress of any VM",
        ),
        (
            motion(Movement.MOVING, 3),
            "moving, no change for 3 s; ~stalled after 10 min"
            " (no earlier run to compare with, so 10 min)",
        ),
        (
            motion(Movement.SLOW, 3, timedelta(minutes=5)),
            "~slow, no change for 3 s; ~stalled after 10 min (twice its usual 5 min)",
        ),
    ],
)
def test_a_movement_in_full_says_what_it_rests_on(of: Motion, said: str) -> None:
    assert motion_sentence(of) == said


@pytest.mark.parametrize(
    ("outlook", "brief", "said"),
    [
        (Outlook(None), False, ""),
        (
            Outlook(None, WhyNone.STOPPING),
            False,
            "~no estimate: the session is being stopped",
        ),
        (Outlook(None, WhyNone.STOPPING), True, ""),
        (Outlook(ESTIMATE), True, "~done 13:58–13:59 UTC"),
        (Outlook(ESTIMATE), False, "~done 13:58–13:59 UTC, estimated from 3 earlier runs"),
        (Outlook(replace(ESTIMATE, latest=at(8.9))), True, "~done 13:58 UTC"),
        # Nothing ends in the past: what was to be over by then ends now at the earliest.
        (Outlook(replace(ESTIMATE, earliest=at(1), latest=at(2))), True, "~done 13:54 UTC"),
        (
            Outlook(replace(ESTIMATE, changed=Move(latest=timedelta(minutes=5)))),
            False,
            "~done 13:58–13:59 UTC, estimated from 3 earlier runs, latest 5 min later",
        ),
    ],
)
def test_when_it_will_be_over(outlook: Outlook, brief: bool, said: str) -> None:
    assert plain(tuple(estimate_spans(outlook, at(4), UNICODE, brief=brief))) == said


def test_the_line_below_says_in_full_what_it_rests_on_as_far_as_there_is_room() -> None:
    risky = replace(
        ESTIMATED,
        rto=replace(COURSE, verdict=TargetVerdict.AT_RISK, ground=RtoGround.VMS_STALLED, stalled=2),
    )
    rpo, why = " RPO – not known", "RTO: 2 VMs stalled"
    full = "~done 13:58–13:59 UTC, estimated from 3 earlier runs"
    whole = f"{rpo}   {full}   {why}"
    assert evidence(risky) == whole
    assert evidence(risky, len(whole)) == whole
    brief = "~done 13:58–13:59 UTC"
    assert evidence(risky, len(whole) - 1) == f"{rpo}   {brief}   {why}"
    assert evidence(risky, len(f"{rpo}   {brief}")) == f"{rpo}   {brief}"
    # When it will be over stays to the last.
    assert evidence(risky, len(f" {brief}")) == f" {brief}"
    assert evidence(MOVING) == rpo
    # Of what is over nothing is to come.
    over = replace(risky.rto, over=True, verdict=TargetVerdict.UNKNOWN)
    assert evidence(replace(risky, rto=over)) == rpo


def test_a_reason_that_the_verdict_says_itself_is_not_said_twice() -> None:
    unknown = replace(
        COURSE, verdict=TargetVerdict.UNKNOWN, deadline=None, ground=RtoGround.START_UNKNOWN
    )
    assert "the session's start is not known" in target(replace(MOVING, rto=unknown))
    assert evidence(replace(MOVING, rto=unknown)) == " RPO – not known"


def test_without_a_target_the_dash_and_the_key_that_sets_one() -> None:
    assert rto_spans(RtoView(TargetVerdict.NO_TARGET), at(4), ASCII) == [
        ("RTO - (t sets a target)", "dim")
    ]
    assert plain(tuple(rpo_spans(RPO, ASCII))) == "RPO - not known"


def test_the_rto_leaves_out_clauses_at_its_end_and_never_the_verdict() -> None:
    view = replace(COURSE, declared=at(-12))
    whole = "RTO 10 min ON COURSE, 6 min left, from declared 13:38:00"
    spans = rto_spans(view, at(4), UNICODE, len(whole))
    assert spans == [
        ("RTO 10 min ", "title"),
        ("ON COURSE, 6 min left", "success"),
        (", from declared 13:38:00", "dim"),
    ]
    less = rto_spans(view, at(4), UNICODE, len(whole) - 1)
    assert plain(tuple(less)) == "RTO 10 min ON COURSE, 6 min left"
    assert plain(tuple(rto_spans(view, at(4), UNICODE, 1))) == "RTO 10 min ON COURSE"


@pytest.mark.parametrize(
    ("progress", "title"),
    [
        (0, "RUNNING WITH ERRORS 1 failed 2/4 0% P"),
        (42, "RUNNING WITH ERRORS 1 failed 2/4 42% P"),
        (None, "RUNNING WITH ERRORS 1 failed 2/4 -% P"),
    ],
)
def test_the_terminals_title_counts_what_is_up_and_what_failed(
    progress: int | None, title: str
) -> None:
    tasks = (done("a", "Failed"), done("b"), done("c", "Warning"), working("d", 0))
    seen = replace(assess(session(*tasks)), progress=progress)
    assert title_text(head_verdict(seen, None, ASCII), seen, "P") == title
    calm = replace(assess(session(done("a"))), progress=progress)
    assert "failed" not in title_text(head_verdict(calm, None, ASCII), calm, "P")
