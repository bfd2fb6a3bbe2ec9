from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import finished, views_of, working
from tests.support.fake_clock import START
from tests.support.making import at
from tui.analysis.estimate import Estimate
from tui.analysis.targets import (
    RtoTrack,
    RtoVerdict,
    RtoView,
    achieved_rto,
    assess_rto,
    follow_rto,
)

HALF_HOUR = timedelta(minutes=30)


def expected(earliest: float, latest: float) -> Estimate:
    return Estimate(at(earliest), at(latest), at(0), "from 3 earlier runs", 3)


def test_without_a_target_only_the_elapsed_time_is_told() -> None:
    view = assess_rto(None, START, now=at(12))
    assert view.verdict is RtoVerdict.NO_TARGET
    assert view.elapsed == timedelta(minutes=12)
    assert (view.left, view.overrun, view.deadline) == (None, None, None)


def test_inside_with_time_left() -> None:
    view = assess_rto(HALF_HOUR, START, now=at(12), estimate=expected(20, 29))
    assert view.verdict is RtoVerdict.INSIDE
    assert (view.left, view.overrun) == (timedelta(minutes=18), timedelta())


@pytest.mark.parametrize(
    ("now", "estimate", "stalled", "reason"),
    [
        (10, expected(20, 31), 0, "the latest estimated finish"),
        (10, expected(31, 40), 0, "even the earliest"),
        (10, expected(20, 25), 2, "2 VMs stalled"),
        (10, None, 1, "1 VM stalled"),
        (25, None, 0, "more than 80% of the target"),
    ],
)
def test_at_risk_says_why(now: float, estimate: Estimate | None, stalled: int, reason: str) -> None:
    view = assess_rto(HALF_HOUR, START, now=at(now), estimate=estimate, stalled=stalled)
    assert view.verdict is RtoVerdict.AT_RISK
    assert view.reason.startswith(reason)


def test_missed_while_it_still_runs() -> None:
    view = assess_rto(HALF_HOUR, START, now=at(33))
    assert view.verdict is RtoVerdict.MISSED
    assert (view.left, view.overrun) == (timedelta(), timedelta(minutes=3))


def test_old_data_does_not_prove_a_miss() -> None:
    view = assess_rto(HALF_HOUR, START, now=at(33), as_of=at(29))
    assert view.verdict is RtoVerdict.AT_RISK
    assert view.reason == "the target passed since the data was read"


def test_counts_from_the_declaration_where_that_is_earlier_and_never_from_a_later_one() -> None:
    early = assess_rto(HALF_HOUR, START, now=at(15), declared=at(-20))
    assert early.counted_from == at(-20)
    assert early.verdict is RtoVerdict.MISSED
    late = assess_rto(HALF_HOUR, START, now=at(15), declared=at(5))
    assert late.counted_from == START


def test_an_unknown_start_leaves_it_open() -> None:
    view = assess_rto(HALF_HOUR, None, now=at(15))
    assert view.verdict is RtoVerdict.UNKNOWN
    assert (view.elapsed, view.left, view.deadline) == (None, None, None)


@pytest.mark.parametrize(("ended", "verdict"), [(30, RtoVerdict.INSIDE), (30.1, RtoVerdict.MISSED)])
def test_the_end_decides_by_its_own_time(ended: float, verdict: RtoVerdict) -> None:
    view = assess_rto(HALF_HOUR, START, now=at(600), ended=at(ended))
    assert view.verdict is verdict
    assert view.elapsed == timedelta(minutes=ended)


def test_an_end_without_a_time_is_inside_only_if_seen_inside() -> None:
    assert assess_rto(HALF_HOUR, START, now=at(20), over=True).verdict is RtoVerdict.INSIDE
    late = assess_rto(HALF_HOUR, START, now=at(40), over=True)
    assert late.verdict is RtoVerdict.UNKNOWN
    assert late.elapsed is None


def test_in_time_with_a_failed_vm_is_not_achieved() -> None:
    in_time = assess_rto(HALF_HOUR, START, now=at(20), ended=at(19))
    assert in_time.is_achieved
    failed = assess_rto(HALF_HOUR, START, now=at(20), ended=at(19), not_recovered=1)
    assert not failed.is_achieved
    assert failed.verdict is RtoVerdict.INSIDE


def test_since_is_the_first_moment_behind_and_stays() -> None:
    track = RtoTrack()
    steps = [(5, 29), (6, 31), (7, 28), (8, 33)]
    shown = []
    for now, latest in steps:
        view = assess_rto(HALF_HOUR, START, now=at(now), estimate=expected(now, latest))
        track, view = follow_rto(track, view, at(now))
        shown.append((view.verdict, view.since))
    assert shown == [
        (RtoVerdict.INSIDE, None),
        (RtoVerdict.AT_RISK, at(6)),
        (RtoVerdict.INSIDE, at(6)),
        (RtoVerdict.AT_RISK, at(6)),
    ]


def test_a_miss_first_seen_late_began_at_the_deadline() -> None:
    view = assess_rto(HALF_HOUR, START, now=at(50))
    _, shown = follow_rto(RtoTrack(), view, at(50))
    assert shown.since == at(30)


def test_another_target_starts_afresh() -> None:
    track, _ = follow_rto(RtoTrack(), assess_rto(HALF_HOUR, START, now=at(50)), at(50))
    hour = assess_rto(timedelta(hours=1), START, now=at(41))
    _, shown = follow_rto(track, hour, at(41))
    assert (shown.verdict, shown.since) == (RtoVerdict.INSIDE, None)


def test_an_end_dated_before_the_deadline_settles_what_looked_missed() -> None:
    track, missed = follow_rto(RtoTrack(), assess_rto(HALF_HOUR, START, now=at(31)), at(31))
    assert missed.verdict is RtoVerdict.MISSED
    view = assess_rto(HALF_HOUR, START, now=at(32), ended=at(29))
    _, shown = follow_rto(track, view, at(32))
    assert shown.verdict is RtoVerdict.INSIDE
    assert shown.since == at(30)


readings = st.lists(
    st.tuples(
        st.floats(0, 3, allow_nan=False),
        st.booleans(),
        st.none() | st.floats(0, 60, allow_nan=False),
        st.none() | st.floats(0, 90, allow_nan=False),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=40,
)
Reading = tuple[float, bool, float | None, float | None, int]


def _followed(steps: list[Reading]) -> list[RtoView]:
    track, now, shown = RtoTrack(), 0.0, []
    for passed, over, ended, latest, stalled in steps:
        now += passed
        view = assess_rto(
            HALF_HOUR,
            START,
            now=at(now),
            over=over,
            ended=at(ended) if over and ended is not None else None,
            estimate=None if latest is None else expected(latest, latest),
            stalled=stalled,
        )
        track, view = follow_rto(track, view, at(now))
        shown.append(view)
    return shown


@settings(deadline=None)
@given(readings)
def test_after_the_end_a_verdict_never_changes(steps: list[Reading]) -> None:
    settled: RtoVerdict | None = None
    for view in _followed(steps):
        if settled is not None:
            assert view.verdict is settled
        elif view.over and view.verdict is not RtoVerdict.UNKNOWN:
            settled = view.verdict


@settings(deadline=None)
@given(readings)
def test_once_missed_only_the_servers_own_end_time_can_say_otherwise(steps: list[Reading]) -> None:
    shown = _followed(steps)
    for before, after in pairwise(shown):
        if before.verdict is RtoVerdict.MISSED and after.verdict is not RtoVerdict.MISSED:
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
    assert view.verdict is RtoVerdict.UNKNOWN
    assert not view.is_achieved
