from __future__ import annotations

import pytest

from tests.support.fake_source import FakeSource
from tests.support.making import at, plan, point, session, stopped, task
from tui.enterprise_manager.resources import FailoverPlan, FailoverSession, ReplicaPoint
from tui.errors import (
    ConnectionLost,
    FailoverMonitorError,
    NoPermission,
    NotFound,
    ServerBusy,
    ServerTrouble,
    UnreadableAnswer,
)
from tui.monitor.details import LONGEST_REST, TRIES, DetailReader
from tui.monitor.replicas import POINTS_ASKED


async def read_all(reader: DetailReader, of: FailoverSession, steps: int = 50) -> int:
    """Steps until nothing more is asked; returns how many steps asked something."""
    asked = 0
    for _ in range(steps):
        asked += await reader.step(of)
    return asked


@pytest.fixture
def source() -> FakeSource:
    found = FakeSource()
    found.plans = [plan("a", "b", "c")]
    return found


# Replica points ---------------------------------------------------------------


async def test_each_point_is_asked_for_once_and_kept(source: FakeSource) -> None:
    reader = DetailReader(source)
    tasks = [task(f"vm{number}") for number in range(3)]
    await read_all(reader, session(*tasks))
    assert reader.details.points == {f"point-vm{n}": point(f"point-vm{n}") for n in range(3)}
    assert source.asked["point"] == 3


async def test_at_most_four_requests_at_once_however_many_points(source: FakeSource) -> None:
    reader = DetailReader(source)
    steps = await read_all(reader, session(*(task(f"vm{number}") for number in range(30))))
    assert len(reader.details.points) == 30
    assert source.at_once == 4
    points_of_waiting_vms = 1
    assert steps == 1 + 8 + points_of_waiting_vms


async def test_tasks_that_share_a_point_ask_once(source: FakeSource) -> None:
    reader = DetailReader(source)
    await read_all(reader, session(task("a", point="shared"), task("b", point="shared")))
    assert source.asked["point"] == 1


async def test_a_task_without_a_point_asks_nothing(source: FakeSource) -> None:
    reader = DetailReader(source)
    await read_all(reader, session(task("a", point=None)))
    assert source.asked["point"] == 0


@pytest.mark.parametrize("error", [NotFound("gone"), NoPermission("forbidden")])
async def test_a_point_that_is_gone_is_known_to_be_gone_and_not_asked_again(
    source: FakeSource, error: FailoverMonitorError
) -> None:
    reader = DetailReader(source)
    source.points["point-a"] = error
    await read_all(reader, session(task("a"), task("b")))
    assert reader.details.points == {"point-a": None, "point-b": point("point-b")}
    assert source.asked["point"] == 2


@pytest.mark.parametrize(
    "error", [ServerTrouble("500"), UnreadableAnswer("garbled"), KeyError("a defect of ours")]
)
async def test_a_point_that_cannot_be_read_is_given_up_and_stays_unknown(
    source: FakeSource, error: Exception
) -> None:
    reader = DetailReader(source)
    source.points["point-a"] = error
    await read_all(reader, session(task("a"), task("b")))
    assert reader.details.points == {"point-b": point("point-b")}
    assert source.asked_for.count("point-a") == TRIES


@pytest.mark.parametrize("error", [ConnectionLost("reset"), ServerBusy("503")])
async def test_an_outage_costs_no_point(source: FakeSource, error: FailoverMonitorError) -> None:
    reader = DetailReader(source)
    one = session(task("a"))
    await reader.step(one)
    source.points["point-a"] = error
    assert await read_all(reader, one, steps=600) < 20
    assert "point-a" not in reader.details.points
    source.points["point-a"] = point("point-a", at(-30))
    await read_all(reader, one, steps=LONGEST_REST + 1)
    assert reader.details.points == {"point-a": point("point-a", at(-30))}


async def test_points_that_appear_later_are_read_then(source: FakeSource) -> None:
    reader = DetailReader(source)
    await read_all(reader, session(task("a")))
    assert await reader.step(session(task("a"))) is False
    await read_all(reader, session(task("a"), task("b")))
    assert set(reader.details.points) == {"point-a", "point-b"}
    assert source.asked["point"] == 2


