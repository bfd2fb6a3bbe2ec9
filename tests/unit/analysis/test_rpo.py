from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import any_tasks, views_of, working
from tests.support.fake_clock import START
from tests.support.making import at, point, task
from tui.analysis.rpo import PointStanding, assess_rpo, rpo_of
from tui.enterprise_manager.resources import TaskSession


def test_rpo_worst_median_and_unknown() -> None:
    views = views_of(
        *(working(vm, 1) for vm in ("a", "b", "c", "gone", "unread")), waiting=("later",)
    )
    points = {
        "point-a": point("point-a", at(-10)),
        "point-b": point("point-b", at(-90)),
        "point-c": point("point-c", at(-30)),
        "point-gone": None,
    }
    view = assess_rpo(timedelta(hours=1), START, views, points)
    assert view.worst is not None
    assert (view.worst.key.vm_name, view.worst.rpo) == ("b", timedelta(minutes=90))
    assert view.median == timedelta(minutes=30)
    assert (view.unknown, view.over_target, view.inside) == (2, 1, False)
    assert [vm.inside for vm in view.vms] == [True, False, True, None, None]


def test_rpo_is_open_while_a_point_is_unknown_and_inside_once_all_are_known() -> None:
    views = views_of(working("a", 1), working("b", 1))
    points = {"point-a": point("point-a", at(-10))}
    hour = timedelta(hours=1)
    assert assess_rpo(hour, START, views, points).inside is None
    both = {**points, "point-b": point("point-b", at(-60))}
    assert assess_rpo(hour, START, views, both).inside is True
    assert assess_rpo(None, START, views, both).inside is None
    unknown_start = assess_rpo(hour, None, views, both)
    assert (unknown_start.worst, unknown_start.median, unknown_start.unknown) == (None, None, 2)


@settings(deadline=None)
@given(
    any_tasks(),
    st.dictionaries(
        st.sampled_from([f"point-vm{n:02}" for n in range(12)]),
        st.floats(-3000, 3000, allow_nan=False),
    ),
)
def test_known_and_unknown_rpo_add_up(
    tasks: tuple[TaskSession, ...], ages: dict[str, float]
) -> None:
    points = {name: point(name, at(age)) for name, age in ages.items()}
    views = views_of(*tasks)  # a VM that was tried again is one
    view = assess_rpo(timedelta(hours=1), START, views, points)
    known = [vm.rpo for vm in view.vms if vm.rpo is not None]
    assert len(known) + view.unknown == len(view.vms) == len(views)
    if known:
        assert view.worst is not None
        assert view.worst.rpo == max(known)
        assert view.median is not None
        assert timedelta() <= min(known) <= view.median <= max(known)
    assert (view.inside is False) == (view.over_target > 0)


HOUR = timedelta(hours=1)


def test_the_figures_of_a_part_say_how_much_of_the_whole_they_are() -> None:
    read = [working(f"read{n}", 1) for n in range(3)]
    tasks = [*read, *(working(vm, 1) for vm in ("gone", "odd", "later")), working("bare", 1)]
    tasks[-1] = task("bare", point=None)
    points = {**{f"point-read{n}": point(f"point-read{n}") for n in range(3)}, "point-gone": None}
    view = assess_rpo(HOUR, START, views_of(*tasks), points, frozenset({"point-odd"}))
    assert (view.read, view.to_come, view.unknown) == (3, 1, 4)
    assert view.never_known == {
        PointStanding.GONE: 1,
        PointStanding.UNREADABLE: 1,
        PointStanding.NOT_TOLD: 1,
    }
    assert view.inside is None


def test_a_point_that_is_gone_is_not_still_to_come() -> None:
    view = assess_rpo(HOUR, START, views_of(working("a", 1)), {"point-a": None})
    assert (view.to_come, view.inside) == (0, None)
    assert view.never_known == {PointStanding.GONE: 1}


def test_vms_still_to_begin_keep_the_verdict_open() -> None:
    points = {"point-a": point("point-a")}
    view = assess_rpo(HOUR, START, views_of(working("a", 1), waiting=("b",)), points)
    assert (view.read, view.to_begin, view.inside) == (1, 1, None)
    assert assess_rpo(HOUR, START, views_of(working("a", 1)), points).inside is True


@pytest.mark.parametrize(
    ("created", "began", "rpo", "standing"),
    [
        (-60, 1, 60, PointStanding.READ),
        (0, 1, 0, PointStanding.READ),
        (3, 10, 7, PointStanding.READ),
        (3, 1, None, PointStanding.NEWER),
        (3, None, None, PointStanding.NEWER),
        (60, 1, None, PointStanding.NEWER),
    ],
)
def test_a_point_newer_than_the_failover_is_no_loss_of_zero(
    created: float, began: float | None, rpo: float | None, standing: PointStanding
) -> None:
    found = rpo_of(point("p", at(created)), START, None if began is None else at(began))
    assert found == (None if rpo is None else timedelta(minutes=rpo), standing)


def test_one_point_that_is_newer_leaves_the_others_as_they_are() -> None:
    points = {"point-a": point("point-a", at(-30)), "point-b": point("point-b", at(5))}
    view = assess_rpo(HOUR, START, views_of(working("a", 1), working("b", 2)), points)
    assert [vm.inside for vm in view.vms] == [True, None]
    assert [vm.standing for vm in view.vms] == [PointStanding.READ, PointStanding.NEWER]
    assert view.inside is None
