from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import finished, views_of, working
from tests.support.fake_clock import START
from tests.support.making import at, done, session, task
from tui.analysis.assessing import assess
from tui.analysis.estimate import Basis, Estimate
from tui.analysis.outage import recovery_of
from tui.analysis.rto import achieved_rto, assess_rto, follow_rto
from tui.analysis.targets import Recovery, RtoGround, RtoTrack, RtoView, TargetVerdict, Undecided
from tui.enterprise_manager.resources import TaskSession

HALF_HOUR = timedelta(minutes=30)


def expected(earliest: float, latest: float) -> Estimate:
    return Estimate(at(earliest), at(latest), at(0), Basis(earlier_runs=3))


def test_without_a_target_only_the_elapsed_time_is_told() -> None:
    view = assess_rto(None, START, now=at(12))
    assert view.verdict is TargetVerdict.NO_TARGET
    assert view.elapsed == timedelta(minutes=12)
    assert (view.left, view.overrun, view.deadline) == (None, None, None)


def test_inside_with_time_left() -> None:
    view = assess_rto(HALF_HOUR, START, now=at(12), estimate=expected(20, 29))
    assert view.verdict is TargetVerdict.ON_COURSE
    assert (view.left, view.overrun) == (timedelta(minutes=18), timedelta())


@pytest.mark.parametrize(
    ("now", "estimate", "stalled", "ground"),
    [
        (10, expected(20, 31), 0, RtoGround.LATEST_TOO_LATE),
        (10, expected(31, 40), 0, RtoGround.EARLIEST_TOO_LATE),
        (10, expected(20, 25), 2, RtoGround.VMS_STALLED),
        (10, None, 1, RtoGround.VMS_STALLED),
        (25, None, 0, RtoGround.LITTLE_LEFT),
    ],
)
def test_at_risk_says_why(
    now: float, estimate: Estimate | None, stalled: int, ground: RtoGround
) -> None:
    view = assess_rto(HALF_HOUR, START, now=at(now), estimate=estimate, stalled=stalled)
    assert view.verdict is TargetVerdict.AT_RISK
    assert (view.ground, view.stalled) == (ground, stalled)


def test_missed_while_it_still_runs() -> None:
    view = assess_rto(HALF_HOUR, START, now=at(33))
    assert view.verdict is TargetVerdict.NOT_MET
    assert (view.left, view.overrun) == (timedelta(), timedelta(minutes=3))


def test_old_data_does_not_prove_a_miss() -> None:
    view = assess_rto(HALF_HOUR, START, now=at(33), as_of=at(29))
    assert view.verdict is TargetVerdict.AT_RISK
    assert view.ground is RtoGround.PASSED_UNSEEN


def test_counts_from_the_declaration_where_that_is_earlier_and_never_from_a_later_one() -> None:
    early = assess_rto(HALF_HOUR, START, now=at(15), declared=at(-20))
    assert early.counted_from == at(-20)
    assert early.verdict is TargetVerdict.NOT_MET
    late = assess_rto(HALF_HOUR, START, now=at(15), declared=at(5))
    assert late.counted_from == START


def test_an_unknown_start_leaves_it_open() -> None:
    view = assess_rto(HALF_HOUR, None, now=at(15))
    assert view.verdict is TargetVerdict.UNKNOWN
    assert (view.elapsed, view.left, view.deadline) == (None, None, None)


@pytest.mark.parametrize(
    ("ended", "verdict"), [(30, TargetVerdict.MET), (30.1, TargetVerdict.NOT_MET)]
)
def test_the_end_decides_by_its_own_time(ended: float, verdict: TargetVerdict) -> None:
    view = assess_rto(HALF_HOUR, START, now=at(600), ended=at(ended))
    assert view.verdict is verdict
    assert view.elapsed == timedelta(minutes=ended)


def test_an_end_without_a_time_is_met_only_if_seen_in_time() -> None:
    assert assess_rto(HALF_HOUR, START, now=at(20), over=True).verdict is TargetVerdict.MET
    late = assess_rto(HALF_HOUR, START, now=at(40), over=True)
    assert late.verdict is TargetVerdict.UNKNOWN
    assert late.elapsed is None