# The plan ---------------------------------------------------------------------


async def test_the_plan_is_found_by_name_once(source: FakeSource) -> None:
    reader = DetailReader(source)
    await read_all(reader, session())
    assert reader.details.plan == plan("a", "b", "c")
    assert reader.details.plan_note is None
    assert source.asked == {"plans": 1, "points of a VM": 3}
    assert source.asked_for == ["ABC Company Failover Plan"]


async def test_a_list_without_vms_is_followed_by_the_plan_itself(source: FakeSource) -> None:
    reader = DetailReader(source)
    source.plans = [plan()]
    source.whole_plans["plan-1"] = plan("x", "y")
    await read_all(reader, session())
    assert reader.details.plan == plan("x", "y")
    assert source.asked == {"plans": 1, "plan": 1, "points of a VM": 2}


async def test_of_two_plans_of_one_name_the_sessions_backup_server_decides(
    source: FakeSource,
) -> None:
    reader = DetailReader(source)
    source.plans = [
        plan("a", plan_id="other", server="vbr02"),
        plan("b", plan_id="ours", server="vbr01"),
    ]
    await read_all(reader, session(server="vbr01"))
    assert reader.details.plan is not None
    assert reader.details.plan.id == "ours"


@pytest.mark.parametrize("server", ["vbr01", None])
async def test_an_ambiguous_plan_is_said_and_gone_without(
    source: FakeSource, server: str | None
) -> None:
    reader = DetailReader(source)
    source.plans = [plan("a", plan_id="one"), plan("b", plan_id="two")]
    await read_all(reader, session(server=server))
    assert reader.details.plan is None
    assert reader.details.plan_note == "2 cloud failover plans have that name"
    assert source.asked["plans"] == 1


async def test_a_plan_that_was_deleted_is_said(source: FakeSource) -> None:
    reader = DetailReader(source)
    source.plans = []
    await read_all(reader, session())
    assert reader.details.plan_note == "no cloud failover plan of that name is left"


async def test_a_forbidden_plan_is_said_and_not_asked_again(source: FakeSource) -> None:
    reader = DetailReader(source)
    source.plans = NoPermission("403")
    await read_all(reader, session(task("a")))
    assert reader.details.plan_note == "the account may not read cloud failover plans"
    assert source.asked["plans"] == 1
    assert set(reader.details.points) == {"point-a"}


async def test_a_plan_that_keeps_failing_is_given_up_with_the_servers_sentence(
    source: FakeSource,
) -> None:
    reader = DetailReader(source)
    source.plans = ServerTrouble("The server is in trouble (500).")
    await read_all(reader, session(task("a")))
    assert reader.details.plan_note == "The server is in trouble (500)."
    assert source.asked["plans"] == TRIES
    assert set(reader.details.points) == {"point-a"}


async def test_a_defect_while_reading_the_plan_is_no_more_than_a_note(source: FakeSource) -> None:
    reader = DetailReader(source)
    source.plans = AttributeError("secret_internal")
    await read_all(reader, session())
    assert reader.details.plan_note == "the cloud failover plan could not be read"


async def test_an_outage_costs_no_plan(source: FakeSource) -> None:
    reader = DetailReader(source)
    plans = source.plans
    source.plans = ConnectionLost("reset")
    await read_all(reader, session(), steps=300)
    assert reader.details.plan_note is None
    source.plans = plans
    await read_all(reader, session(), steps=LONGEST_REST + 1)
    assert reader.details.plan == plan("a", "b", "c")


# VMs of the plan that an earlier run has failed over --------------------------


async def test_a_waiting_vm_whose_newest_point_is_in_use_was_failed_over_before(
    source: FakeSource,
) -> None:
    reader = DetailReader(source)
    source.points = {
        "1": point("1").model_copy(update={"vm_name": "a", "state": "Failover"}),
        "2": point("2").model_copy(update={"vm_name": "b", "state": "Ready"}),
    }
    await read_all(reader, session(task("c", point=None)))
    assert reader.details.failed_over == {"a"}
    assert source.asked["points of a VM"] == 2


