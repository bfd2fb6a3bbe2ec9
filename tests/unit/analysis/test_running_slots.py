from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings

from tests.support.drill_cases import any_tasks, assessed, finished, views_of, working
from tests.support.making import session, task
from tui.analysis.assessing import assess
from tui.analysis.assessment import TaskView
from tui.analysis.running import Running, Slots
from tui.enterprise_manager.resources import TaskSession


def slots_in_use(views: tuple[TaskView, ...]) -> Slots:
    return Slots(Running(timedelta(minutes=10)).count(views))


def test_counts_the_running_ones_only() -> None:
    views = views_of(
        finished("dc01", 0, 2),
        finished("sql01", 0, 2, "Failed"),
        working("web01", 1),
        task("web02", "Starting"),
        task("web03", "Stopping"),
        waiting=("app01", "app02"),
    )
    slots = slots_in_use(views)
    assert (slots.used, slots.of) == (3, 10)
    assert not slots.is_full


def test_more_than_ten_are_shown_as_they_are() -> None:
    slots = slots_in_use(views_of(*(working(f"vm{n}", 0) for n in range(12))))
    assert (slots.used, slots.of) == (12, 10)
    assert slots.is_full


def test_an_unknown_state_without_an_end_holds_a_slot_and_one_with_an_end_does_not() -> None:
    odd, over = views_of(task("a", "Pausing"), finished("b", 0, 1, "None"))
    assert odd.is_running
    assert not over.is_running


def test_a_running_task_that_is_no_longer_listed_holds_no_slot() -> None:
    (unlisted,) = assess(session(), before=assess(session(working("a", 0)))).tasks
    assert unlisted.unlisted
    assert not unlisted.is_running


@settings(deadline=None)
@given(any_tasks())
def test_every_task_is_waiting_running_or_over(tasks: tuple[TaskSession, ...]) -> None:
    assessment = assessed(*tasks, waiting=("late01", "late02"))
    used = slots_in_use(assessment.tasks).used
    others = sum(not view.is_running for view in assessment.tasks)
    assert used + others == assessment.total == sum(assessment.counts.values())
    assert used <= len(tasks)
