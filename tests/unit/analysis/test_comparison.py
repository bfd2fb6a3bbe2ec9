from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import any_tasks, earlier_run, finished, views_of, working
from tests.support.making import at, done, session, stopped
from tui.analysis.assessing import assess
from tui.analysis.comparison import (
    Comparison,
    Neighbours,
    Presence,
    basis,
    compare,
    earlier_finished,
    neighbours,
    same_plan,
)
from tui.enterprise_manager.resources import TaskSession

MINUTE = timedelta(minutes=1)


def compared(now: tuple[TaskSession, ...], then: tuple[TaskSession, ...]) -> Comparison:
    """A finished run of ten minutes against one of eight."""
    return compare(stopped(*now), views_of(*now), earlier_run(*then, minutes=8))


def test_per_vm_and_in_total() -> None:
    found = compared(
        (
            finished("faster", 0, 2),
            finished("slower", 0, 5),
            finished("fails now", 0, 1, "Failed"),
            finished("failed then", 0, 3),
            finished("added", 0, 1),
        ),
        (
            finished("slower", 0, 4),
            finished("faster", 0, 3),
            finished("fails now", 0, 1),
            finished("failed then", 0, 1, "Failed"),
            finished("gone", 0, 1),
        ),
    )
    assert [(vm.vm_name, vm.presence, vm.slower_by) for vm in found.vms] == [
        ("faster", Presence.BOTH, -MINUTE),
        ("slower", Presence.BOTH, MINUTE),
        ("fails now", Presence.BOTH, None),
        ("failed then", Presence.BOTH, None),
        ("added", Presence.ADDED, None),
        ("gone", Presence.GONE, None),
    ]
    assert (found.failed_then, found.failed_now, found.slower_by) == (1, 1, 2 * MINUTE)


def test_while_it_runs_a_vm_without_a_task_is_not_gone_unless_the_plan_says_so() -> None:
    then = earlier_run(finished("a", 0, 1), finished("b", 0, 1), finished("c", 0, 1))
    running = session(working("a", 0))
    without_plan = compare(running, views_of(working("a", 0)), then)
    assert not without_plan.present(Presence.GONE)
    assert without_plan.slower_by is None
    views = views_of(working("a", 0), waiting=("b",))
    with_plan = compare(running, views, then, plan_known=True)
    assert [vm.vm_name for vm in with_plan.present(Presence.GONE)] == ["c"]


def test_a_run_without_tasks_makes_vms_unknown_not_added_or_gone() -> None:
    tasks = (finished("a", 0, 1),)
    empty_then = compared(tasks, ())
    assert (empty_then.tasks_then, empty_then.vms[0].presence) == (False, Presence.BOTH)
    empty_now = compared((), tasks)
    assert (empty_now.tasks_now, empty_now.vms[0].presence) == (False, Presence.BOTH)


def test_the_last_of_several_tasks_counts() -> None:
    found = compared(
        (finished("a", 5, 7), finished("a", 0, 1, "Failed")),
        (finished("a", 0, 1),),
    )
    assert [(vm.slower_by, vm.failed_now) for vm in found.vms] == [(MINUTE, False)]


@settings(deadline=None)
@given(any_tasks(), any_tasks())
def test_every_vm_of_either_run_appears_once(
    now: tuple[TaskSession, ...], then: tuple[TaskSession, ...]
) -> None:
    found = compared(now, then)
    names = [vm.vm_name for vm in found.vms]
    assert sorted(names) == sorted({task.vm_name for task in (*now, *then)})
    assert sum(len(found.present(presence)) for presence in Presence) == len(names)
    for vm in found.vms:
        assert (vm.slower_by is None) == (vm.now is None or vm.then is None)


@st.composite
def _a_moment_later(draw: st.DrawFn, tasks: tuple[TaskSession, ...]) -> tuple[TaskSession, ...]:
    """The same tasks, some of them further on, some begun or ended otherwise, some gone."""
    later = []
    for task in tasks:
        kind = draw(st.sampled_from(["", "", "progress", "message", "ended", "result", "gone"]))
        changes: dict[str, dict[str, object]] = {
            "progress": {"progress": draw(st.integers(0, 100))},
            "message": {"failure_message": draw(st.text(max_size=4))},
            "ended": {"ended": draw(st.none() | st.just(at(3)))},
            "result": {"result": draw(st.sampled_from(["None", "Success", "Failed"]))},
        }
        if kind != "gone":
            later.append(replace(task, **changes.get(kind, {})))  # type: ignore[arg-type]
    return tuple(later)


