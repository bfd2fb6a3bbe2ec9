from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.support.drill_cases import plan_of
from tests.support.fake_clock import START, FakeClock
from tests.support.making import at, done, stopped
from tests.support.simulated import SimulatedServer, SteppedClock
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.enterprise_manager.resources import (
    BackupServer,
    CloudGateway,
    FailoverPlan,
    FailoverSession,
    ReplicaPoint,
    SessionReading,
)
from tui.errors import ConnectionRefused, NoPermission, WrongCredentials
from tui.monitor.readiness import (
    MOST_VMS,
    Level,
    check_backup_servers,
    check_collection,
    check_gateways,
    check_vm,
    chosen_plan,
)
from tui.monitor.start_check import AT_ONCE, GIVES_UP_AFTER, StartCheck, run_start_check
from tui.simulator.in_process import ServiceTransport
from tui.simulator.logons import DEFAULT_USERS
from tui.simulator.scenario import build_world

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


class Source:
    """A server with one plan; answers in reverse order, counts, and fails where told to."""

    def __init__(self, vms: int = 3, listed_vms: bool = True) -> None:
        self.plan = plan_of(*(f"vm{n}" for n in range(vms)))
        self.listed_vms = listed_vms
        self.trouble: dict[str, Exception] = {}
        self.points: tuple[ReplicaPoint, ...] = ()
        self.runs: tuple[FailoverSession, ...] = ()
        self.asked: list[str] = []
        self.under_way = self.at_once = 0
        self.busy = asyncio.Event()

    async def _travel(self, what: str, kind: str) -> None:
        self.asked.append(what)
        if len(self.asked) == 10:
            self.busy.set()
        self.under_way += 1
        self.at_once = max(self.at_once, self.under_way)
        for _ in range(1 + 10 * (len(self.asked) % 3)):
            await asyncio.sleep(0)
        self.under_way -= 1
        for key in (what, kind):
            if key in self.trouble:
                raise self.trouble[key]

    async def failover_plans(self, name: str) -> tuple[FailoverPlan, ...]:
        await self._travel(name, "plans")
        return (self.plan if self.listed_vms else self.plan.model_copy(update={"vms": ()}),)

    async def failover_plan(self, plan_id: str) -> FailoverPlan:
        await self._travel(plan_id, "plan")
        return self.plan

    async def replica_points_of(
        self,
        vm_name: str,
        limit: int = 20,
        *,
        backup_server: str | None = None,
        not_of: str | None = None,
    ) -> tuple[ReplicaPoint, ...]:
        await self._travel(vm_name, "points")
        return self.points or (point(),)

    async def failover_sessions_named(
        self, name: str, limit: int = 100
    ) -> tuple[FailoverSession, ...]:
        await self._travel(name, "named")
        return self.runs

    async def failover_session(self, session_id: str) -> SessionReading:
        await self._travel(session_id, "session")
        return SessionReading(session=next(run for run in self.runs if run.id == session_id))

    async def replica_point(self, point_id: str) -> ReplicaPoint:
        await self._travel(point_id, "point")
        return point(replica_id="ours")

    async def cloud_gateways(self) -> tuple[CloudGateway, ...]:
        await self._travel("gateways", "gateways")
        return (gateway("gw1", enabled=True),)

    async def backup_servers(self) -> tuple[BackupServer, ...]:
        await self._travel("servers", "servers")
        return (BackupServer(id="1", name="vbr01"),)


async def checked(source: Source) -> tuple[StartCheck, list[StartCheck]]:
    steps: list[StartCheck] = []
    result = await run_start_check(source, "ABC", HOUR, FakeClock().now, steps.append)
    assert steps[-1] == result
    assert result.over
    assert [step.over for step in steps[:-1]] == [False] * (len(steps) - 1)
    assert result.done == result.of
    for step in steps:
        assert 0 <= step.done <= step.of
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    return result, steps


@pytest.mark.parametrize("listed_vms", [True, False])
async def test_a_ready_plan(listed_vms: bool) -> None:
    source = Source(listed_vms=listed_vms)
    result, steps = await checked(source)
    assert result.worst is Level.OK
    assert result.count(Level.UNKNOWN) == 1
    assert [finding.subject for finding in result.findings] == [
        "ABC",
        "vm0",
        "vm1",
        "vm2",
        "cloud gateways",
        "vbr01",
        "last collection",
    ]
    assert len(source.asked) == result.of == (6 if listed_vms else 7)
    assert len(steps) >= 6


