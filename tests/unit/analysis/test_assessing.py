from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.making import at, done, plan, session, stopped, task
from tui.analysis.assessing import assess
from tui.analysis.assessment import Assessment, TaskKey, lasted, span
from tui.analysis.status import Status
from tui.enterprise_manager.resources import FailoverPlan, TaskSession
from tui.presentation import times


def statuses(assessment: Assessment) -> list[tuple[str, Status]]:
    return [(view.vm_name, view.status) for view in assessment.tasks]


def keys(*tasks: TaskSession) -> list[TaskKey]:
    return [view.key for view in assess(session(*tasks)).tasks]


# Counts -----------------------------------------------------------------------


def test_counts_and_total() -> None:
    seen = assess(
        session(done("a"), done("b", "Failed"), done("c", "Warning"), task("d"), task("e", "Odd"))
    )
    assert seen.total == 5
    assert [
        seen.count(Status.SUCCESS),
        seen.count(Status.FAILED, Status.WARNING),
        seen.count(Status.RUNNING),
        seen.count(Status.UNKNOWN),
        seen.count(Status.WAITING),
    ] == [1, 2, 1, 1, 0]


def test_a_failure_shows_in_the_session_the_moment_its_task_fails() -> None:
    assert assess(session(task("a"), done("b"))).status is Status.RUNNING
    assert assess(session(task("a"), done("b", "Failed"))).status is Status.RUNNING_WITH_ERRORS


def test_failures_come_in_the_order_in_which_they_happened() -> None:
    late = task("late", "Stopped", "Failed", ended=at(9))
    soon = task("soon", "Stopped", "Failed", ended=at(3))
    unknown = task("unknown", "Working", "Failed")
    seen = assess(session(unknown, late, done("fine"), soon))
    assert [view.vm_name for view in seen.failures] == ["soon", "late", "unknown"]


# Keys -------------------------------------------------------------------------


def test_a_retry_of_the_same_point_has_a_key_of_its_own() -> None:
    first, second = done("a", "Failed"), task("a")
    assert keys(first, second) == [TaskKey("a", "point-a", 0), TaskKey("a", "point-a", 1)]


def test_a_key_does_not_depend_on_the_order_of_other_tasks() -> None:
    a, b = task("a"), task("b")
    assert set(keys(a, b)) == set(keys(b, a))


# Tasks that the server no longer lists ----------------------------------------


def test_tasks_the_server_stops_listing_stay_and_are_marked() -> None:
    seen = assess(stopped(), before=assess(session(done("a"), done("b", "Failed", "No space"))))
    assert statuses(seen) == [("a", Status.SUCCESS), ("b", Status.FAILED)]
    assert all(view.unlisted for view in seen.tasks)
    assert seen.failures[0].message == "No space"


def test_an_unlisted_task_that_was_running_is_unknown_and_its_time_stands_still() -> None:
    (view,) = assess(stopped(), before=assess(session(task("a")))).tasks
    assert (view.status, view.server_word) == (Status.UNKNOWN, "Working")
    assert view.elapsed(at(60)) is None


def test_a_listed_task_is_never_doubled_by_its_earlier_self() -> None:
    seen = assess(session(done("a")), before=assess(session(task("a", progress=40))))
    assert statuses(seen) == [("a", Status.SUCCESS)]


def test_a_task_whose_point_appears_later_is_still_the_same_task() -> None:
    seen = assess(session(task("a", progress=5)), before=assess(session(task("a", point=None))))
    assert statuses(seen) == [("a", Status.RUNNING)]


def test_a_task_whose_point_is_left_out_at_the_end_is_still_the_same_task() -> None:
    ended = task("a", "Stopped", "Success", point=None)
    assert statuses(assess(stopped(ended), before=assess(session(task("a"))))) == [
        ("a", Status.SUCCESS)
    ]


def test_a_second_task_of_a_vm_on_another_point_leaves_the_first_one_seen() -> None:
    seen = assess(
        session(task("a", point="newer")), before=assess(session(done("a", "Failed", "No space")))
    )
    assert statuses(seen) == [("a", Status.RUNNING), ("a", Status.FAILED)]


