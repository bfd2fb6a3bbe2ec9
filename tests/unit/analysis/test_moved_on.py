"""What is judged by what changed is judged as the whole would be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.making import at, done, plan, point, session, task
from tests.support.readings import courses
from tui.analysis.assessing import assess
from tui.analysis.assessment import Assessment, TaskKey
from tui.analysis.drill import Drill, DrillView, Goals, Known
from tui.analysis.events import changes
from tui.analysis.identity import difference, differing
from tui.analysis.moved_on import moved_on
from tui.analysis.running import Motions, Running, notable
from tui.analysis.stall import Movement, Pulse, assess_motion, fold_pulses
from tui.enterprise_manager.resources import FailoverPlan, FailoverSession, TaskSession

PLAN = plan("a", "b", "c", "x", "y")
POINTS = {name: point(name, at(-60)) for name in ("point-a", "point-b", "point-c", "other")}
OTHER_PLAN = plan("a", "z")


def _known(view: Assessment | None) -> dict[str, Any]:
    """All of an assessment, what it works out later too."""
    if view is None:
        return {}
    return {**vars(view), "failures": view.failures, "attempts": view.attempts,
            "to_begin": view.to_begin, "basis": None}  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(courses(), st.lists(st.sampled_from([None, PLAN, OTHER_PLAN]), min_size=8, max_size=8),
       st.lists(st.sampled_from([frozenset[str](), frozenset({"x"})]), min_size=8, max_size=8),
       st.booleans())  # fmt: skip
def test_an_assessment_by_what_changed_is_that_of_the_whole(
    course: list[FailoverSession],
    plans: list[FailoverPlan | None],
    before: list[frozenset[str]],
    changing: bool,
) -> None:
    short: Assessment | None = None
    long: Assessment | None = None
    for read, other, up in zip(course, plans, before, strict=False):
        how: dict[str, Any] = {"plan": PLAN, "failed_over": before[0], "watched": True}
        if changing:
            how |= {"plan": other, "failed_over": up}
        short_before = short
        moved = short and moved_on(short, read, **how)
        short = moved or assess(read, before=short, **how)
        long_before, long = long, assess(read, before=long, **how)
        assert _known(short) == _known(long)
        told, wholly = (
            changes(short_before, read, short, at(20)),
            changes(long_before, read, long, at(20)),
        )
        assert told == wholly


BEGINNING = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["a", "b", "c", "d", "E", "x", "y", "z"]), max_size=2),
        st.integers(0, 7),
        st.integers(0, 100),
        st.sampled_from(["Working", "Working", "Stopped"]),
    ),
    min_size=3,
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(BEGINNING, st.permutations(["a", "b", "c", "d", "e", "x", "x"]), st.booleans())
def test_vms_that_begin_one_after_the_other_are_taken_in_as_the_whole_would_be(
    steps: list[tuple[list[str], int, int, str]], named: list[str], planned: bool
) -> None:
    """With the plan, whose VMs wait until they begin, in whatever order, or without."""
    wanted, up = (plan(*named) if planned else None), frozenset({"B"})
    listed: list[TaskSession] = []
    short = long = assess(session(), plan=wanted, failed_over=up)
    fast, slow = Drill(timedelta(minutes=5)), Drill(timedelta(minutes=5))
    for number, (new, place, progress, state) in enumerate(steps):
        fresh = list(dict.fromkeys(new))
        begun = {each.vm_name for each in listed}
        if place < len(listed):
            result = "Failed" if progress % 3 else "Success"
            changed = replace(listed[place], progress=progress, state=state,
                              result="None" if state == "Working" else result)  # fmt: skip
            listed[place : place + 1] = [changed]
        listed += [task(name, progress=progress) for name in fresh if name not in begun]
        read = session(*listed)
        moved = moved_on(short, read, plan=wanted, failed_over=up)
        assert moved is not None
        whole = assess(read, plan=wanted, failed_over=up, before=long)
        assert _known(moved) == _known(whole)
        assert changes(short, read, moved, at(20)) == changes(long, read, whole, at(20))
        short, long = moved, whole
        told = []
        for drill, view in ((fast, short), (slow, long)):
            drill.read(view, at(number))
            known = Known(session=read, assessment=view, plan_known=planned)
            told.append(drill.judge(known, Goals(), now=at(number), as_of=at(number), stale=False))
        assert told[0] == told[1]


@settings(max_examples=100, deadline=None)
@given(courses())
def test_rows_know_where_they_differ_from_those_before(course: list[FailoverSession]) -> None:
    known: list[Assessment] = []
    for read in course:
        last = known[-1] if known else None
        known.append((last and moved_on(last, read)) or assess(read, before=last))
        for before in known:
            after = known[-1].tasks
            where = difference(before.tasks, after)
            assert sorted([*where.moved, *where.changed]) == differing(before.tasks, after)
            for place in where.moved:
                old, new = before.tasks[place], after[place]
                assert old.task is not None
                assert new.task is not None
                assert replace(new, task=replace(new.task, progress=old.task.progress)) == old
                assert new.task.progress != old.task.progress
                assert new.is_running is old.is_running


@settings(max_examples=120, deadline=None)
@given(courses(), st.lists(st.integers(-200, 400), min_size=8, max_size=8), st.booleans())
def test_motions_are_those_of_all_running_tasks_judged_anew(
    course: list[FailoverSession], seconds: list[int], learned: bool
) -> None:
    stall_after, now = timedelta(minutes=5), at(3)
    usual = {"a": timedelta(minutes=2), "b": timedelta(0)} if learned else {}
    running = Running(stall_after)
    pulses: dict[TaskKey, Pulse] = {}
    view: Assessment | None = None
    for read, more in zip(course, seconds, strict=False):
        view = (view and moved_on(view, read)) or assess(read, before=view)
        running.expect(usual, stall_after)
        running.read(view.tasks, now)
        pulses = fold_pulses(pulses, view.tasks, now)
        now += timedelta(seconds=more)  # a clock that is set may go back
        for stale in (False, True) if more % 3 else ():
            found = running.motions(view.tasks, now, stale=stale)
            wholly = assess_motion(
                view.tasks, pulses, now=now, stale=stale, usual=usual, stall_after=stall_after
            )
            assert found == wholly
            assert list(notable(found).items()) == list(notable(wholly).items())
        assert running.count(view.tasks) == sum(each.is_running for each in view.tasks)


@settings(max_examples=60, deadline=None)
@given(courses(), st.lists(st.integers(0, 400), min_size=8, max_size=8))
def test_a_drill_that_goes_on_says_what_one_says_that_begins_anew(
    course: list[FailoverSession], seconds: list[int]
) -> None:
    """Its views made anew at each reading, so that nothing can be taken over."""

    def told(keeping: bool) -> list[DrillView]:
        drill, now, found = Drill(timedelta(minutes=5)), at(3), []
        view: Assessment | None = None
        for read, more in zip(course, seconds, strict=False):
            if keeping:
                view = (view and moved_on(view, read)) or assess(read, before=view)
            else:
                fresh = [replace(each) for each in read.tasks]
                view = assess(read.model_copy(update={"tasks": tuple(fresh)}), before=view)
            drill.read(view, now)
            now += timedelta(seconds=more)
            goals = Goals(timedelta(minutes=30), timedelta(hours=1))
            known = Known(session=read, assessment=view, points=POINTS)
            found.append(drill.judge(known, goals, now=now, as_of=now, stale=False))
        return found

    assert told(keeping=True) == told(keeping=False)


@pytest.mark.parametrize("count", [10, 1000])
def test_a_row_that_did_not_change_is_the_same_row(count: int) -> None:
    listed = [task(f"vm{number}") for number in range(count)]
    before = assess(session(*listed))
    listed[3] = replace(listed[3], progress=99)
    listed[5] = done("vm5", "Failed")
    after = moved_on(before, session(*listed))
    assert after is not None
    assert [n for n in range(count) if after.tasks[n] is not before.tasks[n]] == [3, 5]


def test_only_what_may_stand_still_is_judged() -> None:
    listed = [task(f"vm{number}", progress=number) for number in range(40)]
    running = Running(timedelta(minutes=5))
    view = assess(session(*listed))
    running.read(view.tasks, at(1))
    listed[7:] = [replace(each, progress=50) for each in listed[7:]]
    view = assess(session(*listed), before=view)
    running.read(view.tasks, at(4))
    found = running.motions(view.tasks, at(5), stale=False)
    assert isinstance(found, Motions)
    assert [key.vm_name for key in found.notable] == [f"vm{number}" for number in range(7)]
    assert {each.movement for each in found.notable.values()} == {Movement.QUIET}
    assert found[view.tasks[20].key].movement is Movement.MOVING


def test_what_belongs_to_a_row_besides_its_progress_is_judged_anew() -> None:
    """An end makes a state that nobody knows one that is over; an earlier run brought a VM up."""
    odd = replace(task("a", "Odd"), ended=None)
    before = assess(session(odd), plan=PLAN)
    ended = session(replace(odd, ended=at(5)))
    after = moved_on(before, ended, plan=PLAN)
    assert after is not None
    assert [each.is_running for each in after.tasks] == [False] * len(after.tasks)
    assert moved_on(before, ended, plan=PLAN, failed_over=frozenset({"x"})) is None