@settings(deadline=None)
@given(data=st.data(), tasks=any_tasks(), then=any_tasks())
def test_what_rests_on_the_same_compares_alike(
    data: st.DataObject, tasks: tuple[TaskSession, ...], then: tuple[TaskSession, ...]
) -> None:
    earlier, session = earlier_run(*then, minutes=8), stopped(*tasks)
    now = views_of(*tasks)
    later = views_of(*data.draw(_a_moment_later(tasks)))
    known = data.draw(st.booleans())
    if basis(session, now, earlier) == basis(session, later, earlier, plan_known=known):
        assert compare(session, now, earlier) == compare(session, later, earlier, plan_known=known)


def test_progress_is_nothing_that_a_comparison_rests_on_but_an_end_is() -> None:
    run, earlier = session(working("a", 1)), earlier_run(done("a"))
    (before,) = views_of(working("a", 1))
    assert before.task is not None
    further = replace(before, task=replace(before.task, progress=99))
    ended = replace(before, task=replace(before.task, ended=at(3)))
    assert basis(run, [before], earlier) == basis(run, [further], earlier)
    assert basis(run, [before], earlier) != basis(run, [ended], earlier)
    assert basis(run, [before], earlier) != basis(run, [before], earlier, plan_known=True)
    assert basis(run, [before], earlier) != basis(run, [before], earlier_run(done("b")))
    assert basis(run, [before], earlier) != basis(stopped(done("a")), [before], earlier)


def test_a_plan_is_its_name_on_its_backup_server() -> None:
    here = session(server="vbr01")
    assert same_plan(here, earlier_run(server="vbr01"))
    assert same_plan(here, earlier_run(server=None))
    assert not same_plan(here, earlier_run(server="vbr02"))
    assert not same_plan(here, earlier_run(plan="Another"))


def test_neighbours_lead_through_all_runs_of_the_plan_in_order() -> None:
    runs = [earlier_run(days=day) for day in (9, 1, 5)]
    others = [earlier_run(days=3, plan="Another"), earlier_run(days=4, server="vbr02")]
    current = session()
    known = [*others, *runs, current, runs[0]]
    walked = []
    step: Neighbours = neighbours(known, current)
    assert step.newer is None
    while step.older is not None:
        walked.append(step.older)
        newer = neighbours(known, step.older).newer
        assert newer is (current if len(walked) == 1 else walked[-2])
        step = neighbours(known, step.older)
    assert [run.id for run in walked] == ["run-1", "run-5", "run-9"]
    assert neighbours(known, session(created=None)) == Neighbours()


def test_sessions_of_one_moment_still_have_an_order() -> None:
    twins = [earlier_run(days=1, name=name) for name in ("a", "b")]
    assert neighbours(twins, twins[0]) == Neighbours(None, twins[1])
    assert neighbours(twins, twins[1]) == Neighbours(twins[0], None)


def test_earlier_ones_are_finished_older_and_newest_first() -> None:
    runs = [earlier_run(days=day) for day in (9, 1, 5, -2)]
    running = session(created=runs[0].created, session_id="still running")
    found = earlier_finished([*runs, running], session())
    assert [run.id for run in found] == ["run-1", "run-5", "run-9"]
    assert earlier_finished(runs, session(created=None)) == ()


def test_a_vm_is_the_same_one_in_another_case() -> None:
    now = session(done("WEB01"), done("new"))
    found = compare(now, assess(now).tasks, earlier_run(finished("web01", 0, 5)))
    assert [(vm.vm_name, vm.presence) for vm in found.vms] == [
        ("WEB01", Presence.BOTH),
        ("new", Presence.ADDED),
    ]
    assert found.vms[0].then == timedelta(minutes=5)


def test_runs_without_a_vm_in_common_are_another_plans_of_that_name() -> None:
    ours, theirs = session(done("a"), done("b")), stopped(done("c"))
    assert not same_plan(ours, theirs)
    assert same_plan(ours, stopped(done("B")))
    assert same_plan(ours, stopped()), "a list without tasks tells nothing"


def test_a_backup_server_is_told_by_its_id() -> None:
    one, other = (session().model_copy(update={"backup_server_id": each}) for each in "xy")
    assert not same_plan(one, other)
    renamed = other.model_copy(update={"backup_server": "another name"})
    assert same_plan(other, renamed)
    assert same_plan(session(server="VBR01"), session(server="vbr01 "))