# VMs of the plan --------------------------------------------------------------


def test_vms_of_the_plan_without_a_task_wait_in_boot_order() -> None:
    seen = assess(session(task("b")), plan=plan("a", "b", "c"))
    assert statuses(seen) == [
        ("b", Status.RUNNING),
        ("a", Status.WAITING),
        ("c", Status.WAITING),
    ]
    assert [view.position for view in seen.tasks] == [0, 1, 2]
    assert seen.tasks[1].task is None
    assert seen.tasks[1].progress is None
    assert seen.tasks[1].elapsed(at(5)) is None


def test_a_finished_session_has_nobody_waiting() -> None:
    assert assess(stopped(done("a")), plan=plan("a", "b")).total == 1


def test_two_vms_of_one_name_in_the_plan_are_two_rows_with_two_keys() -> None:
    seen = assess(session(), plan=plan("a", "a", "b"))
    assert seen.count(Status.WAITING) == 3
    assert len({view.key for view in seen.tasks}) == 3


def test_a_waiting_row_keeps_its_key_while_others_begin() -> None:
    before = assess(session(), plan=plan("a", "b", "c")).tasks[2].key
    after = assess(session(task("a"), task("b")), plan=plan("a", "b", "c")).tasks[2].key
    assert before == after


# Progress ---------------------------------------------------------------------


def test_the_servers_own_progress_wins() -> None:
    seen = assess(session(done("a"), task("b", progress=10), progress=33))
    assert (seen.progress, seen.progress_inferred) == (33, False)


def test_a_progress_left_at_zero_is_the_mean_over_the_tasks_and_said_to_be() -> None:
    seen = assess(session(done("a"), task("b", progress=20), progress=0))
    assert (seen.progress, seen.progress_inferred) == (60, True)


def test_waiting_vms_count_in_the_mean() -> None:
    seen = assess(session(done("a")), plan=plan("a", "b", "c", "d"))
    assert seen.progress == 25


def test_a_success_without_tasks_is_a_hundred_though_the_field_says_zero() -> None:
    seen = assess(stopped(progress=0))
    assert (seen.progress, seen.progress_inferred) == (100, True)


def test_a_failed_session_without_tasks_and_progress_is_unknown_not_zero() -> None:
    assert assess(stopped(result="Failed", progress=0)).progress is None


@pytest.mark.parametrize("progress", [None, 0])
def test_a_running_session_without_tasks_has_only_what_the_server_said(
    progress: int | None,
) -> None:
    assert assess(session(progress=progress)).progress == progress


def test_a_successful_task_is_a_hundred_though_the_field_says_zero() -> None:
    (view,) = assess(session(task("a", "Stopped", "Success", progress=0))).tasks
    assert view.progress == 100


def test_a_failed_task_keeps_the_progress_it_had() -> None:
    (view,) = assess(session(task("a", "Stopped", "Failed", progress=38))).tasks
    assert view.progress == 38


# Times ------------------------------------------------------------------------


def test_a_finished_task_took_end_minus_start_and_a_running_one_runs_to_now() -> None:
    over, going = assess(session(done("a"), task("b"))).tasks
    assert over.elapsed(at(30)) == timedelta(minutes=2)
    assert going.elapsed(at(30)) == timedelta(minutes=30)
    assert going.elapsed(None) is None


def test_a_task_that_stopped_without_an_end_has_an_unknown_duration() -> None:
    task_ = replace(task("a", "Working", "None"), state="Stopped")
    (view,) = assess(session(task_)).tasks
    assert view.elapsed(at(30)) is None


def test_a_span_is_never_negative_and_unknown_when_an_end_is() -> None:
    assert span(at(5), at(3)) == timedelta()
    assert span(None, at(3)) is None
    assert span(at(3), None) is None


# For any tasks ----------------------------------------------------------------

