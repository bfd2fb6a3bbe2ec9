"""Work that is followed comes to what a plain count of all tasks comes to, at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.making import at, plan, session, task
from tests.support.readings import courses
from tui.analysis.assessing import assess
from tui.analysis.assessment import Assessment, TaskView, span
from tui.analysis.estimate import Evidence, Outlook, WhyNone, from_durations, from_runs, took
from tui.analysis.moved_on import moved_on
from tui.analysis.running import SLOTS
from tui.analysis.status import Status
from tui.analysis.work_left import IDLE_AFTER, WorkLeft, estimate
from tui.enterprise_manager.resources import FailoverSession

PLAN = plan("a", "b", "c", "x", "y")


def _earlier(*minutes: int) -> FailoverSession:
    """A run of the plan some days ago, its VMs at intervals, each for so many minutes."""
    begun = [at(-9000 + 7 * number) for number in range(len(minutes))]
    tasks = [
        task(name, "Stopped", "Success", created=begin, ended=begin + timedelta(minutes=each))
        for name, begin, each in zip("abcxyzde", begun, minutes, strict=False)
    ]
    return session(*tasks, state="Stopped", result="Success", created=at(-9000))


def _plainly(
    views: Sequence[TaskView],
    now: datetime,
    runs: Sequence[FailoverSession],
    plan_known: bool,
    stalled: frozenset[object],
) -> tuple[datetime, datetime] | WhyNone:
    """The earliest and latest end by datetimes, VM by VM, from nothing but these."""
    views = [view for view in views if view.status is not Status.ALREADY]
    waiting = [view.vm_name for view in views if view.status is Status.WAITING]
    if not waiting and not plan_known:
        if not runs:
            return WhyNone.TO_COME_UNKNOWN
        here = {view.vm_name.casefold() for view in views}
        waiting = [each.vm_name for each in runs[0].tasks if each.vm_name not in here]
    running = [view for view in views if view.is_running and view.key not in stalled]
    held = [view for view in views if view.is_running and view.key in stalled]
    tasks = [view.task for view in views if view.task is not None]
    if held and not running and (not waiting or len(held) >= SLOTS):
        return WhyNone.ONLY_STALLED
    seen = [moment for each in tasks for moment in (each.created, each.ended) if moment]
    if waiting and not running and seen and now - max(seen) > IDLE_AFTER:
        return WhyNone.NOTHING_RUNS
    names = [view.vm_name for view in running] + waiting
    evidence = from_runs(runs)
    if evidence is None or not evidence.suffices_for(names):
        taken = [each for task in tasks if (each := took(task)) is not None]
        evidence = from_durations(taken, [each.created for each in tasks if each.created])
    if evidence is None:
        return WhyNone.TOO_FEW_DONE
    starts = [each.created for each in tasks if each.created]
    free = max(SLOTS - len(held), len(running)) - len(running)
    early = _ends(running, waiting, evidence, now, free, starts, "low")
    return early, max(early, _ends(running, waiting, evidence, now, free, starts, "high"))


def _ends(
    running: Sequence[TaskView],
    waiting: Sequence[str],
    evidence: Evidence,
    now: datetime,
    free: int,
    starts: Sequence[datetime],
    which: str,
) -> datetime:
    slots = []
    for view in running:
        elapsed = span(view.task.created if view.task else None, now) or timedelta()
        left = max(getattr(evidence.of(view.vm_name), which) - elapsed, timedelta())
        slots.append(now + (left if which == "low" else max(left, elapsed * 0.25)))
    finish = max(slots, default=now)
    slots += [now] * free
    pause = getattr(evidence.pause, which)
    turn = max(now, max(starts) + pause) if starts else now
    for name in waiting:
        slots.sort()
        begin = max(turn, slots[0])
        slots[0] = begin + getattr(evidence.of(name), which)
        finish, turn = max(finish, slots[0]), begin + pause
    return finish


def _told(outlook: Outlook) -> tuple[datetime, datetime] | WhyNone | None:
    found = outlook.estimate
    return (found.earliest, found.latest) if found is not None else outlook.why_none


@settings(max_examples=150, deadline=None)
@given(
    courses(),
    st.lists(st.tuples(st.integers(0, 900_000_000), st.booleans()), min_size=8, max_size=8),
    st.sampled_from([(), (_earlier(3, 9, 4, 7, 30),), (_earlier(3, 9), _earlier(4, 4, 8))]),
    st.booleans(),
)
def test_work_that_is_followed_is_that_of_all_tasks_counted(
    course: list[FailoverSession],
    steps: list[tuple[int, bool]],
    runs: tuple[FailoverSession, ...],
    planned: bool,
) -> None:
    work, now = WorkLeft(runs, from_runs(runs)), at(3)
    view: Assessment | None = None
    for read, (microseconds, still) in zip(course, steps, strict=False):
        wanted = PLAN if planned else None
        view = (view and moved_on(view, read, plan=wanted)) or assess(
            read, before=view, plan=wanted
        )
        work.read(view.tasks)
        now += timedelta(microseconds=microseconds)
        stalled = frozenset(each.key for each in view.tasks[:2] if still)
        if microseconds % 3 == 0:  # a large failover is judged now and then only
            continue
        found = work.outlook(
            Status.RUNNING, view.tasks, now=now, plan_known=planned, stalled=stalled, over=False
        )
        anew = estimate(
            Status.RUNNING, view.tasks, now=now, earlier=runs, plan_known=planned, stalled=stalled
        )
        assert found == anew
        assert _told(found) == _plainly(view.tasks, now, runs, planned, stalled)
