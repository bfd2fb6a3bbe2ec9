from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import any_tasks, finished, views_of, working
from tests.support.making import at, task
from tui.analysis.assessment import TaskKey, TaskView
from tui.analysis.stall import (
    Motion,
    Movement,
    Pulses,
    all_still_since,
    assess_motion,
    fold_pulses,
)
from tui.enterprise_manager.resources import TaskSession

ROW = views_of(working("a", 0))


def motions_of(
    views: tuple[TaskView, ...],
    pulses: Pulses,
    minute: float,
    *,
    stale: bool = False,
    usual: Mapping[str, timedelta] | None = None,
) -> dict[TaskKey, Motion]:
    """At that minute; a VM without earlier runs may stand still for ten."""
    return assess_motion(
        views, pulses, now=at(minute), stale=stale, usual=usual, stall_after=timedelta(minutes=10)
    )


def motion(
    quiet: float,
    running: float,
    usual: float | None = None,
    *,
    stale: bool = False,
    views: tuple[TaskView, ...] = ROW,
) -> Motion:
    """One task that began at 0, at minute `running`, unchanged for `quiet` minutes."""
    pulses = fold_pulses({}, views, at(running - quiet))
    usuals = {"a": timedelta(minutes=usual)} if usual is not None else None
    (found,) = motions_of(views, pulses, running, stale=stale, usual=usuals).values()
    return found


def test_without_history_ten_minutes_decide() -> None:
    assert motion(4.9, 60).movement is Movement.MOVING
    assert motion(5, 60).movement is Movement.QUIET
    found = motion(10, 60)
    assert found.movement is Movement.STALLED
    assert found.quiet_for == timedelta(minutes=10)
    assert (found.threshold, found.usual) == (timedelta(minutes=10), None)


def test_with_history_twice_the_usual_decides() -> None:
    assert motion(1.9, 3, 2).movement is Movement.MOVING
    assert motion(2, 3, 2).movement is Movement.QUIET
    found = motion(4, 4, 2)
    assert (found.movement, found.usual) == (Movement.STALLED, timedelta(minutes=2))
    slow = motion(0.1, 4, 2)
    assert (slow.movement, slow.running_for) == (Movement.SLOW, timedelta(minutes=4))


def test_a_very_short_usual_does_not_alarm_within_a_minute() -> None:
    assert motion(0.9, 0.9, 0.05).movement is Movement.QUIET
    assert motion(1, 1, 0.05).movement is Movement.STALLED


def test_old_data_and_an_unseen_task_cannot_tell() -> None:
    found = motion(60, 60, 2, stale=True)
    assert (found.movement, found.quiet_for) == (Movement.CANNOT_TELL, None)
    (unseen,) = motions_of(ROW, {}, 9).values()
    assert unseen.movement is Movement.CANNOT_TELL


def test_a_change_of_progress_state_or_message_is_movement() -> None:
    readings = [
        working("a", 0, 10),
        working("a", 0, 10),
        working("a", 0, 11),
        task("a", "Stopping", progress=11),
        task("a", "Stopping", progress=11, message="tidying up"),
    ]
    pulses: Pulses = {}
    changes = []
    for minute, reading in enumerate(readings):
        pulses = fold_pulses(pulses, views_of(reading), at(minute))
        (pulse,) = pulses.values()
        changes.append((pulse.last_changed_at, pulse.observed))
    assert changes == [
        (at(0), False),
        (at(0), False),
        (at(2), True),
        (at(3), True),
        (at(4), True),
    ]


def test_finished_tasks_drop_out() -> None:
    pulses = fold_pulses({}, views_of(working("a", 0), working("b", 0)), at(1))
    assert len(pulses) == 2
    assert not fold_pulses(pulses, views_of(finished("a", 0, 1), finished("b", 0, 1)), at(2))


def test_everything_standing_still_together_is_told() -> None:
    views = views_of(working("a", 0, 1), working("b", 0, 1))
    pulses = fold_pulses({}, views, at(1))
    pulses = fold_pulses(pulses, views_of(working("a", 0, 1), working("b", 0, 2)), at(3))
    assert all_still_since(views, pulses) == at(3)
    assert all_still_since(views[:1], pulses) is None


@settings(deadline=None)
@given(
    st.lists(st.tuples(any_tasks(), st.floats(0, 30)), min_size=1, max_size=6),
    st.booleans(),
    st.dictionaries(
        st.sampled_from([f"vm{n:02}" for n in range(12)]),
        st.floats(0, 60).map(lambda minutes: timedelta(minutes=minutes)),
    ),
)
def test_every_running_task_has_one_judgement_and_none_while_stale(
    readings: list[tuple[tuple[TaskSession, ...], float]],
    stale: bool,
    usual: dict[str, timedelta],
) -> None:
    pulses: Pulses = {}
    minute = 0.0
    views: tuple[TaskView, ...] = ()
    for tasks, passed in readings:
        minute += passed
        views = views_of(*tasks)
        pulses = fold_pulses(pulses, views, at(minute))
    found = motions_of(views, pulses, minute, stale=stale, usual=usual)
    assert set(found) == {view.key for view in views if view.is_running} == set(pulses)
    for judged in found.values():
        if stale:
            assert judged.movement is Movement.CANNOT_TELL
            assert judged.quiet_for is None
        else:
            assert judged.quiet_for is not None
            assert judged.quiet_for >= timedelta()
            stalled = judged.movement is Movement.STALLED
            silent = judged.movement is Movement.CANNOT_TELL
            assert (stalled or silent) == (judged.quiet_for >= judged.threshold)


@pytest.mark.parametrize(
    ("progress", "stalled"), [(None, False), (0, False), (1, True), (99, True), (100, False)]
)
def test_a_server_that_shows_any_progress_is_not_mute(progress: int | None, stalled: bool) -> None:
    """0 and 100 are what a server says that tells of no progress at all."""
    views = views_of(task("a", progress=progress), working("b", 0, 0))
    pulses = fold_pulses({}, views, at(0))
    found = {key.vm_name: each for key, each in motions_of(views, pulses, 30).items()}
    expected = Movement.STALLED if stalled else Movement.CANNOT_TELL
    assert found["b"].movement is expected
