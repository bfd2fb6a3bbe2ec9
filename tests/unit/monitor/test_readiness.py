from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.fake_clock import START
from tests.support.making import at
from tests.support.making import plan as plan_of
from tui.enterprise_manager.resources import (
    BackupServer,
    CloudGateway,
    FailoverPlan,
    ReplicaPoint,
)
from tui.monitor.readiness import (
    Level,
    check_backup_servers,
    check_collection,
    check_gateways,
    check_vm,
    chosen_plan,
)

HOUR = timedelta(hours=1)


def point(
    minutes_old: float | None = 20,
    state: str | None = "Ready",
    server: str | None = "vbr01",
    replica: str | None = "job",
    replica_id: str | None = None,
) -> ReplicaPoint:
    return ReplicaPoint(
        id="p",
        replica_id=replica_id,
        name="vm@then",
        created=None if minutes_old is None else at(-minutes_old),
        state=state,
        backup_server=server,
        replica_name=replica,
    )


UNREADABLE = ReplicaPoint(id="", name="")


@pytest.mark.parametrize(
    ("points", "level", "sentence"),
    [
        ([point(90), point(20)], Level.OK, "newest point 20 min old, Ready"),
        ([point(61)], Level.FAILED, "newest point 1 h 01 min old, over the RPO target of 1 h"),
        ([], Level.FAILED, "no replica point"),
        ([point(state="Failover")], Level.WARNING, "its replica is in state Failover; newest"),
        ([point(state=None)], Level.WARNING, "newest point 20 min old, state not told"),
        ([point(state="Unknown")], Level.WARNING, "newest point 20 min old, state Unknown"),
        ([point(None)], Level.WARNING, "its age is not told, state Ready"),
        ([point(), point(replica="other")], Level.WARNING, "2 replicas have this name and the"),
        (
            [point(), ReplicaPoint(id="", name="")],
            Level.WARNING,
            "newest point 20 min old, Ready; 1 of",
        ),
        ([ReplicaPoint(id="", name="")], Level.WARNING, "1 of 1 points cannot be read"),
    ],
)
def test_a_vm_by_its_newest_point(points: list[ReplicaPoint], level: Level, sentence: str) -> None:
    found = check_vm("web01", points, rpo_target=HOUR, now=START)
    assert (found.level, found.subject) == (level, "web01")
    assert found.sentence.startswith(sentence)


def test_without_a_target_an_old_point_is_only_told() -> None:
    found = check_vm("web01", [point(5000)], rpo_target=None, now=START)
    assert found.level is Level.OK


@settings(deadline=None)
@given(
    st.lists(st.none() | st.floats(-5000, 5000, allow_nan=False), max_size=5),
    st.sampled_from(["Ready", "Failover", "Failback", "Unknown", "Odd", None]),
)
def test_ok_is_only_a_ready_point_inside_the_target(
    ages: list[float | None], state: str | None
) -> None:
    points = [point(age, state) for age in ages]
    found = check_vm("web01", points, rpo_target=HOUR, now=START)
    known = [age for age in ages if age is not None]
    fine = state == "Ready" and bool(known) and min(known) <= 60
    assert (found.level is Level.OK) == fine


OURS, THEIRS = point(3 * 24 * 60, replica_id="ours"), point(5, replica_id="theirs")


def test_a_fresh_point_of_another_tenants_vm_of_that_name_makes_nobody_ready() -> None:
    found = check_vm("web01", [THEIRS, OURS], rpo_target=HOUR, now=START)
    assert found.level is Level.FAILED
    assert found.sentence == (
        "2 replicas have this name and the server does not tell which is its own:"
        " newest point 5 min old, Ready; newest point 3 d old, over the RPO target of 1 h"
    )


def test_the_plans_own_replica_decides_where_it_is_known() -> None:
    for own, level in (("ours", Level.FAILED), ("theirs", Level.OK), ("third", Level.FAILED)):
        found = check_vm("web01", [THEIRS, OURS], rpo_target=HOUR, now=START, own_replica=own)
        assert found.level is level
        assert ("2 replicas" in found.sentence) == (own == "third")


@pytest.mark.parametrize("ages", [(5, 9), (5, 70), (70, 90)])
def test_several_replicas_are_never_ready_and_the_gravest_decides(ages: tuple[int, int]) -> None:
    points = [point(age, replica_id=f"r{age}") for age in ages]
    found = check_vm("web01", points, rpo_target=HOUR, now=START)
    assert found.level is (Level.FAILED if max(ages) > 60 else Level.WARNING)


