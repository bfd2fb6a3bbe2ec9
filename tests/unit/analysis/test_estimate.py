from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import (
    MINUTES,
    any_tasks,
    assessed,
    earlier_run,
    finished,
    views_of,
    working,
)
from tests.support.making import at
from tui.analysis.assessment import TaskView
from tui.analysis.estimate import (
    NOTEWORTHY,
    Basis,
    Estimate,
    Move,
    WhyNone,
    smooth,
)
from tui.analysis.status import Status
from tui.analysis.work_left import estimate, usual_durations
from tui.enterprise_manager.resources import FailoverSession, TaskSession

RUNNING = Status.RUNNING


def known(
    views: tuple[TaskView, ...], now: float, *earlier: FailoverSession, plan_known: bool = True
) -> Estimate:
    outlook = estimate(RUNNING, views, now=at(now), earlier=earlier, plan_known=plan_known)
    assert outlook.estimate is not None, outlook.why_none
    return outlook.estimate


def test_usual_is_the_median_of_what_came_up() -> None:
    runs = [
        earlier_run(finished("a", 0, 2), finished("b", 0, 9, "Failed"), days=1),
        earlier_run(finished("a", 0, 3), working("c", 0), days=2),
        earlier_run(finished("a", 0, 10, "Warning"), days=3),
    ]
    assert usual_durations(runs) == {"a": timedelta(minutes=3)}


def test_from_earlier_runs_it_lies_between_the_shortest_and_the_longest() -> None:
    runs = [
        earlier_run(finished("a", 0, 4), days=1),
        earlier_run(finished("a", 0, 6), days=2),
    ]
    found = known(views_of(working("a", 0)), 1, *runs)
    assert (found.earliest, found.latest) == (at(4), at(6))
    assert found.basis == Basis(earlier_runs=2)


def test_from_tasks_done_pushes_the_waiting_through_ten_slots() -> None:
    done = [finished(f"done{n}", 0, 5) for n in range(3)]
    running = [working(f"run{n}", 5) for n in range(10)]
    waiting = tuple(f"wait{n}" for n in range(11))
    found = known(views_of(*done, *running, waiting=waiting), 5)
    # Ten until 10, ten more until 15, the eleventh waiting one until 20.
    assert (found.earliest, found.latest) == (at(20), at(20))
    assert found.basis == Basis(done=3)


def test_the_plans_own_delays_count() -> None:
    done = [finished(f"done{n}", n, n + 1) for n in range(4)]
    found = known(views_of(*done, waiting=("x", "y", "z")), 4)
    # One start a minute, although seven slots are free: 4, 5, 6, and one minute's work.
    assert (found.earliest, found.latest) == (at(7), at(7))


@pytest.mark.parametrize(
    ("views", "status", "runs", "plan_known", "why"),
    [
        (views_of(working("a", 0)), RUNNING, [], True, WhyNone.TOO_FEW_DONE),
        (
            views_of(*(finished(f"v{n}", 0, 1, "Failed") for n in range(5)), working("a", 0)),
            RUNNING,
            [],
            True,
            WhyNone.TOO_FEW_DONE,
        ),
        (
            views_of(working("a", 0), working("b", 0), working("c", 0)),
            RUNNING,
            [earlier_run(finished("a", 0, 4))],
            True,
            WhyNone.TOO_FEW_DONE,
        ),
        (views_of(working("a", 0)), RUNNING, [], False, WhyNone.TO_COME_UNKNOWN),
        (views_of(working("a", 0)), Status.STOPPING, [], True, WhyNone.STOPPING),
        (views_of(finished("a", 0, 1)), Status.SUCCESS, [], True, WhyNone.NOT_RUNNING),
        (
            views_of(*(finished(f"v{n}", 0, 1) for n in range(5)), waiting=("skipped",)),
            RUNNING,
            [],
            True,
            WhyNone.NOTHING_RUNS,
        ),
    ],
)
def test_none_without_sensible_evidence_and_says_why(
    views: tuple[TaskView, ...],
    status: Status,
    runs: list[FailoverSession],
    plan_known: bool,
    why: WhyNone,
) -> None:
    outlook = estimate(status, views, now=at(5), earlier=runs, plan_known=plan_known)
    assert outlook.estimate is None
    assert outlook.why_none is why
    assert outlook.not_begun == (why is WhyNone.NOTHING_RUNS)


def test_a_run_without_tasks_is_no_evidence() -> None:
    outlook = estimate(RUNNING, views_of(working("a", 0)), now=at(1), earlier=[earlier_run()])
    assert outlook.estimate is None


def test_without_the_plan_the_newest_run_tells_what_is_to_come() -> None:
    runs = [
        earlier_run(finished("a", 0, 4), finished("b", 0, 4), days=1),
        earlier_run(finished("a", 0, 4), finished("gone", 0, 4), days=9),
    ]
    found = known(views_of(working("a", 0)), 0, *runs, plan_known=False)
    assert found.earliest > at(3)
    alone = known(views_of(working("a", 0)), 0, *runs, plan_known=True)
    assert alone.latest <= found.latest


