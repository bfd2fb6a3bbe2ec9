"""Each verdict about the target, and each VM that is stuck, told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.making import at, session, task
from tests.support.states import EMPTY, judged, state
from tui.analysis.assessment import TaskKey
from tui.analysis.drill import DrillView
from tui.analysis.stall import Motion, Movement
from tui.analysis.targets import Recovery, RtoGround, RtoView, TargetVerdict
from tui.presentation.happening import Dated, Happening
from tui.presentation.targets_and_stalls import MOST_TOLD, TargetsAndStalls

TEN = timedelta(minutes=10)
V = TargetVerdict
OPEN = RtoView(V.OPEN, TEN, at(0), at(10), timedelta(minutes=4), recovery=Recovery(14, 5))
DRILL = replace(judged(state(session(task("a"), task("b"))), at(4)), still_since=None)


def told(told_of: TargetsAndStalls, rto: RtoView, minute: float = 4) -> list[Happening]:
    return told_of.lines(replace(EMPTY, drill=replace(DRILL, rto=rto)), at(minute))


def moving(**motions: Motion) -> DrillView:
    """A drill without a target in which these VMs move so."""
    keys = {TaskKey(vm, None, 0): motion for vm, motion in motions.items()}
    return replace(DRILL, rto=RtoView(V.NO_TARGET), motions=keys)


def stuck(
    movement: Movement, *, quiet: float = 10, runs: float = 15, usual: float | None = None
) -> Motion:
    return Motion(
        movement,
        timedelta(minutes=quiet),
        timedelta(minutes=runs),
        TEN,
        None if usual is None else timedelta(minutes=usual),
    )


def test_before_any_data_nothing_is_told() -> None:
    assert TargetsAndStalls().lines(EMPTY, at(1)) == []


def test_a_verdict_is_told_once_and_the_next_one_again() -> None:
    told_of = TargetsAndStalls()
    first = told(told_of, OPEN)
    assert [(each.what, each.message) for each in first] == [
        ("rto open", "RTO 10 min OPEN, 6 min left")
    ]
    assert (first[0].at, first[0].dated, first[0].lasted) == (
        at(4),
        Dated.SEEN,
        timedelta(minutes=4),
    )
    assert told(told_of, OPEN, 5) == []
    risky = replace(OPEN, verdict=V.AT_RISK, ground=RtoGround.VMS_STALLED, stalled=2)
    assert [each.message for each in told(told_of, risky, 6)] == [
        "RTO 10 min AT RISK, 4 min left: 2 VMs stalled"
    ]
    assert [each.what for each in told(told_of, OPEN, 7)] == ["rto open"]


@pytest.mark.parametrize(
    ("first", "is_told"),
    [
        (RtoView(V.NO_TARGET), False),
        (replace(OPEN, verdict=V.UNKNOWN), False),
        (replace(OPEN, verdict=V.MET, over=True, in_time=True), False),
        (replace(OPEN, verdict=V.NOT_MET, over=True, in_time=False), False),
        (replace(OPEN, verdict=V.NOT_MET), True),
        (replace(OPEN, verdict=V.ON_COURSE), True),
    ],
)
def test_of_a_first_look_the_summary_tells_what_is_over(first: RtoView, is_told: bool) -> None:
    assert bool(told(TargetsAndStalls(), first)) is is_told


@pytest.mark.parametrize("verdict", [V.UNKNOWN, V.MET, V.NOT_MET])
def test_what_becomes_of_a_target_that_was_watched_is_told(verdict: V) -> None:
    told_of = TargetsAndStalls()
    told(told_of, OPEN)
    over = replace(OPEN, verdict=verdict, over=True, in_time=True)
    assert [each.what for each in told(told_of, over, 9)] == [f"rto {verdict.value}"]


@pytest.mark.parametrize(
    ("rto", "moment", "clock"),
    [
        # A failure that decided it is dated by the server,
        (replace(OPEN, verdict=V.CANNOT_BE_MET, doomed_since=at(3)), at(3), Dated.SERVER),
        # unless nobody saw it happen,
        (
            replace(OPEN, verdict=V.CANNOT_BE_MET, doomed_since=at(3), doomed_inferred=True),
            at(3),
            Dated.SEEN,
        ),
        (replace(OPEN, verdict=V.CANNOT_BE_MET), at(12), Dated.SEEN),
        # and a target that ran out, by its own end;
        (replace(OPEN, verdict=V.NOT_MET), at(10), Dated.SERVER),
        (replace(OPEN, verdict=V.NOT_MET, in_time=False), at(10), Dated.SERVER),
        # but not one that was lost although the end came in time.
        (replace(OPEN, verdict=V.NOT_MET, in_time=True), at(12), Dated.SEEN),
        (replace(OPEN, verdict=V.AT_RISK, doomed_since=at(3)), at(12), Dated.SEEN),
    ],
)
def test_it_is_dated_by_what_decided_it(rto: RtoView, moment: object, clock: Dated) -> None:
    told_of = TargetsAndStalls()
    told(told_of, OPEN)
    (said,) = told(told_of, rto, 12)
    assert (said.at, said.dated) == (moment, clock)


@pytest.mark.parametrize(
    ("motion", "line"),
    [
        (
            stuck(Movement.STALLED),
            Happening(
                at(20),
                "task stalled",
                "sql02",
                "no change for 10 min (no earlier run to compare with, so 10 min)",
                lasted=TEN,
            ),
        ),
        (
            stuck(Movement.SLOW, usual=5),
            Happening(
                at(20),
                "task slow",
                "sql02",
                "runs for 15 min (twice its usual 5 min)",
                lasted=timedelta(minutes=15),
            ),
        ),
    ],
)
def test_a_vm_that_is_stuck_is_told_once(motion: Motion, line: Happening) -> None:
    told_of = TargetsAndStalls()
    drill = moving(sql02=motion)
    assert told_of.lines(replace(EMPTY, drill=drill), at(20)) == [line]
    assert told_of.lines(replace(EMPTY, drill=drill), at(21)) == []


def test_slow_and_then_stalled_are_two_things() -> None:
    told_of = TargetsAndStalls()
    both = [
        told_of.lines(replace(EMPTY, drill=moving(sql02=stuck(movement))), at(20))
        for movement in (Movement.SLOW, Movement.STALLED, Movement.SLOW)
    ]
    assert [[each.what for each in said] for said in both] == [["task slow"], ["task stalled"], []]


@pytest.mark.parametrize(
    "movement", [each for each in Movement if each not in (Movement.STALLED, Movement.SLOW)]
)
def test_what_is_not_stuck_is_not_told(movement: Movement) -> None:
    drill = moving(sql02=stuck(movement))
    assert TargetsAndStalls().lines(replace(EMPTY, drill=drill), at(20)) == []


@pytest.mark.parametrize(
    ("movement", "still_since", "doubted"),
    [
        (Movement.STALLED, None, False),
        (Movement.STALLED, 9, True),
        (Movement.STALLED, 10, True),
        (Movement.STALLED, 10.1, False),
        (Movement.SLOW, 9, False),
    ],
)
def test_where_nothing_at_all_changes_the_collection_may_be_late(
    movement: Movement, still_since: float | None, doubted: bool
) -> None:
    drill = replace(
        moving(sql02=stuck(movement)),
        still_since=None if still_since is None else at(still_since),
    )
    (said,) = TargetsAndStalls().lines(replace(EMPTY, drill=drill), at(20))
    tail = "; nothing else changes either, so it may be the collection that is late"
    assert (said.message or "").endswith(tail) is doubted


def test_vms_that_are_named_anew_with_each_reading_do_not_fill_the_memory() -> None:
    told_of = TargetsAndStalls()
    for number in range(MOST_TOLD + 10):
        drill = moving(**{f"vm{number}": stuck(Movement.STALLED)})
        told_of.lines(replace(EMPTY, drill=drill), at(20))
    assert len(told_of._told) <= MOST_TOLD + 2
    # Of what runs still nothing is forgotten.
    assert told_of.lines(replace(EMPTY, drill=drill), at(21)) == []