# VMs failed over before ---------------------------------------------------------


def newest(vm: str, state: str) -> ReplicaPoint:
    return point(f"newest-{vm}").model_copy(update={"vm_name": vm, "state": state})


async def test_waiting_vms_whose_newest_point_is_in_use_are_told_apart(source: FakeSource) -> None:
    reader = DetailReader(source)
    source.points = {vm: newest(vm, state) for vm, state in (("b", "Failover"), ("c", "Ready"))}
    await read_all(reader, session(task("a")))
    assert reader.details.failed_over == {"b"}
    assert source.asked["points of a VM"] == 2


async def test_a_finished_session_asks_about_nobody_waiting(source: FakeSource) -> None:
    reader = DetailReader(source)
    await read_all(reader, stopped(task("a")))
    assert source.asked["points of a VM"] == 0


@pytest.mark.parametrize("error", [KeyError("a defect of ours"), ServerTrouble("500")])
async def test_a_waiting_vm_that_cannot_be_asked_about_stays_waiting(
    source: FakeSource, error: Exception
) -> None:
    reader = DetailReader(source)
    source.trouble["points of a VM"] = error
    await read_all(reader, session(task("a")))
    assert reader.details.failed_over == frozenset()
    assert source.asked["points of a VM"] == 2


async def test_an_outage_costs_no_waiting_vm(source: FakeSource) -> None:
    reader = DetailReader(source)
    source.points = {"b": newest("b", "PermanentFailover")}
    source.trouble["points of a VM"] = ConnectionLost("reset")
    await read_all(reader, session(task("a")), steps=300)
    source.trouble.clear()
    await read_all(reader, session(task("a")), steps=LONGEST_REST + 1)
    assert reader.details.failed_over == {"b"}


async def test_details_are_complete_once_plan_and_waiting_vms_were_asked_about(
    source: FakeSource,
) -> None:
    reader = DetailReader(source)
    source.plans = ConnectionLost("reset")
    await read_all(reader, session(task("a")))
    assert not reader.details.complete, "an outage settles nothing"
    source.plans = ()
    await read_all(reader, session(task("a")), steps=LONGEST_REST + 1)
    assert reader.details.complete
    assert reader.details.plan_note is not None


async def test_a_vm_of_that_name_on_another_backup_server_says_nothing(source: FakeSource) -> None:
    reader = DetailReader(source)
    theirs = newest("b", "Failover").model_copy(
        update={"id": "theirs", "backup_server": "vbr99", "created": at(-1)}
    )
    ours = newest("b", "Ready").model_copy(update={"backup_server": "vbr01"})
    source.points = {"theirs": theirs, "ours": ours}
    await read_all(reader, session(task("a")))
    assert reader.details.failed_over == frozenset()

    other = DetailReader(source)
    source.points = {
        "theirs": theirs.model_copy(update={"state": "Ready"}),
        "ours": ours.model_copy(update={"state": "Failover"}),
    }
    await read_all(other, session(task("a")))
    assert other.details.failed_over == {"b"}


# Whose replica is it? ----------------------------------------------------------


def replica(owner: str, vm: str, state: str, minutes: float = -1) -> ReplicaPoint:
    """The newest point of an owner's replica of that VM name."""
    told = {"vm_name": vm, "state": state, "replica_id": owner, "backup_server": "vbr01"}
    return point(f"{owner}-{vm}", at(minutes)).model_copy(update=told)


def held(*points: ReplicaPoint) -> dict[str, ReplicaPoint | Exception]:
    return {each.id: each for each in points}


async def test_another_tenants_vm_in_failover_does_not_make_ours_done_before(
    source: FakeSource,
) -> None:
    source.points = held(replica("theirs", "b", "Failover"), replica("ours", "b", "Ready", -99))
    reader = DetailReader(source)
    await read_all(reader, session(task("a", point=None)))
    assert reader.details.failed_over == frozenset()
    assert reader.details.ambiguous == {"b"}