def test_an_overdue_task_makes_it_vaguer_but_not_past() -> None:
    runs = [earlier_run(finished("a", 0, 4))]
    found = known(views_of(working("a", 0)), 20, *runs)
    assert found.earliest == at(20)
    assert found.latest == at(25)


def test_a_stalled_task_is_left_out_and_holds_its_slot() -> None:
    done = [finished(f"done{n}", 0, 5) for n in range(3)]
    views = views_of(*done, working("stuck", 5), waiting=("x",))
    stuck = views[3].key
    found = estimate(RUNNING, views, now=at(6), stalled=[stuck]).estimate
    assert found is not None
    assert (found.earliest, found.basis) == (
        at(11),
        Basis(done=3, stalled=1),
    )
    only = estimate(RUNNING, views[:4], now=at(6), stalled=[stuck])
    assert only.why_none is WhyNone.ONLY_STALLED
    nine = views_of(*done, *(working(f"s{n}", 5) for n in range(9)), waiting=("x", "y", "z"))
    one_slot = estimate(RUNNING, nine, now=at(6), stalled=[view.key for view in nine[3:12]])
    assert one_slot.estimate is not None
    assert one_slot.estimate.earliest == at(21)
    held = views_of(*done, *(working(f"s{n}", 5) for n in range(10)), waiting=("x",))
    full = estimate(RUNNING, held, now=at(6), stalled=[view.key for view in held[3:13]])
    assert full.why_none is WhyNone.ONLY_STALLED


@settings(max_examples=150, deadline=None)
@given(any_tasks(), any_tasks(), MINUTES, st.booleans(), st.sets(st.integers(0, 14)), st.booleans())
def test_never_before_now_whatever_the_server_says(
    tasks: tuple[TaskSession, ...],
    before: tuple[TaskSession, ...],
    now: float,
    plan_known: bool,
    stuck: set[int],
    with_run: bool,
) -> None:
    assessment = assessed(*tasks, waiting=("late01", "late02"))
    stalled = [view.key for place, view in enumerate(assessment.tasks) if place in stuck]
    outlook = estimate(
        assessment.status,
        assessment.tasks,
        now=at(now),
        earlier=[earlier_run(*before)] if with_run else [],
        plan_known=plan_known,
        stalled=stalled,
    )
    assert (outlook.estimate is None) == (outlook.why_none is not None)
    if outlook.estimate is not None:
        assert at(now) <= outlook.estimate.earliest <= outlook.estimate.latest
    assert assessment.progress is None or 0 <= assessment.progress <= 100
    assert all(view.progress is None or 0 <= view.progress <= 100 for view in assessment.tasks)


def told(earliest: float, latest: float, as_of: float, runs: int = 2) -> Estimate:
    return Estimate(at(earliest), at(latest), at(as_of), Basis(earlier_runs=runs))


def test_small_moves_are_eased_without_a_note() -> None:
    first = smooth(None, told(10, 20, 0))
    later = smooth(first, told(10.5, 20.5, 1 / 12))
    assert later.changed is None
    assert at(10) < later.earliest < at(10.5)
    assert at(20) < later.latest < at(20.5)


def test_a_large_move_is_taken_over_and_told_for_a_minute() -> None:
    first = smooth(None, told(10, 20, 0))
    moved = smooth(first, told(10, 25, 1))
    assert (moved.latest, moved.changed) == (at(25), Move(latest=timedelta(minutes=5)))
    soon = smooth(moved, told(10, 25, 1.5))
    assert soon.changed == Move(latest=timedelta(minutes=5))
    assert smooth(soon, told(10, 25, 2.1)).changed is None


def test_another_basis_is_told_even_if_nothing_moves() -> None:
    first = smooth(None, told(10, 20, 0, runs=0))
    assert smooth(first, told(10, 20, 0.1, runs=3)).changed == Move(Basis(earlier_runs=3))


def test_time_passing_alone_is_no_move() -> None:
    shown = smooth(None, told(1, 20, 0))
    for step in range(1, 20):
        shown = smooth(shown, told(max(1, step), 20, step))
        assert shown.changed is None


@settings(deadline=None)
@given(st.lists(st.tuples(MINUTES, MINUTES, st.floats(0, 5)), min_size=1, max_size=30))
def test_smoothing_never_jumps_silently_and_never_leaves_the_future(
    steps: list[tuple[float, float, float]],
) -> None:
    shown: Estimate | None = None
    now = 0.0
    for one, other, passed in steps:
        now += passed
        low, high = sorted((max(one, now), max(other, now)))
        before = shown
        shown = smooth(before, told(low, high, now))
        assert at(now) <= shown.earliest <= shown.latest
        if before is None or shown.changed_at == at(now):
            continue
        bound = max(NOTEWORTHY, (at(high) - at(now)) * 0.1)
        assert abs(shown.latest - max(before.latest, at(now))) <= 2 * bound
        assert shown.told_latest is not None
        assert abs(at(high) - shown.told_latest) <= bound