def recovery(*tasks: TaskSession, over: bool = True, result: str = "Success") -> Recovery:
    read = session(*tasks, state="Stopped" if over else "Working", result=result)
    if over:
        read = read.model_copy(update={"ended": at(20)})
    return recovery_of(assess(read), over=over)


@pytest.mark.parametrize(
    ("vms", "verdict", "ground"),
    [
        (recovery(done("a"), done("b", "Warning")), TargetVerdict.MET, RtoGround.END_TIME),
        (
            recovery(done("a"), done("b", "Failed"), result="Failed"),
            TargetVerdict.NOT_MET,
            RtoGround.VMS_LOST,
        ),
        (
            recovery(done("a"), done("b", "Failed"), result="Success"),
            TargetVerdict.NOT_MET,
            RtoGround.VMS_LOST,
        ),
        (recovery(result="Failed"), TargetVerdict.NOT_MET, RtoGround.SESSION_FAILED),
        (recovery(result="Success"), TargetVerdict.MET, RtoGround.END_TIME),
        (recovery(result="None"), TargetVerdict.UNKNOWN, RtoGround.UNDECIDED),
        (recovery(done("a"), task("b")), TargetVerdict.UNKNOWN, RtoGround.UNDECIDED),
        (
            recovery(done("a"), done("b", "None"), result="Success"),
            TargetVerdict.UNKNOWN,
            RtoGround.UNDECIDED,
        ),
    ],
)
def test_in_time_is_met_only_with_every_vm_known_to_be_up(
    vms: Recovery, verdict: TargetVerdict, ground: RtoGround
) -> None:
    view = assess_rto(HALF_HOUR, START, now=at(20), ended=at(19), recovery=vms)
    assert view.verdict is verdict
    assert view.ground is ground
    assert view.in_time is True


@pytest.mark.parametrize(
    ("vms", "undecided", "count"),
    [
        (recovery(done("a"), done("b")), None, 0),
        (recovery(result="None"), Undecided.SESSION_WITHOUT_A_RESULT, 0),
        (recovery(done("a"), task("b"), task("c")), Undecided.STILL_WORKING, 2),
        (recovery(done("a"), done("b", "None")), Undecided.WITHOUT_A_RESULT, 1),
        (recovery(done("a"), task("b"), over=False), None, 0),
    ],
)
def test_what_became_of_a_vm_is_undecided_only_once_it_is_over(
    vms: Recovery, undecided: Undecided | None, count: int
) -> None:
    assert (vms.undecided, vms.undecided_vms) == (undecided, count)


@pytest.mark.parametrize(
    ("vms", "since", "inferred"),
    [
        (Recovery(14, 5, failed=1, failed_since=at(4)), at(4), False),
        (Recovery(14, 5, failed=1), at(6), True),
        (Recovery(14, 9, stopping=True), at(6), True),
        (Recovery(14, 9, session_failed=True), at(6), True),
    ],
)
def test_it_cannot_be_met_as_soon_as_that_is_so(
    vms: Recovery, since: datetime, inferred: bool
) -> None:
    view = assess_rto(HALF_HOUR, START, now=at(6), estimate=expected(8, 9), recovery=vms)
    track, view = follow_rto(RtoTrack(), view, at(6))
    assert view.verdict is TargetVerdict.CANNOT_BE_MET
    assert (view.doomed_since, view.doomed_inferred) == (since, inferred)
    again = assess_rto(HALF_HOUR, START, now=at(7), estimate=expected(8, 9), recovery=vms)
    _, again = follow_rto(track, again, at(7))
    assert (again.doomed_since, again.since) == (since, since)


