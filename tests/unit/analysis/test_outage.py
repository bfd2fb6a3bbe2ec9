"""One outage over several runs, inferred from plan, time and VMs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import any_tasks, finished, working
from tests.support.making import at, session
from tests.support.making import plan as plan_of
from tests.support.readings import courses
from tui.analysis.assessing import assess
from tui.analysis.assessment import Assessment
from tui.analysis.moved_on import moved_on
from tui.analysis.outage import Outage, Outages, gone_on_by, outage_of
from tui.enterprise_manager.resources import FailoverPlan, FailoverSession, TaskSession


def run(
    name: str,
    begin: float,
    end: float | None,
    *tasks: TaskSession,
    result: str = "Failed",
) -> FailoverSession:
    return session(
        *tasks,
        state="Working" if end is None else "Stopped",
        result="None" if end is None else result,
        created=at(begin),
        ended=None if end is None else at(end),
        session_id=name,
    )


FIRST = run(
    "first",
    -20,
    -14,
    finished("dc01", -20, -18),
    finished("web01", -20, -17, "Warning"),
    finished("sql02", -20, -16, "Failed"),
    finished("app02", -19, -15, "Failed"),
)


def outage(
    this: FailoverSession,
    *earlier: FailoverSession,
    declared: float | None = None,
    plan: FailoverPlan | None = None,
) -> Outage | None:
    when = None if declared is None else at(declared)
    return outage_of(this, assess(this, plan=plan), earlier, now=at(3), declared=when)


@settings(max_examples=80, deadline=None)
@given(courses(), st.lists(st.sampled_from([None, -9.0, -30.0]), min_size=8, max_size=8),
       st.sampled_from([(), ("a", "b"), ("c", "d", "e"), ("x",)]))  # fmt: skip
def test_an_outage_that_is_followed_is_that_of_all_vms_counted(
    course: list[FailoverSession], declared: list[float | None], up: tuple[str, ...]
) -> None:
    first = [finished(name, -20, -16, "Success" if name in up else "Failed") for name in "abcdx"]
    earlier = [run("first", -20, -14, *first), run("before", -60, -50, *first)]
    followed = Outages(earlier)
    view: Assessment | None = None
    for number, (read, when) in enumerate(zip(course, declared, strict=False)):
        view = (view and moved_on(view, read)) or assess(read, before=view)
        followed.read(view.tasks)
        moment = None if when is None else at(when)
        if number % 3 < 2:  # a large failover is judged now and then only
            anew = outage_of(read, view, earlier, now=at(number), declared=moment)
            assert followed.of(read, view, now=at(number), declared=moment) == anew


def test_a_run_that_tries_the_failed_ones_again_is_one_outage() -> None:
    again = run("again", 0, None, working("app02", 0), working("SQL02", 1))
    found = outage(again, FIRST)
    assert found is not None
    assert [each.session_id for each in found.runs] == ["first", "again"]
    assert [(each.failed, each.vms) for each in found.runs] == [(2, 4), (0, 2)]
    assert (found.up, found.total, found.failed, found.down) == (2, 4, 0, ())
    assert (found.began, found.took) == (at(-20), timedelta(minutes=23))


def test_what_failed_again_and_what_was_not_tried_is_still_down_at_the_end() -> None:
    over = run("again", 0, 2, finished("sql02", 0, 1, "Failed"))
    found = outage(over, FIRST, plan=plan_of("dc01", "web01", "sql02", "app02"))
    assert found is not None
    assert found.down == ("sql02", "app02")
    assert (found.up, found.failed, found.over) == (2, 2, True)
    assert found.took == timedelta(minutes=22)


def test_while_it_runs_what_is_not_tried_yet_may_still_be() -> None:
    again = run("again", 0, None, finished("sql02", 0, 1, "Failed"))
    found = outage(again, FIRST)
    assert found is not None
    assert (found.down, found.failed, found.up) == (("sql02",), 1, 2)


def test_it_counts_from_the_declaration_where_that_is_earlier() -> None:
    again = run("again", 0, 2, finished("sql02", 0, 1), finished("app02", 0, 2), result="Success")
    found = outage(again, FIRST, declared=-22)
    assert found is not None
    assert (found.began, found.declared, found.took) == (at(-22), True, timedelta(minutes=24))
    assert (found.up, found.total, found.down) == (4, 4, ())
    later = outage(again, FIRST, declared=-5)
    assert later is not None
    assert (later.began, later.declared) == (at(-20), False)


def test_three_runs_are_one_chain() -> None:
    second = run("second", -10, -8, finished("sql02", -10, -9, "Failed"))
    third = run("third", 0, None, working("sql02", 0), working("app02", 0))
    found = outage(third, second, FIRST)
    assert found is not None
    assert [each.session_id for each in found.runs] == ["first", "second", "third"]


UNDONE = run("all again", 0, None, working("dc01", 0), working("sql02", 1))
AGAIN = run("again", 0, None, working("sql02", 0))


@pytest.mark.parametrize(
    ("this", "earlier"),
    [
        (UNDONE, FIRST),
        (AGAIN, run("clean", -20, -14, finished("dc01", -20, -18), result="Success")),
        (AGAIN, run("old", -3000, -2990, finished("sql02", -3000, -2995, "Failed"))),
        (AGAIN, run("overlaps", -20, 1, finished("sql02", -20, -15, "Failed"))),
        (AGAIN, run("no tasks", -20, -14)),
        (run("nothing yet", 0, None), FIRST),
    ],
    ids=["a VM that was up", "all were up", "too long ago", "overlaps", "no tasks", "no task yet"],
)
def test_what_does_not_try_again_is_an_outage_of_its_own(
    this: FailoverSession, earlier: FailoverSession
) -> None:
    assert outage(this, earlier) is None


@settings(deadline=None)
@given(any_tasks(), any_tasks(), st.booleans())
def test_every_vm_counts_once(
    before: tuple[TaskSession, ...], tasks: tuple[TaskSession, ...], over: bool
) -> None:
    first = run("first", -20, -1, *before)
    this = run("again", 0, 700 if over else None, *tasks)
    found = outage(this, first)
    if found is None:
        return
    names = {task.vm_name for task in (*before, *tasks)}
    assert found.total == len(names)
    assert found.up + len(found.down) <= found.total
    assert found.failed <= len(found.down)
    if over:
        assert found.up + len(found.down) == found.total


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ([run("again", 0, None)], "again"),
        ([run("again", 0, 5), run("third", 10, None)], "third"),
        ([run("third", 10, None), run("again", 0, 5)], "third"),
        ([run("next day", 24 * 60 - 13, None)], None),
        ([run("again", 0, None), run("next week", 9999, None)], "again"),
        ([run("before", -60, -50)], None),
        ([FIRST], None),
        ([], None),
    ],
)
def test_the_run_that_may_go_on_with_what_is_left_undone(
    later: list[FailoverSession], expected: str | None
) -> None:
    found = gone_on_by(FIRST, later)
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    "this",
    [
        run("first", -20, -14, result="Success"),
        run("first", -20, -14, result="Warning"),
        run("first", -20, None),
        FIRST.model_copy(update={"created": None}),
        FIRST.model_copy(update={"plan_name": "Another plan", "name": "Another plan"}),
    ],
)
def test_what_is_not_undone_or_not_over_or_of_another_plan_is_not_gone_on_with(
    this: FailoverSession,
) -> None:
    assert gone_on_by(this, [run("again", 0, None)]) is None
