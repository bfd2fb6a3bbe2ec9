from __future__ import annotations

from tests.support.making import done, plan, session
from tui.analysis.identity import Tenants, replicas_of, tenants_of
from tui.enterprise_manager.resources import FailoverPlan, ReplicaPoint

NAME = "ABC Company Failover Plan"


def owned(tenant: str | None, *vms: str, **changes: object) -> FailoverPlan:
    told = {"tenant": tenant, "tenant_id": tenant, **changes}
    return plan(*vms, plan_id=f"{tenant}-{vms}", name=NAME).model_copy(update=told)


def test_the_tenant_of_a_session_is_that_of_its_only_plan() -> None:
    assert Tenants((owned("Oak", "a"),)).of(session(plan=f" {NAME.upper()}")) == "Oak"
    assert Tenants((owned("Oak", "a"),)).of(session(plan="Another")) is None
    assert Tenants((owned("Oak", "a", backup_server="vbr02"),)).of(session()) is None
    assert Tenants((owned(None, "a"),)).of(session()) is None
    assert Tenants().of(session()) is None


def test_of_several_tenants_the_vms_decide_or_none_is_told() -> None:
    tenants = Tenants((owned("Oak", "a", "b"), owned("Elm", "c", "b")))
    assert tenants.of(session(done("A"))) == "Oak"
    assert tenants.of(session(done("b"))) is None
    assert tenants.of(session()) is None
    unreadable = FailoverPlan(id="", name=NAME)
    assert Tenants((owned("Oak", "a"), unreadable)).of(session(done("a"))) is None


def test_two_tenants_of_one_name_are_two() -> None:
    plans = [owned("Oak", "a"), owned("Oak", "b", tenant_id="another")]
    assert tenants_of(plans) == ("Oak", "Oak")
    assert Tenants(tuple(plans)).of(session()) is None
    assert Tenants((owned("Oak", "a"), owned("Oak", "b"))).of(session()) == "Oak"


def test_replicas_are_told_by_their_id_not_by_their_jobs_name() -> None:
    points = [
        ReplicaPoint(id=str(number), name="x", replica_name=name, replica_id=replica)
        for number, (name, replica) in enumerate(
            [("Job", "1"), ("Job", "2"), ("renamed", "1"), ("Job", None), ("JOB ", None)]
        )
    ]
    found = replicas_of(points)
    assert [(each.id, len(each.points)) for each in found] == [("1", 2), ("2", 1), (None, 2)]