def test_a_failed_vm_that_is_tried_again_may_still_make_it() -> None:
    failed = Recovery(14, 5, failed=1, failed_since=at(4))
    view = assess_rto(HALF_HOUR, START, now=at(6), estimate=expected(8, 9), recovery=failed)
    track, _ = follow_rto(RtoTrack(), view, at(6))
    retried = Recovery(14, 5)
    view = assess_rto(HALF_HOUR, START, now=at(7), estimate=expected(9, 10), recovery=retried)
    _, view = follow_rto(track, view, at(7))
    assert (view.verdict, view.doomed_since) == (TargetVerdict.ON_COURSE, None)
    assert view.since == at(4), "that it was behind stays known"


def test_stopping_with_every_vm_up_can_still_be_met() -> None:
    vms = Recovery(14, 0, stopping=True)
    view = assess_rto(HALF_HOUR, START, now=at(6), estimate=expected(6, 7), recovery=vms)
    assert view.verdict is TargetVerdict.ON_COURSE


def test_before_there_is_an_estimate_it_is_open() -> None:
    assert assess_rto(HALF_HOUR, START, now=at(6)).verdict is TargetVerdict.OPEN


def test_since_is_the_first_moment_behind_and_stays() -> None:
    track = RtoTrack()
    steps = [(5, 29), (6, 31), (7, 28), (8, 33)]
    shown = []
    for now, latest in steps:
        view = assess_rto(HALF_HOUR, START, now=at(now), estimate=expected(now, latest))
        track, view = follow_rto(track, view, at(now))
        shown.append((view.verdict, view.since))
    assert shown == [
        (TargetVerdict.ON_COURSE, None),
        (TargetVerdict.AT_RISK, at(6)),
        (TargetVerdict.ON_COURSE, at(6)),
        (TargetVerdict.AT_RISK, at(6)),
    ]


def test_a_miss_first_seen_late_began_at_the_deadline() -> None:
    view = assess_rto(HALF_HOUR, START, now=at(50))
    _, shown = follow_rto(RtoTrack(), view, at(50))
    assert shown.since == at(30)


def test_another_target_starts_afresh() -> None:
    track, _ = follow_rto(RtoTrack(), assess_rto(HALF_HOUR, START, now=at(50)), at(50))
    hour = assess_rto(timedelta(hours=1), START, now=at(41))
    _, shown = follow_rto(track, hour, at(41))
    assert (shown.verdict, shown.since) == (TargetVerdict.OPEN, None)


def test_an_end_dated_before_the_deadline_settles_what_looked_missed() -> None:
    track, missed = follow_rto(RtoTrack(), assess_rto(HALF_HOUR, START, now=at(31)), at(31))
    assert missed.verdict is TargetVerdict.NOT_MET
    view = assess_rto(HALF_HOUR, START, now=at(32), ended=at(29), track=track)
    _, shown = follow_rto(track, view, at(32))
    assert shown.verdict is TargetVerdict.MET
    assert shown.since == at(30)


readings = st.lists(
    st.tuples(
        st.floats(0, 3, allow_nan=False),
        st.booleans(),
        st.none() | st.floats(0, 60, allow_nan=False),
        st.none() | st.floats(0, 90, allow_nan=False),
        st.integers(0, 2),
        st.integers(0, 1),
    ),
    min_size=1,
    max_size=40,
)
Reading = tuple[float, bool, float | None, float | None, int, int]


def _followed(steps: list[Reading]) -> list[RtoView]:
    track, now, shown = RtoTrack(), 0.0, []
    for passed, over, ended, latest, stalled, failed in steps:
        now += passed
        view = assess_rto(
            HALF_HOUR,
            START,
            now=at(now),
            over=over,
            ended=at(ended) if over and ended is not None else None,
            estimate=None if latest is None else expected(latest, latest),
            stalled=stalled,
            recovery=Recovery(3, failed, failed=failed),
            track=track,
        )
        track, view = follow_rto(track, view, at(now))
        shown.append(view)
    return shown


@settings(deadline=None)
@given(readings)
def test_what_the_end_decided_about_the_time_never_changes(steps: list[Reading]) -> None:
    decided: bool | None = None
    for view in _followed(steps):
        if view.over and decided is not None:
            assert view.in_time is decided
        elif view.over:
            decided = view.in_time