def test_a_plan_that_is_missing_or_ambiguous_is_not_guessed() -> None:
    one = plan_of("a")
    other = one.model_copy(update={"id": "2", "backup_server": "vbr02", "tenant": "Acme"})
    assert chosen_plan([one], "ABC") == (one, None)
    plan, finding = chosen_plan([one, other], "ABC")
    assert plan is None
    assert finding is not None
    assert finding.sentence == "2 cloud failover plans have this name: Acme, vbr01"
    assert chosen_plan([one, other], "ABC", "vbr02") == (other, None)
    assert chosen_plan([], "ABC")[0] is None
    plan, finding = chosen_plan([one], "ABC", "vbr03")
    assert plan is None
    assert finding is not None
    assert finding.sentence == "there is no cloud failover plan of this name on vbr03"


def test_plans_of_one_name_are_told_apart_by_a_sessions_vms() -> None:
    one, other = plan_of("a", "b"), plan_of("c").model_copy(update={"id": "2"})
    assert chosen_plan([one, other], "ABC", "vbr01", ["A"]) == (one, None)
    for vms in ((), ("a", "c"), ("z",)):
        assert chosen_plan([one, other], "ABC", "VBR01", vms)[0] is None
    unknown = FailoverPlan(id="", name="")
    assert chosen_plan([one, unknown], "ABC", "vbr01", ["a"])[0] is None
    assert chosen_plan([unknown], "ABC")[0] is None


def gateway(name: str, enabled: bool | None, server: str | None = "vbr01") -> CloudGateway:
    return CloudGateway(id=name, name=name, enabled=enabled, backup_server=server)


def test_only_gateways_of_the_plans_own_backup_server_count() -> None:
    gateways = [gateway("a", False), gateway("b", False), gateway("c", True, "vbr02")]
    (found,) = check_gateways(gateways, plan_of("vm"))
    assert (found.level, found.sentence) == (Level.FAILED, "0 of 2 of vbr01 enabled")
    (none,) = check_gateways(gateways[2:], plan_of("vm"))
    assert (none.level, none.sentence) == (Level.WARNING, "none of vbr01 is listed")
    unknown = [gateway("d", True, None)]
    assert check_gateways(unknown, plan_of("vm"))[0].level is Level.OK


def test_a_server_of_that_name_with_another_id_is_another_one() -> None:
    plan = plan_of("vm").model_copy(update={"backup_server_id": "one"})
    theirs = gateway("a", True).model_copy(update={"backup_server_id": "two"})
    assert check_gateways([theirs], plan)[0].level is Level.WARNING
    listed = [BackupServer(id="two", name="vbr01")]
    assert check_backup_servers(listed, plan)[0].level is Level.FAILED
    assert (
        check_backup_servers([*listed, BackupServer(id="one", name="x")], plan)[0].level is Level.OK
    )


@pytest.mark.parametrize(
    ("states", "levels"),
    [
        ([], [Level.WARNING]),
        ([True, True], [Level.OK]),
        ([True, False], [Level.OK, Level.WARNING]),
        ([False, False], [Level.FAILED]),
        ([None], [Level.WARNING]),
    ],
)
def test_gateways(states: list[bool | None], levels: list[Level]) -> None:
    gateways = [gateway(f"gw{place}", state) for place, state in enumerate(states)]
    assert [finding.level for finding in check_gateways(gateways)] == levels


def test_the_plans_backup_server_must_be_listed() -> None:
    listed = [BackupServer(id="1", name="VBR01", version="12.3")]
    assert check_backup_servers(listed, plan_of("a"))[0].sentence == "listed, version 12.3"
    elsewhere = plan_of("a").model_copy(update={"backup_server": "vbr09"})
    assert check_backup_servers(listed, elsewhere)[0].level is Level.FAILED
    assert check_backup_servers([], None)[0].level is Level.FAILED
    assert check_backup_servers(listed, None)[0].level is Level.OK


def test_the_last_collection_is_only_inferred() -> None:
    assert check_collection([point(90), point(20)], START).sentence.startswith("~ 20 min")
    assert check_collection([point(20)], START).level is Level.UNKNOWN
    assert check_collection([point(None)], START).level is Level.UNKNOWN