async def test_replicas_that_agree_need_not_be_told_apart(source: FakeSource) -> None:
    source.points = held(
        replica("theirs", "b", "Failover"), replica("ours", "b", "PermanentFailover"),
        replica("theirs", "c", "Ready"), replica("ours", "c", "Ready"),
    )  # fmt: skip
    reader = DetailReader(source)
    await read_all(reader, session(task("a", point=None)))
    assert reader.details.failed_over == {"b"}
    assert reader.details.ambiguous == frozenset()
    assert source.asked["named"] == 0


@pytest.mark.parametrize("ours", ["Ready", "Failover"])
async def test_an_earlier_session_of_the_plan_tells_which_replica_is_ours(
    source: FakeSource, ours: str
) -> None:
    theirs = "Failover" if ours == "Ready" else "Ready"
    source.points = held(replica("theirs", "b", theirs), replica("ours", "b", ours, -99))
    earlier = stopped(task("B", point="ours-b")).model_copy(update={"id": "earlier", "name": "ABC"})
    source.listed, source.sessions = [earlier], {"earlier": earlier}
    reader = DetailReader(source)
    await read_all(reader, session(task("a", point=None)))
    assert reader.details.failed_over == ({"b"} if ours == "Failover" else frozenset())
    assert reader.details.ambiguous == frozenset()


async def test_a_replica_behind_the_first_page_is_seen(source: FakeSource) -> None:
    fresh = [
        replica("theirs", "b", "Failover", -n).model_copy(update={"id": f"t{n}"})
        for n in range(POINTS_ASKED + 5)
    ]
    source.points = held(*fresh, replica("ours", "b", "Ready", -9999))
    reader = DetailReader(source)
    await read_all(reader, session(task("a", point=None), task("c", point=None)))
    assert reader.details.ambiguous == {"b"}
    assert source.asked["points of a VM"] == 2


async def test_vms_of_the_plan_are_asked_about_without_regard_to_case(source: FakeSource) -> None:
    reader = DetailReader(source)
    await read_all(reader, session(*(task(vm, point=None) for vm in ("A", "B"))))
    assert source.asked["points of a VM"] == 1


async def test_of_two_plans_of_one_name_and_server_the_vms_decide_once_there_are_some(
    source: FakeSource,
) -> None:
    tenants = [{"tenant": "Oak", "tenant_id": "1"}, {"tenant": "Elm", "tenant_id": "2"}]
    source.plans = [
        plan(*vms, plan_id=vms[0]).model_copy(update=told)
        for vms, told in zip((("a", "b"), ("c", "b")), tenants, strict=True)
    ]
    reader = DetailReader(source)
    await read_all(reader, session(task("b")))
    assert reader.details.plan_note == "2 cloud failover plans have that name (Elm, Oak)"
    assert (reader.details.plan, reader.details.tenant) == (None, None)
    await read_all(reader, session(task("b"), task("C")))
    assert reader.details.plan is not None
    assert (reader.details.plan.id, reader.details.tenant) == ("c", "Elm")
    assert reader.details.plan_note is None
    assert source.asked["plans"] == 1


async def test_a_plan_that_cannot_be_read_may_be_the_one(source: FakeSource) -> None:
    source.plans = [plan("a"), FailoverPlan(id="", name="")]
    reader = DetailReader(source)
    await read_all(reader, session(task("a")))
    assert reader.details.plan is None
    assert reader.details.plan_note == "2 cloud failover plans have that name"


async def test_the_tenant_is_known_where_all_plans_of_the_name_are_its(source: FakeSource) -> None:
    told = {"tenant": "Oak", "tenant_id": "1"}
    source.plans = [plan("a", plan_id=each).model_copy(update=told) for each in "xy"]
    reader = DetailReader(source)
    await read_all(reader, session(task("a")))
    assert (reader.details.plan, reader.details.tenant) == (None, "Oak")


async def test_a_server_is_told_by_its_id_not_by_its_name(source: FakeSource) -> None:
    source.plans = [
        plan("a", plan_id=each).model_copy(update={"backup_server_id": each}) for each in "xy"
    ]
    reader = DetailReader(source)
    await read_all(reader, session().model_copy(update={"backup_server_id": "y"}))
    assert reader.details.plan is not None
    assert reader.details.plan.id == "y"