@settings(deadline=None)
@given(readings)
def test_met_is_only_what_is_over_in_time_and_without_a_failure(steps: list[Reading]) -> None:
    for (*_, failed), view in zip(steps, _followed(steps), strict=True):
        if failed:
            behind = (TargetVerdict.CANNOT_BE_MET, TargetVerdict.NOT_MET)
            assert view.verdict in behind
        if view.verdict is TargetVerdict.MET:
            assert view.over
            assert view.in_time
            assert not view.recovery.not_up
        if not view.over:
            assert view.left is not None
            assert view.elapsed is not None
            assert view.overrun is not None
            assert view.elapsed + view.left - view.overrun == HALF_HOUR


@settings(deadline=None)
@given(readings)
def test_once_missed_only_the_servers_own_end_time_can_say_otherwise(steps: list[Reading]) -> None:
    shown = _followed(steps)
    for before, after in pairwise(shown):
        vms_up = not before.recovery.not_up
        was_missed = before.verdict is TargetVerdict.NOT_MET and vms_up
        if was_missed and after.verdict is not TargetVerdict.NOT_MET:
            assert after.over
            assert not before.over
        assert before.since is None or after.since == before.since


@settings(deadline=None)
@given(readings)
def test_left_and_overrun_are_never_negative_and_never_both(steps: list[Reading]) -> None:
    for view in _followed(steps):
        if view.left is not None:
            assert view.overrun is not None
            assert min(view.left, view.overrun) == timedelta()
            assert max(view.left, view.overrun) >= timedelta()


def test_achieved_rto_per_vm() -> None:
    views = views_of(
        finished("dc01", 1, 4),
        finished("sql01", 1, 6, "Warning"),
        finished("web01", 1, 3, "Failed"),
        working("app01", 2),
        waiting=("app02",),
    )
    times = {vm.key.vm_name: (vm.own, vm.from_start) for vm in achieved_rto(views, at(-10))}
    assert times == {
        "dc01": (timedelta(minutes=3), timedelta(minutes=14)),
        "sql01": (timedelta(minutes=5), timedelta(minutes=16)),
        "web01": (None, None),
        "app01": (None, None),
    }


def test_the_moment_of_falling_behind_is_seen_only_by_whoever_watched() -> None:
    inside = assess_rto(HALF_HOUR, START, now=at(5), estimate=expected(20, 25))
    risky = assess_rto(HALF_HOUR, START, now=at(6), estimate=expected(20, 35))
    _, unseen = follow_rto(RtoTrack(), risky, at(6))
    assert unseen.behind_inferred
    track, shown = follow_rto(RtoTrack(), inside, at(5))
    assert not shown.behind_inferred
    track_then, seen = follow_rto(track, risky, at(6))
    assert not seen.behind_inferred
    _, later = follow_rto(track_then, risky, at(25))
    assert not later.behind_inferred, "how it began does not change"
    _, away = follow_rto(track, risky, at(25))
    assert away.behind_inferred, "nobody looked for twenty minutes"


def test_an_end_before_the_start_decides_nothing() -> None:
    view = assess_rto(HALF_HOUR, START, now=at(5), ended=at(-1))
    assert view.verdict is TargetVerdict.UNKNOWN
    assert view.in_time is None


def test_vms_that_cannot_be_read_are_undecided_once_it_is_over() -> None:
    for unreadable, expected in ((0, (None, 0)), (3, (Undecided.UNREADABLE, 3))):
        read = session(done("a"), state="Stopped", result="Success", ended=at(20))
        read = read.model_copy(update={"unreadable_tasks": unreadable})
        vms = recovery_of(assess(read), over=True)
        assert (vms.undecided, vms.undecided_vms) == expected


def test_an_end_before_its_start_took_no_known_time_and_a_start_to_come_takes_none() -> None:
    impossible = assess_rto(HALF_HOUR, START, now=at(20), over=True, ended=at(-1))
    assert impossible.elapsed is None
    early = assess_rto(HALF_HOUR, START, now=at(-1))
    assert early.elapsed == timedelta()