WORDS = ["", "Starting", "Working", "Stopping", "Stopped", "Pausing"]
RESULTS = ["", "None", "Success", "Warning", "Failed", "Partly"]
NAMES = ["a", "b", "c", "VM[prod]", ""]
TASKS = st.lists(
    st.builds(
        task,
        st.sampled_from(NAMES),
        st.sampled_from(WORDS),
        st.sampled_from(RESULTS),
        progress=st.none() | st.integers(0, 100),
        point=st.sampled_from(["", None, "p1", "p2"]),
        ended=st.none() | st.just(at(3)),
    ),
    max_size=8,
)
PLANS = st.none() | st.lists(st.sampled_from(NAMES), max_size=6).map(lambda vms: plan(*vms))


@given(TASKS, TASKS, PLANS, st.sampled_from(WORDS), st.sampled_from(RESULTS))
def test_counts_always_add_up_and_progress_stays_within_its_bounds(
    earlier: list[TaskSession],
    tasks: list[TaskSession],
    the_plan: FailoverPlan | None,
    state: str,
    result: str,
) -> None:
    seen = assess(
        session(*tasks, state=state, result=result),
        before=assess(session(*earlier), plan=the_plan),
        plan=the_plan,
    )
    assert sum(seen.counts.values()) == seen.total == len({view.key for view in seen.tasks})
    assert seen.count(*Status) == seen.total
    assert len(seen.failures) == seen.count(Status.FAILED)
    assert seen.progress is None or 0 <= seen.progress <= 100
    assert [view.position for view in seen.tasks] == list(range(seen.total))
    for view in seen.tasks:
        elapsed = view.elapsed(at(30))
        assert elapsed is None or elapsed >= timedelta()


@given(TASKS, TASKS)
def test_merging_loses_no_vm_and_what_is_listed_is_shown_as_listed(
    earlier: list[TaskSession], tasks: list[TaskSession]
) -> None:
    seen = assess(session(*tasks), before=assess(session(*earlier)))
    listed = [view for view in seen.tasks if not view.unlisted]
    assert [view.task for view in listed] == tasks
    assert [view.key for view in listed] == keys(*tasks)
    assert {view.vm_name for view in seen.tasks} == {t.vm_name for t in [*earlier, *tasks]}
    assert assess(session(*tasks), before=seen) == seen


@given(TASKS)
def test_tasks_seen_once_and_listed_again_are_just_the_listed_ones(
    tasks: list[TaskSession],
) -> None:
    once = assess(session(*tasks))
    assert assess(session(*tasks), before=once) == once


@given(TASKS.flatmap(lambda some: st.lists(st.permutations(some) | TASKS, max_size=4)), st.data())
def test_a_long_memory_names_listed_tasks_as_a_first_look_does(
    readings: list[list[TaskSession]], data: st.DataObject
) -> None:
    seen = assess(session())
    for reading in readings:
        tasks = reading[: data.draw(st.integers(0, len(reading)))]
        seen = assess(session(*tasks), before=seen)
        listed = [view for view in seen.tasks if not view.unlisted]
        assert [view.key for view in listed] == keys(*tasks)
        assert [view.task for view in listed] == tasks
        assert len({view.key for view in seen.tasks}) == seen.total


def test_vms_that_never_began_stay_once_a_watched_session_is_over() -> None:
    over = session(task("a", state="Stopped", result="Failed"), state="Stopped", result="Failed")
    watched = assess(over, plan=plan("a", "b"), watched=True)
    assert [(view.vm_name, view.server_word) for view in watched.tasks] == [
        ("a", None),
        ("b", "Not started"),
    ]
    assert assess(over, plan=plan("a", "b")).total == 1


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_a_duration_is_the_difference_of_the_moments_as_they_are_shown(
    one: datetime, other: datetime
) -> None:
    start, end = sorted((one, other))
    shown = [datetime.fromisoformat(times.iso(moment)) for moment in (start, end)]
    assert span(start, end) == lasted(start, end) == shown[1] - shown[0]


def test_the_issues_session_of_a_fraction_over_261_seconds_ends_when_it_says() -> None:
    start = datetime(2026, 11, 23, 11, 54, 51, 900_000, tzinfo=UTC)
    end = start + timedelta(seconds=261.795)
    assert (times.utc_time(start), times.utc_time(end)) == ("11:54:51", "11:59:13")
    assert times.duration(lasted(start, end)) == "4 min 22 s"