async def test_of_several_replicas_the_one_that_a_session_of_the_plan_brought_up_counts() -> None:
    source = Source(1)
    source.points = (THEIRS, OURS)
    result, _ = await checked(source)
    assert (result.worst, result.findings[1].level) == (Level.FAILED, Level.FAILED)
    assert "does not tell" in result.findings[1].sentence

    source.runs = (stopped(done("VM0")),)
    result, _ = await checked(source)
    assert result.findings[1].sentence == "newest point 3 d old, over the RPO target of 1 h"

    source.runs = (stopped(done("vm0"), done("another plan's")),)
    result, _ = await checked(source)
    assert "does not tell" in result.findings[1].sentence


async def test_trouble_with_the_sessions_leaves_the_replicas_ambiguous() -> None:
    source = Source(2)
    source.points = (THEIRS, OURS)
    source.trouble = {"named": NoPermission("Not allowed.")}
    result, _ = await checked(source)
    assert all("does not tell" in finding.sentence for finding in result.findings[1:3])


async def test_requests_are_bounded_in_number_and_at_once() -> None:
    source = Source(MOST_VMS + 50)
    result, _ = await checked(source)
    assert len(source.asked) == MOST_VMS + 3
    assert source.at_once == AT_ONCE
    assert result.findings[1].sentence == f"only the first {MOST_VMS} VMs in boot order are checked"


async def test_trouble_with_one_request_is_a_finding() -> None:
    source = Source()
    source.trouble = {"vm1": NoPermission("Not allowed."), "gateways": ValueError("odd")}
    result, _ = await checked(source)
    told = {finding.subject: finding for finding in result.findings}
    assert told["vm1"].sentence == "not checked: Not allowed."
    assert told["cloud gateways"].sentence == "not checked: unusable answer (ValueError)"
    assert told["vm0"].level is told["vm2"].level is Level.OK
    assert result.worst is Level.WARNING


async def test_without_the_plan_the_check_has_failed() -> None:
    source = Source()
    source.trouble = {"plans": NoPermission("Not allowed.")}
    result, _ = await checked(source)
    assert result.worst is Level.FAILED
    assert source.asked == ["ABC", "gateways", "servers"]


@pytest.mark.parametrize("error", [ConnectionRefused("Down."), WrongCredentials("Wrong.")])
async def test_a_server_that_has_gone_is_not_asked_for_every_vm(error: Exception) -> None:
    source = Source(100)
    source.trouble = {"points": error, "gateways": error, "servers": error}
    result, _ = await checked(source)
    assert len(source.asked) <= 1 + GIVES_UP_AFTER + AT_ONCE
    assert result.findings[-2].sentence == "not checked: the server has stopped answering"


async def test_cancelling_ends_it() -> None:
    source = Source(50)
    task = asyncio.create_task(
        run_start_check(source, "ABC", HOUR, FakeClock().now, lambda _: None)
    )
    await source.busy.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    asked = len(source.asked)
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(source.asked) == asked


async def test_with_the_real_client_against_the_simulated_server() -> None:
    service = SimulatedServer(build_world("drill"), SteppedClock(START))
    user = next(iter(DEFAULT_USERS))
    client = EnterpriseManager(
        parse_server("em01"),
        Credentials(user, SecretStr(DEFAULT_USERS[user].password)),
        transport=ServiceTransport(service),
    )
    try:
        page = await client.failover_sessions()
        names = {session.plan_name for session in page.sessions}
        for name in sorted(names):
            result = await run_start_check(client, name, HOUR, FakeClock(START).now, lambda _: None)
            assert result.done == result.of
            told = {finding.subject: finding.sentence for finding in result.findings}
            assert not any(text.startswith("not checked") for text in told.values())
            assert "cloud gateways" in told
            if name == "Full site failover":
                assert told[name].startswith("2 cloud failover plans have this name")
            else:
                assert told["last collection"].startswith("~ ")
    finally:
        await client.aclose()
    assert service.writes == 0
