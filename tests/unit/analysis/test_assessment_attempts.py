"""A VM that is tried again within one session is one VM."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.making import at, plan, session, stopped, task
from tui.analysis.assessing import assess
from tui.analysis.assessment import TaskKey
from tui.analysis.status import Status
from tui.enterprise_manager.resources import TaskSession


def attempt(
    vm: str, begin: float, end: float | None, result: str = "Failed", point: str | None = ""
) -> TaskSession:
    """A task from one minute to another, or from one on and still working."""
    if end is None:
        return task(vm, created=at(begin), point=point)
    return task(vm, "Stopped", result, created=at(begin), ended=at(end), point=point)


def test_a_failed_vm_that_is_tried_again_is_running_and_counted_once() -> None:
    seen = assess(session(attempt("a", 0, 2), attempt("b", 0, 3, "Success"), attempt("a", 4, None)))
    assert seen.total == 2
    assert seen.status is Status.RUNNING
    assert [(view.vm_name, view.status, view.tries) for view in seen.tasks] == [
        ("b", Status.SUCCESS, 1),
        ("a", Status.RUNNING, 2),
    ]
    assert [view.status for view in seen.retried] == [Status.FAILED]
    assert not seen.failures


def test_the_third_attempt_counts_all_of_them_whatever_the_point_and_the_case() -> None:
    seen = assess(
        session(attempt("Web01", 0, 2), attempt("WEB01", 3, 4, point="newer"),
                attempt("web01", 5, None, point="newest"))
    )  # fmt: skip
    assert [(view.vm_name, view.tries) for view in seen.tasks] == [("web01", 3)]
    assert len(seen.retried) == 2


def test_a_success_after_a_failure_leaves_no_contradiction() -> None:
    seen = assess(stopped(attempt("a", 0, 2), attempt("a", 3, 5, "Success")))
    assert (seen.status, seen.contradictions, seen.total) == (Status.SUCCESS, (), 1)


def test_two_tasks_at_one_time_are_two_vms_of_one_name() -> None:
    seen = assess(session(attempt("twin", 0, 4), attempt("twin", 1, None)))
    assert seen.total == 2
    assert seen.count(Status.FAILED) == 1


def test_two_vms_of_one_name_in_the_plan_stay_two_and_a_third_task_is_a_retry() -> None:
    both = plan("twin", "twin")
    one, two = attempt("twin", 0, 1, point="p1"), attempt("twin", 2, 3, point="p2")
    assert assess(session(one, two), plan=both).count(Status.FAILED) == 2
    seen = assess(session(one, two, attempt("twin", 4, None, point="p2")), plan=both)
    assert seen.total == 2
    assert [(view.key.point_id, view.status) for view in seen.tasks] == [
        ("p1", Status.FAILED),
        ("p2", Status.RUNNING),
    ]


def test_a_vm_that_was_up_and_is_started_again_is_no_retry() -> None:
    seen = assess(session(attempt("a", 0, 2, "Success"), attempt("a", 3, None)))
    assert seen.total == 2


def test_an_attempt_that_is_no_longer_listed_is_followed_up_all_the_same() -> None:
    before = assess(session(attempt("a", 0, 2, point="old")))
    seen = assess(session(attempt("a", 3, None, point="new")), before=before)
    assert [(view.status, view.tries) for view in seen.tasks] == [(Status.RUNNING, 2)]
    again = assess(session(attempt("a", 3, None, point="new")), before=seen)
    assert again == seen


def test_an_unchanged_poll_makes_no_new_views() -> None:
    tasks = attempt("a", 0, 2), attempt("a", 3, None), attempt("b", 0, None)
    before = assess(session(*tasks))
    after = assess(session(*tasks), before=before)
    assert all(one is two for one, two in zip(before.attempts, after.attempts, strict=True))
    assert before.tasks[0].key == TaskKey("a", "point-a", 1)


def test_vms_of_the_plan_are_told_without_regard_to_case() -> None:
    seen = assess(
        session(attempt("SQL01", 0, None)),
        plan=plan("sql01", "web01", "Dc01"),
        failed_over=frozenset({"WEB01"}),
    )
    assert [(view.vm_name, view.status) for view in seen.tasks] == [
        ("SQL01", Status.RUNNING),
        ("web01", Status.ALREADY),
        ("Dc01", Status.WAITING),
    ]


def test_what_cannot_be_read_belongs_to_the_whole() -> None:
    damaged = session(attempt("a", 0, None)).model_copy(update={"unreadable_tasks": 2})
    assert (assess(damaged).total, assess(damaged).unreadable) == (3, 2)
    whole = plan("a", "b").model_copy(update={"unreadable_vms": 1})
    assert assess(session(attempt("a", 0, None)), plan=whole).total == 3
    # The VM of the plan that cannot be read may be the one that has begun.
    begun = session(attempt("a", 0, None), attempt("c", 0, None), attempt("b", 0, None))
    assert assess(begun, plan=whole).total == 3


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "A", "b"]),
            st.integers(0, 9),
            st.none() | st.integers(0, 9),
            st.sampled_from(["Failed", "Success"]),
        ),
        max_size=6,
    )
)
def test_no_task_is_lost_and_none_counts_twice(
    drawn: list[tuple[str, int, int | None, str]],
) -> None:
    tasks = [
        attempt(vm, begin, None if end is None else begin + end, result)
        for vm, begin, end, result in drawn
    ]
    seen = assess(session(*tasks))
    assert [view.task for view in seen.attempts] == tasks
    assert sum(view.tries for view in seen.tasks) == len(tasks)
    assert len({view.key for view in seen.attempts}) == len(tasks)
    assert {view.vm_name.casefold() for view in seen.tasks} == {
        one.vm_name.casefold() for one in tasks
    }
    assert all(view.status is Status.FAILED for view in seen.retried)
    assert assess(session(*tasks), before=seen) == seen
