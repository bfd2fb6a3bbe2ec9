"""A task that one answer lists twice is one task; a retry and another VM of the name are not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import bodies
from tui.analysis.assessing import assess
from tui.analysis.assessment import Assessment
from tui.analysis.status import Status
from tui.enterprise_manager.sessions import LastReading
from tui.presentation.doubts import doubts

OVER = {"State": "Stopped", "Result": "Success", "EndTimeUTC": "2026-03-01T08:09:00Z"}
POINT = f"cloud/vmReplicaPoints/{bodies.POINT_ID}"
OTHER_POINT = f"cloud/vmReplicaPoints/{bodies.OTHER_ID}"


def linked(point: str | None) -> dict[str, Any]:
    """The part of a task that tells its replica point."""
    link = bodies.link("Related", "CloudVmReplicaPointReference", point, "p") if point else None
    return {"VmReplicaPointLink": link}


class Session:
    """One session, read answer by answer."""

    def __init__(self) -> None:
        self._reading = LastReading(bodies.SESSION_ID)
        self._seen: Assessment | None = None

    def lists(self, *tasks: bodies.Tree, **changes: Any) -> Assessment:
        """What is known once this answer has come."""
        body = bodies.v12(bodies.session(bodies.wrapped(*tasks), **changes))
        self._seen = assess(self._reading.read(body), before=self._seen)
        return self._seen


def test_an_answer_that_lists_all_twice_leaves_nothing_unknown_in_a_success() -> None:
    session = Session()
    running = [bodies.task(name) for name in ("a", "b", "c")]
    assert session.lists(*running, *running).total == 3
    done = [bodies.task(name, **OVER) for name in ("a", "b", "c")]
    seen = session.lists(*done, **OVER)
    assert (seen.total, seen.count(Status.SUCCESS), seen.count(Status.UNKNOWN)) == (3, 3, 0)
    assert doubts(seen) == []


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_readings_of_one_task_the_furthest_stands_and_it_is_said(turned: bool) -> None:
    both = [bodies.task("a", Progress=40), bodies.task("b"), bodies.task("a", **OVER)]
    seen = Session().lists(*(reversed(both) if turned else both))
    assert {view.vm_name: view.status for view in seen.tasks} == {
        "a": Status.SUCCESS,
        "b": Status.RUNNING,
    }
    assert doubts(seen) == [
        "1 VM is listed more than once in the server's answer, and not alike: shown is what is"
        " furthest."
    ]


def test_a_failure_is_not_hidden_by_a_success_of_the_same_task() -> None:
    failed = bodies.task("a", **OVER | {"Result": "Failed"})
    for both in ([failed, bodies.task("a", **OVER)], [bodies.task("a", **OVER), failed]):
        assert [view.status for view in Session().lists(*both).tasks] == [Status.FAILED]


@pytest.mark.parametrize(
    "other",
    [
        {"CreationTimeUTC": "2026-03-01T08:00:05.6Z"},
        linked(OTHER_POINT),
        {"VmName": "b"},
    ],
)
def test_what_differs_in_vm_point_or_start_is_another_task(other: dict[str, Any]) -> None:
    task = bodies.task("a")
    seen = Session().lists(task, task | other)
    assert (seen.total, seen.unlike) == (2, 0)


def test_a_retry_is_no_repetition() -> None:
    failed = bodies.task("a", **OVER | {"Result": "Failed"})
    again = bodies.task("a", CreationTimeUTC="2026-03-01T08:10:00Z")
    seen = Session().lists(failed, again, failed, again)
    assert [(view.status, view.tries) for view in seen.tasks] == [(Status.RUNNING, 2)]
    assert len(seen.retried) == 1


@pytest.mark.parametrize("missing", [linked(None), {"CreationTimeUTC": None}])
def test_without_a_point_or_a_start_two_vms_of_one_name_stay_two(missing: dict[str, Any]) -> None:
    task = bodies.task("a") | missing
    assert Session().lists(task, task).total == 2


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=12))
def test_each_task_counts_once_at_its_first_place_however_often_it_is_listed(
    names: list[str],
) -> None:
    seen = Session().lists(*(bodies.task(name) for name in names))
    assert [view.vm_name for view in seen.tasks] == list(dict.fromkeys(names))
    assert seen.unlike == 0


@pytest.mark.parametrize("told", ["VmName", "State", "VmReplicaPointLink"])
def test_a_task_of_which_one_thing_is_told_is_one_and_one_without_any_is_unreadable(
    told: str,
) -> None:
    whole = bodies.task("web01")
    nothing = {**whole, "VmName": None, "State": None, "VmReplicaPointLink": None}
    assert Session().lists(bodies.task("a"), nothing).unreadable == 1
    seen = Session().lists(bodies.task("a"), {**nothing, told: whole[told]})
    assert (seen.total, seen.unreadable) == (2, 0)
